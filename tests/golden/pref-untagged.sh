# SPDX-License-Identifier: GPL-2.0-or-later
# Without DNS and a readable ClientHello nobody names the servers: then their ports do, if the user wants it.
tshark -r "$HTTP1" -Y 'not dns' -w nodns.pcapng
tshark -r nodns.pcapng -o qoe.untagged:TRUE -q -z qoe,export,servers,csv,-
tshark -r nodns.pcapng -q -z qoe,servers
tshark -r "$HTTP1" -Y 'qoe.segment.kind == "video"' -T fields -e qoe.segment.bytes >tagged
tshark -r nodns.pcapng -o qoe.untagged:TRUE -Y 'qoe.segment.kind == "video"' -T fields -e qoe.segment.bytes >untagged
wc -l <tagged
wc -l <untagged
