# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and writes classic pcap files of Ethernet frames: the IPv4 and IPv6 packets in them that carry TCP or UDP."""
import gzip
import struct
import subprocess
from typing import NamedTuple

TCP, UDP = 6, 17
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
_MAGIC = {b'\xd4\xc3\xb2\xa1': ('<', 1e-6), b'\x4d\x3c\xb2\xa1': ('<', 1e-9),
          b'\xa1\xb2\xc3\xd4': ('>', 1e-6), b'\xa1\xb2\x3c\x4d': ('>', 1e-9)}


class Packet(NamedTuple):
    time_s: float
    proto: int
    src: bytes
    sport: int
    dst: bytes
    dport: int
    seq: int            # of TCP; 0 for UDP
    flags: int          # of TCP; 0 for UDP
    payload_len: int    # on the wire, whatever the snap length
    ip_len: int


def read_bytes(path):
    """The whole file, unpacked if its name ends in .gz or .zst."""
    if path.endswith('.zst'):
        return subprocess.run(['zstd', '-dcq', path], check=True, capture_output=True).stdout
    with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as file:
        return file.read()


def records(data):
    """Yields (time_s, wire_len, frame) for every record; stops at a record cut short by a killed capture."""
    if data[:4] not in _MAGIC:
        raise ValueError('not a classic pcap file')
    order, unit = _MAGIC[data[:4]]
    head = struct.Struct(order + 'IIII')
    offset = 24
    while offset + 16 <= len(data):
        seconds, fraction, kept, wire_len = head.unpack_from(data, offset)
        frame = data[offset + 16:offset + 16 + kept]
        if len(frame) < kept:
            return
        yield seconds + fraction * unit, wire_len, frame
        offset += 16 + kept


def ip_header(frame):
    """(protocol, source, destination, offset of the transport header, IP length) or None if it is not IP."""
    kind = frame[12:14]
    if kind == b'\x08\x00' and len(frame) >= 34:
        return (frame[23], frame[26:30], frame[30:34], 14 + (frame[14] & 15) * 4,
                int.from_bytes(frame[16:18], 'big'))
    if kind == b'\x86\xdd' and len(frame) >= 54:
        return frame[20], frame[22:38], frame[38:54], 54, 40 + int.from_bytes(frame[18:20], 'big')
    return None


def packet(time_s, frame):
    """One TCP or UDP packet, or None for anything else."""
    header = ip_header(frame)
    if header is None or header[0] not in (TCP, UDP):
        return None
    proto, src, dst, at, ip_len = header
    if len(frame) < at + (14 if proto == TCP else 8):
        return None
    sport, dport, seq = struct.unpack_from('>HHI', frame, at)
    if proto == UDP:
        return Packet(time_s, proto, src, sport, dst, dport, 0, 0, ip_len - (at - 14) - 8, ip_len)
    head_len = (frame[at + 12] >> 4) * 4
    return Packet(time_s, proto, src, sport, dst, dport, seq, frame[at + 13], ip_len - (at - 14) - head_len, ip_len)


def packets_of(data):
    """All TCP and UDP packets of a file's bytes."""
    for time_s, _, frame in records(data):
        found = packet(time_s, frame)
        if found:
            yield found


def packets(path):
    """All TCP and UDP packets of a capture."""
    return packets_of(read_bytes(path))


def file_header(snap_len):
    return struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, snap_len, 1)


def record(time_s, wire_len, frame):
    """One record, ready to be written."""
    microseconds = round(time_s * 1e6)
    return struct.pack('<IIII', microseconds // 1000000, microseconds % 1000000, len(frame), wire_len) + frame


def write_packed(target, snap_len, written):
    """Writes (time_s, wire_len, frame) as a file that zstd packs."""
    with subprocess.Popen(['zstd', '-q', '-19', '-f', '-o', target], stdin=subprocess.PIPE) as packer:
        packer.stdin.write(file_header(snap_len))
        for time_s, wire_len, frame in written:
            packer.stdin.write(record(time_s, wire_len, frame))
        packer.stdin.close()
    if packer.returncode:
        raise RuntimeError(f'zstd failed on {target}')
