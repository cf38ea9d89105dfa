#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds and tests the plugin with another Wireshark: the one of another Debian, in a chroot.
# usage: sh tests/matrix/run.sh VERSION...   (4.0: bookworm, 4.4: trixie, 4.6: forky; as root; about 1.2 GB each)
# QOE_MATRIX_DIR: where the chroots are kept for the next time (default /var/tmp/qoe-matrix); QOE_MIRROR: a Debian mirror.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
keep=${QOE_MATRIX_DIR:-/var/tmp/qoe-matrix}
mirror=${QOE_MIRROR:-http://deb.debian.org/debian}
. "$root/tests/packages.sh"

[ $# -gt 0 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "A chroot needs root." >&2; exit 2; }

suite_of() {
    case $1 in
    4.0) echo bookworm ;;
    4.4) echo trixie ;;
    4.6) echo forky ;;
    *)
        echo "No Debian with Wireshark $1 is known here: choose 4.0, 4.4 or 4.6." >&2
        return 1
        ;;
    esac
}

# Debian's next release is bootstrapped as the last one that debootstrap knows.
make_chroot() {
    suite=$1 target=$2
    script=/usr/share/debootstrap/scripts/$suite
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/trixie
    rm -rf "$target"
    mkdir -p "$target"
    debootstrap --variant=minbase "$suite" "$target" "$mirror" "$script" >"$target.log" 2>&1 || {
        tail -20 "$target.log"
        return 1
    }
    touch "$target/.qoe-complete"
}

# The files that git knows, those not yet committed included, and the captures that are kept beside the checkout.
copy_checkout() {
    target=$1/qoe
    rm -rf "$target/main" "$target/shared"
    mkdir -p "$target/main" "$target/shared/captures"
    git -C "$root" ls-files -z --cached --others --exclude-standard |
        tar -C "$root" --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -C "$target/main" -xf -
    if [ -r "$root/../shared/captures/netflix-2018.pcap.gz" ]; then
        cp "$root/../shared/captures/netflix-2018.pcap.gz" "$target/shared/captures/"
    fi
}

test_version() {
    suite=$(suite_of "$1") || return 2
    target=$keep/$suite
    [ -e "$target/.qoe-complete" ] || make_chroot "$suite" "$target" || return 1
    copy_checkout "$target"
    chroot "$target" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 QOE_BUILD=/qoe/build \
        sh /qoe/main/tests/run.sh
}

need_packages debootstrap git
status=0
for version in "$@"; do
    echo "==== Wireshark $version"
    test_version "$version" || status=1
done
exit $status
