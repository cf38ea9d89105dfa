# SPDX-License-Identifier: GPL-2.0-or-later
"""The player's requests for media, each with its times, bytes and the part of the title that it asked for."""
import bisect
import collections
import csv
from typing import NamedTuple

COLUMNS = ('t_request,t_first_byte,t_end,kind,rep,height,bitrate_kbps,index,media_start,media_dur,bytes_expected,'
           'bytes_got,proto,complete,host,range').split(',')
_PAIR_WITHIN_MS = 80        # between the hook that saw a request and the browser's own entry for it


class Part(NamedTuple):
    """What a request covers: index of the first segment (-1: header or index), media time, bytes."""
    index: int
    start_s: object
    length_s: object
    bytes: object


NOTHING = Part(-1, '', '', '')


class Title:
    """Looks up what a URL and a range of bytes mean in a title."""

    def __init__(self, title):
        self.reps = {rep['id']: rep for rep in title['video'] + [title['audio']]}

    def rep_of(self, url):
        """t000/v3.mp4 or t000/v3/7.m4s -> v3"""
        tail = url.split('/titles/')[1].split('/')[1]
        return self.reps[tail.removesuffix('.mp4')]

    def part(self, url, byte_range):
        rep, name = self.rep_of(url), url.rsplit('/', 1)[1]
        if name.endswith('.m4s'):
            number = int(name.removesuffix('.m4s')) - 1
            segment = rep['segments'][number]
            return Part(number, segment['t'], segment['d'], segment['size'])
        if name == 'init.mp4' or not byte_range:
            return NOTHING
        first, last = byte_range.removeprefix('bytes=').split('-')
        return self._range(rep['segments'], int(first), int(last) + 1)

    @staticmethod
    def _range(segments, first, stop):
        """A range may cover several segments, or end within one."""
        if first < segments[0]['off']:
            return NOTHING
        at = bisect.bisect_right([s['off'] for s in segments], first) - 1
        def media_time(offset):
            s = segments[max(0, bisect.bisect_left([s['off'] for s in segments], offset) - 1)]
            return s['t'] + s['d'] * (offset - s['off']) / s['size']
        begin = segments[at]['t'] if first == segments[at]['off'] else media_time(first)
        return Part(at, round(begin, 3), round(media_time(stop) - begin, 3), stop - first)


def _pair(requests, resources):
    """Yields (request, the browser's entry for it or None); each entry is used once."""
    by_url = collections.defaultdict(list)
    for resource in resources:
        by_url[resource['url']].append(resource)
    for request in requests:
        near = [r for r in by_url[request['url']] if abs(r['start'] - request['t']) < _PAIR_WITHIN_MS]
        best = min(near, key=lambda r: abs(r['start'] - request['t']), default=None)
        if best:
            by_url[request['url']].remove(best)
        yield request, best


def _sent(pairs):
    """Leaves out requests that the browser has no entry for and that the player then made again: they were cancelled before
    anything was sent (hls.js does so ten times a second when the rate collapses). One without an entry may be the session's last."""
    asked_again = set()
    for request, resource in reversed(pairs):
        what = request['url'], request['range']
        if resource or what not in asked_again:
            yield request, resource
        asked_again.add(what)


def _row(title, request, resource, first_s):
    rep, part = title.rep_of(request['url']), title.part(request['url'], request['range'])
    resource = resource or {}
    def since(ms):
        return round(ms / 1000 - first_s, 4) if ms else ''
    got = resource.get('bytes', '')
    return dict(t_request=since(request['t']), t_first_byte=since(resource.get('first')), t_end=since(resource.get('end')),
                kind='video' if 'height' in rep else 'audio', rep=rep['id'], height=rep.get('height', ''),
                bitrate_kbps=rep['bandwidth'] // 1000, index=part.index, media_start=part.start_s, media_dur=part.length_s,
                bytes_expected=part.bytes, bytes_got=got, proto=resource.get('protocol', ''),
                complete=int(got != '' and got == part.bytes), host=request['url'].split('/')[2], range=request['range'] or '',
                sent=since(resource.get('sent')))


def rows(title, log, first_s):
    """One row per request in the order of time; 'sent' is not for the file but for the checker."""
    lookup = Title(title)
    return sorted((_row(lookup, request, resource, first_s) for request, resource in _sent(list(_pair(log['requests'], log['resources'])))),
                  key=lambda row: row['t_request'])


def write(path, table):
    with open(path, 'w', newline='') as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction='ignore', lineterminator='\n')
        writer.writeheader()
        writer.writerows(table)
