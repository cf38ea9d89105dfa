# SPDX-License-Identifier: GPL-2.0-or-later
"""The packets of a session as the client's interface saw them, and the bytes that came over each connection."""
import ipaddress
from typing import NamedTuple

from qoelab import pcap, world

_CLIENTS = {ipaddress.ip_address(a).packed for a in (world.CLIENT4, world.CLIENT6)}
_MEDIA = {ipaddress.ip_address(world.address(h, ip)).packed: h for h in world.MEDIA_HOSTS for ip in (4, 6)}
TCP_REQUEST_MIN, QUIC_REQUEST_MIN = 90, 200     # payloads above these are requests, below acknowledgements and control frames


class Seen(NamedTuple):
    time_s: float       # since the first packet of the capture
    up: bool
    host: str           # media host, '' for all others
    flow: tuple
    packet: pcap.Packet


def read(path):
    """(clock time of the capture's first packet, of whatever kind, list of Seen)."""
    data = pcap.read_bytes(path)
    first = next(pcap.records(data))[0]
    seen = []
    for packet in pcap.packets_of(data):
        up = packet.src in _CLIENTS
        peer, flow = (packet.dst, (packet.proto, packet.sport, packet.dst)) if up else (packet.src, (packet.proto, packet.dport, packet.src))
        seen.append(Seen(packet.time_s - first, up, _MEDIA.get(peer, '') if 443 in (packet.sport, packet.dport) else '', flow, packet))
    return first, seen


class HighestSequence:
    """Counts each TCP byte once, however often it was sent; numbers wrap at 32 bits."""

    def __init__(self):
        self.next = {}

    def new_bytes(self, flow, packet):
        if packet.proto == pcap.UDP:
            return packet.payload_len
        start = packet.seq + 1 if packet.flags & pcap.SYN else packet.seq
        end = start + packet.payload_len & 0xffffffff
        advance = end - self.next.setdefault(flow, start & 0xffffffff) & 0xffffffff
        if advance >= 1 << 31:
            return 0
        self.next[flow] = end
        return advance


def media_bytes_down(seen):
    """Payload bytes from the media hosts, without repetitions."""
    counter = HighestSequence()
    return sum(counter.new_bytes(s.flow, s.packet) for s in seen if s.host and not s.up)


def request_times(seen):
    """When each packet that looks like a request for media left."""
    counter = HighestSequence()
    times = []
    for s in seen:
        if not (s.host and s.up):
            continue
        least = TCP_REQUEST_MIN if s.packet.proto == pcap.TCP else QUIC_REQUEST_MIN
        if s.packet.payload_len > least and counter.new_bytes(s.flow, s.packet):
            times.append(s.time_s)
    return times
