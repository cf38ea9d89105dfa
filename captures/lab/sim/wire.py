# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the simulated packets as the client's interface would have captured them: whole names and hellos, else headers."""
import ipaddress
import struct
import subprocess

from qoelab import pcap, world

_CLIENT_MAC, _ROUTER_MAC = bytes.fromhex('02112233440a'), bytes.fromhex('02aabbccdd01')
_EPOCH_S = 1.7e9        # any moment will do
_TIMESTAMPS = b'\x01\x01\x08\x0a'
_SEGMENT_SIZE = b'\x02\x04\x05\xb4'


def _ip(address):
    return ipaddress.ip_address(address).packed


def _ethernet(up, ip):
    macs = _ROUTER_MAC + _CLIENT_MAC if up else _CLIENT_MAC + _ROUTER_MAC
    return macs + (b'\x08\x00' if ip == 4 else b'\x86\xdd')


class Flow:
    """A connection's addresses, ports and numbers. Frames are made in the order of time, so that each acknowledges what had come
    by then; the sender chooses the numbers of its data, since lost data keep theirs."""

    def __init__(self, ip, proto, port, peer, peer_port=443):
        self.ip, self.proto = ip, proto
        client = _ip(world.CLIENT4 if ip == 4 else world.CLIENT6)
        peer = _ip(peer)
        self._heads = {True: (_ethernet(True, ip), client + peer, struct.pack('>HH', port, peer_port)),
                       False: (_ethernet(False, ip), peer + client, struct.pack('>HH', peer_port, port))}
        self.up_next, self.down_next, self._early = 1000 * port, 0, {}

    def _network(self, up, length):
        """Ethernet and IP headers before `length` bytes of transport."""
        ethernet, addresses, _ = self._heads[up]
        if self.ip == 4:
            return ethernet + struct.pack('>BBHHHBBH', 0x45, 0, length + 20, 0, 0x4000, 64, self.proto, 0) + addresses
        return ethernet + struct.pack('>IHBB', 0x60000000, length, self.proto, 64) + addresses

    def _came(self, seq, length):
        """Moves on what the client acknowledges; data beyond a hole wait."""
        self._early[seq] = length
        while self.down_next in self._early:
            self.down_next += self._early.pop(self.down_next)

    def tcp(self, up, time_s, seq, ack, flags, payload_len, payload=b''):
        """(wire length, kept bytes): the payload is kept only where it is given."""
        stamp = int(time_s * 1000) & 0xffffffff
        options = (_SEGMENT_SIZE if flags & pcap.SYN else b'') + _TIMESTAMPS + struct.pack('>II', stamp, stamp)
        head = self._heads[up][2] + struct.pack('>IIBBHHH', seq & 0xffffffff, ack & 0xffffffff, (20 + len(options)) << 2, flags, 0xffff, 0, 0)
        frame = self._network(up, 20 + len(options) + payload_len) + head + options
        return len(frame) + payload_len, frame + payload

    def udp(self, up, payload_len, payload=b''):
        frame = self._network(up, 8 + payload_len) + self._heads[up][2] + struct.pack('>HH', 8 + payload_len, 0)
        return len(frame) + payload_len, frame + payload

    def frame(self, time_s, up, seq, flags, payload_len, payload):
        """The next packet of the flow in the order of time."""
        if self.proto == pcap.UDP:
            return self.udp(up, payload_len, payload)
        takes = payload_len + bool(flags & (pcap.SYN | pcap.FIN))
        if not up:
            if flags & pcap.SYN:
                self.down_next = seq
            self._came(seq, takes)
            return self.tcp(False, time_s, seq, self.up_next, flags, payload_len, payload)
        sent = self.tcp(True, time_s, self.up_next, self.down_next if flags & pcap.ACK else 0, flags, payload_len, payload)
        self.up_next += takes
        return sent


class Capture:
    """All packets of a session, in whatever order they are found out."""

    def __init__(self):
        self._found = []
        self.packets = []      # after finish(): (time_s, up, wire length, kept bytes)

    def add(self, time_s, up, flow, payload_len, seq=0, flags=pcap.ACK, payload=b''):
        """The number `seq` is only for data from the server."""
        self._found.append((time_s, up, flow, seq, flags, payload_len, payload))

    def finish(self, until_s):
        """Makes the frames. Returns (time since the first packet, up, IP length) in order: what labels count."""
        for time_s, up, flow, *rest in sorted(self._found, key=lambda p: p[0]):
            if time_s > until_s:
                break
            self.packets.append((time_s, up, *flow.frame(time_s, up, *rest)))
        first = self.packets[0][0]
        return [(t - first, up, length - 14) for t, up, length, _ in self.packets]

    def write(self, path):
        with subprocess.Popen(['zstd', '-q', '-6', '-f', '-o', path], stdin=subprocess.PIPE) as packer:
            data = b''.join(pcap.record(_EPOCH_S + t, length, kept) for t, _, length, kept in self.packets)
            packer.stdin.write(pcap.file_header(65535) + data)
            packer.stdin.close()
        if packer.returncode:
            raise RuntimeError(f'zstd failed on {path}')
