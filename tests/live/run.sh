#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A film between two network namespaces, and `tshark -i` with the plugin beside it: what it says while the film runs.
# Another tshark without the plugin watches too: what memory grows by is compared. A third one captures into a ring of files, at
# each of which tshark forgets what it knows.
# usage: sh tests/live/run.sh PLUGINS [SECONDS [BYTES [LATE_S]]]   (as root; PLUGINS: a build's plugins folder; default:
#        40 s, segments of 500000 bytes, told at most 3 s late; 600 100000000 60: ten minutes of 200 Mbit/s, at which
#        tshark itself falls behind on a slow machine)
# It takes three windows, 40 s, to see all. The last line is "N passed, M failed". Where no namespace can be made it says so and skips.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
plugins=${1:?usage: run.sh PLUGINS [SECONDS [BYTES]]}
seconds=${2:-40} bytes=${3:-500000} late_s=${4:-3}
. "$root/tests/packages.sh"
need_packages tshark iproute2 python3-minimal util-linux

viewer=qoe-viewer-$$ server=qoe-server-$$
started=
stage=$(mktemp -d)
clean() {
    # shellcheck disable=SC2086
    [ -z "$started" ] || kill $started 2>/dev/null || true
    ip netns del "$viewer" 2>/dev/null || true
    ip netns del "$server" 2>/dev/null || true
    rm -rf "$stage"
}
trap clean EXIT

ip netns add "$viewer" 2>"$stage/log" || {
    echo "skipped: no network namespace can be made here ($(tail -1 "$stage/log"))"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
ip netns add "$server"
ip -n "$viewer" link add tv type veth peer name film netns "$server"
ip -n "$viewer" address add 198.51.100.7/24 dev tv
ip -n "$server" address add 198.51.100.1/24 dev film
ip -n "$viewer" link set tv up
# Packets as they are on a wire: on veth they are seen before they are cut.
ip -n "$server" link set film gso_max_segs 1
ip -n "$server" link set film up

cp -R "$plugins" "$stage/plugins"
mkdir "$stage/home"
chmod -R a+rX "$stage"
chmod 777 "$stage/home"

ip netns exec "$server" python3 "$here/film.py" serve 198.51.100.1 >"$stage/serve" &
started=$!

# dumpcap may capture because tshark, which is not root, hands on two capabilities. -l: every line at once.
drop="setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+net_raw,+net_admin --ambient-caps=+net_raw,+net_admin"
mkfifo "$stage/lines"
# watch PLUGINS ARGUMENTS...: becomes tshark on the viewer's side.
watch() {
    seen=$1
    shift
    # shellcheck disable=SC2086
    exec ip netns exec "$viewer" $drop env HOME="$stage/home" TMPDIR="$stage/home" WIRESHARK_PLUGIN_DIR="$seen" \
        tshark -l -n -q -s 256 -i tv "$@"
}
watch "$stage/plugins" -P -Y qoe -T fields -e qoe.service -e qoe.server -e qoe.server.name -e qoe.segment \
    -e qoe.segment.bytes -e qoe.window >"$stage/lines" 2>"$stage/tshark" &
tshark=$!
watch "$stage/home" -P -Y 'tcp.port == 443' -T fields -e ip.src -e tcp.len >/dev/null 2>"$stage/plain.log" &
plain=$!
watch "$stage/plugins" -w "$stage/home/ring.pcapng" -b filesize:200 -b files:5 -z "qoe,segments,tcp.port == 443" \
    -z "qoe,export,segments,csv,$stage/home/ring.csv" >/dev/null 2>"$stage/ring.log" &
ring=$!
started="$started $tshark $plain $ring"
# When a line came: said only of the first ones and of those that tell a segment or a window.
python3 -uc '
import sys, time
for number, line in enumerate(sys.stdin):
    fields = line.rstrip("\n").split("\t")
    if number < 20 or fields[3] or fields[5]:
        print(f"{time.time():.3f}", *fields, sep="\t")' <"$stage/lines" >"$stage/said" &
started="$started $!"

for _ in $(seq 100); do
    if grep -q ready "$stage/serve" && grep -q 'Capturing on' "$stage/tshark"; then break; fi
    sleep 0.2
done
sleep 1

# kB of memory that a process has.
memory() {
    sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status" 2>/dev/null || true
}
(
    for _ in 1 2 3 4 5 6 7 8 9; do
        sleep "$(awk -v s="$seconds" 'BEGIN { print s / 10 }')"
        echo "$(memory "$tshark") $(memory "$plain")"
    done
) >"$stage/memory" &
started="$started $!"

ip netns exec "$viewer" python3 "$here/film.py" play 198.51.100.1 "$seconds" "$bytes" >"$stage/played"
end=$(date +%s.%N)
sleep 1
kill -INT "$tshark" "$plain" "$ring"
wait "$tshark" || true
wait "$ring" || echo "the ring's tshark ended with status $?"
sleep 1

ls "$stage/home"/ring_* >"$stage/files"
grep -v 'Capturing on\|Running as\|^ *$' "$stage/tshark" || true
echo "tshark's memory while the film ran, kB, with and without the plugin:" $(tr '\n' ',' <"$stage/memory")
python3 "$here/check.py" "$stage/said" "$stage/played" "$end" "$stage/memory" "$late_s" "$stage/files" "$stage/home/ring.csv"
