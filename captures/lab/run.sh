#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes labelled captures of real players: sh run.sh --sessions N --out DIR  (see README.md, or --help).
# Needs Debian 12 and root. What is kept between runs lies in QOE_LAB_CACHE.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${QOE_LAB_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/qoe-lab}

[ "$(id -u)" = 0 ] || { echo 'run.sh: needs root, for network namespaces' >&2; exit 1; }
[ -c /dev/net/tun ] || { echo 'run.sh: needs /dev/net/tun (modprobe tun)' >&2; exit 1; }
sh "$here/install.sh" "$cache"
PYTHONPATH="$here" exec /usr/bin/python3 -m qoelab.campaign --cache "$cache" "$@"
