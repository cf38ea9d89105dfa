# SPDX-License-Identifier: GPL-2.0-or-later
# Whoever reads the fields sees the same: columns, JSON, PDML, fields, another filter.
tshark -r "$HTTP1" -Y 'qoe.segment == 40' -T fields -e qoe.segment -e qoe.segment.bytes -e qoe.segment.kind
tshark -r "$HTTP1" -Y 'qoe.segment == 40' -o 'gui.column.format:"Segment","%Cus:qoe.segment:0:R","Bytes","%Cus:qoe.segment.bytes:0:R"'
tshark -r "$HTTP1" -Y 'qoe.segment == 40' -T json | grep -c '"qoe.segment": "40"'
tshark -r "$HTTP1" -Y 'qoe.segment == 40' -T pdml | grep -c 'name="qoe.segment" .*show="40"'
tshark -r "$HTTP1" -Y 'qoe.segment.bytes > 900000 and qoe.segment.kind == "video"' -T fields -e qoe.segment
