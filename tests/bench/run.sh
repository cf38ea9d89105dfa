#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the plugin costs, as ratios of user+sys time and of memory: two commands in turn, ROUNDS times, the least of each.
# usage: tests/bench/run.sh BUILD [CAPTURE]   (BUILD: a build directory; CAPTURE: default the sample film over HTTP/1.1)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:?usage: run.sh BUILD [CAPTURE]}
capture=${2:-$root/captures/film-http1.pcap.gz}
rounds=${ROUNDS:-7}
. "$root/tests/packages.sh"
need_packages tshark python3

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$build/plugins" "$stage/plugins"
case $capture in
*.gz) zcat "$capture" >"$stage/in.pcap" ;;
*.zst) zstd -dcq "$capture" >"$stage/in.pcap" ;;
*) cp "$capture" "$stage/in.pcap" ;;
esac
mkdir "$stage/home" "$stage/none"
chmod -R a+rX "$stage"
chmod 777 "$stage/home"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

# cost PLUGINS ARGUMENTS...: "seconds kB" of one run of tshark.
cost() {
    plugins=$1
    shift
    # shellcheck disable=SC2086
    python3 -c '
import os, sys
null = os.open(os.devnull, os.O_WRONLY)
child = os.fork()
if child == 0:
    os.dup2(null, 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
print("%.4f %d" % (used.ru_utime + used.ru_stime, used.ru_maxrss))
sys.exit(status != 0)' $drop env HOME="$stage/home" WIRESHARK_PLUGIN_DIR="$plugins" tshark -r "$stage/in.pcap" "$@"
}

# compare TITLE "ARGUMENTS without the plugin" "ARGUMENTS with it"
compare() {
    : >"$stage/without"
    : >"$stage/with"
    for _ in $(seq "$rounds"); do
        # shellcheck disable=SC2086
        cost "$stage/none" $2 >>"$stage/without"
        # shellcheck disable=SC2086
        cost "$stage/plugins" $3 >>"$stage/with"
    done
    awk -v title="$1" '
        FNR == 1 { file++ }
        !(file in time) || $1 < time[file] { time[file] = $1 }
        !(file in kb) || $2 < kb[file] { kb[file] = $2 }
        END { printf "| %s | %.3f s | %.3f s | %.3f | %+.1f MB |\n", title, time[1], time[2], time[2] / time[1],
                     (kb[2] - kb[1]) / 1024 }' "$stage/without" "$stage/with"
}

echo "$(basename "$capture"), $(tshark --version 2>/dev/null | head -1)"
echo "| | without | with the plugin | ratio | memory |"
echo "|---|---|---|---|---|"
compare 'tshark -r FILE' '' ''
compare 'tshark -r FILE -2' '-2' '-2'
compare '-q -z dns,tree / -q -z qoe,tree' '-q -z dns,tree' '-q -z qoe,tree'
compare '-Y tcp.len==1 / -Y qoe.segment' '-Y tcp.len==1' '-Y qoe.segment'
[ ! -x "$build/tests/bench/bench-core" ] || "$build/tests/bench/bench-core"
