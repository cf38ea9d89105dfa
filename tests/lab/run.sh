#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab from nothing: installs what it needs, encodes short titles into a cache of its own, and plays one session of 60 s
# with a real player, which must be kept and labelled. Took 73 s, 145 s at a load of 17 on two cores, and 101 s in a bare Debian 12;
# apt comes on top where the packages are not there.
# Skipped, and said, where a session cannot be had: without root, TAP devices, namespaces or packages, and on a machine so
# busy that the lab itself throws the session away as late. units.sh tests the lab's parts.
# The last line is "N passed, M failed, K skipped".
set -eu
lab=$(cd "$(dirname "$0")/../../captures/lab" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'exit 130' INT TERM HUP
passed=0 failed=0

skip() {
    echo "session skipped: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit
}

# expect WHAT TEST...
expect() {
    what=$1
    shift
    if [ "$@" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what: not $*"
    fi
}

# column FILE NAME: its values, one a line.
column() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print $at }' "$1"
}

[ "$(id -u)" = 0 ] || skip 'needs root'
{ : <>/dev/net/tun; } 2>/dev/null || skip 'needs /dev/net/tun'
export QOE_LAB_CACHE="${QOE_LAB_CACHE:-$out/cache}" QOE_LAB_SECONDS=90
sh "$lab/install.sh" "$QOE_LAB_CACHE" >"$out/log" 2>&1 || { tail -5 "$out/log"; skip 'a package is not to be had'; }
unshare --net --mount --pid --fork --kill-child --mount-proc sh -ec '
    mount -t tmpfs lab /run
    ip netns add lab
    ip -n lab tuntap add dev tap mode tap' >"$out/log" 2>&1 || { tail -5 "$out/log"; skip 'namespaces are not to be had'; }

# A link that drops to 300 kbit/s in the middle, so that there is a switch to be seen.
profile='{"player": "hls", "http": "h1", "ip": 4, "title_number": 3, "actions": [], "play": {"buffer_s": 15, "start_kbps": 1000},
          "network": {"kind": "step", "cross": null, "loss": 0, "jitter_ms": 0, "trace": [[0, 4000], [25, 300], [45, 4000], [90, 4000]]}}'
# A busy machine may spoil one session, but hardly two.
for number in 1 2; do
    data=$out/$number
    sh "$lab/run.sh" --sessions 1 --first $number --duration 60 --jobs 1 --out "$data" --only "$profile" >"$out/log" 2>&1 || true
    [ ! -s "$data/sessions.csv" ] || break
    fault=$(column "$data/thrown.csv" fault 2>/dev/null || true)
    echo "session $number thrown away: ${fault:-see below}"
done
if [ ! -s "$data/sessions.csv" ]; then
    case $fault in *" late" | *"in time" | *" did not start within "* | *"Timeout "*) skip "this machine is too busy: $fault" ;; esac
    cat "$out/log" "$data/thrown.csv" || true
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

session=$data/lab_000$number
expect 'a capture' -s "$session.pcap.zst"
expect 'valid windows' "$(column "$session.labels.csv" valid | grep -c '^1$')" -ge 3
expect 'whole segments' "$(column "$session.segments.csv" complete | grep -c '^1$')" -ge 20
expect 'seconds' "$(column "$session.seconds.csv" second | wc -l)" -ge 45
expect 'heights on screen' "$(column "$session.seconds.csv" resolution | sort -u | grep -c -v '^0$')" -ge 2
expect 'changes explained' "$(column "$data/sessions.csv" screen_explained)" -eq "$(column "$data/sessions.csv" screen_changes)"
expect 'work files' -z "$(find "$data/work" -mindepth 1 2>/dev/null)"
expect 'processes' -z "$(pgrep -f "$data" || true)"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
