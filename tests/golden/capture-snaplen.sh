# SPDX-License-Identifier: GPL-2.0-or-later
# Captures with short snap lengths: what can be known is known, nothing breaks. The DNS answer needs 91 bytes, the IP
# and TCP headers 66.
tshark -r "$HTTP1" -F pcap -w whole.pcap
for length in 14 34 50 54 66 80 91 96; do
    editcap -s $length whole.pcap cut.pcap
    tshark -r cut.pcap -q -z qoe,export,servers,csv,servers.csv
    tshark -r cut.pcap -o 'uat:qoe_services:"Lab","198.51.100.11"' -q -z qoe,export,segments,csv,segments.csv
    echo "$length bytes: $(sed 1d servers.csv | wc -l) servers by name, $(sed 1d segments.csv | wc -l) segments by prefix"
done
