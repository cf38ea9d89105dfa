# SPDX-License-Identifier: GPL-2.0-or-later
# What users filter by.
count() { printf '%s: ' "$1"; tshark -r "$HTTP1" -Y "$1" -T fields -e frame.number | wc -l; }
count 'qoe'
count 'qoe.service == "Lab"'
count 'qoe.server == "198.51.100.11"'
count 'qoe.server == 198.51.100.11'
count 'qoe.server.name contains "cdn1"'
count 'qoe.server.source == "dns"'
count 'qoe.session == 1'
count 'qoe.segment.duration > 2'
count 'qoe.segment.ttfb < 0.02'
count 'qoe.segment.rate > 4000'
count 'qoe.window.throughput < 1000'
