# SPDX-License-Identifier: GPL-2.0-or-later
tshark -r "$HTTP1" -q -z qoe,export,segments,csv,-
