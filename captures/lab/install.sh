#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what the lab needs on Debian 12 and prepares its cache: packages, players, link emulator, certificate, frames.
# Does nothing where everything is there already.  usage: install.sh CACHE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=$1

programs='chromium ffmpeg nginx caddy dnsmasq tcpdump ip openssl zstd curl gcc npm unshare chrt python3 update-ca-certificates'
packages='chromium ffmpeg nginx-light caddy dnsmasq-base tcpdump iproute2 openssl zstd curl gcc libc6-dev util-linux procps python3 ca-certificates'

missing() {
    for program in $programs; do
        command -v "$program" >/dev/null || echo "$program"
    done
}

# The servers run only inside the lab's namespaces: Debian must not start its own copies.
forbid_services() {
    [ -e /usr/sbin/policy-rc.d ] && return
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

install_packages() {
    [ -z "$(missing)" ] && return
    echo "lab: installing $(missing | tr '\n' ' ')" >&2
    forbid_services
    command -v npm >/dev/null || packages="$packages nodejs npm"
    # Others may be at it, and mirrors have their hiccups.
    patient='-qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3'
    # shellcheck disable=SC2086
    apt-get $patient update
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get $patient install -y --no-install-recommends $packages >/dev/null
}

install_players() {
    cmp -s "$here/package.json" "$cache/package.json" && return
    cp "$here/package.json" "$here/package-lock.json" "$cache/"
    (cd "$cache" && npm ci --loglevel=error --fetch-retries=5 --no-audit --no-fund --ignore-scripts >&2) || { rm -f "$cache/package.json"; exit 1; }
}

build_link() {
    [ -z "$(find "$here/linkem.c" -newer "$cache/linkem" 2>&1)" ] || gcc -O2 -std=gnu11 -Wall -Wextra "$here/linkem.c" -o "$cache/linkem" -lm
}

# Chain of a made-up authority and one host certificate: about 3 kB on the wire, like a real one. Valid for ten years.
make_certificate() {
    [ -s "$cache/tls/spki" ] && return
    mkdir -p "$cache/tls" && cd "$cache/tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/O=qoe lab/CN=qoe lab authority' -keyout ca.key -out ca.crt 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj '/CN=video.test' -keyout host.key -out host.csr 2>/dev/null
    printf 'subjectAltName=DNS:*.video.test,DNS:*.example.test\nextendedKeyUsage=serverAuth\n' >host.ext
    openssl x509 -req -in host.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile host.ext -out host.crt 2>/dev/null
    cat host.crt ca.crt >chain.crt
    openssl x509 -in host.crt -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64 >spki
    cd "$here"
}

install_packages
mkdir -p "$cache"
install_players
build_link
make_certificate
sh "$here/frames.sh" "$cache/frames"
