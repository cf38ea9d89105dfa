#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Removes what install.sh installed for you. A profile that you have changed stays.
# usage: sh uninstall.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wireshark=
. "$here/built-for"
plugins=$HOME/.local/lib/wireshark/plugins/$wireshark
profile=${XDG_CONFIG_HOME:-$HOME/.config}/wireshark/profiles/QoE

if [ ! -e "$plugins/epan/qoe.so" ]; then
    echo "There is no qoe for Wireshark $wireshark in $plugins" >&2
    exit 1
fi
if [ -d "$plugins/qoe/profile" ] && [ -d "$profile" ]; then
    if diff -r "$plugins/qoe/profile" "$profile" >/dev/null; then
        rm -r "$profile"
    else
        echo "Your profile QoE has changes of yours: it stays, in $profile"
    fi
fi
rm -f "$plugins/epan/qoe.so" "$HOME/.local/share/man/man4/qoe.4"
rm -rf "$plugins/qoe"
rmdir "$plugins/epan" "$plugins" "$HOME/.local/share/man/man4" 2>/dev/null || true
echo "qoe is removed."
