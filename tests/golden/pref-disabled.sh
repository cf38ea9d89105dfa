# SPDX-License-Identifier: GPL-2.0-or-later
# A disabled protocol stays out.
tshark -r "$HTTP1" --disable-protocol qoe -Y qoe
tshark -r "$HTTP1" --disable-protocol qoe -q -z qoe,tree
tshark -r "$HTTP1" --disable-protocol qoe -q -z qoe,export,servers,csv,-
