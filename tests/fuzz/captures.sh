#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tshark, with AddressSanitizer and UndefinedBehaviorSanitizer in the plugin, over captures that are damaged in every
# way: bytes changed, packets cut, doubled, disordered, times and lengths out of their senses, and pure noise.
# usage: sh tests/fuzz/captures.sh [--quick]   (--quick: a few of each, two minutes; otherwise all, an hour)
# The last line is "N passed, M failed". What failed is kept, and its name told.
# QOE_SANITIZE_BUILD=DIR: where to build (default: a folder that is removed). QOE_KEEP=DIR: where failures are kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/packages.sh"

quick=
[ "${1:-}" != --quick ] || quick=yes
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
build=${QOE_SANITIZE_BUILD:-$stage/build}
keep=${QOE_KEEP:-/var/tmp/qoe-crashes}
# shellcheck disable=SC2086
need_packages $QOE_BUILD_PACKAGES wireshark-common zstd gzip python3-minimal

san="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
cmake -G Ninja -S "$root" -B "$build" -DQOE_QT=0 -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_C_FLAGS=$san" >"$stage/log"
cmake --build "$build" --target qoe qoe-models >>"$stage/log" 2>&1 || {
    tail -20 "$stage/log"
    echo "0 passed, 1 failed"
    exit 1
}
cp -R "$build/plugins" "$stage/plugins"
mkdir "$stage/home"
chmod -R a+rX "$stage"
chmod 777 "$stage/home"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"
preload="$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)"
passed=0 failed=0

shark() {
    # shellcheck disable=SC2086
    $drop env HOME="$stage/home" WIRESHARK_PLUGIN_DIR="$stage/plugins" LD_PRELOAD="$preload" \
        ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 timeout 120 tshark "$@" >"$stage/out" 2>"$stage/err"
}

# try NAME FILE: 0, or 2 for a file that Wireshark itself finds damaged; and no word of a sanitizer or of a bug of ours (other
# dissectors have theirs).
try() {
    chmod a+r "$2"
    status=0
    shark -r "$2" -2 -o qoe.untagged:TRUE -q -z qoe,tree -z qoe,servers -z qoe,segments -z qoe,windows -z qoe,sessions \
        -z qoe,export,features,csv,- -z qoe,graph -z expert || status=$?
    if { [ "$status" -eq 0 ] || [ "$status" -eq 2 ]; } &&
        ! grep -qE 'Sanitizer|runtime error|Too many taps|Dissector bug, protocol QOE' "$stage/err" "$stage/out"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    mkdir -p "$keep"
    cp "$2" "$keep/$1.pcap"
    echo "FAILED $1: status $status, kept as $keep/$1.pcap"
    grep -m 12 -E 'Sanitizer|runtime error|ug |    #' "$stage/err" || tail -5 "$stage/err"
}

# The beginning of a capture, as classic pcap: the sanitizers take their time.
take() {
    case $2 in
    *.gz) zcat "$2" ;;
    *.zst) zstd -dcq "$2" ;;
    esac >"$stage/whole.pcap"
    editcap -F pcap -r "$stage/whole.pcap" "$stage/$1.pcap" "1-$count"
    sources="$sources $1"
}

sources=
count=12000 seeds="1 2 3 4 5" lengths=$(seq 14 200) noise=5
if [ -n "$quick" ]; then
    count=2500 seeds=1 lengths="14 33 34 41 54 55 66 72 96 131 200" noise=1
fi
take film-http1 "$root/captures/film-http1.pcap.gz"
take film-http2 "$root/captures/film-http2.pcap.gz"
[ -n "$quick" ] || for name in http2 http3 ipv6 stall switch; do
    take "$name" "$root/captures/lab-samples/$name.pcap.zst"
done
[ -z "$quick" ] || take http3 "$root/captures/lab-samples/http3.pcap.zst"

# The plugin must have been there, and said something of what is whole.
try whole "$stage/film-http1.pcap"
grep -q '198.51.100.11' "$stage/out" || {
    echo "FAILED: the plugin is not in tshark"
    echo "0 passed, 1 failed"
    exit 1
}

for source in $sources; do
    before=$((passed + failed))
    for share in 0.01 0.05 0.2; do
        for seed in $seeds; do
            editcap -F pcap -E "$share" --seed "$seed" "$stage/$source.pcap" "$stage/try.pcap" 2>/dev/null
            try "$source-E$share-$seed" "$stage/try.pcap"
        done
    done
    for length in $lengths; do
        editcap -F pcap -s "$length" "$stage/$source.pcap" "$stage/try.pcap"
        try "$source-s$length" "$stage/try.pcap"
    done
    for kind in $(python3 "$here/mangle.py" kinds); do
        python3 "$here/mangle.py" "$kind" "$stage/$source.pcap" "$stage/try.pcap"
        try "$source-$kind" "$stage/try.pcap"
        # And again, with bytes changed besides.
        editcap -F pcap -E 0.01 --seed 7 "$stage/try.pcap" "$stage/both.pcap" 2>/dev/null || continue
        try "$source-$kind-E" "$stage/both.pcap"
    done
    echo "$source: $((passed + failed - before)) tried"
done

before=$((passed + failed))
for round in $(seq "$noise"); do
    for type in dns eth ip ipv6 tcp udp llc; do
        randpkt -b 1500 -c 1000 -t "$type" "$stage/noise.pcap" 2>/dev/null || continue
        try "randpkt-$type-$round" "$stage/noise.pcap"
    done
done
echo "noise: $((passed + failed - before)) tried"

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
