# SPDX-License-Identifier: GPL-2.0-or-later
# A wrong argument is answered with what would be right, and an exit status.
try() { status=0; tshark -r "$HTTP1" -q -z "$1" || status=$?; echo "$1: status $status"; }
try qoe,export,films,csv,-
try qoe,export,servers,xml,-
try qoe,export,servers
try qoe,export
try qoe,export,servers,csv,/nowhere/servers.csv
try qoe,graph,/nowhere/graph.svg
# Neither takes a filter: no file gets its name, and none is overwritten.
echo capture >some.pcap
try qoe,graph,some.pcap
try 'qoe,graph,ip.addr == 192.0.2.1'
try qoe,graph,.svg
try 'qoe,export,servers,csv,-,tcp'
try 'qoe,export,servers,csv,x.csv,tcp.port==80'
try 'qoe,export,servers,json,x.csv,ip.addr == 192.0.2.0/24'
try 'qoe,export,servers,csv,a,b.csv'
ls
cat some.pcap
# The tree's filter is read by Wireshark: before 4.2 it complained and went on.
tshark -r "$HTTP1" -q -z 'qoe,tree,no.such.field' || true
try 'qoe,servers,no.such.field'
# Wireshark itself lists what there is.
tshark -r "$HTTP1" -q -z qoe,films 2>&1 | grep -e Invalid -e qoe
