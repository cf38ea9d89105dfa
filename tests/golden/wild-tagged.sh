# SPDX-License-Identifier: GPL-2.0-or-later
# needs: wild
# needs: model
# Calls and an upload whose every peer is said to be a film's server, by rules for all addresses: their windows have no
# resolution and say why. (Loading pictures like a page, as telegram_videocall does at its start, is told by no rule.)
for name in teams.pcap zoom.pcap stun_google_meet.pcapng sipp_g711a.pcap rtp.pcapng youtubeupload.pcap; do
    tshark -r "$WILD/$name" -o 'uat:qoe_services:"Netflix","0.0.0.0/1"' -o 'uat:qoe_services:"Netflix","128.0.0.0/1"' \
        -o 'uat:qoe_services:"Netflix","2000::/3"' -q -z qoe,export,windows,csv,windows.csv
    sed 1d windows.csv | cut -d, -f7,10 >answers
    echo "$name: $(wc -l <answers) windows, $(grep -c '^[0-9]' answers || true) with a resolution; without:" \
        "$(sed -n 's/^,//p' answers | sort | uniq -c | sed 's/^ *//' | paste -sd '/' -)"
done
