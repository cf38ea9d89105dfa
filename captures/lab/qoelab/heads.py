# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture of whole packets small: of what TLS encrypts only the heads of records stay (RFC 8446 5.1), all other bytes
are set to zero. Lengths stay, the first packets of each flow stay whole, and what slim.py blanks is blanked.

usage: python3 -m qoelab.heads IN.pcap OUT.pcap.zst"""
import collections
import struct
import sys

from qoelab import pcap, slim

_HEAD = 5


def _payload(frame):
    """(direction, sequence number, offset and end of the payload) of a TCP packet, else None."""
    header = pcap.ip_header(frame)
    if header is None or header[0] != pcap.TCP:
        return None
    _, src, dst, at, ip_len = header
    sport, dport, seq = struct.unpack_from('>HHI', frame, at)
    return (src, sport, dst, dport), seq, at + (frame[at + 12] >> 4) * 4, 14 + ip_len


def _streams(data):
    """Direction -> (first sequence number, bytes), holes as zeros."""
    pieces, first = collections.defaultdict(list), {}
    for _, _, frame in pcap.records(data):
        found = _payload(frame)
        if not found:
            continue
        way, seq, begin, end = found
        if end > begin:
            first.setdefault(way, seq)
            pieces[way].append(((seq - first[way] + 2 ** 31) % 2 ** 32 - 2 ** 31, frame[begin:end]))
    for way, found in pieces.items():
        stream = bytearray(max(at + len(piece) for at, piece in found))
        for at, piece in found:
            if at >= 0:
                stream[at:at + len(piece)] = piece
        yield way, first[way], stream


def _keep_heads(stream):
    """The stream with zeros but for the heads of its records."""
    kept, at = bytearray(len(stream)), 0
    while at + _HEAD <= len(stream) and 20 <= stream[at] <= 24 and stream[at + 1] == 3:
        kept[at:at + _HEAD] = stream[at:at + _HEAD]
        at += _HEAD + int.from_bytes(stream[at + 3:at + 5], 'big')
    return kept


def heads_records(data):
    """Yields (time_s, wire_len, frame with its payload blanked)."""
    kept = {way: (first, _keep_heads(stream)) for way, first, stream in _streams(data)}
    seen = collections.Counter()
    for time_s, wire_len, frame in pcap.records(data):
        found = _payload(frame)
        if found:
            way, seq, begin, end = found
            flow = tuple(sorted((way[:2], way[2:])))
            seen[flow] += 1
            if seen[flow] > slim.WHOLE_PACKETS and end > begin:
                first, stream = kept[way]
                at = (seq - first) % 2 ** 32
                frame = frame[:begin] + bytes(stream[at:at + end - begin]) + frame[end:]
        header = pcap.ip_header(frame)
        if header and header[0] in (pcap.TCP, pcap.UDP):
            frame = slim.blank(frame, header[0], header[3])
        yield time_s, wire_len, frame


def main(source, target):
    pcap.write_packed(target, 262144, heads_records(pcap.read_bytes(source)))


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2])
