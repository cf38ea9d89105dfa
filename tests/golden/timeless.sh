# SPDX-License-Identifier: GPL-2.0-or-later
# needs: sharkd
# Frames without a time stamp (simple packet blocks) have the same fields in whatever order they are visited.
editcap -F pcapng -r "$HTTP1" timed.pcapng 1-12000 2>/dev/null
python3 - <<'EOF'
import struct
data, out, at, count, changed = open("timed.pcapng", "rb").read(), bytearray(), 0, 0, 0
while at < len(data):
    kind, size = struct.unpack_from("<II", data, at)
    block = data[at:at + size]
    if kind == 6:  # enhanced packet block: every hundredth that is whole becomes a simple one
        captured, wire = struct.unpack_from("<II", block, 20)
        count += 1
        if count % 100 < 10 and captured == wire:
            packet = block[28:28 + (captured + 3) // 4 * 4]
            block = struct.pack("<III", 3, len(packet) + 16, wire) + packet + struct.pack("<I", len(packet) + 16)
            changed += 1
    out += block
    at += size
open("timeless.pcapng", "wb").write(out)
print("frames without a time:", "none" if changed == 0 else "some")
EOF
tshark -2 -r timeless.pcapng -Y '!frame.time && qoe.resolution' -T fields -e frame.number -e qoe.resolution >in_turn
{
    echo '{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"timeless.pcapng"}}'
    cut -f 1 in_turn | sort -rn | sed 's/.*/{"jsonrpc":"2.0","id":&,"method":"frame","params":{"frame":&,"proto":true}}/'
} | sharkd - 2>/dev/null | sed -n 's/.*"id":\([0-9]*\),.*"qoe.resolution == \([0-9]*\)".*/\1\t\2/p' | sort -n >backwards
cut -f 2 in_turn | sort | uniq -c
same 'backwards and in turn' in_turn backwards
