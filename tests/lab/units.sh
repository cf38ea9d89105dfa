#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's parts, without a session: run.sh has that.  usage: sh tests/lab/units.sh
# The last line is "N passed, M failed".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if PYTHONPATH=$here/../../captures/lab PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover -s "$here" >"$log" 2>&1; then
    echo "$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$log") passed, 0 failed"
else
    cat "$log"
    echo "0 passed, 1 failed"
    exit 1
fi
