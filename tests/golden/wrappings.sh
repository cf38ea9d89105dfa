# SPDX-License-Identifier: GPL-2.0-or-later
# The same film in other wrappings has the same segments; with IPv6, too.
zcat "$HTTP1" >whole.pcap
columns() {
    file=$1
    shift
    tshark -r "$file" "$@" -q -z qoe,export,segments,csv,- | cut -d, -f1-3,7-16
}
# DNS answers name no IPv6 address in there: rules do.
RULE='uat:qoe_services:"Lab","2001:db8::/96"'
columns whole.pcap -o "$RULE" >plain
for kind in vlan qinq mpls gre ipip sll raw null ipv6; do
    python3 "$TOOLS/encap.py" $kind whole.pcap $kind.pcap
    columns $kind.pcap -o "$RULE" >wrapped
    same $kind plain wrapped
done

editcap -r -F pcap whole.pcap start.pcap 1-3000
columns start.pcap >plain
for kind in vxlan gtpu pppoe sll2 radiotap; do
    python3 "$TOOLS/encap.py" $kind start.pcap $kind.pcap
    columns $kind.pcap >wrapped
    same $kind plain wrapped
done

# Here the packets are not in the frames, but in what Wireshark put together or decrypted.
python3 "$TOOLS/encap.py" wep start.pcap wep.pcap
columns wep.pcap -o wlan.enable_decryption:TRUE -o 'uat:80211_keys:"wep","4142434445"' >wrapped
same wep plain wrapped
python3 "$TOOLS/encap.py" fragments start.pcap fragments.pcap
columns start.pcap | cut -d, -f1-11 >plain # without frame numbers: there are more frames
columns fragments.pcap | cut -d, -f1-11 >wrapped
same fragments plain wrapped

# Answers over TCP name the same servers; the numbers of streams and frames differ.
python3 "$TOOLS/encap.py" dnstcp start.pcap dnstcp.pcap
for file in start dnstcp; do
    columns $file.pcap | cut -d, -f1-3,5-11 >$file.segments
    tshark -r $file.pcap -q -z qoe,export,servers,csv,- | cut -d, -f1-4 >$file.servers
done
same dnstcp start.segments dnstcp.segments
same 'dnstcp, servers' start.servers dnstcp.servers
