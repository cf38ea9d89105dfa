# SPDX-License-Identifier: GPL-2.0-or-later
# The packet that asks for it, in two passes: then it is known what came of it.
tshark -r "$HTTP1" -2 -Y 'qoe.segment.request == 40' -O qoe | sed -n '/^Video/,$p'
tshark -r "$HTTP1" -Y 'qoe.segment.request == 40' -T fields -e qoe.segment.request -e qoe.segment.closed_in
