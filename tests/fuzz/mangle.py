# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture that nobody would send: a known one with its packets, times or lengths turned round.

usage: mangle.py KIND IN.pcap OUT.pcap   (classic pcap, little-endian, microseconds; Ethernet with IPv4)
"""
import random
import struct
import sys

ETHERNET = 14


def read_capture(path):
    """The file's header and its records: [seconds, microseconds, length on the wire, bytes]."""
    with open(path, 'rb') as source:
        data = source.read()
    if struct.unpack_from('<I', data)[0] != 0xA1B2C3D4:
        raise SystemExit(f'{path}: not a classic pcap with microseconds')
    records, at = [], 24
    while at + 16 <= len(data):
        seconds, micros, kept, wire = struct.unpack_from('<4I', data, at)
        records.append([seconds, micros, wire, bytearray(data[at + 16:at + 16 + kept])])
        at += 16 + kept
    return data[:24], records


def write_capture(path, header, records):
    with open(path, 'wb') as out:
        out.write(header)
        for seconds, micros, wire, data in records:
            out.write(struct.pack('<4I', seconds & 0xFFFFFFFF, micros, len(data), wire & 0xFFFFFFFF) + data)


def transport_at(data):
    """Where the TCP or UDP header of an IPv4 packet begins, and which it is; (0, 0) if there is none."""
    if len(data) < ETHERNET + 20 or data[12:14] != b'\x08\x00':
        return 0, 0
    at = ETHERNET + 4 * (data[ETHERNET] & 15)
    return (at, data[ETHERNET + 9]) if at + 8 <= len(data) else (0, 0)


def add_to_u32(data, at, more):
    if at + 4 <= len(data):
        struct.pack_into('!I', data, at, (struct.unpack_from('!I', data, at)[0] + more) & 0xFFFFFFFF)


def doubled(records, draw):
    return [record for record in records for _ in range(draw.choice((1, 1, 2, 3)))]


def disordered(records, draw):
    """Each moves by up to thirty places; its time goes with it."""
    order = sorted(range(len(records)), key=lambda i: i + draw.uniform(0, 30))
    return [records[i] for i in order]


def backwards(records, _):
    return records[::-1]


def jumping(records, draw):
    """Clocks that are set: hours back and forth."""
    for record in records:
        if draw.random() < 0.01:
            record[0] += draw.choice((-90000, -3600, -130, 130, 3600, 90000))
    return records


def time_wraps(records, _):
    """The seconds pass 2^32 in the middle."""
    more = 2**32 - records[len(records) // 2][0]
    for record in records:
        record[0] += more
    return records


def times_at_limits(records, draw):
    for record in records:
        if draw.random() < 0.02:
            record[0], record[1] = draw.choice(((0, 0), (0xFFFFFFFF, 999999), (0x7FFFFFFF, 0), (0x80000000, 4000000000)))
    return records


def sequence_wraps(records, _):
    """All sequence numbers pass 2^32 soon after they began."""
    first = {}
    for record in records:
        at, transport = transport_at(record[3])
        if transport != 6 or at + 12 > len(record[3]):
            continue
        key = bytes(record[3][ETHERNET + 12:ETHERNET + 20] + record[3][at:at + 4])
        back = key[4:8] + key[:4] + key[10:12] + key[8:10]
        first.setdefault(key, -5000 - struct.unpack_from('!I', record[3], at + 4)[0])
        add_to_u32(record[3], at + 4, first[key])
        add_to_u32(record[3], at + 8, first.get(back, 0))
    return records


def lengths_at_limits(records, draw):
    """IP, UDP and TCP header lengths of nothing and of everything; lengths on the wire likewise."""
    for record in records:
        data, limit = record[3], draw.choice((0, 1, 19, 20, 27, 28, 39, 0x7FFF, 0xFFFF))
        at, transport = transport_at(data)
        chosen = draw.random()
        if chosen < 0.05 and at:
            struct.pack_into('!H', data, ETHERNET + 2, limit)
        elif chosen < 0.08 and transport == 17:
            struct.pack_into('!H', data, at + 4, limit)
        elif chosen < 0.11 and transport == 6 and at + 13 <= len(data):
            data[at + 12] = draw.choice((0x00, 0x10, 0x40, 0xF0))
        elif chosen < 0.13 and at:
            data[ETHERNET] = draw.choice((0x40, 0x41, 0x4F, 0x65, 0x00))
        elif chosen < 0.16:
            record[2] = draw.choice((len(data), 65535, 262144, 0x7FFFFFFF))
    return records


def nothing_kept(records, draw):
    for record in records:
        if draw.random() < 0.2:
            del record[3][draw.randrange(0, 70):]
    return records


def flags_at_will(records, draw):
    """SYN, FIN and RST where they do not belong."""
    for record in records:
        at, transport = transport_at(record[3])
        if transport == 6 and at + 14 <= len(record[3]) and draw.random() < 0.05:
            record[3][at + 13] = draw.randrange(256)
    return records


KINDS = {kind.__name__: kind for kind in (doubled, disordered, backwards, jumping, time_wraps, times_at_limits, sequence_wraps,
                                          lengths_at_limits, nothing_kept, flags_at_will)}


def main():
    if len(sys.argv) == 2 and sys.argv[1] == 'kinds':
        print('\n'.join(KINDS))
        return
    header, records = read_capture(sys.argv[2])
    write_capture(sys.argv[3], header, KINDS[sys.argv[1]](records, random.Random(1)))


if __name__ == '__main__':
    main()
