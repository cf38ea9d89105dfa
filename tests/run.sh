#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing, builds with warnings as errors and runs all tests: units, then what tshark prints with the
# plugin.  usage: sh tests/run.sh
# The last line is "N passed, M failed" (and ", K skipped" where something that a test needs is not here).
# QOE_BUILD=DIR: where to build (default: build-tests in the checkout).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${QOE_BUILD:-$root/build-tests}
. "$root/tests/packages.sh"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
passed=0 failed=0 skipped=0

fail_early() {
    echo "$1"
    echo "0 passed, 1 failed"
    exit 1
}

# shellcheck disable=SC2046,SC2086
need_packages $QOE_BUILD_PACKAGES $(qoe_window_packages) libcmocka-dev python3 zstd gzip || fail_early "packages are missing"

echo "== build: $build"
{
    cmake -G Ninja -S "$root" -B "$build" -DQOE_WERROR=ON && cmake --build "$build"
} >"$stage/build.log" 2>&1 || {
    tail -40 "$stage/build.log"
    fail_early "the build failed"
}
grep -i warning "$stage/build.log" || true

echo "== unit tests"
ctest --test-dir "$build" -V >"$stage/unit.log" 2>&1 || true
# cmocka's lines, and those of Qt's tests.
passed=$(grep -c -e '\[       OK \]' -e '^[0-9]*: PASS   : ' "$stage/unit.log" || true)
failed=$(grep -o -e '\[  FAILED  \] [a-z_0-9]*$' -e '^[0-9]*: FAIL!  : .*' "$stage/unit.log" | sort -u | wc -l)
# A program that crashed has no failed test of its own to show.
programs=$(sed -n 's/.* \([0-9]*\) tests failed out of .*/\1/p' "$stage/unit.log")
[ "$failed" -ge "${programs:-1}" ] || failed=${programs:-1}
if [ "$failed" -gt 0 ]; then
    grep -B12 -e '\[  FAILED  \]' -e ': FAIL!  :' "$stage/unit.log" | head -80 || true
    sed -n '/tests passed/,$p' "$stage/unit.log"
fi
echo "$passed passed, $failed failed"

echo "== the lab's parts"
if PYTHONPATH=$root/captures/lab PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover -s "$root/tests/lab" \
    >"$stage/lab.log" 2>&1; then
    ran=$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$stage/lab.log")
    echo "${ran:-0} passed, 0 failed"
    passed=$((passed + ${ran:-0}))
else
    cat "$stage/lab.log"
    failed=$((failed + 1))
fi

echo "== tshark's output"
sh "$root/tests/golden/golden.sh" "$build/plugins" >"$stage/golden.log" 2>&1 || true
cat "$stage/golden.log"
golden=$(tail -1 "$stage/golden.log")
case $golden in
*" passed, "*" failed, "*" skipped")
    # shellcheck disable=SC2086
    set -- $golden
    passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
    ;;
*) failed=$((failed + 1)) ;;
esac

echo "== segments against the truth"
sh "$root/tests/segments/run.sh" "$build/plugins" >"$stage/segments.log" 2>&1 || true
cat "$stage/segments.log"
segments=$(tail -1 "$stage/segments.log")
case $segments in
*" passed, "*" failed, "*" skipped")
    # shellcheck disable=SC2086
    set -- $segments
    passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
    ;;
*) failed=$((failed + 1)) ;;
esac

echo
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
