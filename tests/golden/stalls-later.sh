# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# Stalls that come to be known when all has been read are found by filter and expert in the second pass, as the table has
# them; a window says what was downloaded beside what was on screen.
tshark -r "$HTTP2" -2 -Y 'qoe.window.stalled > 0' -T fields -e qoe.window -e qoe.window.stalled
echo
tshark -r "$HTTP2" -2 -Y 'qoe.stalled' -T fields -e qoe.window
echo
tshark -r "$HTTP2" -q -z qoe,export,windows,csv,- |
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["stalled_s"] > 0 { print $c["window"], $c["stalled_s"], $c["open"] }'
echo
tshark -r "$HTTP2" -2 -Y 'qoe.window >= 12 && qoe.window <= 18' -O qoe | grep -o '\[Window.*'
