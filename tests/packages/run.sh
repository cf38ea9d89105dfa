#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the packages, and installs, uses and removes them in a Debian of their own: the same release as this one.
# usage: sh tests/packages/run.sh   (as root; about 500 MB while it runs)
# The last line is "N passed, M failed, K skipped".
# QOE_BUILD=DIR: a build to pack (default: a new one). QOE_CHROOT=TAR: a bare Debian to work in (default: one is fetched;
# if it cannot be, that is said and the rest is skipped).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mirror=${QOE_MIRROR:-http://deb.debian.org/debian}
. "$root/tests/packages.sh"
[ "$(id -u)" -eq 0 ] || { echo "A chroot needs root." >&2; exit 2; }

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
build=${QOE_BUILD:-$stage/build}
box=$stage/box
passed=0 failed=0 skipped=0
# shellcheck disable=SC2086,SC2046
need_packages $QOE_BUILD_PACKAGES $(qoe_window_packages) $(qoe_package_packages)

check() {
    name=$1
    shift
    if "$@" >"$stage/log" 2>&1; then
        passed=$((passed + 1)) && echo "ok       $name"
    else
        failed=$((failed + 1))
        echo "FAILED   $name"
        tail -30 "$stage/log"
    fi
}

make_packages() {
    [ -e "$build/CMakeCache.txt" ] || cmake -G Ninja -S "$root" -B "$build" -DQOE_TESTS=OFF
    cmake --build "$build" && rm -f "$build"/wireshark-qoe* &&
        (cd "$build" && cpack -G DEB) && cmake --build "$build" --target user-package
}

no_errors() {
    lintian --allow-root --fail-on error "$build"/wireshark-qoe_*.deb
}

# The soname's package is named: another Wireshark's is another package.
names_its_wireshark() {
    library=$(dpkg-query -W -f '${Package}\n' 'libwireshark[0-9]*' | head -1)
    dpkg-deb -f "$build"/wireshark-qoe_*.deb Depends | grep -q "\b$library\b"
}

total() {
    echo
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

# A Debian with tshark and a user of it.
make_box() {
    if [ -n "${QOE_CHROOT:-}" ]; then
        mkdir "$box" && tar -C "$box" -xf "$QOE_CHROOT"
    else
        debootstrap --variant=minbase "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$box" "$mirror"
    fi
    mkdir -p "$box/qoe" && chmod 755 "$stage" "$box"
    cp "$build"/wireshark-qoe_*.deb "$build"/wireshark-qoe-*.tar.gz "$root/captures/film-http1.pcap.gz" "$box/qoe/"
    # A copied Debian may have files where its devices belong.
    rm -f "$box/dev/null"
    mknod -m 666 "$box/dev/null" c 1 3
    cp /etc/resolv.conf "$box/etc/"
    in_box apt-get -q -o Acquire::Retries=3 update
    in_box apt-get -q -o Acquire::Retries=3 install -y --no-install-recommends tshark gzip
    in_box useradd -m viewer
}

in_box() {
    chroot "$box" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

as_viewer() {
    chroot --userspec=viewer:viewer "$box" env -i PATH=/usr/bin:/bin HOME=/home/viewer LANG=C.UTF-8 "$@"
}

# Root's Wireshark has the plugin for all users, too.
shows_film() {
    "$@" tshark -r /qoe/film-http1.pcap.gz -q -z qoe,tree -z qoe,sessions >"$stage/shown"
    cat "$stage/shown"
    grep -q '198.51.100.11' "$stage/shown" && grep -q '^ *1  *Lab  ' "$stage/shown"
}

shows_resolutions() {
    as_viewer tshark -r /qoe/film-http1.pcap.gz -q -z qoe,export,windows,csv,- | cut -d, -f7 | grep -qE '^[0-9]+$'
}

# $1: where it was installed.
has_trainer() {
    as_viewer sh -c "$1/qoe-train inspect --features" | grep -q '^rate_30 '
}

has_profile() {
    as_viewer tshark -C QoE -r /qoe/film-http1.pcap.gz -c 100 >"$stage/shown" && [ -s "$stage/shown" ]
}

no_plugin() {
    ! as_viewer tshark -G plugins | grep qoe && [ -z "$(find "$box/usr" "$box/home" -path '*qoe*' ! -path '*/qoe/*.deb')" ]
}

installs() { in_box sh -c 'apt-get -q install -y --no-install-recommends /qoe/wireshark-qoe_*.deb'; }
# tshark -C has made the viewer a copy of the profile: it is the viewer's own.
removes() { in_box apt-get -q purge -y wireshark-qoe && no_plugin && rm -rf "$box/home/viewer/.config"; }

# The plugin that is there for all users would be the one that runs.
refused_beside_deb() {
    ! as_viewer sh /qoe/user/install.sh && grep -q 'already installed for all users' "$stage/log"
}

refused_for_root() {
    ! in_box sh /qoe/user/install.sh && grep -q 'runs as root' "$stage/log"
}

refused_for_other_wireshark() {
    cp -R "$box/qoe/user" "$box/qoe/other"
    sed -i 's/^wireshark=.*/wireshark=9.8/; s/^machine=.*/machine=pdp11/' "$box/qoe/other/built-for"
    ! as_viewer sh /qoe/other/install.sh && grep -q 'for Wireshark 9.8; yours is' "$stage/log" &&
        grep -q 'for pdp11' "$stage/log" && [ ! -e "$box/home/viewer/.local" ]
}


changed_profile_stays() {
    echo '# mine' >>"$box/home/viewer/.config/wireshark/profiles/QoE/preferences"
    as_viewer sh -c 'sh $HOME/.local/lib/wireshark/plugins/*/qoe/uninstall.sh' && grep -q 'it stays' "$stage/log" &&
        [ -e "$box/home/viewer/.config/wireshark/profiles/QoE/preferences" ] && rm -r "$box/home/viewer/.config"
}

uninstalls() {
    as_viewer sh -c 'sh $HOME/.local/lib/wireshark/plugins/*/qoe/uninstall.sh' && no_plugin
}

check 'the packages are made' make_packages
check 'lintian finds no error' no_errors
check 'the package depends on the libwireshark that it was built for' names_its_wireshark
(set -e; make_box) >"$stage/log" 2>&1 || {
    tail -5 "$stage/log"
    echo "skipped: no fresh Debian with tshark could be made, so nothing was installed"
    skipped=1
    total
    exit
}
check '.deb: installs' installs
check '.deb: shows a film' shows_film as_viewer
check '.deb: shows a film to root' shows_film in_box
check '.deb: its model answers' shows_resolutions
check '.deb: brings its profile' has_profile
check '.deb: brings qoe-train' has_trainer /usr/bin
mkdir -p "$box/qoe/user" && tar -C "$box/qoe/user" --strip-components=1 -xzf "$box"/qoe/wireshark-qoe-*.tar.gz
check '.tar.gz: does not install beside the .deb' refused_beside_deb
check '.deb: is removed and leaves nothing' removes
check '.tar.gz: not for root' refused_for_root
check '.tar.gz: says that another Wireshark or machine does not fit' refused_for_other_wireshark
check '.tar.gz: installs for one user' as_viewer sh /qoe/user/install.sh
check '.tar.gz: shows a film' shows_film as_viewer
check '.tar.gz: its model answers' shows_resolutions
check '.tar.gz: brings its profile' has_profile
check '.tar.gz: brings qoe-train' has_trainer '$HOME/.local/bin'
check '.tar.gz: installs anew over itself' as_viewer sh /qoe/user/install.sh
check '.tar.gz: removed, it leaves a profile with changes' changed_profile_stays
check '.tar.gz: installs again' as_viewer sh /qoe/user/install.sh
check '.tar.gz: removed, it leaves nothing' uninstalls

total
