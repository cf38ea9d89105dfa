# SPDX-License-Identifier: GPL-2.0-or-later
# Whoever reads the fields sees the same: each consumer's list of frame, segment, kind and bytes, beside that of -T fields.
tshark -r "$HTTP1" -T fields -E separator=, -e frame.number -e qoe.segment -e qoe.segment.kind -e qoe.segment.bytes |
    grep -v ',,,$' >fields

tshark -r "$HTTP1" -Y qoe.segment -T fields -E separator=, -e frame.number -e qoe.segment -e qoe.segment.kind \
    -e qoe.segment.bytes >filter
same "display filter" fields filter

# What a segment held may be known better in the second pass; which packets carry one is not.
tshark -r "$HTTP1" -2 -Y qoe.segment -T fields -E separator=, -e frame.number -e qoe.segment -e qoe.segment.bytes >twice
cut -d, -f1,2,4 fields >once
same "two passes" once twice

custom='"F","%m","S","%Cus:qoe.segment:0:R","K","%Cus:qoe.segment.kind:0:R","B","%Cus:qoe.segment.bytes:0:R"'
tshark -r "$HTTP1" -Y qoe.segment -o "gui.column.format:$custom" | sed -e 's/^ *//' -e 's/  */,/g' >columns
same "custom columns" fields columns

tshark -r "$HTTP1" -Y qoe.segment -T json -e frame.number -e qoe.segment -e qoe.segment.kind -e qoe.segment.bytes |
    python3 -c '
import json, sys
for packet in json.load(sys.stdin):
    layers = packet["_source"]["layers"]
    print(",".join(",".join(layers[name]) for name in
                   ("frame.number", "qoe.segment", "qoe.segment.kind", "qoe.segment.bytes")))' >json
same "json" fields json

tshark -r "$HTTP1" -Y qoe.segment -T pdml >pdml.xml
python3 -c '
import sys
from xml.etree import ElementTree
for packet in ElementTree.parse("pdml.xml").getroot().iter("packet"):
    values = {}
    for field in packet.iter("field"):
        values.setdefault(field.get("name"), []).append(field.get("show"))
    print(",".join(",".join(values[name]) for name in
                   ("frame.number", "qoe.segment", "qoe.segment.kind", "qoe.segment.bytes")))' >pdml
same "pdml" fields pdml

# Elasticsearch's form has a flat name for each field.
tshark -r "$HTTP1" -Y qoe.segment -T ek | python3 -c '
import json, sys
def values(tree, name):
    found = tree.get(name, [])
    return found if isinstance(found, list) else [found]
for line in sys.stdin:
    layers = json.loads(line).get("layers")
    if layers:
        print(",".join([layers["frame"]["frame_frame_number"]] + [str(value) for name in
              ("qoe_qoe_segment", "qoe_qoe_segment_kind", "qoe_qoe_segment_bytes") for value in values(layers["qoe"], name)]))' >ek
same "ek" fields ek

# A colouring rule is a filter that is asked while packets are drawn.
mkdir -p colours/.config/wireshark
printf '@video@qoe.segment.kind == "video"@[0,0,0][65535,65535,65535]\n' >colours/.config/wireshark/colorfilters
HOME=$PWD/colours XDG_CONFIG_HOME= tshark -r "$HTTP1" --color -Y 'frame.coloring_rule.name == "video"' -T fields \
    -e frame.number >colour
grep ',video,' fields | cut -d, -f1 >video
same "colouring rule" video colour

# The statistics of intervals count and add up.
tshark -r "$HTTP1" -q -z 'io,stat,0,COUNT(qoe.segment)qoe.segment,SUM(qoe.segment.bytes)qoe.segment.bytes' |
    awk -F '|' '/<>/ { print $3 + 0, $4 + 0 }' >iostat
cut -d, -f2- fields | awk -F, '{ count++; sum += $3 } END { print count, sum }' >summed
same "io,stat" summed iostat

# Another postdissector beside ours, a user's in Lua.
cat >other.lua <<'LUA'
local segment, kind, bytes = Field.new("qoe.segment"), Field.new("qoe.segment.kind"), Field.new("qoe.segment.bytes")
local other = Proto("other", "Another postdissector")
function other.dissector(_, pinfo, _)
    if segment() then
        print(pinfo.number .. "," .. tostring(segment()) .. "," .. tostring(kind()) .. "," .. tostring(bytes()))
    end
end
register_postdissector(other)
LUA
tshark -r "$HTTP1" -X lua_script:other.lua -q >lua
same "Lua" fields lua

# Switched off, there is nothing of us.
echo "disabled: $(tshark -r "$HTTP1" --disable-protocol qoe -T fields -e qoe.service -e qoe.segment | grep -c '[^[:space:]]' || true) packets"
tshark -r "$HTTP1" --disable-protocol qoe -q -z qoe,sessions
