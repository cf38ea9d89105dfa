# SPDX-License-Identifier: GPL-2.0-or-later
tshark -r "$HTTP2" -q -z qoe,tree
