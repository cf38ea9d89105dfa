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
check "the feature table says what a media object is" 0 "^A media object is a segment .* at least 20000 bytes" \
    "$train" inspect --features
check "and nothing of them where there is a time alone" 0 "^elapsed  *s  *time from the session's start" "$train" inspect --features
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
    check "a course without $column lacks that" 1 ":1: no column \"$column\" (the course" \
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

check "a missing argument is said first" 2 "^qoe-train: an argument is missing: DATASET.csv" "$train" evaluate
check "and one too many" 2 '^qoe-train: "b.csv" is one argument too many' "$train" clean a.csv b.csv
check "a class is a number" 2 '"abc" is not a number' "$train" clean -c 240,abc -O "$work/clean.csv" "$work/data.csv"
check "blanks between classes are none" 0 'rows dropped: 120 with the label "0"' \
    "$train" clean -c '240, 480, 1080' -O "$work/clean.csv" "$work/dirty.csv"

# What is in a csv twice, or without a group.
awk 'NR == 7 || NR == 40 { print } { print }' "$work/data.csv" >"$work/twice.csv"
check "a window that is there twice is taken once" 0 "rows dropped: 2 of a capture and window that an earlier row has: c0, window 5" \
    "$train" clean -O "$work/clean.csv" "$work/twice.csv"
check "the others stay" 0 "360 windows" "$train" inspect "$work/clean.csv"
cut -d, -f3,8,10- "$work/twice.csv" >"$work/keyless.csv"
check "without a capture, rows that are the same" 0 "rows dropped: 2 that equal an earlier row: line 8" \
    "$train" clean -O "$work/clean.csv" "$work/keyless.csv"
awk -F, -v OFS=, 'NR == 5 || $3 == "g7" { $3 = "" } { print }' "$work/data.csv" >"$work/groupless.csv"
check "rows without a group are those of their capture" 0 "31 rows without a group (the first in line 5)" \
    "$train" inspect "$work/groupless.csv"
check "not all of them one" 0 "360 windows of 12 captures in 13 groups" "$train" inspect "$work/groupless.csv"
check "cleaning says it, too" 0 "31 rows without a group" "$train" clean -O "$work/clean.csv" "$work/groupless.csv"
check "and keeps no empty group" 1 "^0$" grep -c "^t,c[0-9]*,," "$work/clean.csv"
sed '1s/,group,/,grp,/' "$work/data.csv" >"$work/grp.csv"
check "cleaning needs a group" 1 'grp.csv:1: there is no column "group"' "$train" clean -O "$work/clean.csv" "$work/grp.csv"
check "training asks for it in its own form alone" 1 'grp.csv:1: no column "group" (qoe-train dataset makes it)$' \
    "$train" fit -O "$work/h.qoemodel" "$work/grp.csv"
check "a csv is not taken twice" 1 'data.csv: a capture "c0" has already come from .*data.csv' \
    "$train" dataset -O "$work/d.csv" "$work/data.csv" "$work/data.csv"
check "nor in training" 1 'data.csv: a capture "c0" has already come from .*data.csv' \
    "$train" evaluate "$work/data.csv" "$work/data.csv"
{ cat "$work/course.csv" && sed 1d "$work/course.csv"; } >"$work/twice.csv"
check "doubled rows of the course are taken once" 0 "288 rows left out: their session has an earlier row of that time" \
    "$train" dataset -O "$work/d.csv" "$work/twice.csv"
"$train" dataset -O "$work/from_course.csv" "$work/course.csv" >"$work/said" 2>&1
check "and change no feature" 0 "same" sh -c "cmp '$work/d.csv' '$work/from_course.csv' && echo same"
check "the list of columns is left to inspect" 0 "^[23]$" sh -c "wc -l <'$work/said'"
check "which is said" 0 "qoe-train inspect .*course.csv" cat "$work/said"
awk -F, -v OFS=, 'NR == 1 { for (c = 1; c <= NF; c++) at[$c] = c } NR > 1 && NF > 9 { $at["serverByteCount"] /= 1000 } { print }' \
    "$work/course.csv" >"$work/kilo.csv"
check "an odd unit is not lost in a list" 0 "attention: segments sum to" \
    sh -c "'$train' clean -O '$work/d.csv' '$work/kilo.csv' | tail -20"

# A tshark that has seen films of nine windows, and a capture of none.
cat >"$work/tshark" <<'EOF'
#!/bin/sh
while [ "$1" != -r ]; do shift; done
echo "session,segment,service,transport,bytes"
case $2 in
*nothing*) sed 1q "$0.features" ;;
*) echo "1,1,Film,TCP,100000" && cat "$0.features" ;;
esac
EOF
chmod +x "$work/tshark"
"$train" inspect --features | awk '
    /^[a-z]/ && $2 ~ /^(B|s|1|B\/s|1\/s)$/ { names = names "," $1; values = values ",7" }
    END {
        print "session,window,start_s" names
        for (w = 0; w < 9; w++) print "1," w "," w "0" values
    }' >"$work/tshark.features"
mkdir "$work/st1" "$work/st2"
for film in film st1/film st2/film other third nothing; do
    : >"$work/$film.pcap"
    printf 'window,resolution\n0,240\n1,720\n' >"$work/$film.labels.csv"
done
# shellcheck disable=SC2317 # check calls it
films() { # [-s OR OTHER OPTIONS] FILMS...
    "$train" dataset -t "$work/tshark" -O "$work/d.csv" "$@"
}
# shellcheck disable=SC2317
films_in() {
    (cd "$work" && films "$@")
}
check "films are joined with their labels" 0 "d.csv: 4 labelled windows" films "$work/film.pcap" "$work/other.pcap"
check "a name that was taken is refused" 1 'st2/film.pcap: a capture "film" has already come from st1/film.pcap' \
    films_in st1/film.pcap st2/film.pcap
check "the first one is written" 0 "2 windows of 1 captures" "$train" inspect "$work/d.csv"
check "a capture is not taken twice" 1 "1 of 2 inputs failed" films "$work/film.pcap" "$work/film.pcap"
check "a capture without sessions is named" 1 "nothing.pcap: no session of a known service" \
    films "$work/film.pcap" "$work/nothing.pcap"
printf 'window,resolution\n100,240\n101,720\n' >"$work/other.labels.csv"
check "labels of other windows are said" 1 "other.pcap: no window of the capture (0 to 8) has a label (100 to 101)" \
    films "$work/film.pcap" "$work/other.pcap"
printf 'second,resolution\n1518358200,240\n1518358270,720\n' >"$work/other.labels.csv"
check "or of the epoch" 1 "other.pcap: no window of the capture (0 to 8) has a label (151835820 to 151835827)" \
    films "$work/film.pcap" "$work/other.pcap"
printf 'second,resolution\n1e300,240\n' >"$work/other.labels.csv"
check "or of no time at all" 1 "other.pcap: no window of the capture (0 to 8) has a label" \
    films "$work/film.pcap" "$work/other.pcap"
printf 'window,resolution\n0,240\n1,\n2,0\n3,nan\n4,720\n' >"$work/other.labels.csv"
check "an empty label is none, and counted" 0 "4 labelled windows, 3 without a label" films "$work/film.pcap" "$work/other.pcap"
printf 'second,resolution\n1,240\n11,\n21,0\n' >"$work/other.labels.csv"
check "by second as well" 0 "3 labelled windows, 2 without a label" films "$work/film.pcap" "$work/other.pcap"
printf 'window,resolution\n0,240\n2,720\n2,240\n' >"$work/other.labels.csv"
check "two labels of one window are an error" 1 "other.labels.csv:4: window 2 is 240 here, but 720 in line 3" \
    films "$work/film.pcap" "$work/other.pcap"
printf 'window,resolution\n0,240\n2,720\n2,720\n' >"$work/other.labels.csv"
check "the same one twice is none" 0 "4 labelled windows" films "$work/film.pcap" "$work/other.pcap"

# shellcheck disable=SC2317
sessions() { # TEXT: films by that csv
    # shellcheck disable=SC2059,SC2317
    printf "$1" >"$work/ses.csv"
    films -s "$work/ses.csv" -g title "$work/film.pcap" "$work/other.pcap" "$work/third.pcap"
}
check "films without a row of sessions are named" 0 "ses.csv: no row for other, third: each is a group of its own" \
    sessions 'session,title\nfilm,A\n'
check "or without a title" 0 "ses.csv: no title for film, third: each is a group of its own" \
    sessions 'session,title\nfilm,\nother,A\nthird,\n'
check "they are no group of their own" 0 "6 windows of 3 captures in 3 groups" "$train" inspect "$work/d.csv"
check "a session of two titles is an error" 1 'ses.csv:5: the title of film is "B" here, but "A" in an earlier row' \
    sessions 'session,title\nfilm,A\nother,C\nfilm,A\nfilm,B\nthird,C\n'
check "one title twice is none" 0 "6 labelled windows" sessions 'session,title\nfilm,A\nother,C\nfilm,A\nthird,C\n'

# As root tshark takes no plugins from WIRESHARK_PLUGIN_DIR, and lists all that it knows.
cat >"$work/rootshark" <<'EOF'
#!/bin/sh
echo 'Running as user "root" and group "root". This could be dangerous.' >&2
echo 'tshark: Invalid -z argument "qoe,export,segments,csv,-"; it must be one of:' >&2
echo '     afp,srt' >&2
exit 1
EOF
chmod +x "$work/rootshark"
"$train" dataset -t "$work/rootshark" -O "$work/d.csv" "$work/film.pcap" "$work/other.pcap" >"$work/said" 2>&1
check "a tshark without the plugin is told in a sentence" 0 "tshark does not know the plugin qoe.*WIRESHARK_PLUGIN_DIR" \
    sed -n 1p "$work/said"
check "once, without what tshark lists" 0 "^2$" sh -c "wc -l <'$work/said'"

[ "$failed" -eq 0 ] && echo "all good"
exit "$failed"
