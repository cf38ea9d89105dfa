#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The graph window and the profile in the real Wireshark, without a screen.
#   wireshark.sh PLUGINS     PLUGINS: the build's folder with X.Y/epan/qoe.so and X.Y/qoe/qoe-ui.so
# Exit status 77: skipped, there is no Wireshark or no window here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
plugins=${1:?usage: wireshark.sh PLUGINS}
if ! command -v wireshark >/dev/null || ! ls "$plugins"/*/qoe/qoe-ui.so >/dev/null 2>&1; then
    echo "skipped: no wireshark, or no window was built"
    exit 77
fi

# The checkout may lie where another user cannot read; root's Wireshark takes no plugins from a build folder.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/home/.config/wireshark/profiles" "$stage/run"
cp -R "$plugins" "$stage/plugins"
cp "$root"/captures/film-http1.pcap.gz "$root"/captures/film-http2.pcap.gz "$stage/"
cp -R "$root/ui/profile/QoE" "$stage/home/.config/wireshark/profiles/"
chmod -R a+rwX "$stage"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"
[ -z "$drop" ] || chown -R 65534:65534 "$stage/run" "$stage/home"
chmod 700 "$stage/run"

failed=0
verdict() {
    if [ "$1" -eq 0 ]; then
        echo "PASS   : $2"
    else
        echo "FAIL!  : $2"
        failed=1
    fi
}

# show NAME ARGUMENT...: opens the window, saves it as NAME.png and closes Wireshark again.
show() {
    name=$1
    shift
    # shellcheck disable=SC2086
    $drop env HOME="$stage/home" XDG_CONFIG_HOME= XDG_RUNTIME_DIR="$stage/run" QT_QPA_PLATFORM=offscreen \
        WIRESHARK_PLUGIN_DIR="$stage/plugins" QOE_UI_GRAB="$stage/$name.png" QOE_UI_QUIT=1 \
        timeout 120 wireshark -o 'uat:qoe_services:"Lab","video.test"' "$@" -z qoe,graph >"$stage/$name.log" 2>&1
}

is_png() {
    [ "$(head -c 4 "$1" 2>/dev/null | tail -c 3)" = PNG ]
}

status=0
show http1 -r "$stage/film-http1.pcap.gz" || status=$?
is_png "$stage/http1.png" || status=1
verdict $status the_window_shows_a_capture_and_wireshark_closes_with_status_0

# A picture of a session is full of detail; the message that there is none is not.
status=0
show http2 -r "$stage/film-http2.pcap.gz" || status=$?
[ "$(wc -c <"$stage/http2.png")" -gt 25000 ] || status=1
verdict $status a_capture_of_http2_has_a_picture_too

status=0
show profile -C QoE -r "$stage/film-http1.pcap.gz" || status=$?
is_png "$stage/profile.png" || status=1
verdict $status the_window_opens_in_the_profile

with_tshark() {
    # shellcheck disable=SC2086
    $drop env HOME="$stage/home" XDG_CONFIG_HOME= WIRESHARK_PLUGIN_DIR="$stage/plugins" \
        tshark -o 'uat:qoe_services:"Lab","video.test"' -r "$stage/film-http1.pcap.gz" "$@" 2>&1
}

# Second pass: a packet that ends one segment of video and asks for the next shows both, and the resolution.
status=0
with_tshark -C QoE -2 -Y 'qoe.segment.kind == "video" && qoe.segment.request && qoe.resolution' |
    grep -qE 'Lab [0-9]+ [0-9]+ video [0-9]+ [0-9]+ ' || status=1
verdict $status the_profile_s_columns_show_service_segment_and_resolution

status=0
{
    sed -n 's/^@[^@]*@\([^@]*\)@.*/\1/p' "$root/ui/profile/QoE/colorfilters"
    sed -n 's/^"TRUE","[^"]*","\([^"]*\)".*/\1/p' "$root/ui/profile/QoE/dfilter_buttons"
} >"$stage/filters"
[ "$(wc -l <"$stage/filters")" -ge 20 ] || status=1
while read -r filter; do
    with_tshark -c 1 -Y "$filter" >"$stage/filter.log" 2>&1 </dev/null || {
        echo "not a filter: $filter"
        status=1
    }
done <"$stage/filters"
verdict $status every_filter_of_the_profile_is_one

[ "$failed" -eq 0 ] || cat "$stage"/*.log
exit "$failed"
