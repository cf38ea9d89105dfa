# SPDX-License-Identifier: GPL-2.0-or-later
# Rules of the user: good ones hold, bad ones are refused with the reason.
rule() { status=0; tshark -r "$HTTP1" -o "uat:qoe_services:$1" -q -z qoe,export,servers,csv,servers.csv || status=$?
    echo "$1: status $status"; [ "$status" -ne 0 ] || cut -d, -f1-4 servers.csv | sed 1d; rm -f servers.csv; }
rule '"Mine","cdn1.video.test"'
rule '"Mine","198.51.100.0/24"'
rule '"Mine","198.51.100.11"'
rule '"Mine",""'
rule '"","video.test"'
rule '"Mine","198.51.100.0/33"'
rule '"Mine","198.51.100.x/24"'
rule '"Mine","..."'
rule '"Mine"'
