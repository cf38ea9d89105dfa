# SPDX-License-Identifier: GPL-2.0-or-later
# A model that is not there, is damaged or is something else: said once, and everything but the resolution goes on.
# The shell learns of it where a statistic was asked for.
windows() { status=0
    tshark -r "$HTTP1" -o qoe.model:"$1" -q -z qoe,export,windows,csv,windows.csv || status=$?
    echo "status $status, $(head -1 windows.csv | tr ',' '\n' | grep -c '^p_') probabilities"
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["resolution"], $c["reason"] }' windows.csv | sort | uniq -c; }
windows "$PWD/no-such.qoemodel"
for statistic in windows tree graph; do
    status=0
    tshark -r "$HTTP1" -o qoe.model:"$PWD/no-such.qoemodel" -q -z qoe,$statistic >said || status=$?
    echo "$statistic: status $status"
done
windows "$PWD"
echo 'not a model' >garbage.qoemodel
windows "$PWD/garbage.qoemodel"
: >empty.qoemodel
windows "$PWD/empty.qoemodel"
tshark -r "$HTTP1" -o qoe.model:"$PWD/no-such.qoemodel" -Y qoe.no_model -T fields -e qoe.window | head -3
