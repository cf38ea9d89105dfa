#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests the lab: quick ones of its parts, then one session of 60 s with a real player, checked and labelled.
# The session needs root, /dev/net/tun and Debian's packages; without the first two it is skipped, and that is said.
#
#   tests/lab/run.sh [--quick]      --quick: without the session
#
# Ends with one plain line; exits non-zero if anything failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
lab=$here/../../captures/lab
start=$(date +%s)

fail() {
    echo "lab: FAILED: $1"
    exit 1
}

took() {
    echo "$(($(date +%s) - start)) s"
}

PYTHONPATH=$lab /usr/bin/python3 -m unittest discover -q -s "$here" || fail 'unit tests'

if [ "${1:-}" = --quick ]; then
    echo "lab: passed, units only, in $(took)"
    exit
fi
if [ "$(id -u)" != 0 ] || [ ! -c /dev/net/tun ]; then
    echo "lab: passed, units only, in $(took); session skipped: needs root and /dev/net/tun"
    exit
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM HUP

# A cache of its own, with short titles: the test proves that the lab works from nothing.
export QOE_LAB_CACHE="${QOE_LAB_CACHE:-$out/cache}" QOE_LAB_SECONDS=90

# A link that drops to 250 kbit/s in the middle, so that there is a switch to be seen.
profile='{"player": "hls", "http": "h1", "ip": 4, "title_number": 3, "actions": [], "play": {"buffer_s": 15, "start_kbps": 1000},
          "network": {"kind": "step", "cross": null, "loss": 0, "jitter_ms": 0, "trace": [[0, 4000], [25, 300], [45, 4000], [90, 4000]]}}'
sh "$lab/run.sh" --sessions 1 --duration 60 --jobs 1 --out "$out" --only "$profile" >"$out/log" 2>&1 || { cat "$out/log"; fail 'the run'; }

name=lab_0001
[ -s "$out/$name.pcap.zst" ] || { cat "$out/log" "$out/thrown.csv"; fail 'the session was thrown away'; }
windows=$(awk -F, 'NR > 1 && $15 == 1' "$out/$name.labels.csv" | wc -l)
segments=$(awk -F, 'NR > 1 && $14 == 1' "$out/$name.segments.csv" | wc -l)
[ "$windows" -ge 3 ] || fail "$windows valid windows, wanted 3"
[ "$segments" -ge 20 ] || fail "$segments whole segments, wanted 20"
[ -z "$(find "$out/work" -mindepth 1 2>/dev/null)" ] || fail 'work files were left behind'

echo "lab: passed, units and a session with $windows valid windows and $segments segments, in $(took)"
