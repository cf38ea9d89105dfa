#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What evaluate and the search of fit say is what they counted: figures, files and pictures agree with each other.
# Usage: measured.sh QOE_TRAIN
# shellcheck disable=SC2016,SC2317 # texts of awk and sed are not the shell's; check calls the functions
set -u
train=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

check() { # NAME WANTED_STATUS WANTED_TEXT COMMAND...
    name=$1 status=$2 text=$3
    shift 3
    "$@" >out 2>&1
    got=$?
    if [ "$got" -ne "$status" ] || ! grep -q -e "$text" out; then
        echo "FAILED: $name: status $got instead of $status, or no \"$text\" in:"
        cat out
        failed=1
    fi
}

# Twelve groups of 30 windows of two classes, whose sizes overlap. Each group's first window has no media object yet, and
# the last one of nine groups a label that is no class of the model.
awk 'BEGIN {
    print "source,capture,group,service,transport,window,start_s,label,displayed,size_last5,rate_30,media_count,media_recent"
    split("240 480 1080", lines, " ")
    for (g = 0; g < 12; g++) for (w = 0; w < 30; w++) {
        l = lines[(g + (w >= 15)) % 3 + 1]
        said = w == 29 && g < 9 ? 144 : l
        printf "t,c%d,g%d,Film,tcp,%d,%d,%d,%d,%d,%d,%d,5\n", g, g, w, w * 10, said, said,
            l * (600 + (w * 37 + g * 53) % 800), l * (250 + (w * 53) % 300), w
    }
}' >data.csv
set -- --set 'classes=240 480 1080' --set 'features=size_last5 rate_30'
check "rows without media are counted" 0 "general: 12 rows left out: they have fewer media objects than 1" \
    "$train" fit "$@" -O m.qoemodel data.csv

# --- what is counted
check "rows of a label that the bundle does not know are left out, and said" 0 \
    "^bundle: 9 rows left out: their label 144 is none of its classes" "$train" evaluate -m m.qoemodel data.csv
check "what is counted is what is measured" 0 "^351 windows of 12 groups.*answered 0.966" \
    "$train" evaluate -m m.qoemodel -J m.json -H m.html data.csv
check "in the json, too" 0 '"windows":351,.*"scores":{"rows":351' cat m.json
check "and of groups that are held out" 0 "general, held out: 2 rows left out: their label 144" \
    "$train" evaluate "$@" -x g0,g1 data.csv
awk -F, -v OFS=, 'NR > 1 { $8 = 144 } { print }' data.csv >unknown.csv
check "no known label at all is an error" 1 "no row has a label that it knows" "$train" evaluate -m m.qoemodel unknown.csv
check "a service without an expert is said" 0 "^no expert for Nexflix: general$" \
    "$train" evaluate -m m.qoemodel -v Nexflix data.csv

# --- predictions: figures computed from them are those that are printed
recount() { # PREDICTIONS: the line of accuracy and each class's row of the confusion matrix
    awk -F, 'NR == 1 { for (c = 1; c <= NF; c++) { at[$c] = c; if ($c ~ /^p_/) class[++classes] = substr($c, 3) }; next }
    {
        all++; truth = $at["label"]; said = $at["answer"] == "" ? "none" : $at["answer"]
        answered += said != "none"; right += said == truth; seen[truth, said]++
    }
    END {
        printf "accuracy %.3f (no answer counted as wrong: %.3f)\n", right / answered, right / all
        for (t = 1; t <= classes; t++) {
            printf "^%d .*  ", class[t]
            for (s = 1; s <= classes; s++) printf "%7d", seen[class[t], class[s]]
            printf "%7d$\n", seen[class[t], "none"]
        }
    }' "$1"
}

agree() { # NAME PREDICTIONS TEXT
    recount "$2" >counted
    [ "$(wc -l <counted)" -ge 4 ] || { echo "FAILED: $1: only $(wc -l <counted) lines counted"; failed=1; }
    while read -r line; do
        grep -q -e "$line" "$3" || { echo "FAILED: $1: no \"$line\" in:" && cat "$3" && failed=1; }
    done <counted
}

good_probabilities() { # PREDICTIONS: each answer has that of its class, and all of a row add up to one
    awk -F, 'NR == 1 { for (c = 1; c <= NF; c++) at[$c] = c; next }
    {
        sum = 0
        for (name in at) if (name ~ /^p_/) sum += $at[name]
        if ($at["answer"] == "" && $at["probability"] == "" && sum == 0) next
        answers++
        if (sum < .999999 || sum > 1.000001 || $at["probability"] != $at["p_" $at["answer"]]) wrong++
    }
    END { print wrong + 0 " wrong of " answers; exit wrong || answers < 100 }' "$1"
}

"$train" evaluate -m m.qoemodel -P bundle.csv data.csv >bundle.txt 2>/dev/null
check "a bundle has no folds" 0 \
    "^source,capture,group,service,transport,window,start_s,label,answer,probability,p_240,p_480,p_1080$" head -1 bundle.csv
agree "of a bundle" bundle.csv bundle.txt
"$train" evaluate "$@" -p 2 -P folds.csv data.csv >folds.txt 2>/dev/null
check "folds have them" 0 ",p_1080,expert,partition,fold$" head -1 folds.csv
agree "of folds" folds.csv folds.txt
"$train" evaluate "$@" -x g3,g4 -P held.csv data.csv >held.txt 2>/dev/null
check "groups that are held out have an expert alone" 0 ",p_1080,expert$" head -1 held.csv
agree "of groups that are held out" held.csv held.txt
for file in bundle folds held; do
    [ $file = held ] || check "probabilities in $file.csv" 0 "^0 wrong" good_probabilities $file.csv
done
check "four folds, two partitions, a group in one fold of each" 0 "^8 24$" awk -F, '
    NR > 1 { fold[$(NF - 1) "/" $NF]; group[$3 "/" $(NF - 1) "/" $NF] }
    END { for (f in fold) folds++; for (g in group) groups++; print folds, groups }' folds.csv
check "rows in the order of the table" 0 "same" sh -c \
    "awk -F, '\$8 != 144 { print \$2, \$6, \$8 }' data.csv >rows; cut -d, -f2,6,8 bundle.csv | tr , ' ' | cmp - rows && echo same"
"$train" evaluate "$@" -p 2 -j 1 -P folds1.csv data.csv >/dev/null 2>&1
check "the same on any number of threads" 0 "same" sh -c "cmp folds.csv folds1.csv && echo same"
"$train" evaluate "$@" -l -P labels.csv data.csv >labels.txt 2>/dev/null
agree "of labels only" labels.csv labels.txt
check "which have no probabilities" 0 ",240,,,,,general,1,[1-4]$" sed -n '3p' labels.csv

check "nor figures of them" 0 "^240 .*  -   " sh -c "! grep -e calibration -e 'most confident' labels.txt && cat labels.txt"
"$train" evaluate "$@" -l -b --set label=probability -P labels.csv data.csv >labels.txt 2>/dev/null
agree "of labels by probability" labels.csv labels.txt
check "which need them" 0 "^0 wrong" good_probabilities labels.csv

cp data.csv input.csv
ln -s input.csv link.csv
for option in -P -J -H; do
    check "$option is no input" 2 "link.csv is read" "$train" evaluate -m m.qoemodel $option link.csv input.csv
    check "nor the bundle" 2 "m.qoemodel is read" "$train" evaluate -m m.qoemodel $option m.qoemodel data.csv
done
check "nor is what fit writes" 2 "input.csv is read" "$train" fit "$@" -O input.csv data.csv input.csv
check "which stays" 0 "same" sh -c "cmp data.csv input.csv && echo same"
check "one file cannot be both" 2 "only one of" "$train" evaluate -m m.qoemodel -P x -J x data.csv
check "a folder that is not there is said" 1 "nowhere/p.csv: " "$train" evaluate -m m.qoemodel -P nowhere/p.csv data.csv
check "a full device, too" 1 "standard output: " sh -c "'$train' evaluate -m m.qoemodel -P - data.csv >/dev/full"
check "the standard output has them alone" 0 "^source," \
    sh -c "'$train' evaluate -m m.qoemodel -P - data.csv 2>/dev/null | head -1"

# --- classes without rows
"$train" evaluate -b --set 'classes=240 360 480 1080' --set 'features=size_last5 rate_30' -J a.json -H a.html data.csv >a.txt 2>/dev/null
check "a class without rows has no figures" 0 "^360  *-  *-  *-  *-  " cat a.txt
check "nor in the json" 0 '"class":360,"f1":null,"precision":null,"recall":null,"auc":null' cat a.json
check "macro-F1 is the mean of those that have" 0 "^same" awk '
    /macro-F1 [0-9.]*, within/ { match($0, /macro-F1 [0-9.]*/); macro = substr($0, RSTART + 9, RLENGTH - 9) }
    /^(240|360|480|1080) / && $2 != "-" { sum += $2; count++ }
    END { print count == 3 && (d = sum / 3 - macro) * d < 1e-6 ? "same" : "mean " sum / count " but " macro }' a.txt

# --- pictures
figure() { # TITLE FILE
    awk -v title="$1" 'index($0, "<h3>" title) { print }' "$2"
}
check "the reliability's bars are shares of all answers" 0 "^1 1$" sh -c "awk 'index(\$0, \"<h3>Reliability\")' m.html |
    grep -o '<rect [^>]*' | sed 's/.* height=\"\([0-9.]*\)\".*/\1/' | awk '{ sum += \$1 } END { print (sum > 219 && sum < 221), (NR == 10) }'"
figure ROC m.html | grep -o '<polyline' >lines
check "each class has its ROC" 0 "^3 " wc -l lines
figure ROC a.html | grep -o '<polyline' >lines
check "but one without rows" 0 "^3 " wc -l lines
check "the classes' windows are shown" 0 "<td>240</td><td>1[0-9][0-9]</td>" cat m.html
figure Confusion m.html >confusion
while read -r count; do
    [ "$count" -eq 0 ] || check "the confusion shows its counts" 0 ">$count</text>" cat confusion
done <<EOF
$(recount bundle.csv | sed -n 's/.*\.\*  //p' | tr -s ' $' '\n' | grep .)
EOF
right=$(sed -n 's/^accuracy \([0-9.]*\) .*/\1/p' bundle.txt)
check "the curve of coverage ends at a figure that is shown" 0 "big\">$right</div><div class=\"note\">right of the windows answered" cat m.html
check "where the share that is answered ends" 0 ">$right at 97 %<" cat m.html

# --- one class left
awk -F, 'NR == 1 || ($3 == "g0" && $8 == 240) || ($3 ~ /^g[14]$/ && $8 == 480)' data.csv >lone.csv
lone="--set classes=240;480 --set features=size_last5"
# shellcheck disable=SC2086
check "a fold that leaves one class is named" 1 "without the group g0 only 480 is left: every class must occur in two groups" \
    "$train" evaluate $lone -k 3 lone.csv
# shellcheck disable=SC2086
check "so is one inside the training" 1 "without the group g0 only 480 is left, and nothing tells how sure" \
    "$train" fit $lone -O lone.qoemodel lone.csv
awk -F, 'NR == 1 || $8 == 480' data.csv >one.csv
# shellcheck disable=SC2086
check "one class alone is named" 1 "fewer than two classes to learn: all rows are of 480" "$train" fit $lone -O lone.qoemodel one.csv

# --- nothing to learn from
for command in evaluate fit; do
    check "$command: other sources are named" 1 'its sources are "course", the data have "t" (--set netflix.sources=t)' \
        "$train" $command -r "$here/../course.recipe" data.csv
    check "$command: or other classes" 1 "no rows to learn from: none has a label of its classes" \
        "$train" $command --set 'classes=2160 4320' data.csv
done
check "or other groups" 1 "no rows to learn from: none is of its groups" "$train" fit --set groups=x data.csv
check "or no media" 1 "no rows to learn from: none has 900 media objects" "$train" fit --set minimum_objects=900 data.csv

# --- the search
"$train" fit "$@" --tune 3 --grid 'label=vote|probability' --grid 'filter=0|0.4' --seed 5 --folds 3 -O t.qoemodel data.csv >tuned.txt 2>/dev/null
check "the search says how it measures" 0 "^general: 3 folds, 2 partitions" cat tuned.txt
check "a label by probability is tried with probabilities" 0 "^useful" awk '
    $1 ~ /^[0-9]+$/ { trials++; if ($1 > 0 && $1 < 5 && $8 < .6) bad++ }
    END { print trials == 8 && !bad ? "useful" : trials " trials, useless: " bad }' tuned.txt
best() { # of tuned.txt: what it is, as evaluate prints it, and evaluate with the options that it names
    options=$(sed -n 's/^best (macro-F1 [0-9.]*, as evaluate \(.*\) measures it): \(.*\)/\1 \2/p' "$1")
    sed -n 's/^best (\(macro-F1 [0-9.]*\),.*/\1/p' "$1" >said
    eval "'$train' evaluate -b --set 'classes=240 480 1080' $options data.csv" 2>&1 | grep -F -e "$(cat said)"
}
check "evaluate shows the best one's figures with its options" 0 "macro-F1 0" best tuned.txt
"$train" fit "$@" --set minimum_probability=.7 --grid 'filter=.3|.5' -O t.qoemodel data.csv >limited.txt 2>/dev/null
check "with a limit as well" 0 "macro-F1 0" best limited.txt

# --- README
sed -n '/^## What the figures mean/,/^## /s/^- \*\*\(.*\)\*\*: \(.*\)$/<dt>\1<\/dt><dd>\2<\/dd>/p' "$here/../README.md" >words
check "the README explains the figures" 0 "^12 " wc -l words
while read -r line; do
    grep -q -F -e "$line" m.html || { echo "FAILED: the page lacks: $line" && failed=1; }
done <words
sed -n '/^| key /,/^$/s/^| \**`\([a-z_]*\)`.*/\1/p' "$here/../README.md" >keys
check "the README has all keys" 0 "^20 " wc -l keys
while read -r key; do
    "$train" fit --set "$key=" data.csv >out 2>&1
    ! grep -q "no key" out || { echo "FAILED: README: $(cat out)" && failed=1; }
done <keys

[ "$failed" -eq 0 ] && echo "all good"
exit "$failed"
