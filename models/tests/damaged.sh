#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Damaged bundles, data sets and label files: each is refused with a message that names file and line.
# Usage: damaged.sh QOE_TRAIN [FOLDER]     (FOLDER: keeps the files there, for trying them on other programs)
set -u
train=$1
here=$(cd "$(dirname "$0")" && pwd)
work=${2:-$(mktemp -d)}
[ $# -gt 1 ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
cd "$work" || exit 1
failed=0 tried=0

refused() { # FILE WANTED_TEXT COMMAND...
    file=$1 text=$2
    shift 2
    tried=$((tried + 1))
    "$@" >out 2>&1
    got=$?
    if [ "$got" -ne 1 ] || ! grep -q "$file:[0-9]*: " out || ! grep -q -e "$text" out; then
        echo "FAILED: $file: status $got instead of 1, or no line or no \"$text\" in: $(head -c 300 out)"
        failed=1
    fi
}

bundle() { # NAME WANTED_TEXT SED_SCRIPT
    sed "$3" good.qoemodel >"$1.qoemodel"
    refused "$1.qoemodel" "$2" "$train" inspect "$1.qoemodel"
}

csv() { # NAME WANTED_TEXT SED_SCRIPT
    sed "$3" good.csv >"$1.csv"
    refused "$1.csv" "$2" "$train" fit --set features=rate_30 -O none.qoemodel "$1.csv"
}

recipe() { # NAME LINE WANTED_TEXT SED_SCRIPT
    sed "$4" "$here/../course.recipe" >"$1.recipe"
    refused "$1.recipe" "^qoe-train: $1.recipe:$2: .*$3" "$train" fit --recipe "$1.recipe" -O none.qoemodel good.csv
}

awk -v sessions=8 -v rows=8 -v seed=1 -f "$here/course_csv.awk" "$here/course_columns.txt" >course.csv
"$train" dataset -O good.csv course.csv >out 2>&1 && "$train" fit -O good.qoemodel good.csv >out 2>&1 || {
    cat out
    exit 1
}
digits=$(awk 'BEGIN { for (i = 0; i < 400; i++) printf "9" }')

bundle b-empty "" d
bundle b-first-line "qoemodel" 1d
bundle b-other-format "version" '1s/1/2/'
bundle b-other-features "features" 's/^features .*/features 77/'
bundle b-cut "" '20,$d'
bundle b-cut-vectors "" '$d'
bundle b-more-behind "" '$s/$/\nmore/'
bundle b-experts-none "experts" 's/^experts .*/experts 0/'
bundle b-experts-many "experts" 's/^experts .*/experts 4000000000/'
bundle b-experts-minus "experts" 's/^experts .*/experts -1/'
bundle b-classes-falling "" 's/^classes .*/classes 720 480 240 360 1080/'
bundle b-classes-one "" 's/^classes .*/classes 720/'
bundle b-inputs-many "inputs" 's/^inputs .*/inputs 99999/'
bundle b-inputs-fewer "" 's/^inputs .*/inputs 1/'
bundle b-input-unknown "" 's/^rate_30 /rate_31 /'
bundle b-input-nan "" 's/^\(rate_30 log1p\) [^ ]*/\1 nan/'
bundle b-input-inf "" 's/^\(rate_30 log1p\) [^ ]*/\1 inf/'
bundle b-input-hex "" 's/^\(rate_30 log1p\) [^ ]*/\1 0x10/'
bundle b-input-long "" "s/^\\(rate_30 log1p\\) [^ ]*/\\1 $digits/"
bundle b-input-sd-zero "" 's/^\(rate_30 log1p [^ ]*\) [^ ]*/\1 0/'
bundle b-total-more "" 's/^total_sv .*/total_sv 2999/'
bundle b-total-fewer "" 's/^total_sv .*/total_sv 2/'
bundle b-total-minus "" 's/^total_sv .*/total_sv -5/'
bundle b-nr-sv "" 's/^nr_sv .*/nr_sv 1 1 1/'
bundle b-rho-few "rho" 's/^rho .*/rho 1/'
bundle b-rho-long "rho" "s/^rho [^ ]*/rho $digits/"
bundle b-rho-nan "rho" 's/^rho [^ ]*/rho nan/'
bundle b-label-unknown "label" 's/^label [0-9][0-9]* /label 7 /'
bundle b-kernel "kernel" 's/^kernel_type .*/kernel_type linear/'
bundle b-index-minus "" '/^SV/,$s/ 1:/ -1:/'
bundle b-index-zero "" '/^SV/,$s/ 1:/ 0:/'
bundle b-index-large "" '/^SV/,$s/ 2:/ 99999:/'
bundle b-index-twice "" '/^SV/,$s/ 2:/ 1:/'
bundle b-value-nan "" '/^SV/,$s/ 1:[^ ]*/ 1:nan/'
bundle b-value-long "" "/^SV/,\$s/ 1:[^ ]*/ 1:$digits/"

csv c-empty "empty" d
csv c-header-only "no rows" 1q
csv c-no-label 'no column "label"' '1s/,label,/,lable,/'
csv c-no-features "feature" '1s/,displayed,.*/,displayed,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u/'
csv c-short-row "fields instead of" '5s/,[^,]*$//'
csv c-long-row "fields instead of" '5s/$/,1/'
csv c-nan "not a number" '6s/,[^,]*$/,nan/'
csv c-inf "not a number" '6s/,[^,]*$/,-inf/'
csv c-digits "not a number" "6s/,[^,]*\$/,$digits/"
csv c-text "not a number" '7s/,[^,]*$/,many/'
csv c-empty-cell "not a number" '7s/,[^,]*$/,/'
csv c-transport "neither tcp nor udp" '4s/,tcp,/,sctp,/'
csv c-label-fraction "column label: .*whole number" '4s/,\(240\|360\|480\|720\|1080\),/,480.5,/'
csv c-label-minus "column label: .*whole number" '4s/,\(240\|360\|480\|720\|1080\),/,-480,/'
csv c-open-quote "quote" '8s/^/"/'

line_of() { grep -n -e "$1" "$here/../course.recipe" | sed -n '1s/:.*//p'; }
recipe r-key "$(line_of ^classes)" 'there is no key "klasses"' 's/^classes/klasses/'
recipe r-value "$(line_of ^classes)" "not a number" 's/^classes=/classes=tall;/'
recipe r-feature "$(line_of ^features)" 'no feature "rate_31"' 's/^features *=/&rate_31;/'
recipe r-digits "$(line_of ^classes)" "not a number" "s/^classes=.*/cost=$digits/"
recipe r-group "$(line_of '^\[expert')" "neither" 's/^\[expert /[wizard /'
recipe r-no-name "$(line_of '^\[bundle')" "name and version" '/^name/d'
recipe r-text "$(line_of '^\[bundle')" "" 's/^\[bundle\]/bundle/'
recipe r-empty 1 "name and version" d

tr '\n' '\r' <good.csv >c-cr.csv
sed 's/$/\r/' good.csv >c-crlf.csv
{ printf '\357\273\277' && sed '3~2s/$/\r/' good.csv; } >c-mixed.csv
for form in c-cr c-crlf c-mixed; do
    tried=$((tried + 1))
    if ! "$train" fit -O "$form.qoemodel" "$form.csv" >out 2>&1 || ! cmp -s "$form.qoemodel" good.qoemodel; then
        echo "FAILED: $form.csv: another bundle than from good.csv: $(head -c 300 out)"
        failed=1
    fi
done

: >a.pcap
label() { # TEXT WANTED
    printf "$1" >a.labels.csv
    refused a.labels.csv "$2" "$train" dataset -t echo -O none.csv a.pcap
}
label '' "empty"
label 'second,resolution\n' "no labels"
label 'time,height\n1,720\n' 'neither a column "second" nor "window"'
label 'second,height\n1,720\n' 'no column "resolution"'
label 'second,resolution\n1,tall\n' "not a number"
label 'second,resolution\n1,480.5\n' "whole number"
label 'window,resolution\n1,480.5\n' "whole number"
label 'window,resolution\n1\n' "1 fields instead of 2"
label 'window,resolution\n1,\n2,0\n' "no labels"
label 'window,resolution\n1,720\n1,480\n' "a.labels.csv:3: window 1 is 480 here, but 720 in line 2"
label 'window,resolution,dl_resolution\n1,720,480\n1,480,480\n' "window 1 shows 480 here, but 720 in line 2"

[ "$failed" -eq 0 ] && echo "all good: $tried damaged or odd files"
exit "$failed"
