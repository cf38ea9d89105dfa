# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The graph as text, as a file would get it.
tshark -r "$HTTP2" -q -z qoe,graph
