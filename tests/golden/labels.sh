# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The samples' windows against what the player wrote down. (The model has learned from these titles: this shows that the
# way from packet to answer holds, not how good the model is.)
for film in film-http1 film-http2; do
    tshark -r "$CAPTURES/$film.pcap.gz" -q -z qoe,export,windows,csv,windows.csv
    awk -F, -v film=$film '
        FNR == 1 { file++; delete column; for (i = 1; i <= NF; i++) column[$i] = i; next }
        file == 1 { if ($(column["valid"]) == 1) { shown[$1] = $(column["resolution"]); fetched[$1] = $(column["dl_resolution"]) } next }
        $(column["window"]) in shown {
            n++
            right += $(column["resolution"]) == shown[$(column["window"])]
            right_download += $(column["downloaded"]) == fetched[$(column["window"])]
        }
        END { print film ": " n " windows, on screen right in " right + 0 ", downloaded right in " right_download + 0 }' \
        "$CAPTURES/$film.labels.csv" windows.csv
done
