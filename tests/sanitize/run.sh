#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory: the unit tests and tshark's golden cases with AddressSanitizer and UndefinedBehaviorSanitizer in the plugin, leaks
# over opening, closing and loading again, and valgrind on tests of the core.
# usage: sh tests/sanitize/run.sh [--all] [PATTERN]   (--all: every golden case; PATTERN: only the checks whose name has it)
# The last line is "N passed, M failed". QOE_SANITIZE_BUILD=DIR: where to build (default: a folder that is removed).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cases="capture-bad exports expert graph-svg http1-passes http2-windows wrappings"
if [ "${1:-}" = --all ]; then
    shift
    cases=all
fi
pattern=${1:-}
. "$root/tests/packages.sh"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
build=${QOE_SANITIZE_BUILD:-$stage/build}
passed=0 failed=0
# shellcheck disable=SC2086
need_packages $QOE_BUILD_PACKAGES libcmocka-dev valgrind wireshark-common gzip python3-minimal

# check NAME COMMAND...: what it says is shown when it fails.
check() {
    case $1 in *"$pattern"*) ;; *) return 0 ;; esac
    name=$1
    shift
    if "$@" >"$stage/log" 2>&1; then
        passed=$((passed + 1)) && echo "ok       $name"
    else
        failed=$((failed + 1))
        echo "FAILED   $name"
        tail -60 "$stage/log"
    fi
}

san="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
cmake -G Ninja -S "$root" -B "$build" -DQOE_QT=0 -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_C_FLAGS=$san" >"$stage/log"
cmake --build "$build" >>"$stage/log" 2>&1 || {
    tail -20 "$stage/log"
    echo "0 passed, 1 failed"
    exit 1
}

# Wireshark unloads its plugins before leaks are counted: with them loaded, the report can name them.
cat >"$stage/keep.c" <<'EOF'
int dlclose(void *handle);
int dlclose(void *handle)
{
    (void)handle;
    return 0;
}
EOF
gcc -shared -fPIC -o "$stage/keep.so" "$stage/keep.c"
preload="$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)"
cp -R "$build/plugins" "$stage/plugins"
mkdir "$stage/home"
# Whole stacks take time: half a minute of each film has all kinds of events.
for film in http1 http2; do
    zcat "$root/captures/film-$film.pcap.gz" >"$stage/whole.pcap"
    editcap -r "$stage/whole.pcap" "$stage/$film.pcap" 1-9000
done
chmod -R a+rX "$stage"
chmod 777 "$stage/home"
drop=
[ "$(id -u)" -ne 0 ] || drop="setpriv --reuid=65534 --regid=65534 --clear-groups"

# Wireshark's own leaks are none of ours: a leak counts if its stack goes through the plugin. Stacks are addresses in
# modules: finding names takes minutes (addr2line -e BUILD/plugins/X.Y/epan/qoe.so 0xOFFSET tells).
leaks() {
    export G_SLICE=always-malloc
    status=0
    # shellcheck disable=SC2086
    $drop env HOME="$stage/home" WIRESHARK_PLUGIN_DIR="$stage/plugins" LD_PRELOAD="$preload:$stage/keep.so" \
        ASAN_OPTIONS=detect_leaks=1:symbolize=0:fast_unwind_on_malloc=0:malloc_context_size=16:exitcode=0 LSAN_OPTIONS=exitcode=0 "$@" >"$stage/out" 2>"$stage/err" || status=$?
    cat "$stage/err"
    ! grep -E 'qoe\.so|runtime error|ERROR: AddressSanitizer' "$stage/err" && [ "$status" -eq 0 ] && [ -s "$stage/out" ]
}

load() { printf '{"jsonrpc":"2.0","id":%s,"method":"load","params":{"file":"%s"}}\n' "$1" "$2"; }
tap() { printf '{"jsonrpc":"2.0","id":%s,"method":"tap","params":{"tap0":"stat:qoe","tap1":"nstat:qoe,windows"}}\n' "$1"; }
frames() { printf '{"jsonrpc":"2.0","id":%s,"method":"frames","params":{"filter":"qoe.segment"}}\n' "$1"; }

# Opened, asked, loaded again, another one loaded, the first again.
reload() {
    {
        load 1 "$stage/http1.pcap" && tap 2 && frames 3 && load 4 "$stage/http1.pcap" && tap 5
        load 6 "$stage/http2.pcap" && frames 7 && load 8 "$stage/http1.pcap" && tap 9
    } >"$stage/requests"
    leaks sharkd - <"$stage/requests" && [ "$(grep -c '"status":"OK"' "$stage/out")" -eq 4 ]
}

# A plugin that leaks must be found out, else the checks below prove nothing.
would_be_seen() {
    cat >"$stage/leak.c" <<'EOF'
#include <glib.h>
__attribute__((constructor)) static void qoe_leak(void)
{
    void *volatile block = g_malloc(123);
    block = NULL;
    (void)block;
}
EOF
    mkdir -p "$stage/leaky"
    # shellcheck disable=SC2046
    gcc -g -shared -fPIC -o "$stage/leaky/qoe.so" "$stage/leak.c" $(pkg-config --cflags --libs glib-2.0)
    chmod -R a+rX "$stage/leaky"
    (
        preload="$preload:$stage/leaky/qoe.so"
        ! leaks tshark -r "$stage/http1.pcap" -c 10
    )
}

# golden PATTERN
golden() {
    QOE_PRELOAD=$preload sh "$root/tests/golden/golden.sh" "$build/plugins" "$1" >"$stage/golden" 2>&1 || true
    cat "$stage/golden"
    tail -1 "$stage/golden" | grep -q '^[1-9][0-9]* passed, 0 failed'
}

grind() {
    cmake -G Ninja -S "$root" -B "$build-plain" -DQOE_QT=0 -DCMAKE_BUILD_TYPE=RelWithDebInfo &&
        cmake --build "$build-plain" --target $1 &&
        valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite "$build-plain/tests/unit/$1"
}

for program in "$build"/tests/unit/test_*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    check "unit: $(basename "$program")" env G_SLICE=always-malloc UBSAN_OPTIONS=print_stacktrace=1 "$program"
done
if [ "$cases" = all ]; then
    check 'golden: all cases' golden ''
else
    for case in $cases; do
        check "golden: $case" golden "$case"
    done
fi
check 'leaks: one would be seen' would_be_seen
check 'leaks: tshark, one pass' leaks tshark -r "$stage/http1.pcap"
check 'leaks: tshark, two passes' leaks tshark -r "$stage/http2.pcap" -2 -T fields -e qoe.resolution -e qoe.segment
check 'leaks: statistics' leaks tshark -r "$stage/http2.pcap" -q -z qoe,tree -z qoe,windows -z qoe,segments -z qoe,sessions \
    -z qoe,export,features,csv,- -z qoe,graph
check 'leaks: sharkd loads again' reload
for test in test_analysis test_dns test_sni test_quic test_model test_flow; do
    check "valgrind: $test" grind $test
done

echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
