#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Trains and measures the shipped bundle from the labelled captures in ../shared, with one command.
# Usage: sh models/reproduce.sh [BUILD]     (default: a build of its own in a temporary folder)
# It writes models/qoe.qoemodel and models/RESULTS.txt; data sets, report.json, report.html and on_screen.txt go to the work folder
# (QOE_WORK=DIR chooses it). QOE_LAB_DATA="DIR...": further sessions of the lab's real players to learn from, recorded with
# captures/lab/run.sh --sessions N --out DIR. What they make is not the shipped bundle and goes to the work folder as well.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
shared=$here/../../shared
if [ ! -d "$shared/requet" ] || [ ! -d "$shared/lab" ]; then
    echo "reproduce.sh: skipped, there are no labelled captures in ../shared"
    exit 0
fi

work=${QOE_WORK:-$(mktemp -d)}
build=${1:-$work/build}
if [ ! -x "$build/models/qoe-train" ]; then
    cmake -S "$here/.." -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
fi
cmake --build "$build" >/dev/null

# As root Wireshark looks for no plugins outside its own folder: it runs as nobody.
tshark="env HOME=$work/home WIRESHARK_PLUGIN_DIR=$build/plugins tshark"
mkdir -p "$work/home"
if [ "$(id -u)" = 0 ]; then
    chmod a+rx "$work" "$build"
    chmod -R a+rX "$build/plugins"
    chmod a+rwx "$work/home"
    tshark="setpriv --reuid=65534 --regid=65534 --clear-groups $tshark"
fi
train=$build/models/qoe-train
tables=

# table NAME SOURCE GROUP_COLUMN FOLDER [OPTION...]: features and labels of the sessions that the folder's sessions.csv names.
table() {
    csv=$work/$1.csv source=$2 column=$3 folder=$4
    shift 4
    # Names have no blanks.
    # shellcheck disable=SC2046
    "$train" dataset --tshark "$tshark" --source "$source" --sessions "$folder/sessions.csv" --group "$column" "$@" \
        --output "$csv" $(tail -n +2 "$folder/sessions.csv" | cut -d, -f1 | sed "s|.*|$folder/&.pcap.zst|")
    tables="$tables $csv"
}

# simulate FOLDER SESSIONS SEED CHOICE: players of the lab without a browser; the same sessions each time, from their numbers.
simulate() {
    sh "$here/../captures/lab/sim/run.sh" --sessions "$2" --seed "$3" --jobs 2 --out "$work/$1" --only "$4" >"$work/$1.log"
    chmod -R a+rX "$work/$1"
}

table requet requet video "$shared/requet" -o qoe.untagged:TRUE
table lab lab title "$shared/lab"
simulate simulated 260 77 '{"player":"nflike","http":"h1"}'
table simulated simulated title "$work/simulated"
for player in dash hls shaka vhs; do
    simulate "$player" 100 78 "{\"player\":\"$player\"}"
    table "$player" players title "$work/$player"
done
simulate ytlike 60 79 '{"player":"ytlike"}'
table ytlike ytlike title "$work/ytlike"

into=$here number=0
for folder in ${QOE_LAB_DATA:-}; do
    into=$work number=$((number + 1))
    table "real$number" real title "$folder"
done

# Names have no blanks.
# shellcheck disable=SC2086
"$train" fit --recipe "$here/qoe.recipe" --seed 1 --output "$into/qoe.qoemodel" $tables
# shellcheck disable=SC2086
"$train" evaluate --recipe "$here/qoe.recipe" --seed 1 --folds 4 --partitions "${QOE_PARTITIONS:-4}" \
    --json "$work/report.json" --html "$work/report.html" $tables | tee "$into/RESULTS.txt"
echo "Reports and data sets: $work"

# Through the plugin, so that playback counts too: what it says is on screen of the lab's titles that it has not seen.
# shellcheck disable=SC2086
python3 "$here/../tests/playback/held_out.py" --train "$train" --tshark "$tshark" --sessions "$shared/lab" \
    --recipe "$here/qoe.recipe" --expert lab --seed 1 --partitions 1 $tables | tee "$work/on_screen.txt"
