# SPDX-License-Identifier: GPL-2.0-or-later
"""A video course's way with Scapy, to compare with: reads a capture packet by packet, learns from DNS answers which
addresses are a service's, and counts what each of them sent and received. (No segments, no windows, no model.)

usage: course.py CAPTURE SUFFIX...    e.g. course.py film.pcap nflxvideo.net
Prints "ADDRESS PACKETS BYTES" for each server, by address; bytes as the IP header has them.
"""
import sys
from collections import defaultdict

from scapy.all import DNS, DNSRR, IP, IPv6, PcapReader


def answers(message):
    """Name and data of each address or alias that a DNS answer gives."""
    record = message.an
    while isinstance(record, DNSRR):
        if record.type in (1, 5, 28):
            data = record.rdata.decode() if isinstance(record.rdata, bytes) else record.rdata
            yield record.rrname.decode().rstrip('.').lower(), data.rstrip('.').lower()
        record = record.payload


def learn(message, suffixes, tagged):
    """Adds the addresses to which a name of the service leads, through its aliases, too."""
    ours = set()
    for name, data in answers(message):
        if name in ours or any(name == suffix or name.endswith('.' + suffix) for suffix in suffixes):
            ours.add(data)
    tagged |= ours


def count(capture, suffixes):
    tagged, packets, octets = set(), defaultdict(int), defaultdict(int)
    with PcapReader(capture) as source:
        for packet in source:
            if DNS in packet and packet[DNS].qr == 1:
                learn(packet[DNS], suffixes, tagged)
            ip = packet.getlayer(IP) or packet.getlayer(IPv6)
            if ip is None:
                continue
            for address in (ip.src, ip.dst):
                if address in tagged:
                    packets[address] += 1
                    octets[address] += ip.len if ip.version == 4 else ip.plen + 40
    return packets, octets


def main():
    packets, octets = count(sys.argv[1], sys.argv[2:])
    for address in sorted(packets):
        print(address, packets[address], octets[address])


if __name__ == '__main__':
    main()
