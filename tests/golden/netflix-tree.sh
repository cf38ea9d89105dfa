# SPDX-License-Identifier: GPL-2.0-or-later
# needs: netflix
tshark -r "$NETFLIX" -q -z qoe,tree
