# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by scripts that need Debian packages: need_packages NAME... installs those that are missing, says which,
# and is quiet otherwise. Works as root or with sudo.

qoe_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root: run it as root, or install sudo." >&2
        return 1
    fi
}

need_packages() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || {
        echo "Please install:$missing" >&2
        return 1
    }
    echo "Installing:$missing"
    log=$(mktemp)
    # Others may be at it, and mirrors have their hiccups.
    patient="-q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3"
    # wireshark-common asks whether others than root may capture: no capture is needed here, so nobody is asked.
    # shellcheck disable=SC2086
    if qoe_as_root apt-get $patient update >"$log" 2>&1 &&
        qoe_as_root env DEBIAN_FRONTEND=noninteractive apt-get $patient install -y --no-install-recommends $missing \
            >>"$log" 2>&1; then
        rm -f "$log"
    else
        tail -20 "$log" >&2
        echo "apt could not install:$missing (whole log: $log)" >&2
        return 1
    fi
}

# What it takes to build the plugin.
QOE_BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config wireshark-dev libglib2.0-dev libsvm-dev libgcrypt20-dev tshark"

# What the graph window takes besides: Wireshark's own Qt.
qoe_window_packages() {
    if grep -q '^VERSION_ID="12"' /etc/os-release; then
        echo "g++ qtbase5-dev"
    else
        echo "g++ qt6-base-dev"
    fi
}

# What the quick parts of run.sh take, the window in the real Wireshark included.
qoe_test_packages() {
    echo "$QOE_BUILD_PACKAGES $(qoe_window_packages) libcmocka-dev python3 zstd gzip wireshark mandoc groff-base"
}

# What it takes to make and try packages.
qoe_package_packages() {
    echo "dpkg-dev lintian debootstrap file"
}
