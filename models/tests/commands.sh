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
check "a bundle is trained" 0 "1 expert," "$train" fit "$@" -O "$work/m.qoemodel" "$work/data.csv"
check "the bundle is shown" 0 "classes     240 480 1080" "$train" inspect "$work/m.qoemodel"
check "numbers are tuned at random" 0 "^    2 .* 5000 " "$train" fit "$@" --tune 2 -O "$work/tuned.qoemodel" "$work/data.csv"
check "and by a grid" 0 "^    6 .* 10 .* 5000 " \
    "$train" fit "$@" --grid 'cost=.1|1|10' --grid 'linear=|size_last5' -O "$work/tuned.qoemodel" "$work/data.csv"
check "the best is told as options" 0 "^best .*--set general.cost=" \
    "$train" fit "$@" --grid 'cost=.1|1' -O "$work/tuned.qoemodel" "$work/data.csv"
check "a grid of nothing is a usage error" 2 "KEY=VALUE" "$train" fit "$@" --grid cost= -O "$work/t.qoemodel" "$work/data.csv"
cp "$work/m.qoemodel" "$work/first.qoemodel"
check "the same seed" 0 "1 expert," "$train" fit "$@" -j 1 -O "$work/m.qoemodel" "$work/data.csv"
check "gives the same bundle" 0 "same" sh -c "cmp '$work/m.qoemodel' '$work/first.qoemodel' && echo same"
check "the bundle is measured" 0 "accuracy 1.000" "$train" evaluate -m "$work/m.qoemodel" "$work/data.csv"
check "folds are measured" 0 "360 windows of 12 groups, 2 partitions" \
    "$train" evaluate "$@" -p 2 -J "$work/r.json" -H "$work/r.html" "$work/data.csv"
check "groups are held out" 0 "60 windows of 2 groups" "$train" evaluate "$@" -x g1,g2 "$work/data.csv"
check "of a bundle too" 0 "30 windows of 1 groups" "$train" evaluate -m "$work/m.qoemodel" --held-out g3 "$work/data.csv"
check "and not learned from" 1 "two classes" "$train" fit "$@" -x g1,g2,g4,g5,g7,g8,g10,g11 -O "$work/h.qoemodel" "$work/data.csv"
check "a held-out group that is not there is named" 1 'group "g77"' "$train" fit "$@" -x g77 -O "$work/h.qoemodel" "$work/data.csv"
check "too few groups for the folds are said" 1 "12 groups cannot be split into 13" "$train" evaluate "$@" -k 13 "$work/data.csv"
check "the json is there" 0 '"macro_f1":1.0000' cat "$work/r.json"
# Labels that nothing tells: every row becomes a vector.
awk 'BEGIN {
    print "source,capture,group,service,transport,window,start_s,label,displayed,size_last5,rate_30,media_count,media_recent"
    for (g = 0; g < 10; g++) for (w = 0; w < 400; w++) {
        l = rand() < .5 ? 240 : 480
        printf "t,c%d,g%d,Film,tcp,%d,%d,%d,%d,%d,%d,%d,5\n", g, g, w, w * 10, l, l, rand() * 1e5, rand() * 1e5, w + 1
    }
}' >"$work/noise.csv"
check "more vectors than the plugin takes is said as such" 1 "general: .* support vectors of 4000 rows, more than 3000" \
    "$train" fit "$@" -O "$work/h.qoemodel" "$work/noise.csv"
check "a group of one class has no area under its curve" 0 '"auc":null' cat "$work/r.json"
check "the page has its pictures" 0 "<svg" cat "$work/r.html"

sed 's/,240,240,/,0,0,/' "$work/data.csv" >"$work/dirty.csv"
awk -F, 'NR == 1 { print $0 ",bitrate,dup,same" } NR > 1 { print $0 "," $8 "," $10 ",7" }' "$work/dirty.csv" >"$work/dirty2.csv"
check "rows without a valid label go" 0 'rows dropped: 120 with the label "0"' \
    "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"
check "truth goes" 0 "bitrate .*truth" "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"
check "duplicates go" 0 "dup .*duplicate of size_last5" "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"
check "constants go" 0 "same .*constant" "$train" clean -O "$work/clean.csv" "$work/dirty2.csv"

here=$(dirname "$0")
awk -v sessions=24 -v rows=12 -v seed=1 -f "$here/course_csv.awk" "$here/course_columns.txt" >"$work/course.csv"
check "the course's csv is read as it is" 0 "288 rows, 21 features from 251 columns" \
    "$train" dataset -O "$work/from_course.csv" "$work/course.csv"
check "it says where features are from" 0 "rate_30 .*cumsum_chunksizes, gain in 30 s" "$train" inspect "$work/course.csv"
check "and what is not used" 0 "c_rebufferings .*truth" "$train" inspect "$work/course.csv"
check "it is trained from with one command" 0 "1 expert," "$train" fit -O "$work/course.qoemodel" "$work/course.csv"
check "into a bundle that can be read" 0 "rate_240" "$train" inspect "$work/course.qoemodel"
check "measured by video" 0 "264 windows of 13 groups" "$train" evaluate -b "$work/course.csv"
check "or by another column" 0 "24 groups" \
    sh -c "'$train' dataset -g session_id -O '$work/by_session.csv' '$work/course.csv' && '$train' inspect '$work/by_session.csv'"
check "its texts, constants and truths are cleaned" 0 "10_EWMA_chunksizes .*no number in" \
    "$train" clean -l resolution -g video_id -O "$work/clean.csv" "$work/course.csv"

printf 'second,resolution\n1,240\n' >"$work/a.labels.csv"
: >"$work/a.pcap"
check "a tshark that fails is reported" 1 "a.pcap" "$train" dataset -t false -O "$work/d.csv" "$work/a.pcap"
check "a tshark without the plugin is reported" 1 "is the plugin loaded" \
    "$train" dataset -t 'echo' -O "$work/d.csv" "$work/a.pcap"
check "an empty label file is reported" 1 "a.labels.csv:1: empty" \
    sh -c ": >'$work/a.labels.csv'; '$train' dataset -t echo -O '$work/d.csv' '$work/a.pcap'"

[ "$failed" -eq 0 ] && echo "all good"
exit "$failed"
