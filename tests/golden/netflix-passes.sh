# SPDX-License-Identifier: GPL-2.0-or-later
# needs: netflix
# Which packets close a segment or a window is the same in one pass, in two and behind a filter.
for field in qoe.segment qoe.segment.request qoe.window; do
    tshark -r "$NETFLIX" -Y $field -T fields -e frame.number -e $field >once
    tshark -r "$NETFLIX" -2 -Y $field -T fields -e frame.number -e $field >twice
    same "$field in one pass and two" once twice
done
tshark -r "$NETFLIX" -2 -R tcp -Y qoe.segment -T fields -e qoe.segment >filtered
tshark -r "$NETFLIX" -Y qoe.segment -T fields -e qoe.segment >once
same "qoe.segment behind the read filter tcp" once filtered
tshark -r - <"$NETFLIX" -Y qoe.segment -T fields -e qoe.segment >piped
same "qoe.segment through a pipe" once piped
