#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Playback against the truth: exports what the built plugin says of the embedded captures and compares it with what the
# players wrote down (score.py); each capture must keep to its bounds (bounds.csv). With the labelled sessions beside
# the checkout it prints their tables as well.
#   run.sh BUILD [DIR...]   BUILD: the build's folder. DIR: more folders in the lab's format for tables
# The last line is "N passed, M failed, K skipped".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${1:?usage: run.sh BUILD [DIR...]}
shift

# The checkout may lie where another user cannot read, and root's tshark ignores WIRESHARK_PLUGIN_DIR.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/home" "$stage/truth" "$stage/found" "$stage/set"
cp -R "$build/plugins" "$stage/plugins"
chmod -R a+rX "$stage"
chmod 777 "$stage/home" "$stage/found" "$stage/set"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

# export_all FILE TO [OPTION...]: TO.windows.csv and so on
export_all() {
    file=$1 to=$2
    shift 2
    case $file in
    *.gz) zcat "$file" ;;
    *.zst) zstd -dqc "$file" ;;
    esac >"$stage/capture.pcap"
    # shellcheck disable=SC2086
    $drop env -i PATH="$PATH" HOME="$stage/home" LANG=C.UTF-8 WIRESHARK_PLUGIN_DIR="$stage/plugins" \
        tshark -r "$stage/capture.pcap" -o 'uat:qoe_services:"Lab","video.test"' "$@" \
        -q -z "qoe,export,windows,csv,$to.windows.csv" -z "qoe,export,sessions,csv,$to.sessions.csv" \
        -z "qoe,export,segments,csv,$to.segments.csv" >"$stage/said" 2>&1 || {
        cat "$stage/said"
        return 1
    }
}

name_of() {
    basename "$1" | sed 's/\.pcap\..*//'
}

# score DIR [OPTION...]: a table of the labelled sessions in DIR
score() {
    dir=$1
    shift
    rm -f "$stage"/set/*
    for capture in "$dir"/*.pcap.zst; do
        export_all "$capture" "$stage/set/$(name_of "$capture")" "$@"
    done
    echo
    echo "$dir"
    python3 "$here/score.py" --replay "$replay" --worst 8 "$dir" "$stage/set"
}

replay=$build/tests/playback/replay-playback
for capture in "$root"/captures/*.pcap.gz "$root"/captures/lab-samples/*.pcap.zst; do
    name=$(name_of "$capture")
    cp "$(dirname "$capture")/$name.segments.csv" "$(dirname "$capture")/$name.labels.csv" "$stage/truth/"
    export_all "$capture" "$stage/found/$name"
done
status=0
python3 "$here/score.py" --bounds "$here/bounds.csv" --replay "$replay" "$stage/truth" "$stage/found" >"$stage/table" ||
    status=$?
cat "$stage/table"
last=$(tail -1 "$stage/table")

skipped=0
for set in lab requet; do
    shared=$root/../shared/$set
    if [ ! -r "$shared/sessions.csv" ]; then
        echo "skipped the table of $set: its sessions are not here"
        skipped=$((skipped + 1))
    elif [ "$set" = lab ]; then
        score "$shared"
    else
        score "$shared" -o qoe.untagged:TRUE
    fi
done
for dir in "$@"; do
    score "$dir"
done
echo "$last, $skipped skipped"
exit "$status"
