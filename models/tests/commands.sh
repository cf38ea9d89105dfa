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

# Where it writes: a link is followed, a pipe or a device is written into, - is the standard output.
: >"$work/real.csv"
ln -s "$work/real.csv" "$work/link.csv"
check "a link is followed and stays one" 0 "^source," \
    sh -c "'$train' clean -O '$work/link.csv' '$work/dirty2.csv' && test -L '$work/link.csv' && cat '$work/real.csv'"
mkfifo "$work/pipe"
timeout 60 cat "$work/pipe" >"$work/piped.csv" &
reader=$!
check "a pipe stays one" 0 "rows and" \
    sh -c "'$train' clean -O '$work/pipe' '$work/dirty2.csv' && test -p '$work/pipe'"
[ -p "$work/pipe" ] || kill "$reader"
wait "$reader"
check "and all of it goes through" 0 "same" sh -c "cmp '$work/piped.csv' '$work/clean.csv' && echo same"
check "a full device is said" 1 "standard output: " sh -c "'$train' clean -O - '$work/dirty2.csv' >/dev/full"

first_line() { # NAME WANTED_TEXT COMMAND...: of what is written to -; messages go elsewhere and no file has that name.
    name=$1 text=$2
    shift 2
    # shellcheck disable=SC2016
    check "$name" 0 "$text" sh -c 'cd "$0" && "$@" 2>/dev/null >out.csv && sed -n 1p out.csv && test ! -e ./-' "$work" "$@"
}
first_line "the standard output is a csv alone" "^source," "$train" clean -O - "$work/dirty2.csv"
first_line "or a bundle alone" "^qoemodel" "$train" fit --set 'classes=240 480 1080' --set features=rate_30 \
    --tune 1 -O - "$work/data.csv"
first_line "or a json alone" "^\[$" "$train" evaluate -b -J - --set 'classes=240 480 1080' --set features=rate_30 "$work/data.csv"
check "but not two of them" 2 "only one" "$train" evaluate -J - -H - "$work/data.csv"

check "--set of an expert that is not there is said" 1 'no expert "nosuch"' "$train" fit --set nosuch.cost=1 "$work/data.csv"
check "or that is not trained" 1 'no expert "lab"' \
    "$train" fit -r "$(dirname "$0")/../qoe.recipe" -e general --set lab.cost=1 "$work/data.csv"
check "a service without a bundle is refused" 2 "service" "$train" evaluate -v Netflix "$work/data.csv"
for option in "-r nowhere.recipe" "-e general" "-S cost=1" "-s 2" "-k 3" "-p 2" -l -b; do
    # shellcheck disable=SC2086
    check "a finished bundle does not take $option" 2 "--model" "$train" evaluate -m "$work/m.qoemodel" $option "$work/data.csv"
done
check "groups that are held out are not split" 2 "--held-out" "$train" evaluate -x g1 -k 3 "$work/data.csv"
check "folds without a search are refused" 2 "--tune" "$train" fit -k 3 "$work/data.csv"
check "features and a file are too much" 2 "either" "$train" inspect --features "$work/data.csv"
check "a csv has no windows to choose" 2 "captures" "$train" dataset --window 5 "$work/data.csv"
check "a capture has no group but by --sessions" 2 "sessions" "$train" dataset -g title "$work/a.pcap"
check "nor another group" 1 "group" "$train" dataset -g service -O "$work/d.csv" "$work/data.csv"

# One bad cell in 360 costs its row; in a tenth of the rows, the column.
awk -F, -v OFS=, 'NR == 9 { $10 = "much" } NR > 1 && NR % 10 == 0 { $11 = "" } { print }' "$work/data.csv" >"$work/bad.csv"
check "few bad cells cost their rows" 0 'rows dropped: 1 for size_last5: no number in 1 of 360 rows: "much" in line 9' "$train" clean -O "$work/clean.csv" "$work/bad.csv"
check "many cost the column" 0 'column dropped: rate_30 .*no number in 36 of 360 rows: "" in line 10' \
    "$train" clean -O "$work/clean.csv" "$work/bad.csv"
check "the others stay" 0 "359 windows" "$train" inspect "$work/clean.csv"
check "and can be learned from" 0 "1 expert," \
    "$train" fit --set 'classes=240 480 1080' --set features=size_last5 -O "$work/h.qoemodel" "$work/clean.csv"

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

awk -F, -v OFS=, 'NR == 1 { for (c = 1; c <= NF; c++) at[$c] = c } NR == 45 { $at["cumsum_chunksizes"] = -5 } { print }' \
    "$work/course.csv" >"$work/minus.csv"
check "a negative sum is taken as missing, and said" 0 "1 numbers taken as missing: .*line" "$train" inspect "$work/minus.csv"
check "only what has a label is counted as labelled" 0 "264 labelled windows, 24 without a label" \
    "$train" dataset -O "$work/from_course.csv" "$work/course.csv"
sed 's/,\(240\|360\|480\|720\|1080\)\.0,/,0,/' "$work/course.csv" >"$work/none.csv"
check "without any nothing is written" 1 "no labelled window" "$train" dataset -O "$work/d.csv" "$work/none.csv"

without() { # COLUMN: the course's csv, that column called otherwise
    sed "1s/\(^\|,\)$1\(,\|$\)/\1was_$1\2/" "$work/course.csv" >"$work/without.csv"
}
for column in session_id relative_timestamp resolution; do
    without $column
    check "a course without $column lacks that" 1 "no column .*\"source\".*no column \"$column\"" \
        "$train" fit -O "$work/h.qoemodel" "$work/without.csv"
done
check "its features are cleaned as they are" 0 "rows dropped: 24 with the label \"0\"" \
    "$train" clean -O "$work/clean.csv" "$work/course.csv"
check "and what is left can be learned from" 0 "1 expert," "$train" fit -O "$work/cleaned.qoemodel" "$work/clean.csv"
check "a clean of their own columns is not for fit, and says so" 0 "not for fit" \
    "$train" clean -l resolution -g video_id -O "$work/own.csv" "$work/course.csv"
check "which says what it lacks" 1 'no column "session_id"' "$train" fit -O "$work/h.qoemodel" "$work/own.csv"

printf 'second,resolution\n1,240\n' >"$work/a.labels.csv"
: >"$work/a.pcap"
check "a tshark that fails is reported" 1 "a.pcap" "$train" dataset -t false -O "$work/d.csv" "$work/a.pcap"
check "a tshark without the plugin is reported" 1 "is the plugin loaded" \
    "$train" dataset -t 'echo' -O "$work/d.csv" "$work/a.pcap"
check "an empty label file is reported" 1 "a.labels.csv:1: empty" \
    sh -c ": >'$work/a.labels.csv'; '$train' dataset -t echo -O '$work/d.csv' '$work/a.pcap'"

printf 'second,resolution\n1,240\n' >"$work/a.labels.csv"
: >"$work/unlabelled.pcap"
check "a capture without labels is an input that failed" 1 "1 of 2 inputs failed" \
    "$train" dataset -O "$work/d.csv" "$work/data.csv" "$work/unlabelled.pcap"
check "the others are written" 0 "360 windows" "$train" inspect "$work/d.csv"

[ "$failed" -eq 0 ] && echo "all good"
exit "$failed"
