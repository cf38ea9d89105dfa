# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the packets of an Ethernet capture into other wrappings.  usage: encap.py KIND IN.pcap[.gz] OUT.pcap

KIND: vlan, qinq, mpls, gre, ipip, vxlan, gtpu, pppoe, sll, sll2, raw, null, radiotap, and ipv6, which also gives every
IPv4 host an IPv6 address of 2001:db8::/96 (what DNS answers say stays as it is). Lengths on the wire grow with the
wrapping; what the snap length cut stays cut. Whole packets, zeros for what was cut, are in fragments (of a GRE tunnel)
and wep (802.11, decrypted with the key 4142434445). In dnstcp nothing is wrapped, but DNS answers come over TCP, each in
two segments that meet behind the question.
"""
import gzip
import struct
import sys
import zlib

ETHERNET, RAW, NULL, SLL, SLL2, DOT11, RADIOTAP = 1, 101, 0, 113, 276, 105, 127
V6_NET = bytes.fromhex('20010db8' + '00' * 8)
FRAGMENT = 800


TUNNEL = b'\x0a\0\0\1', b'\x0a\0\0\2'
LLC = bytes.fromhex('aaaa03000000' '0800')


def outer_ip(inner_wire, protocol, ident=1, fragment=0):
    return struct.pack('>BBHHHBBH4s4s', 0x45, 0, min(20 + inner_wire, 65535), ident & 0xffff, fragment, 64, protocol, 0,
                       *TUNNEL)


def outer_udp(inner_wire, port):
    return outer_ip(inner_wire + 8, 17) + struct.pack('>HHHH', port, port, min(inner_wire + 8, 65535), 0)


def gtpu(inner_wire):
    return outer_udp(inner_wire + 8, 2152) + struct.pack('>BBHI', 0x30, 0xff, min(inner_wire, 65535), 1)


def vxlan(macs, inner_wire):
    return outer_udp(inner_wire + 22, 4789) + bytes.fromhex('0800000000000100') + macs + b'\x08\0'


def dot11(macs, control):
    return bytes.fromhex(control) + b'\0\0' + macs[:6] + macs[6:] * 2 + b'\x10\0'


def whole(ip):
    """The packet as it was on the wire, with zeros where the snap length cut it."""
    return ip.ljust(struct.unpack_from('>H', ip, 2)[0], b'\0')


def as_ipv6(ip):
    """The IPv4 packet with an IPv6 header instead of its own."""
    header_len = (ip[0] & 15) * 4
    total = struct.unpack_from('>H', ip, 2)[0]
    head = struct.pack('>IHBB', 6 << 28, total - header_len, ip[9], 64)
    return head + V6_NET + ip[12:16] + V6_NET + ip[16:20] + ip[header_len:], 40 - header_len


# KIND: (link type, function of (Ethernet addresses, IPv4 packet, its length on the wire) to a list of (frame, its
# length on the wire))
def prefixed(link, make):
    def wrap(macs, ip, wire):
        head = make(macs, wire)
        return [(head + ip, len(head) + wire)]
    return link, wrap


def ipv6(macs, ip, wire):
    packet, more = as_ipv6(ip)
    return [(macs + b'\x86\xdd' + packet, 14 + wire + more)]


def fragments(macs, ip, wire):
    inner = bytes.fromhex('00000800') + whole(ip)
    parts = [inner[at:at + FRAGMENT] for at in range(0, len(inner), FRAGMENT)]
    head = macs + b'\x08\0'
    frames = [head + outer_ip(len(part), 47, zlib.crc32(ip), (i < len(parts) - 1) << 13 | i * FRAGMENT // 8) + part
              for i, part in enumerate(parts)]
    return [(frame, len(frame)) for frame in frames]


def dns_over_tcp(macs, ip, wire):
    """A resolver's datagram as two segments; all else as it is."""
    at = (ip[0] & 15) * 4
    if ip[9] != 17 or ip[at:at + 2] != b'\0\x35':
        return [(macs + b'\x08\0' + ip, 14 + wire)]
    message = ip[at + 8:]
    stream, cut = struct.pack('>H', len(message)) + message, 2 + message.index(b'\0', 12) + 5
    frames = []
    for start, part in (0, stream[:cut]), (cut, stream[cut:]):
        segment = ip[at:at + 4] + struct.pack('>IIBBHHH', 1 + start, 1, 5 << 4, 0x18, 500, 0, 0) + part
        head = ip[:2] + struct.pack('>H', at + len(segment)) + ip[4:9] + b'\6' + ip[10:at]
        frames.append((macs + b'\x08\0' + head + segment, 14 + at + len(segment)))
    return frames


def rc4_stream(key, length):
    state, j, stream = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for _ in range(length):
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        stream.append(state[(state[i] + state[j]) & 255])
    return bytes(stream)


WEP_VECTOR = b'\1\2\3'
WEP_STREAM = rc4_stream(WEP_VECTOR + b'ABCDE', 2048)


def wep(macs, ip, wire):
    plain = LLC + whole(ip)
    plain += struct.pack('<I', zlib.crc32(plain))
    cipher = bytes(a ^ b for a, b in zip(plain, WEP_STREAM))
    frame = dot11(macs, '0842') + WEP_VECTOR + b'\0' + cipher
    return [(frame, len(frame))]


KINDS = {
    'vlan': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('81000005' '0800')),
    'qinq': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('88a80005' '81000007' '0800')),
    'mpls': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('8847' '00012140')),
    'gre': prefixed(ETHERNET, lambda m, w: m + b'\x08\x00' + outer_ip(w + 4, 47) + bytes.fromhex('00000800')),
    'ipip': prefixed(ETHERNET, lambda m, w: m + b'\x08\x00' + outer_ip(w, 4)),
    'vxlan': prefixed(ETHERNET, lambda m, w: m + b'\x08\x00' + vxlan(m, w)),
    'gtpu': prefixed(ETHERNET, lambda m, w: m + b'\x08\x00' + gtpu(w)),
    'pppoe': prefixed(ETHERNET, lambda m, w: m + bytes.fromhex('8864' '11000001') + struct.pack('>H', min(w + 2, 65535))
                      + b'\0\x21'),
    'sll': prefixed(SLL, lambda m, w: bytes.fromhex('0000000100060200000000010000' '0800')),
    'sll2': prefixed(SLL2, lambda m, w: bytes.fromhex('0800' '0000' '00000002' '0001' '00' '06') + m[6:] + b'\0\0'),
    'raw': prefixed(RAW, lambda m, w: b''),
    'null': prefixed(NULL, lambda m, w: struct.pack('<I', 2)),
    'radiotap': prefixed(RADIOTAP, lambda m, w: bytes.fromhex('0000080000000000') + dot11(m, '8802') + b'\0\0' + LLC),
    'ipv6': (ETHERNET, ipv6),
    'fragments': (ETHERNET, fragments),
    'wep': (DOT11, wep),
    'dnstcp': (ETHERNET, dns_over_tcp),
}


def main(kind, source, target):
    link, wrap = KINDS[kind]
    with (gzip.open if source.endswith('.gz') else open)(source, 'rb') as file:
        data = file.read()
    order = '<' if data[:1] in b'\xd4\x4d' else '>'
    with open(target, 'wb') as out:
        out.write(data[:16] + struct.pack(order + 'II', 65535, link))
        offset = 24
        while offset + 16 <= len(data):
            seconds, fraction, kept, wire = struct.unpack_from(order + 'IIII', data, offset)
            frame = data[offset + 16:offset + 16 + kept]
            offset += 16 + kept
            if frame[12:14] != b'\x08\x00':
                # Keeps the frame's number and time; nothing but ARP is in our captures.
                frames = [(b'\0' * 20, 20)]
            else:
                frames = wrap(frame[:12], frame[14:], wire - 14)
            for packet, length in frames:
                out.write(struct.pack(order + 'IIII', seconds, fraction, len(packet), length) + packet)


if __name__ == '__main__':
    main(*sys.argv[1:])
