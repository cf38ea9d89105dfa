#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds and tests the plugin with other Wiresharks, each in a chroot of the Debian that has it: units, the window without
# a screen, what tshark prints (the same as with 4.0), and the packages, which are installed, used and removed there.
# usage: sh tests/matrix/run.sh [VERSION...]   (4.0: bookworm, 4.4: trixie, 4.6: forky; default 4.4 4.6, at the same
#        time; as root; about 2.5 GB each)
# The last line is "N passed, M failed, K skipped". A Debian that cannot be fetched is skipped, and that is said.
# QOE_MATRIX_DIR=DIR: where the chroots are kept for the next time (default: a folder that is removed).
# QOE_MIRROR=URL: a Debian mirror.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
mirror=${QOE_MIRROR:-http://deb.debian.org/debian}
. "$root/tests/packages.sh"
[ "$(id -u)" -eq 0 ] || {
    echo "skipped: a chroot needs root"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
[ $# -gt 0 ] || set -- 4.4 4.6
need_packages debootstrap git

stage=$(mktemp -d -p /var/tmp)
keep=${QOE_MATRIX_DIR:-$stage}
# What a script in a chroot has started is gone by then; nothing is mounted there.
trap 'rm -rf "$stage"' EXIT

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

# thrice COMMAND...: mirrors have their hiccups.
thrice() {
    "$@" || { sleep 10 && "$@"; } || { sleep 60 && "$@"; }
}

# Debian's next release is bootstrapped as the last one that debootstrap knows.
bootstrap() {
    suite=$1 target=$2
    script=/usr/share/debootstrap/scripts/$suite
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/trixie
    rm -rf "$target"
    mkdir -p "$target"
    debootstrap --variant=minbase "$suite" "$target" "$mirror" "$script"
}

# in_chroot TARGET COMMAND...
in_chroot() {
    target=$1
    shift
    chroot "$target" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 QOE_BUILD=/qoe/build \
        QOE_MIRROR="$mirror" QOE_CHROOT=/qoe/bare.tar "$@"
}

# A bare Debian, kept as it is for installing packages in, and in it what tests need.
fetch() {
    suite=$1 target=$2
    [ ! -e "$target/qoe/complete" ] || return 0
    thrice bootstrap "$suite" "$target" || return 1
    cp /etc/resolv.conf "$target/etc/"
    # A Debian that is being made signs its lists for a week; a mirror may be older.
    echo 'Acquire::Check-Valid-Until "false";' >"$target/etc/apt/apt.conf.d/90qoe"
    tar -C "$target" -cf "$target.tar" . && mkdir "$target/qoe" && mv "$target.tar" "$target/qoe/bare.tar"
    mkdir -p "$target/qoe/main/tests"
    cp "$root/tests/packages.sh" "$target/qoe/main/tests/"
    # shellcheck disable=SC2016
    thrice in_chroot "$target" sh -eu -c '. /qoe/main/tests/packages.sh
        need_packages $(qoe_test_packages) $(qoe_package_packages)' || return 1
    touch "$target/qoe/complete"
}

# The files that git knows, those not yet committed included, and the captures that are kept beside the checkout.
copy_checkout() {
    into=$1/qoe
    rm -rf "$into/main" "$into/shared"
    mkdir -p "$into/main" "$into/shared/captures"
    git -C "$root" ls-files -z --cached --others --exclude-standard |
        tar -C "$root" --null --files-from=- --ignore-failed-read -cf - 2>/dev/null | tar -C "$into/main" -xf -
    if [ -r "$root/../shared/captures/netflix-2018.pcap.gz" ]; then
        cp "$root/../shared/captures/netflix-2018.pcap.gz" "$into/shared/captures/"
    fi
}

test_version() {
    suite=$(suite_of "$1") || return 2
    target=$keep/$suite
    fetch "$suite" "$target" >"$stage/$1.fetch" 2>&1 || {
        tail -5 "$stage/$1.fetch"
        echo "skipped: Debian $suite could not be fetched from $mirror"
        echo "0 passed, 0 failed, 1 skipped"
        return 0
    }
    copy_checkout "$target"
    in_chroot "$target" tshark --version | head -1
    in_chroot "$target" sh /qoe/main/tests/run.sh units golden packages
}

# Sums the last lines of the versions' logs.
passed=0 failed=0 skipped=0
add_up() {
    case $1 in
    [0-9]*" passed, "[0-9]*" failed"*)
        # shellcheck disable=SC2086
        set -- $1
        passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + ${5:-0}))
        ;;
    *) echo "FAILED: it did not come to its last line" && failed=$((failed + 1)) ;;
    esac
}

for version in "$@"; do
    test_version "$version" >"$stage/$version.log" 2>&1 &
done
wait
for version in "$@"; do
    echo "==== Wireshark $version"
    cat "$stage/$version.log"
    add_up "$(tail -1 "$stage/$version.log")"
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
