# SPDX-License-Identifier: GPL-2.0-or-later
# A capture that begins in mid-film has no startup, and neither buffer nor stalls until the player has rested; and a
# minute in which the viewer paused adds a minute of the last picture, but no stall; nor does it count for the mean.
RULE='uat:qoe_services:"Lab","198.51.100.0/24"'
columns() {
    tshark -r "$1" -o "$RULE" -q -z qoe,export,windows,csv,- | cut -d, -f2,7,8,11,18,19
    tshark -r "$1" -o "$RULE" -q -z qoe,export,sessions,csv,- | cut -d, -f4-10,13
}
tshark -r "$HTTP1" -Y 'frame.time_relative >= 120' -F pcap -w late.pcap
columns late.pcap

# The player has just been answered, and asks next at 38.2 s.
zcat "$HTTP1" >whole.pcap
before=$(tshark -r whole.pcap -Y 'frame.time_relative < 37.8' -T fields -e frame.number | tail -1)
editcap -r -F pcap whole.pcap before.pcap "1-$before"
editcap -F pcap -t 60 whole.pcap later.pcap
editcap -r -F pcap later.pcap after.pcap "$((before + 1))-999999"
mergecap -a -F pcap -w paused.pcap before.pcap after.pcap
columns paused.pcap
