#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Trains and measures the shipped bundle from the labelled captures in ../shared, with one command.
# Usage: sh models/reproduce.sh [BUILD]     (default: a build of its own in a temporary folder)
# Writes models/qoe.qoemodel, models/RESULTS.txt and, beside the data sets in the work folder, report.json and report.html.
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

"$train" dataset --tshark "$tshark" --source requet --sessions "$shared/requet/sessions.csv" --group video \
    -o qoe.untagged:TRUE --output "$work/requet.csv" "$shared"/requet/*.pcap.zst
"$train" dataset --tshark "$tshark" --source lab --sessions "$shared/lab/sessions.csv" --group title \
    -o 'uat:qoe_services:"Lab","video.test"' --output "$work/lab.csv" "$shared"/lab/*.pcap.zst

# Sessions of further titles, recorded with captures/lab/run.sh --sessions 160 --out DIR: they support the lab's expert.
further=
if [ -n "${QOE_LAB_DATA:-}" ]; then
    further=$work/real.csv
    # Names have no blanks.
    # shellcheck disable=SC2046
    "$train" dataset --tshark "$tshark" --source real --sessions "$QOE_LAB_DATA/sessions.csv" --group title \
        -o 'uat:qoe_services:"Lab","video.test"' --output "$further" \
        $(tail -n +2 "$QOE_LAB_DATA/sessions.csv" | cut -d, -f1 | sed "s|.*|$QOE_LAB_DATA/&.pcap.zst|")
else
    echo "reproduce.sh: without QOE_LAB_DATA=DIR (made by captures/lab/run.sh) the lab's expert learns from fewer titles"
fi

# The lab's simulated Netflix-like player: the same sessions each time, from their numbers.
sh "$here/../captures/lab/sim/run.sh" --sessions 260 --seed 77 --jobs 2 --out "$work/simulated" \
    --only '{"player":"nflike","http":"h1"}' >"$work/simulated.log"
chmod -R a+rX "$work/simulated"
"$train" dataset --tshark "$tshark" --source simulated --sessions "$work/simulated/sessions.csv" --group title \
    -o 'uat:qoe_services:"Lab","video.test"' --output "$work/simulated.csv" "$work"/simulated/*.pcap.zst

"$train" fit --recipe "$here/qoe.recipe" --seed 1 --output "$here/qoe.qoemodel" "$work/requet.csv" "$work/lab.csv" \
    "$work/simulated.csv" ${further:+"$further"}
"$train" evaluate --recipe "$here/qoe.recipe" --seed 1 --folds 4 --partitions "${QOE_PARTITIONS:-4}" \
    --json "$work/report.json" --html "$work/report.html" "$work/requet.csv" "$work/lab.csv" "$work/simulated.csv" ${further:+"$further"} | tee "$here/RESULTS.txt"
echo "Reports and data sets: $work"

# Through the plugin, so that playback counts too: what it says is on screen of the lab's titles that it has not seen.
python3 "$here/../tests/playback/held_out.py" --train "$train" --tshark "$tshark" --sessions "$shared/lab" \
    --recipe "$here/qoe.recipe" --expert lab --seed 1 "$work"/*.csv | tee "$work/on_screen.txt"
