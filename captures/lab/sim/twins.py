# SPDX-License-Identifier: GPL-2.0-or-later
"""Do simulated players fetch what real ones fetch? Simulates sessions of a lab's data set again, each with its own profile, and
compares the twins' requests for video, by player.

usage: python3 -m sim.twins CACHE LAB_DIR SEED [--duration S] [--only JSON]     (those as the lab's run had them)"""
import argparse
import collections
import json
import statistics

from qoelab import dataset, profiles, titles
from sim import simulate

_CLASSES = (144, 240, 360, 480, 720, 1080)
_PER_PLAYER = 12


def _under_way(rows):
    """Requests at a time, while there is any."""
    changes = sorted([(float(r['t_request']), 1) for r in rows] + [(float(r['t_end']), -1) for r in rows])
    busy = area = count = 0
    for (start, change), (end, _) in zip(changes, changes[1:]):
        count += change
        busy += (end - start) * (count > 0)
        area += (end - start) * count
    return area / max(busy, 1e-9)


def figures(rows):
    """What a session fetched: mean kbit/s, mean class, seconds of film, requests at a time, share that was given up."""
    asked = [r for r in rows if r['kind'] == 'video' and int(r['index']) >= 0 and r['t_end'] != '']
    whole = [r for r in asked if int(r['complete'])]
    if not whole:
        return None
    film_s = sum(float(r['media_dur']) for r in whole)
    return (sum(float(r['bitrate_kbps']) * float(r['media_dur']) for r in whole) / film_s,
            sum(_CLASSES.index(int(r['height'])) * float(r['media_dur']) for r in whole) / film_s,
            film_s, _under_way(asked), 1 - len(whole) / len(asked))


def twin(options, session):
    """The rows of a session's twin."""
    number, title_number = int(session['session'].split('_')[1]), int(session['title'][1:])
    profile = profiles.draw(options.cache, options.seed, number, options.duration, {**options.only, 'title_number': title_number})
    return simulate.play(profile, titles.ensure(options.cache, title_number))[0].rows


def compare(options):
    """player -> list of (figures of the lab's session, figures of its twin)"""
    found = collections.defaultdict(list)
    for session in dataset.read(f'{options.lab}/sessions.csv'):
        if len(found[session['player']]) < _PER_PLAYER:
            pair = figures(dataset.read(f'{options.lab}/{session["session"]}.segments.csv')), figures(twin(options, session))
            if all(pair):
                found[session['player']].append(pair)
    return found


def line(player, pairs):
    real, simulated = zip(*pairs)
    ratio = statistics.median(s[0] / r[0] for r, s in pairs)
    off = statistics.mean(s[1] - r[1] for r, s in pairs), statistics.mean(abs(s[1] - r[1]) for r, s in pairs)
    means = [f'{statistics.mean(r[i] for r in real):.{places}f} / {statistics.mean(s[i] for s in simulated):.{places}f}'
             for i, places in ((2, 0), (3, 2), (4, 2))]
    return f'| {player}, {len(pairs)} | {ratio:.2f} | {off[0]:+.2f}, {off[1]:.2f} | ' + ' | '.join(means) + ' |'


def _options():
    parser = argparse.ArgumentParser(prog='sim.twins', description='Holds simulated twins against the sessions of a lab\'s data set.')
    parser.add_argument('cache')
    parser.add_argument('lab')
    parser.add_argument('seed')
    parser.add_argument('--duration', type=int)
    parser.add_argument('--only', type=json.loads, default={})
    return parser.parse_args()


def main():
    print('| player, sessions | kbit/s, twin / real: median | classes apart: mean, absolute | seconds of film | requests at a time | given up |')
    print('|' + ' --- |' * 6)
    for player, pairs in sorted(compare(_options()).items()):
        print(line(player, pairs))


if __name__ == '__main__':
    main()
