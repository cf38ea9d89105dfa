# SPDX-License-Identifier: GPL-2.0-or-later
# The packet that closes a segment, as -V shows it, in one pass.
tshark -r "$HTTP1" -Y 'qoe.segment == 40' -O qoe | sed -n '/^Video/,$p'
