# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a capture small: the first packets of each flow stay whole (handshakes), later ones keep their headers. What carries
no information but packs badly (IP identification, checksums) is blanked.

usage: python3 -m qoelab.slim IN.pcap OUT.pcap.zst"""
import collections
import struct
import sys

from qoelab import pcap

WHOLE_PACKETS = 14
_DNS = 53


def _headers_len(frame, proto, at):
    return at + ((frame[at + 12] >> 4) * 4 if proto == pcap.TCP else 8)


def blank(frame, proto, at):
    """The same frame without IP identification and checksums."""
    frame = bytearray(frame)
    if frame[12:14] == b'\x08\x00':
        frame[18:20] = frame[24:26] = b'\0\0'
    checksum = at + (16 if proto == pcap.TCP else 6)
    frame[checksum:checksum + 2] = b'\0\0'
    return bytes(frame)


def slim_records(data):
    """Yields (time_s, wire_len, shortened frame)."""
    seen = collections.Counter()
    for time_s, wire_len, frame in pcap.records(data):
        header = pcap.ip_header(frame)
        if header is None or header[0] not in (pcap.TCP, pcap.UDP):
            yield time_s, wire_len, frame
            continue
        proto, src, dst, at, _ = header
        sport, dport = struct.unpack_from('>HH', frame, at)
        flow = (proto, *sorted(((src, sport), (dst, dport))))
        seen[flow] += 1
        if seen[flow] > WHOLE_PACKETS and _DNS not in (sport, dport):
            frame = frame[:_headers_len(frame, proto, at)]
        yield time_s, wire_len, blank(frame, proto, at)


def slim(source, target):
    """Writes the slim capture, packed."""
    pcap.write_packed(target, 65535, slim_records(pcap.read_bytes(source)))


if __name__ == '__main__':
    slim(sys.argv[1], sys.argv[2])
