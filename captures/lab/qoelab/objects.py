# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the objects (request and response) in a capture of HTTP/1.1 over TLS, without the player's help: the same eye for a
real service and for the lab."""
import collections
from typing import NamedTuple

from qoelab import pcap

_REQUEST_MIN = 450      # a ClientHello is shorter, the requests in question are not
_OBJECT_MIN = 10000
_OVER_AFTER_S = 8       # without a byte: what comes later belongs to a connection that was given up


class Object(NamedTuple):
    start_s: float
    end_s: float        # of the last payload
    request_bytes: int
    body_bytes: int
    flow: tuple


def client_of(packets):
    """The address that sends to port 443."""
    return collections.Counter(p.src for p in packets if p.dport == 443).most_common(1)[0][0]


def of_capture(path):
    """All objects in the order of their requests, times since the first packet."""
    packets = [p for p in pcap.packets(path) if p.proto == pcap.TCP]
    first, client, open_objects, found = packets[0].time_s, client_of(packets), {}, []
    for p in packets:
        time_s, up = p.time_s - first, p.src == client
        flow = (p.dst, p.sport) if up else (p.src, p.dport)
        if up and p.payload_len >= _REQUEST_MIN:
            found.append(open_objects.pop(flow, None))
            open_objects[flow] = Object(time_s, time_s, p.payload_len, 0, flow)
        elif not up and p.payload_len and flow in open_objects:
            o = open_objects[flow]
            if o.body_bytes and time_s - o.end_s > _OVER_AFTER_S:
                found.append(open_objects.pop(flow))
                continue
            open_objects[flow] = o._replace(end_s=time_s, body_bytes=o.body_bytes + p.payload_len)
    found += open_objects.values()
    return sorted(o for o in found if o and o.body_bytes >= _OBJECT_MIN)
