#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the fuzzers with clang and lets each look for inputs that break the core: from its seeds on, two at a time.
# usage: sh tests/fuzz/run.sh [SECONDS [ROOM...]]   (default 60 s each; ROOM: dns, sni, quic, analysis, model)
# The last line is "N passed, M failed".
# QOE_FUZZ_BUILD=DIR: where to build (default: a folder that is removed). QOE_KEEP=DIR: where inputs that break something
# are kept. QOE_FOUND=DIR: where inputs that reach new code are kept and begun from, in a folder a room.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/packages.sh"
seconds=${1:-60}
[ $# -eq 0 ] || shift
rooms=${*:-$(ls "$here/corpus")}

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
build=${QOE_FUZZ_BUILD:-$stage/build}
keep=${QOE_KEEP:-/var/tmp/qoe-crashes}
found=${QOE_FOUND:-$stage/found}
# shellcheck disable=SC2086
need_packages $QOE_BUILD_PACKAGES clang llvm

cmake -G Ninja -S "$root" -B "$build" -DCMAKE_C_COMPILER=clang -DQOE_FUZZ=ON -DQOE_TESTS=OFF -DQOE_QT=0 >"$stage/log"
# shellcheck disable=SC2046,SC2086
cmake --build "$build" --target $(printf 'fuzz_%s ' $rooms) >>"$stage/log" 2>&1 || {
    tail -20 "$stage/log"
    echo "0 passed, 1 failed"
    exit 1
}

# fuzz ROOM: its seeds are copied, for new inputs go to the first folder that is named.
fuzz() {
    dictionary=
    [ ! -e "$here/$1.dict" ] || dictionary=-dict=$here/$1.dict
    mkdir -p "$found/$1" "$keep"
    # shellcheck disable=SC2086
    "$build/tests/fuzz/fuzz_$1" -max_total_time="$seconds" -timeout=300 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$keep/$1-" $dictionary "$found/$1" "$here/corpus/$1" >"$stage/$1.log" 2>&1 && echo 0 >"$stage/$1.status" || echo $? >"$stage/$1.status"
}

# figure ROOM PATTERN: the last one that its log tells.
figure() {
    grep -o "$2" "$stage/$1.log" | tail -1 | grep -o '[0-9]*$' || echo 0
}

passed=0 failed=0
tell() {
    if [ "$(cat "$stage/$1.status")" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok       $1: $(figure "$1" 'number_of_executed_units: *[0-9]*') executions, $(figure "$1" 'cov: [0-9]*') edges reached"
    else
        failed=$((failed + 1))
        echo "FAILED   $1: the input is kept in $keep"
        tail -40 "$stage/$1.log"
    fi
}

# Two at a time: each takes a core.
# shellcheck disable=SC2086
set -- $rooms
while [ $# -gt 0 ]; do
    fuzz "$1" &
    [ $# -eq 1 ] || fuzz "$2" &
    wait
    shift $(($# > 1 ? 2 : 1))
done
for room in $rooms; do
    tell "$room"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
