# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# qoe.resolution is on every packet of an answered window once the window is over: in the second pass.
tshark -r "$HTTP1" -Y qoe.resolution | wc -l
tshark -r "$HTTP1" -2 -Y qoe.resolution -T fields -e qoe.resolution | sort -n | uniq -c
