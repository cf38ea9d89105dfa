#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the plugin for you alone, if it fits your Wireshark; says what does not fit otherwise, and changes nothing then.
# usage: sh install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wireshark= machine= version=
. "$here/built-for"
problems=0

problem() {
    problems=$((problems + 1))
    echo "$1" >&2
}

found_version() {
    for program in tshark wireshark; do
        if command -v "$program" >/dev/null; then
            "$program" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\)\..*/\1/p' | head -1
            return
        fi
    done
}

[ "$(uname -m)" = "$machine" ] || problem "This was built for $machine; your machine is $(uname -m)."
found=$(found_version)
if [ -z "$found" ]; then
    problem "There is no tshark or wireshark on your PATH. Install Wireshark $wireshark first."
elif [ "$found" != "$wireshark" ]; then
    problem "This was built for Wireshark $wireshark; yours is $found. Take the package for $found, or build it from source."
fi
if command -v ldd >/dev/null && [ "$(uname -m)" = "$machine" ]; then
    missing=$(ldd "$here/plugins/epan/qoe.so" 2>/dev/null | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | tr '\n' ' ')
    [ -z "$missing" ] || problem "These libraries are missing: $missing(Debian: apt install libsvm3 libgcrypt20; libwireshark comes with Wireshark $wireshark)."
fi
[ "$(id -u)" -ne 0 ] || problem "Wireshark that runs as root ignores a user's plugins: install the .deb, or do this as the user who runs Wireshark."
for library in /usr/lib /usr/local/lib; do
    for other in "$library"/wireshark/plugins/"$wireshark"/epan/qoe.so "$library"/*/wireshark/plugins/"$wireshark"/epan/qoe.so; do
        [ ! -e "$other" ] || problem "The plugin is already installed for all users, and Wireshark takes that one: $other"
    done
done
if [ "$problems" -gt 0 ]; then
    echo "Nothing was installed." >&2
    exit 1
fi

plugins=$HOME/.local/lib/wireshark/plugins/$wireshark
profiles=${XDG_CONFIG_HOME:-$HOME/.config}/wireshark/profiles
manuals=$HOME/.local/share/man
mkdir -p "$plugins/epan" "$plugins/qoe" "$profiles" "$manuals/man1" "$manuals/man4" "$HOME/.local/bin"
# A new file in the old one's place: a Wireshark that runs keeps the one that it has.
for file in epan/qoe.so $(cd "$here/plugins" && find qoe -type f); do
    cp "$here/plugins/$file" "$plugins/$file.new"
    mv "$plugins/$file.new" "$plugins/$file"
done
cp "$here/uninstall.sh" "$here/built-for" "$plugins/qoe/"
cp "$here/qoe.4" "$manuals/man4/"
cp "$here/qoe-train.1" "$manuals/man1/"
cp "$here/qoe-train" "$HOME/.local/bin/"
if [ -e "$profiles/QoE" ] && ! diff -r "$here/profile/QoE" "$profiles/QoE" >/dev/null; then
    echo "You have a profile QoE already: it was left as it is."
else
    rm -rf "$profiles/QoE" "$plugins/qoe/profile"
    cp -R "$here/profile/QoE" "$profiles/QoE"
    cp -R "$here/profile/QoE" "$plugins/qoe/profile"
fi
echo "qoe $version is installed for Wireshark $wireshark in $plugins"
echo "Try: tshark -r FILE -q -z qoe,tree      To remove it: sh $plugins/qoe/uninstall.sh"
