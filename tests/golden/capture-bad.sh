# SPDX-License-Identifier: GPL-2.0-or-later
# Captures that are cut, empty or hold nothing of ours.
zcat "$HTTP1" >whole.pcap
head -c 24 whole.pcap >empty.pcap
head -c 1000037 whole.pcap >cut.pcap
tshark -r "$HTTP1" -Y arp -F pcap -w foreign.pcap
for file in empty cut foreign; do
    for kind in servers windows sessions; do
        # Which status it is that tells of a cut file is up to Wireshark's version.
        status="status 0"
        tshark -r $file.pcap -q -z qoe,export,$kind,csv,- || status="it fails"
        echo "$file $kind: $status"
    done
    tshark -r $file.pcap -q -z qoe,tree || true
    tshark -r $file.pcap -q -z qoe,graph || true
done
