# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The graph as text, as a file would get it: with blocks where the locale has UTF-8, in ASCII elsewhere.
tshark -r "$HTTP1" -q -z qoe,graph
LC_ALL=C tshark -r "$HTTP1" -q -z qoe,graph
