#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Simulates labelled sessions: sh sim/run.sh --sessions N --out DIR. Needs the titles' base frames, hence install.sh.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
cache=${QOE_LAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/qoe-lab}
sh "$here/install.sh" "$cache"
PYTHONPATH="$here" exec /usr/bin/python3 -m sim.simulate --cache "$cache" "$@"
