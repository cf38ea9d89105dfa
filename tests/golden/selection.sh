# SPDX-License-Identifier: GPL-2.0-or-later
# Which rows a filter leaves hangs on their packets, not on the single one that closed them, and is the same in two passes.
rows() {
    tshark -r "$HTTP1" "$@" -q -z "qoe,tree,$filter" -z "qoe,sessions,$filter" -z "qoe,windows,$filter" \
        -z "qoe,segments,$filter" |
        awk '/^Video QoE (Sessions|Segments|Windows):/ { print $3, $4 } /^ *(Sessions|Segments|Windows) / { print "tree:", $1, $2 }'
}
for filter in frame 'ip.src == 198.51.100.11' 'ip.dst == 198.51.100.11' 'frame.time_relative < 35' 'qoe.window == 4'; do
    echo "$filter:"
    rows | tee once
    rows -2 >twice
    same "in two passes" once twice
done
tshark -r "$HTTP1" -q -z 'qoe,windows,frame.time_relative < 35' | awk '/^ *[0-9]/ { print "window", $1 }'
