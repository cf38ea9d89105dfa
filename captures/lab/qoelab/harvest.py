# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns what a session left behind into its files of the data set: slim capture, labels, segments; or says why not.

usage: python3 -m qoelab.harvest CACHE FOLDER NAME OUT    (prints the session's line of the manifest as JSON)"""
import json
import sys

from qoelab import check, flows, labels, segments, slim, timeline, titles

_MEDIA_ALIVE_BYTES, _MEDIA_ALIVE_S = 10000, 5
_COMPLAINTS, _COMPLAINT_CHARACTERS = 3, 400


def _load(path):
    with open(path) as file:
        return json.load(file)


def last_media_s(seen):
    """The end of the last five seconds in which a media host sent more than keep-alives."""
    bins = {}
    for s in seen:
        if s.host and not s.up:
            bins[int(s.time_s // _MEDIA_ALIVE_S)] = bins.get(int(s.time_s // _MEDIA_ALIVE_S), 0) + s.packet.payload_len
    return max([(number + 1) * _MEDIA_ALIVE_S for number, size in bins.items() if size > _MEDIA_ALIVE_BYTES], default=0)


def complaints(player):
    """The last of what the player and its page complained of: where to begin when a session is thrown away."""
    log = player['log']
    events = [f'{name}: {detail}' for _, name, detail in log['events'] if name in ('fatal', 'error', 'player error')]
    return ' | '.join((player['printed'] + events)[-_COMPLAINTS:])[:_COMPLAINT_CHARACTERS]


def manifest_line(name, profile, rows):
    """A session's row of sessions.csv but for the checker's figures."""
    valid = [r for r in rows if r['valid']]
    heights = sorted({r['resolution'] for r in valid})
    return dict(session=name, player=profile['play']['player'], http=profile['http'], title=profile['title'], link=profile['link']['kind'],
                duration_s=profile['duration_s'], ladder=profile['ladder'], valid_windows=len(valid),
                windows_per_resolution=' '.join(f'{h}:{sum(r["resolution"] == h for r in valid)}' for h in heights),
                stalled_windows=sum(r['stalled_s'] + r['frozen_s'] >= 1 for r in valid), tls=profile['tls'], ip=profile['ip'],
                congestion=profile['congestion'], cross=profile['link']['cross'] or '')


def harvest(cache, folder, name, out):
    """(line of the manifest, fault or None). Files are written only for a session that is kept."""
    profile, player, link = _load(f'{folder}/profile.json'), _load(f'{folder}/player.json'), _load(f'{folder}/linkem.log')
    first_s, seen = flows.read(f'{folder}/capture.pcap')
    samples = timeline.samples(player['log'], first_s)
    table = segments.rows(titles.ensure(cache, profile['title_number']), player['log'], first_s)
    packets = [(s.time_s, s.up, s.packet.ip_len) for s in seen]
    rows = labels.windows(samples, table, packets, last_media_s(seen))
    found = check.figures(profile, player, link, table, first_s, seen)
    fault = check.fault(found, sum(r['valid'] for r in rows))
    if not fault:
        segments.write(f'{out}/{name}.segments.csv', table)
        labels.write(f'{out}/{name}.labels.csv', labels.WINDOW_COLUMNS, rows)
        labels.write(f'{out}/{name}.seconds.csv', labels.SECOND_COLUMNS, labels.seconds(samples, table, seen[-1].time_s))
        slim.slim(f'{folder}/capture.pcap', f'{out}/{name}.pcap.zst')
    return {**manifest_line(name, profile, rows), **found, 'said': complaints(player)}, fault


if __name__ == '__main__':
    line, reason = harvest(*sys.argv[1:5])
    print(json.dumps(dict(line, fault=reason)))
