#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs every case here (NAME.sh) and compares what it prints with NAME.out.
#   golden.sh PLUGINS [PATTERN]            compare; PLUGINS: the build's folder with X.Y/epan/qoe.so
#   golden.sh --update PLUGINS [PATTERN]   write NAME.out anew, showing every difference to look at
# A case is a shell script with `# needs: WHAT` lines (netflix, wild, model, sharkd, lua, mandoc, transum,
# stdout, preload); where that
# is not here, it is skipped and that is said. It sees $CAPTURES, $NETFLIX, $WILD, $TOOLS, a scratch folder as its working
# directory, and lib.sh.
# QOE_PRELOAD=LIBRARIES: for the programs that load the plugin (one with sanitizers needs theirs). Only for them: other
# programs gain nothing, and editcap with AddressSanitizer never ends (libp11-kit waits for a lock in its destructor).
# Wireshark ignores WIRESHARK_PLUGIN_DIR for root, so root's cases run as uid and gid 65534.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
update=
if [ "${1:-}" = --update ]; then
    update=yes
    shift
fi
plugins=${1:?usage: golden.sh [--update] PLUGINS [PATTERN]}
pattern=${2:-}

# The checkout may lie where another user cannot read.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir "$stage/captures" "$stage/home" "$stage/cases"
cp -R "$plugins" "$stage/plugins"
cp "$here"/*.sh "$here"/*.py "$root/ui/qoe.4" "$root/models/qoe-train.1" "$stage/cases/"
cp "$root"/captures/*.pcap.gz "$root"/captures/*.csv "$stage/captures/"
netflix=
if [ -r "$root/../shared/captures/netflix-2018.pcap.gz" ]; then
    netflix=$stage/netflix-2018.pcap
    zcat "$root/../shared/captures/netflix-2018.pcap.gz" >"$netflix"
fi
if [ -d "$root/../shared/wild" ]; then
    cp -R "$root/../shared/wild" "$stage/wild"
fi
chmod -R a+rX "$stage"
chmod 777 "$stage/home"

path=$PATH
if [ -n "${QOE_PRELOAD:-}" ]; then
    mkdir "$stage/bin"
    for program in tshark sharkd; do
        printf '#!/bin/sh\nexec env LD_PRELOAD="%s" ASAN_OPTIONS=detect_leaks=0 "%s" "$@"\n' \
            "$QOE_PRELOAD" "$(command -v $program)" >"$stage/bin/$program"
    done
    chmod -R a+rx "$stage/bin"
    path=$stage/bin:$PATH
fi

have() {
    case $1 in
    netflix) [ -n "$netflix" ] ;;
    model) ls "$plugins"/*/qoe/*.qoemodel >/dev/null 2>&1 ;;
    sharkd) command -v sharkd >/dev/null ;;
    wild) [ -r "$root/../shared/wild/zoom.pcap" ] ;;
    # A name that a chroot without /proc does not have.
    stdout) [ -e /dev/stdout ] ;;
    transum) tshark -G plugins 2>/dev/null | grep -q 'transum\.so' ;;
    lua) tshark -v 2>/dev/null | grep -q 'with Lua' ;;
    # What is preloaded for a sanitizer leaves no room for more.
    preload) [ -z "${QOE_PRELOAD:-}" ] && command -v cc >/dev/null && pkg-config --exists wireshark ;;
    mandoc) command -v mandoc >/dev/null && command -v groff >/dev/null ;;
    *) false ;;
    esac
}

# Prints what the case lacks.
lacks() {
    for what in $(sed -n 's/^# needs: //p' "$1"); do
        have "$what" || echo "$what"
    done
}

drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

# What a case prints, then what it says on stderr, then its exit status.
run_case() {
    mkdir -m 777 "$stage/scratch"
    status=0
    # shellcheck disable=SC2086
    (
        cd "$stage/scratch"
        exec $drop env -i PATH="$path" HOME="$stage/home" LANG=C.UTF-8 TZ=UTC COLUMNS=80 \
            WIRESHARK_PLUGIN_DIR="$stage/plugins" CAPTURES="$stage/captures" NETFLIX="$netflix" WILD="$stage/wild" \
            TOOLS="$stage/cases" sh -eu -c '. "$TOOLS/lib.sh"; . "$1"' case "$stage/cases/$1.sh"
    ) >"$stage/stdout" 2>"$stage/stderr" </dev/null || status=$?
    cat "$stage/stdout"
    sed -e 's/^/stderr: /' "$stage/stderr" | sed -e "s|$stage|STAGE|g"
    echo "exit $status"
    rm -rf "$stage/scratch"
}

# From 4.6 on packet details have "20.928000 milliseconds" for "0.020928000 seconds".
in_seconds() {
    awk '/: [0-9.]+ milliseconds\]$/ {
             split($0, half, /[0-9.]+ milliseconds\]$/)
             $0 = half[1] sprintf("%.9f", substr($0, length(half[1]) + 1) / 1000) " seconds]"
         }
         { print }'
}

# Wireshark's versions write the tree's title, a duration below a second and their complaint about a field in their own ways.
normalised() {
    run_case "$1" | in_seconds | sed -e "s|$stage|STAGE|g" -e 's|Video QoE */*  *Summary|Video QoE Summary|' \
        -e 's|Video QoE//*Summary|Video QoE Summary|' -e 's| - "*no.such.field"* is n.*| - no such field|'
}

passed=0 failed=0 skipped=0
for case in "$here"/[a-z]*.sh; do
    name=$(basename "$case" .sh)
    case $name in
    golden | lib) continue ;;
    *"$pattern"*) ;;
    *) continue ;;
    esac
    missing=$(lacks "$case")
    if [ -n "$missing" ]; then
        echo "skipped $name: no $missing here" | tr '\n' ' '
        echo
        skipped=$((skipped + 1))
        continue
    fi
    normalised "$name" >"$stage/got"
    if [ -n "$update" ]; then
        diff -u "$here/$name.out" "$stage/got" 2>/dev/null || cp "$stage/got" "$here/$name.out"
        continue
    fi
    if diff -u "$here/$name.out" "$stage/got" >"$stage/diff" 2>&1; then
        passed=$((passed + 1))
    else
        echo "FAILED $name"
        head -40 "$stage/diff"
        failed=$((failed + 1))
    fi
done
[ -n "$update" ] || echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
