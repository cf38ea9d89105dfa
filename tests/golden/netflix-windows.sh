# SPDX-License-Identifier: GPL-2.0-or-later
# needs: netflix
# needs: model
# Every window has a resolution or the reason why it has none.
tshark -r "$NETFLIX" -q -z qoe,windows
