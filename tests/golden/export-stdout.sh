# SPDX-License-Identifier: GPL-2.0-or-later
tshark -r "$HTTP2" -q -z qoe,export,servers,csv,-
tshark -r "$HTTP2" -q -z qoe,export,servers,json,-
