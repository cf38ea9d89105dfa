# SPDX-License-Identifier: GPL-2.0-or-later
# needs: model
# Where only one direction went by the capture, nothing is told of the picture, and that is said.
tshark -r "$HTTP1" -Y 'ip.dst == 192.168.43.72' -F pcap -w down.pcap
tshark -r down.pcap -q -z qoe,export,windows,csv,- | cut -d, -f7,8,10,18,19 | sort | uniq -c
tshark -r down.pcap -q -z qoe,export,sessions,csv,- | cut -d, -f6-10
tshark -r down.pcap -q -z expert | grep ' QoE '
