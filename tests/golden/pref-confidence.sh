# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# Only answers of at least that probability; a wrong value gets a message and the default.
answers() { tshark -r "$HTTP1" "$@" -q -z qoe,export,windows,csv,windows.csv
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
        $c["downloaded"] > 0 { n++; if (least == "" || $c["probability"] < least) least = $c["probability"] }
        { reasons[$c["reason"]]++ }
        END { print n + 0, "answers, all of at least 0.60:", (n == 0 || least >= 0.6 ? "yes" : "no") ", unsure", reasons["unsure"] + 0 }' windows.csv; }
answers
answers -o qoe.confidence:60
answers -o qoe.confidence:100
answers -o qoe.confidence:101
