# SPDX-License-Identifier: GPL-2.0-or-later
# All kinds in both formats: JSON that is JSON, and as many rows as CSV has.
for kind in servers segments windows sessions features; do
    tshark -r "$HTTP2" -q -z qoe,export,$kind,csv,$kind.csv
    tshark -r "$HTTP2" -q -z qoe,export,$kind,json,$kind.json
    rows=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' $kind.json)
    echo "$kind: $(($(wc -l <$kind.csv) - 1)) rows of CSV, $rows of JSON"
    head -1 $kind.csv | cut -c 1-400
done
# A session begins with a packet, whose clock it has.
start=$(tshark -r "$HTTP2" -Y 'qoe.session == 1' -T fields -e frame.time_epoch -c 100 | head -1 | cut -c 1-17)
echo "session 1 starts at $start, and by the export at $(sed -n '2s/.*,//p' sessions.csv)"
