# SPDX-License-Identifier: GPL-2.0-or-later
# Two directions whose clocks disagree (two interfaces, two captures merged): no duration is below nought.
tshark -r "$HTTP1" -Y 'ip.src == 192.168.43.72' -F pcap -w up.pcap
tshark -r "$HTTP1" -Y 'ip.dst == 192.168.43.72' -F pcap -w down.pcap
editcap -F pcap -t -0.2 down.pcap early.pcap
mergecap -F pcap -w skew.pcap up.pcap early.pcap
echo "$(tshark -r skew.pcap -Y 'qoe.segment' | wc -l) packets end segments"
tshark -r skew.pcap -Y 'qoe.segment.duration < 0 || qoe.segment.ttfb < 0' | wc -l
