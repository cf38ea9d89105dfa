# SPDX-License-Identifier: GPL-2.0-or-later
# needs: netflix
# The steady part, 180 s to 350 s: about 1 MB of video each 4 s and about 195 kB of audio each 16 s.
tshark -r "$NETFLIX" -q -z qoe,export,segments,csv,segments.csv
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $(column["request_s"]) >= 180 && $(column["request_s"]) < 350 && $(column["bytes"]) > 20000 {
        kind = $(column["kind"]); n[kind]++; bytes[kind] += $(column["bytes"])
    }
    END { for (kind in n)
        printf "%s: %d segments, %.0f kB each, one in %.1f s\n", kind, n[kind], bytes[kind] / n[kind] / 1e3, 170 / n[kind] }' \
    segments.csv | sort
