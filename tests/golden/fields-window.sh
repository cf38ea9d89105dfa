# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The packet that closes a window.
tshark -r "$HTTP1" -Y 'qoe.window == 8' -O qoe | sed -n '/^Video/,$p'
