# SPDX-License-Identifier: GPL-2.0-or-later
# More windows than there is room for: said below the table, and on stderr for what writes elsewhere.
editcap -r "$HTTP1" piece0.pcap 1-300 2>/dev/null
pieces=piece0.pcap
for day in 1 2 3 4 5 6 7; do
    editcap -t $((day * 80000)) piece0.pcap piece$day.pcap
    pieces="$pieces piece$day.pcap"
done
# shellcheck disable=SC2086
mergecap -a -w days.pcap $pieces
tshark -r days.pcap -o qoe.window:1 -o qoe.idle:86400 -q -z qoe,sessions -z qoe,tree -z qoe,export,sessions,csv,sessions.csv >said
tail -2 said
tail -1 sessions.csv | cut -d, -f 1-5
tshark -r piece0.pcap -q -z qoe,sessions -z qoe,export,sessions,csv,sessions.csv | tail -1 | cut -c 1-20
# The numbers are those of the manual page.
grep -o -w -e 65536 -e 524288 -e 2097152 -e 131072 "$TOOLS/qoe.4" | sort -u
