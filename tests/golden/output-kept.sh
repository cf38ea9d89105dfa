# SPDX-License-Identifier: GPL-2.0-or-later
# An output overwrites an earlier one, but no capture, and no other output of the same run.
editcap -r "$HTTP1" small.pcap 1-300 2>/dev/null
try() {
    read=$1
    shift
    status=0
    tshark -r "$read" -q "$@" || status=$?
    echo "$*: status $status"
}
for name in victim.pcap other.pcap film.svg victim.csv; do cp small.pcap $name; done
gzip -c small.pcap >packed.pcap
ln victim.pcap hard.csv
ln -s victim.pcap soft.csv
for name in victim.pcap other.pcap victim.csv packed.pcap hard.csv soft.csv; do
    try victim.pcap -z qoe,export,windows,csv,$name
done
try victim.pcap -z qoe,graph,film.svg
for name in victim.pcap other.pcap film.svg victim.csv; do same $name small.pcap $name; done
gzip -cd packed.pcap | same packed.pcap small.pcap -
# What -w has written is known when all has been read.
try small.pcap -w new.pcapng -z qoe,export,windows,csv,new.pcapng
tshark -r new.pcapng | wc -l
# Two to one file.
for second in same.csv ./same.csv link.csv; do
    rm -f same.csv link.csv
    ln -s same.csv link.csv
    try small.pcap -z qoe,export,windows,csv,same.csv -z qoe,export,sessions,csv,$second
done
rm -f same.svg
try small.pcap -z qoe,graph,same.svg -z qoe,export,sessions,csv,same.svg
# A device may be shared.
try small.pcap -z qoe,export,servers,csv,/dev/null -z qoe,export,sessions,csv,/dev/null
# An earlier output, whatever it is, and files of other kinds.
for kind in servers segments windows sessions features; do
    for format in csv json; do
        tshark -r "$HTTP1" -q -z qoe,export,$kind,$format,earlier
        cp earlier first
        tshark -r "$HTTP1" -q -z qoe,export,$kind,$format,earlier
        same "$kind, $format" first earlier
    done
done
for text in '' 'some notes' '{"a": 1}'; do
    printf '%s' "$text" >earlier
    try small.pcap -z qoe,export,sessions,csv,earlier
    wc -l <earlier
done
try small.pcap -z qoe,graph,again.svg
try small.pcap -z qoe,graph,again.svg
