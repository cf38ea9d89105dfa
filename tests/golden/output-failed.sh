# SPDX-License-Identifier: GPL-2.0-or-later
# What cannot be written is told, and the shell learns of it; a pipe is no such thing. Other statistics are drawn all the same.
try() { status=0; tshark -r "$HTTP2" -q "$@" >said || status=$?; echo "$*: status $status, $(wc -l <said) lines"; }
try -z io,stat,0 -z qoe,export,sessions,csv,/dev/full
try -z qoe,graph,/dev/full
ln -s /dev/full full.svg
try -z qoe,graph,full.svg
for statistic in sessions graph export,sessions,csv,-; do
    status=0
    tshark -r "$HTTP2" -q -z qoe,$statistic >/dev/full || status=$?
    echo "$statistic to a full disk: status $status"
done
for statistic in export,sessions,csv, graph,; do
    mkfifo pipe.svg
    cat pipe.svg >piped &
    tshark -r "$HTTP2" -q -z qoe,${statistic}pipe.svg
    wait
    rm pipe.svg
    tshark -r "$HTTP2" -q -z qoe,${statistic}file.svg
    same "${statistic}PIPE" file.svg piped
done
