# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases share.

HTTP1=$CAPTURES/film-http1.pcap.gz
HTTP2=$CAPTURES/film-http2.pcap.gz

# same TITLE FILE FILE: says whether two files are equal, and how many lines they have. Two empty ones prove nothing.
same() {
    if [ ! -s "$2" ]; then
        echo "$1: EMPTY"
    elif cmp -s "$2" "$3"; then
        echo "$1: the same, $(wc -l <"$2") lines"
    else
        echo "$1: DIFFERENT"
        diff "$2" "$3" | head -10
    fi
}
