# SPDX-License-Identifier: GPL-2.0-or-later
# needs: netflix
# A filtered capture can be written; with the DNS answers (-Y qoe) it tells the same again.
tshark -r "$NETFLIX" -Y 'qoe.service == "Netflix"' -w netflix.pcapng
tshark -r netflix.pcapng -T fields -e frame.number | wc -l
tshark -r "$NETFLIX" -Y qoe -w qoe.pcapng
tshark -r "$NETFLIX" -q -z qoe,export,servers,csv,- | cut -d, -f1-10 >whole
tshark -r qoe.pcapng -q -z qoe,export,servers,csv,- | cut -d, -f1-10 >part
same "servers of the whole capture and of what -Y qoe wrote" whole part
