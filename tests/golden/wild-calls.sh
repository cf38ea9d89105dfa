# SPDX-License-Identifier: GPL-2.0-or-later
# needs: wild
# needs: model
# Calls, telephony, uploads and others' odds and ends are no films, whatever their ports: windows of each capture with a
# resolution, and why the others have none.
for name in teams.pcap zoom.pcap telegram_videocall.pcapng stun_google_meet.pcapng rtp.pcapng sip.pcap sipp_g711a.pcap \
    skinny.pcap h323.pcap FAX-Call-t38-CA-TDM-SIP-FB-1.pcap youtubeupload.pcap quic-mvfst-22.pcap quic046.pcap; do
    tshark -r "$WILD/$name" -o qoe.untagged:TRUE -q -z qoe,export,windows,csv,windows.csv
    sed 1d windows.csv | cut -d, -f7,10 >answers
    echo "$name: $(grep -c '^[0-9]' answers || true) with a resolution; without:" \
        "$(sed -n 's/^,//p' answers | sort -u | paste -sd '/' -)"
done
