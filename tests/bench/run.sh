#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the plugin costs beside a tshark without it, beside the course's way with Scapy (course.py), and what the core
# alone can take: speed.py's table.
# usage: sh tests/bench/run.sh BUILD [CAPTURE [SUFFIX]]   (BUILD: a build directory; default: the sample film over
#        HTTP/1.1 three times, whose servers' names end in video.test)
# The last line is "N passed, M failed". ROUNDS=N: runs of each command (default 5).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${1:?usage: run.sh BUILD [CAPTURE [SUFFIX]]}
capture=${2:-$root/captures/film-http1.pcap.gz}
suffix=${3:-video.test}
. "$root/tests/packages.sh"
need_packages tshark wireshark-common python3 python3-scapy valgrind

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$build/plugins" "$stage/plugins"
case $capture in
*.gz) zcat "$capture" >"$stage/in.pcap" ;;
*.zst) zstd -dcq "$capture" >"$stage/in.pcap" ;;
*) cp "$capture" "$stage/in.pcap" ;;
esac
# Three times the sample film: a capture so short that starting tshark is half of it says little.
if [ $# -lt 2 ]; then
    for shift in 300 600; do
        editcap -F pcap -t "$shift" "$stage/in.pcap" "$stage/$shift.pcap"
    done
    mergecap -F pcap -a -w "$stage/long.pcap" "$stage/in.pcap" "$stage/300.pcap" "$stage/600.pcap"
    mv "$stage/long.pcap" "$stage/in.pcap"
fi
mkdir "$stage/home" "$stage/none"
chmod -R a+rX "$stage"
chmod 777 "$stage/home"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

echo "$(basename "$capture"), $(tshark --version 2>/dev/null | head -1)"
# shellcheck disable=SC2086
python3 "$here/speed.py" "$stage" "$stage/in.pcap" "$suffix" "$build/tests/bench/bench-core" "${ROUNDS:-5}" \
    $drop env HOME="$stage/home"
