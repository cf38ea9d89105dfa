# SPDX-License-Identifier: GPL-2.0-or-later
# A row that says "causal" holds what the closing packet's fields said in one pass; others may differ, and some do.
for capture in "$HTTP1" "$HTTP2"; do
    tshark -r "$capture" -Y qoe.segment -T fields -e qoe.segment -e qoe.segment.bytes -e qoe.segment.kind >said
    tshark -r "$capture" -q -z qoe,export,segments,csv,rows
    awk -v name="$(basename "$capture")" '
        FNR == NR {
            n = split($1, number, ","); split($2, bytes, ","); split($3, kind, ",")
            for (i = 1; i <= n; i++)
                said[number[i]] = bytes[i] " " kind[i]
            next
        }
        FNR == 1 {
            FS = ","; $0 = $0
            for (i = 1; i <= NF; i++)
                column[$i] = i
            next
        }
        {
            answer = $column["answer"]
            count[answer " " (said[$column["segment"]] == $column["bytes"] " " $column["kind"] ? "the same" : "different")]++
        }
        END {
            for (what in count)
                print name ":", what, count[what]
        }' said rows | sort
done
