# SPDX-License-Identifier: GPL-2.0-or-later
# Fields and tables say the same in one pass and in two.
for field in qoe.segment qoe.segment.request qoe.window; do
    tshark -r "$HTTP1" -Y $field -T fields -e frame.number -e $field >once
    tshark -r "$HTTP1" -2 -Y $field -T fields -e frame.number -e $field >twice
    same "$field" once twice
done
for kind in servers segments windows sessions features; do
    tshark -r "$HTTP1" -q -z qoe,export,$kind,csv,once
    tshark -r "$HTTP1" -2 -q -z qoe,export,$kind,csv,twice
    same "$kind" once twice
done
