# SPDX-License-Identifier: GPL-2.0-or-later
# Without rules and DNS: hosts that no rule names, by their ports.
tshark -r "$HTTP1" -q -z qoe,export,servers,csv,-
tshark -r "$HTTP1" -Y 'not dns' -w nodns.pcapng
tshark -r nodns.pcapng -o qoe.untagged:TRUE -q -z qoe,export,servers,csv,-
tshark -r nodns.pcapng -o "$LAB" -q -z qoe,export,servers,csv,- | cut -d, -f1-8
tshark -r "$HTTP1" -o "$LAB" -Y 'qoe.segment.kind == "video"' -T fields -e qoe.segment.bytes >tagged
tshark -r nodns.pcapng -o qoe.untagged:TRUE -Y 'qoe.segment.kind == "video"' -T fields -e qoe.segment.bytes >untagged
wc -l <tagged
wc -l <untagged
