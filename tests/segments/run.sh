#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Segments against the truth: exports those of the embedded captures with the built plugin and compares them with what
# the players wrote down (score.py); each capture must reach its lower bounds (bounds.csv). With the lab's sessions
# beside the checkout it prints their table as well.
#   run.sh PLUGINS    the build's folder with X.Y/epan/qoe.so
# The last line is "N passed, M failed, K skipped".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
plugins=${1:?usage: run.sh PLUGINS}
lab=$root/../shared/lab

# The checkout may lie where another user cannot read, and root's tshark ignores WIRESHARK_PLUGIN_DIR.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/home" "$stage/truth" "$stage/found" "$stage/lab"
cp -R "$plugins" "$stage/plugins"
chmod -R a+rX "$stage"
chmod 777 "$stage/home"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

# unpack FILE: to $stage/capture.pcap
unpack() {
    case $1 in
    *.gz) zcat "$1" ;;
    *.zst) zstd -dqc "$1" ;;
    esac >"$stage/capture.pcap"
}

# export_segments FILE TO
export_segments() {
    unpack "$1"
    # shellcheck disable=SC2086
    $drop env -i PATH="$PATH" HOME="$stage/home" LANG=C.UTF-8 WIRESHARK_PLUGIN_DIR="$stage/plugins" \
        tshark -r "$stage/capture.pcap" -o 'uat:qoe_services:"Lab","video.test"' \
        -q -z qoe,export,segments,csv,- >"$2" 2>"$stage/stderr" || {
        cat "$stage/stderr"
        return 1
    }
}

for capture in "$root"/captures/*.pcap.gz "$root"/captures/lab-samples/*.pcap.zst; do
    name=$(basename "$capture" | sed 's/\.pcap\..*//')
    cp "$(dirname "$capture")/$name.segments.csv" "$stage/truth/"
    export_segments "$capture" "$stage/found/$name.csv"
done
status=0
python3 "$here/score.py" --bounds "$here/bounds.csv" "$stage/truth" "$stage/found" >"$stage/table" || status=$?
cat "$stage/table"
last=$(tail -1 "$stage/table")

echo
if [ -r "$lab/sessions.csv" ]; then
    for capture in "$lab"/*.pcap.zst; do
        export_segments "$capture" "$stage/lab/$(basename "$capture" .pcap.zst).csv"
    done
    python3 "$here/score.py" "$lab" "$stage/lab"
    echo "$last, 0 skipped"
else
    echo "skipped the lab's table: its sessions are not here"
    echo "$last, 1 skipped"
fi
exit "$status"
