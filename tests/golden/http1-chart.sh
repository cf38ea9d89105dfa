# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The graph as text, as a file would get it.
tshark -r "$HTTP1" -o "$LAB" -q -z qoe,graph
