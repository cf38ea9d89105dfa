#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# qoe-train from outside: exit statuses, messages, and the way from a csv to a bundle and a report.
# Usage: commands.sh QOE_TRAIN
set -u
train=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

check() { # NAME WANTED_STATUS WANTED_TEXT COMMAND...
    name=$1 status=$2 text=$3
    shift 3
    "$@" >"$work/out" 2>&1
    got=$?
    if [ "$got" -ne "$status" ] || ! grep -q -e "$text" "$work/out"; then
        echo "FAILED: $name: status $got instead of $status, or no \"$text\" in:"
        cat "$work/out"
        failed=1
    fi
}

# Twelve groups of 30 windows; the size of objects tells the class.
awk 'BEGIN {
    print "source,capture,group,service,transport,window,start_s,label,displayed,size_last5,rate_30,media_count,media_recent"
    split("240 480 1080", lines, " ")
    for (g = 0; g < 12; g++) for (w = 0; w < 30; w++) {
        l = lines[g % 3 + 1]
        printf "t,c%d,g%d,Film,tcp,%d,%d,%d,%d,%d,%d,%d,5\n", g, g, w, w * 10, l, l, l * (900 + (w * 37 + g * 11) % 200), \
            l * (250 + (w * 53) % 100), w + 1
    }
}' >"$work/data.csv"

check "no command is a usage error" 2 "Usage: qoe-train COMMAND" "$train"
check "an unknown command is a usage error" 2 "there is no command" "$train" bake
check "help is no error" 0 "evaluate" "$train" --help
for command in dataset clean fit evaluate inspect; do
    check "$command explains itself" 0 "Usage:" "$train" $command --help
done
check "a missing file is named" 1 "nowhere.csv" "$train" fit "$work/nowhere.csv"
check "one fold is a usage error" 2 "folds" "$train" evaluate -k 1 "$work/data.csv"
check "an unknown key is named" 1 "there is no key" "$train" fit --set colour=red "$work/data.csv"

set -- --set 'classes=240 480 1080' --set 'features=size_last5 rate_30'
check "a bundle is trained" 0 "1 experts" "$train" fit "$@" -O "$work/m.qoemodel" "$work/data.csv"
check "the bundle is shown" 0 "classes     240 480 1080" "$train" inspect "$work/m.qoemodel"
check "numbers are tuned" 0 "^    2 .*1.000    1.000" "$train" fit "$@" --tune 2 -O "$work/tuned.qoemodel" "$work/data.csv"
cp "$work/m.qoemodel" "$work/first.qoemodel"
check "the same seed" 0 "1 experts" "$train" fit "$@" -j 1 -O "$work/m.qoemodel" "$work/data.csv"
check "gives the same bundle" 0 "same" sh -c "cmp '$work/m.qoemodel' '$work/first.qoemodel' && echo same"
check "the bundle is measured" 0 "accuracy 1.000" "$train" evaluate -m "$work/m.qoemodel" "$work/data.csv"
check "folds are measured" 0 "360 windows of 12 groups, 2 partitions" \
    "$train" evaluate "$@" -p 2 -J "$work/r.json" -H "$work/r.html" "$work/data.csv"
check "the json is there" 0 '"macro_f1":1.0000' cat "$work/r.json"
check "the page has its pictures" 0 "<svg" cat "$work/r.html"

sed 's/,240,240,/,0,0,/' "$work/data.csv" >"$work/dirty.csv"
awk -F, 'NR == 1 { print $0 ",bitrate,dup,same" } NR > 1 { print $0 "," $8 "," $10 ",7" }' "$work/dirty.csv" >"$work/dirty2.csv"
check "rows without a valid label go" 0 'rows dropped: 120 with the label "0"' \
    "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"
check "truth goes" 0 "bitrate .*truth" "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"
check "duplicates go" 0 "dup .*duplicate of size_last5" "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"
check "constants go" 0 "same .*constant" "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"

printf 'second,resolution\n1,240\n' >"$work/a.labels.csv"
: >"$work/a.pcap"
check "a tshark that fails is reported" 1 "a.pcap" "$train" dataset -t false -O "$work/d.csv" "$work/a.pcap"
check "a tshark without the plugin is reported" 1 "is the plugin loaded" \
    "$train" dataset -t 'echo' -O "$work/d.csv" "$work/a.pcap"
check "an empty label file is reported" 1 "a.labels.csv:1: empty" \
    sh -c ": >'$work/a.labels.csv'; '$train' dataset -t echo -O '$work/d.csv' '$work/a.pcap'"

[ "$failed" -eq 0 ] && echo "all good"
exit "$failed"
