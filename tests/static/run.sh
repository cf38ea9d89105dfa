#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What can be said of the source without running it: compilers, clang-format, clang-tidy, cppcheck, Wireshark's own
# checkers, licences, and what has no place in a public file.
# usage: sh tests/static/run.sh [PATTERN]   (PATTERN: only the checks whose name has it)
# The last line is "N passed, M failed" (and ", K skipped").
# QOE_WIRESHARK_TOOLS=DIR: Wireshark's tools/ folder; otherwise it is taken from its Debian source package (47 MB).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
pattern=${1:-}
. "$root/tests/packages.sh"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
passed=0 failed=0 skipped=0
cd "$root"
# shellcheck disable=SC2086
need_packages $QOE_BUILD_PACKAGES libcmocka-dev git perl clang clang-format clang-tidy cppcheck

# Those of git, and those about to be.
files() {
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
        [ ! -f "$file" ] || echo "$file"
    done
}

# check NAME FUNCTION: it says what is wrong; 77 is the status of "cannot be done here".
check() {
    case $1 in *"$pattern"*) ;; *) return 0 ;; esac
    status=0
    (set -e; "$2") >"$stage/log" 2>&1 || status=$?
    case $status in
    0) passed=$((passed + 1)) && echo "ok       $1" ;;
    77) skipped=$((skipped + 1)) && echo "skipped  $1: $(tail -1 "$stage/log")" ;;
    *)
        failed=$((failed + 1))
        echo "FAILED   $1"
        grep -v ' warnings\{0,1\} generated' "$stage/log" | tail -40 # clang-tidy counts what it does not show
        ;;
    esac
}

build_with() {
    # Without optimising, for speed; gcc needs it for some of its warnings.
    cmake -G Ninja -S "$root" -B "$stage/$1" -DCMAKE_C_COMPILER="$1" -DCMAKE_BUILD_TYPE="$2" -DQOE_WERROR=ON -DQOE_QT=0 \
        -DCMAKE_EXPORT_COMPILE_COMMANDS=ON &&
        cmake --build "$stage/$1"
}
with_gcc() { build_with gcc Release; }
with_clang() { build_with clang Debug; }

formatted() {
    files '*.c' '*.h' '*.cpp' | xargs clang-format --dry-run --Werror
}

tidy() {
    [ -e "$stage/clang/compile_commands.json" ] || cmake -G Ninja -S "$root" -B "$stage/clang" \
        -DCMAKE_C_COMPILER=clang -DQOE_QT=0 -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
    files 'plugin/*.c' 'ui/*.c' 'models/*.c' |
        xargs -P "$(nproc)" -n 8 clang-tidy -p "$stage/clang" --quiet --warnings-as-errors='*' \
            --config-file="$here/clang-tidy.yaml"
}

cpp_check() {
    # Macros that declare things are hidden from it.
    cppcheck -q -j "$(nproc)" --std=c11 --language=c --enable=warning,performance,portability --library=gtk \
        --inline-suppr --suppressions-list="$here/cppcheck.txt" --error-exitcode=1 \
        '-DUAT_CSTRING_CB_DEF(a,b,c)=' '-DG_GNUC_PRINTF(a,b)=' -I plugin/core -I plugin -I ui \
        -i ui/qt plugin ui models/src tests/unit tests/bench tests/playback
}

# The checkers are in no binary package: the source package of the Wireshark that we build against has them.
wireshark_tools() {
    if [ -n "${QOE_WIRESHARK_TOOLS:-}" ]; then
        echo "$QOE_WIRESHARK_TOOLS"
        return
    fi
    version=$(dpkg-query -W -f '${source:Version}' tshark)
    . /etc/os-release
    mkdir -p "$stage/source/lists/partial"
    cd "$stage/source"
    for suite in "debian $VERSION_CODENAME" "debian-security $VERSION_CODENAME-security"; do
        echo "deb-src http://deb.debian.org/$suite main"
    done >sources.list
    apt="apt-get -q -o Dir::Etc::SourceList=$PWD/sources.list -o Dir::Etc::SourceParts=/dev/null
        -o Dir::State::Lists=$PWD/lists -o APT::Sandbox::User=root"
    $apt update >&2
    $apt --download-only source "wireshark=$version" >&2
    tar -xf wireshark_*.orig.tar.* --strip-components=1 --wildcards '*/tools/check*'
    echo "$PWD/tools"
}

# Fetched once; what went wrong is in tools.log.
need_tools() {
    [ -e "$stage/tools" ] || (wireshark_tools >"$stage/tools" 2>"$stage/tools.log") || true
    tools=$(cat "$stage/tools")
    [ -e "$tools/checkAPIs.pl" ] || {
        echo "Wireshark's source could not be had: $(tail -1 "$stage/tools.log")"
        return 77
    }
}

# fopen is forbidden for ws_fopen, whose header (wsutil/file_util.h) Debian's wireshark-dev does not have; on the
# systems of these packages the two are the same.
check_apis() {
    need_tools || return
    # shellcheck disable=SC2046
    perl "$tools/checkAPIs.pl" --nocheck-shadow $(files 'plugin/*.c' 'ui/*.c' | grep -v '^plugin/core/') >"$stage/apis" 2>&1 || true
    cat "$stage/apis"
    ! grep '^Error' "$stage/apis" | grep -v 'prohibited APIs in .*: fopen$'
}

check_filter_names() {
    need_tools || return
    perl "$tools/checkfiltername.pl" plugin/fields.c plugin/packet-qoe.c plugin/expert.c >"$stage/names" 2>&1
    cat "$stage/names"
    [ ! -s "$stage/names" ]
}

check_hf() {
    need_tools || return
    perl "$tools/checkhf.pl" plugin/fields.c plugin/packet-qoe.c plugin/expert.c >"$stage/hf" 2>&1
    cat "$stage/hf"
    [ ! -s "$stage/hf" ]
}

# Data has no place for a comment: its folder's README says what it is and under which licence.
licensed() {
    files | grep -vE '\.(gz|zst|csv|out|svg|json|qoemodel|png)$|^models/RESULTS\.txt$|^LICENSE$|^tests/[a-z/]*corpus/' | while read -r file; do
        head -20 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$file: no licence"
    done >"$stage/unlicensed"
    cat "$stage/unlicensed"
    [ ! -s "$stage/unlicensed" ]
}

# A path of somebody's machine, or who worked on what and how: of no use to those who read the source.
public() {
    ! files | grep -vE '^LICENSE$|package-lock\.json$|\.(gz|zst|qoemodel)$' |
        xargs grep -nHIiE "(^|[\"' =])/(work|home|Users)/[a-z]|[i]ssues? #?[0-9]|[c]olleague|[s]ubagent|[w]orkplace" |
        grep -v 'HOME=/home/viewer'
}

check 'gcc: no warning' with_gcc
check 'clang: no warning' with_clang
check 'clang-format' formatted
check 'clang-tidy' tidy
check 'cppcheck' cpp_check
check "Wireshark's checkAPIs" check_apis
check "Wireshark's checkfiltername" check_filter_names
check "Wireshark's checkhf" check_hf
check 'a licence in every file' licensed
check 'nothing of a machine or of how work is organised' public

echo
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
