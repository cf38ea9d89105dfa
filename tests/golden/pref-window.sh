# SPDX-License-Identifier: GPL-2.0-or-later
# Windows of another length; a length that makes no sense is said to be so, and the default stays.
windows() { tshark -r "$HTTP1" "$@" -q -z qoe,export,windows,csv,windows.csv; cut -d, -f2-4 windows.csv | sed -n '2p;$p'; }
windows
windows -o qoe.window:60
windows -o qoe.window:1
windows -o qoe.window:0
windows -o qoe.window:601
windows -o qoe.idle:0
tshark -r "$HTTP1" -o qoe.window:ten -c 1 >/dev/null || echo "status $?"
