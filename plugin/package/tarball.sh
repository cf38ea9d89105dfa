#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packs a build for single users: BUILD/wireshark-qoe-VERSION-wsX.Y-MACHINE.tar.gz with install.sh and uninstall.sh.
# usage: tarball.sh BUILD VERSION X.Y   (X.Y: the Wireshark that it was built for)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1 version=$2 wireshark=$3
machine=$(uname -m)
name=wireshark-qoe-$version-ws$wireshark-$machine

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
into=$stage/$name
mkdir -p "$into/profile"
cp -R "$build/plugins/$wireshark" "$into/plugins"
cp "$build/models/qoe-train" "$root/models/qoe-train.1" "$into/"
find "$into" \( -name '*.so' -o -name qoe-train \) -exec strip --strip-unneeded {} +
cp -R "$root/ui/profile/QoE" "$into/profile/"
cp "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$root/ui/qoe.4" "$here/install.sh" "$here/uninstall.sh" "$into/"
printf 'wireshark=%s\nmachine=%s\nversion=%s\n' "$wireshark" "$machine" "$version" >"$into/built-for"
tar -C "$stage" --owner=0 --group=0 --sort=name -czf "$build/$name.tar.gz" "$name"
echo "$build/$name.tar.gz"
