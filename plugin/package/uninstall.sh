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
manuals=$HOME/.local/share/man
rm -f "$plugins/epan/qoe.so" "$manuals/man4/qoe.4" "$manuals/man1/qoe-train.1" "$HOME/.local/bin/qoe-train"
rm -rf "$plugins/qoe"
rmdir "$plugins/epan" "$plugins" "$manuals/man1" "$manuals/man4" "$HOME/.local/bin" 2>/dev/null || true
echo "qoe is removed."
