#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing, builds with warnings as errors and runs all tests.
# usage: sh tests/run.sh [--quick] [PART...]
#   --quick   only the parts that a change to the code mostly breaks: units, lab-units, golden, segments,
#             playback
#   PART      only these: a word behind `part` below
# Each part ends with "N passed, M failed" (and ", K skipped" where something that a test needs is not here), and so does
# the whole. A part that ends without such a line has failed.
# QOE_BUILD=DIR: where to build (default: build-tests in the checkout).
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$tests")
build=${QOE_BUILD:-$root/build-tests}
. "$tests/packages.sh"

quick=
if [ "${1:-}" = --quick ]; then
    shift
    quick=yes
fi
chosen=$*
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
passed=0 failed=0 skipped=0

# wanted NAME: whether this part was asked for.
wanted() {
    [ -n "$chosen" ] || return 0
    case " $chosen " in *" $1 "*) ;; *) return 1 ;; esac
}

# part NAME COMMAND...: runs it, shows what it says, and adds up its last line.
part() {
    name=$1
    shift
    wanted "$name" || return 0
    begun=$(date +%s)
    echo "== $name"
    { "$@" 2>&1 && echo 0 >"$stage/status" || echo $? >"$stage/status"; } | tee "$stage/said"
    add_up "$(cat "$stage/status")" "$(tail -1 "$stage/said")"
    echo "($name took $(($(date +%s) - begun)) s)"
    echo
}

# add_up STATUS LINE
add_up() {
    status=$1
    case $2 in
    [0-9]*" passed, "[0-9]*" failed" | [0-9]*" passed, "[0-9]*" failed, "[0-9]*" skipped")
        # shellcheck disable=SC2086
        set -- $2
        ;;
    *)
        echo "FAILED: it did not come to its last line (exit status $status)"
        set -- 0 passed, 1 failed
        ;;
    esac
    if [ "$status" -ne 0 ] && [ "$3" -eq 0 ]; then
        echo "FAILED: its exit status is $status"
        set -- "$1" passed, 1 failed
    fi
    passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + ${5:-0}))
}

total() {
    if [ "$skipped" -gt 0 ]; then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    [ "$failed" -eq 0 ]
}

build_all() {
    # shellcheck disable=SC2046
    need_packages $(qoe_test_packages) || return 1
    {
        cmake -G Ninja -S "$root" -B "$build" -DQOE_WERROR=ON && cmake --build "$build"
    } >"$stage/build.log" 2>&1 || {
        tail -40 "$stage/build.log"
        return 1
    }
}

echo "== build: $build"
build_all || {
    echo "it could not be built"
    echo "0 passed, 1 failed"
    exit 1
}

part units sh "$tests/unit/run.sh" "$build"
part lab-units sh "$tests/lab/units.sh"
part golden sh "$tests/golden/golden.sh" "$build/plugins"
part segments sh "$tests/segments/run.sh" "$build/plugins"
part playback sh "$tests/playback/run.sh" "$build"
if [ -z "$quick" ]; then
    part static sh "$tests/static/run.sh"
    export QOE_SANITIZE_BUILD="$stage/sanitized"
    part sanitize sh "$tests/sanitize/run.sh"
    part fuzz sh "$tests/fuzz/run.sh" 60
    part captures sh "$tests/fuzz/captures.sh" --quick
    part load "$build/tests/bench/bench-load"
    part speed sh "$tests/bench/run.sh" "$build"
    part live sh "$tests/live/run.sh" "$build/plugins"
    part packages env QOE_BUILD="$build" sh "$tests/packages/run.sh"
    part matrix sh "$tests/matrix/run.sh"
    part lab-session sh "$tests/lab/run.sh"
fi
total
