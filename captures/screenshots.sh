#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Takes the README's pictures anew: the real Wireshark, with the profile QoE, on a screen that nobody sees; and the chart
# in its text and in film-http1.svg, for a model that has changed.
# usage: sh captures/screenshots.sh [BUILD]   (BUILD: a folder that the plugin was built in; default: build-tests)
# Writes captures/pictures/*.png, captures/film-http1.svg and README.md. Look at them before they are kept.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build-tests}
film="film-http2.pcap.gz"
. "$root/tests/packages.sh"
need_packages wireshark tshark xvfb openbox xdotool imagemagick pngquant

stage=$(mktemp -d)
screen=
wireshark=
cleanup() {
    [ -z "$wireshark" ] || kill "$wireshark" 2>/dev/null || true
    [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
    rm -rf "$stage"
}
trap cleanup EXIT
mkdir -p "$stage/home/.config/wireshark/profiles" "$stage/run" "$root/captures/pictures"
cp -R "$build/plugins" "$root/captures/$film" "$root/captures/film-http1.pcap.gz" "$stage/"
cp -R "$root/ui/profile/QoE" "$stage/home/.config/wireshark/profiles/"
chmod -R a+rX "$stage"
chmod 700 "$stage/run"
[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$stage/home" "$stage/run"

# Root's Wireshark takes no plugins from a build folder.
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

# as_viewer PROGRAM ARGUMENT... in a subshell, whose process it becomes.
as_viewer() {
    # shellcheck disable=SC2086
    exec $drop env HOME="$stage/home" XDG_CONFIG_HOME= XDG_RUNTIME_DIR="$stage/run" LC_ALL=C.UTF-8 COLUMNS=120 NO_COLOR=1 \
        WIRESHARK_PLUGIN_DIR="$stage/plugins" "$@"
}

# until_window TITLE: prints the window's number once it is there.
until_window() {
    for _ in $(seq 60); do
        sleep 1
        found=$(timeout 5 xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -1)
        [ -z "$found" ] || break
    done
    [ -n "$found" ] || {
        echo "There is no window \"$1\"." >&2
        return 1
    }
    echo "$found"
}

# Keys go to the window that has the focus; each is given time to be answered.
keys() {
    for key in "$@"; do
        timeout 5 xdotool key "$key"
        sleep 1.5
    done
}

# keep WINDOW NAME: few colours are enough for a window, and make a small file.
keep() {
    sleep 3
    timeout 20 import -window "$1" "$stage/$2.png"
    pngquant --force --strip --speed 1 --output "$root/captures/pictures/$2.png" 192 "$stage/$2.png"
    echo "captures/pictures/$2.png: $(wc -c <"$root/captures/pictures/$2.png") bytes"
}

(as_viewer tshark -r "$stage/film-http1.pcap.gz" -q -z qoe,graph,-) >"$stage/film.svg"
cp "$stage/film.svg" "$root/captures/film-http1.svg"
# Blocks and lines are for terminals.
(as_viewer script -qec "tshark -r '$stage/film-http1.pcap.gz' -q -z qoe,graph" /dev/null) | tr -d '\r' >"$stage/chart"
awk -v chart="$stage/chart" '
    /^    [$] tshark -r captures.film-http1.pcap.gz -q -z qoe,graph$/ {
        print
        while ((getline line <chart) > 0) print "    " line
        old = 1
        next
    }
    old && /^$/ { old = 0 }
    !old' "$root/README.md" >"$stage/readme"
cp "$stage/readme" "$root/README.md"

Xvfb -displayfd 3 -screen 0 1440x960x24 -nolisten tcp 3>"$stage/display" >/dev/null 2>&1 &
screen=$!
while [ ! -s "$stage/display" ]; do sleep 0.2; done
DISPLAY=:$(cat "$stage/display")
export DISPLAY
openbox >/dev/null 2>&1 &

# A packet that ends a segment of video, in the good part of the film.
packet=$(as_viewer tshark -r "$stage/$film" -Y 'qoe.segment.kind == "video" && frame.time_relative > 95' -c 60000 \
    -T fields -e frame.number 2>/dev/null | head -1)

as_viewer wireshark -C QoE -r "$stage/$film" -g "$packet" >"$stage/log" 2>&1 &
wireshark=$!
main=$(until_window "^$film")
timeout 5 xdotool windowsize "$main" 1320 800
sleep 8
timeout 5 xdotool windowactivate --sync "$main"
timeout 5 xdotool mousemove --window "$main" 100 480 click 1 # a row of the packet's details
keys End shift+Right
keep "$main" packets

# The last entry of the menu Statistics is Video QoE, and Summary its last.
keys alt+s Up Right Up Return
tree=$(until_window 'Video QoE Summary')
timeout 5 xdotool windowsize "$tree" 900 520
keep "$tree" tree
kill "$wireshark"
wireshark=

as_viewer wireshark -C QoE -r "$stage/$film" -z qoe,graph >"$stage/log" 2>&1 &
wireshark=$!
graph=$(until_window 'Resolution over Time')
timeout 5 xdotool windowsize "$graph" 1000 700
keep "$graph" graph
