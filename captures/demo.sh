#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds and installs the plugin for this machine's Wireshark, then shows what it makes of a sample film.
# usage: sh captures/demo.sh   (Debian 12 or 13, as root or with sudo; may be run again at any time)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${QOE_BUILD:-$root/build}
film=$root/captures/film-http1.pcap.gz
. "$root/tests/packages.sh"

# shellcheck disable=SC2086
need_packages $QOE_BUILD_PACKAGES
# The graph window is for those who have the graphical Wireshark.
# shellcheck disable=SC2046
! command -v wireshark >/dev/null || need_packages $(qoe_window_packages)

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
quietly() {
    "$@" >"$stage/log" 2>&1 || {
        tail -30 "$stage/log" >&2
        echo "Failed: $*" >&2
        exit 1
    }
}

echo "Building in $build"
quietly cmake -G Ninja -S "$root" -B "$build"
quietly cmake --build "$build"
quietly qoe_as_root cmake --install "$build"
echo "Installed: $(sed -n 's|.*/epan/qoe.so|&|p' "$build/install_manifest.txt")"

# tshark need not be root to read a file, and complains about it.
cp "$film" "$stage/film.pcap.gz"
mkdir -m 777 "$stage/home"
chmod -R a+rX "$stage"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=$stage/home"

# show ARGUMENTS...: the command as one would type it, then what it prints.
show() {
    printf '\n$ tshark -r captures/film-http1.pcap.gz %s\n' "$*"
    # shellcheck disable=SC2086
    $drop tshark -r "$stage/film.pcap.gz" "$@"
}

show -q -z qoe,tree
show -q -z qoe,graph

echo
if command -v wireshark >/dev/null; then
    echo "In Wireshark, open the same film:"
else
    echo "To see it in Wireshark, apt install wireshark, run this again (for the graph window), and open the same film:"
fi
echo "    wireshark -C QoE -r captures/film-http1.pcap.gz"
echo "and look at Statistics > Video QoE, or type qoe.segment as a filter."
