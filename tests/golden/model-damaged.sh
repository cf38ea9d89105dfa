# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# The installed model, cut and changed.
model=$(ls "$WIRESHARK_PLUGIN_DIR"/*/qoe/*.qoemodel | head -1)
half=$(($(wc -c <"$model") / 2))
head -c $half "$model" >half.qoemodel
tail -c $half "$model" >tail.qoemodel
for file in half tail; do
    status=0
    tshark -r "$HTTP1" -o qoe.model:"$PWD/$file.qoemodel" -q -z qoe,export,windows,csv,windows.csv 2>said || status=$?
    echo "$file: status $status, $(grep -c qoemodel said) message"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["resolution"], $c["reason"] }' windows.csv | sort | uniq -c
done
