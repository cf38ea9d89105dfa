# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the objects (request and response) in a capture without the player's help: the same eye for a real service and for the
lab. Exact for HTTP/1.1; where a connection mixes responses, what lies between two requests counts as one object."""
import collections
from typing import NamedTuple

from qoelab import pcap

REQUEST_MIN = {pcap.TCP: 450, pcap.UDP: 200}    # above are requests, below hellos, acknowledgements and control frames
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


def of_capture(path, request_min=None):
    """All objects in the order of their requests, times since the first packet."""
    packets, least = list(pcap.packets(path)), request_min or REQUEST_MIN
    first, client, under_way, found = packets[0].time_s, client_of(packets), {}, []
    for p in packets:
        time_s, up = p.time_s - first, p.src == client
        flow = (p.proto, p.dst, p.sport) if up else (p.proto, p.src, p.dport)
        if up and p.payload_len >= least[p.proto]:
            found.append(under_way.pop(flow, None))
            under_way[flow] = Object(time_s, time_s, p.payload_len, 0, flow)
        elif not up and p.payload_len and flow in under_way:
            o = under_way.pop(flow)
            if o.body_bytes and time_s - o.end_s > _OVER_AFTER_S:
                found.append(o)
            else:
                under_way[flow] = o._replace(end_s=time_s, body_bytes=o.body_bytes + p.payload_len)
    found += under_way.values()
    return sorted(o for o in found if o and o.body_bytes >= _OBJECT_MIN)
