# SPDX-License-Identifier: GPL-2.0-or-later
# The same film in other wrappings has the same segments; with IPv6, too.
zcat "$HTTP1" >whole.pcap
columns() { tshark -r "$1" -o "$2" -q -z qoe,export,segments,csv,- | cut -d, -f1-3,7-16; }
# DNS answers name no IPv6 address in there: rules do.
RULE='uat:qoe_services:"Lab","2001:db8::/96"'
columns whole.pcap "$RULE" >plain
for kind in vlan qinq mpls gre ipip sll raw null; do
    python3 "$TOOLS/encap.py" $kind whole.pcap $kind.pcap
    columns $kind.pcap "$RULE" >wrapped
    same $kind plain wrapped
done
python3 "$TOOLS/encap.py" ipv6 whole.pcap ipv6.pcap
columns ipv6.pcap "$RULE" >wrapped
same ipv6 plain wrapped
