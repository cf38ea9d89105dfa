# SPDX-License-Identifier: GPL-2.0-or-later
# needs: netflix model
# The link is slow at first, and the first segment of 4 s takes until 60 s: before that nothing is on screen, though a
# resolution is downloaded.
tshark -r "$NETFLIX" -q -z qoe,export,sessions,csv,sessions.csv -z qoe,export,windows,csv,windows.csv
awk -F, 'NR == 2 { printf "playback began at %.0f s\n", $4 + $6 }' sessions.csv
awk -F, 'NR > 1 && $4 <= 70 { print $3 + 0, "to", $4 + 0, "s:", $7 ? "on screen" : $10 }' windows.csv
