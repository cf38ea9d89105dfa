# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the packets of an Ethernet capture into other wrappings.  usage: encap.py KIND IN.pcap[.gz] OUT.pcap

KIND: vlan, qinq, mpls, gre, ipip, sll, raw, null, and ipv6, which also gives every IPv4 host an IPv6 address of
2001:db8::/96 (what DNS answers say stays as it is). Lengths on the wire grow with the wrapping; what the snap length cut
stays cut.
"""
import gzip
import struct
import sys

ETHERNET, RAW, NULL, SLL = 1, 101, 0, 113
V6_NET = bytes.fromhex('20010db8' + '00' * 8)


def outer_ip(inner_wire, protocol, src, dst):
    return struct.pack('>BBHHHBBH4s4s', 0x45, 0, min(20 + inner_wire, 65535), 1, 0, 64, protocol, 0, src, dst)


def as_ipv6(ip):
    """The IPv4 packet with an IPv6 header instead of its own."""
    header_len = (ip[0] & 15) * 4
    total = struct.unpack_from('>H', ip, 2)[0]
    head = struct.pack('>IHBB', 6 << 28, total - header_len, ip[9], 64)
    return head + V6_NET + ip[12:16] + V6_NET + ip[16:20] + ip[header_len:], 40 - header_len


# KIND: (link type, function of (Ethernet addresses, IPv4 packet, its length on the wire) to (frame, bytes added))
def prefixed(link, make):
    def wrap(macs, ip, wire):
        head = make(macs, wire)
        return head + ip, len(head) - 14
    return link, wrap


def ipv6(macs, ip, wire):
    packet, more = as_ipv6(ip)
    return macs + b'\x86\xdd' + packet, more


KINDS = {
    'vlan': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('81000005' '0800')),
    'qinq': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('88a80005' '81000007' '0800')),
    'mpls': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('8847' '00012140')),
    'gre': prefixed(ETHERNET, lambda m, w: m + b'\x08\x00' + outer_ip(w + 4, 47, b'\x0a\0\0\1', b'\x0a\0\0\2')
                    + bytes.fromhex('00000800')),
    'ipip': prefixed(ETHERNET, lambda m, w: m + b'\x08\x00' + outer_ip(w, 4, b'\x0a\0\0\1', b'\x0a\0\0\2')),
    'sll': prefixed(SLL, lambda m, w: bytes.fromhex('0000000100060200000000010000' '0800')),
    'raw': prefixed(RAW, lambda m, w: b''),
    'null': prefixed(NULL, lambda m, w: struct.pack('<I', 2)),
    'ipv6': (ETHERNET, ipv6),
}


def main(kind, source, target):
    link, wrap = KINDS[kind]
    with (gzip.open if source.endswith('.gz') else open)(source, 'rb') as file:
        data = file.read()
    order = '<' if data[:1] in b'\xd4\x4d' else '>'
    with open(target, 'wb') as out:
        out.write(data[:20] + struct.pack(order + 'I', link))
        offset = 24
        while offset + 16 <= len(data):
            seconds, fraction, kept, wire = struct.unpack_from(order + 'IIII', data, offset)
            frame = data[offset + 16:offset + 16 + kept]
            offset += 16 + kept
            if frame[12:14] != b'\x08\x00':
                # Keeps the frame's number and time; nothing but ARP is in our captures.
                packet, more = b'\0' * 20, 20 - wire
            else:
                packet, more = wrap(frame[:12], frame[14:], wire - 14)
            out.write(struct.pack(order + 'IIII', seconds, fraction, len(packet), wire + more) + packet)


if __name__ == '__main__':
    main(*sys.argv[1:])
