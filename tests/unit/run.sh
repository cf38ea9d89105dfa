#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the programs of a build's ctest and counts what they say of each of their tests: cmocka's lines and those of Qt's.
# usage: sh tests/unit/run.sh BUILD
# The last line is "N passed, M failed, K skipped".
set -eu
build=${1:?usage: run.sh BUILD}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

ctest --test-dir "$build" -V >"$log" 2>&1 || true
passed=$(grep -c -e '\[       OK \]' -e '^[0-9]*: PASS   : ' "$log" || true)
failed=$(grep -o -e '\[  FAILED  \] [a-z_0-9]*$' -e '^[0-9]*: FAIL!  : .*' "$log" | sort -u | wc -l)
skipped=$(grep -c -e '\*\*\*Skipped' -e '^[0-9]*: SKIP   : ' "$log" || true)
# A program that crashed has no failed test of its own to show.
programs=$(sed -n 's/.* \([0-9]*\) tests failed out of .*/\1/p' "$log")
[ "$failed" -ge "${programs:-1}" ] || failed=${programs:-1}
if [ "$failed" -gt 0 ]; then
    grep -B12 -e '\[  FAILED  \]' -e ': FAIL!  :' "$log" | head -80 || true
    sed -n '/tests passed/,$p' "$log"
fi
grep -e '[0-9]: skipped: ' "$log" || true
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
