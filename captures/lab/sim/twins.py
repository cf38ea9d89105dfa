# SPDX-License-Identifier: GPL-2.0-or-later
"""Do simulated players fetch what real ones fetch? Simulates sessions of a lab's data set again, each with its own profile, and
compares the twins' requests for video, by player.

usage: python3 -m sim.twins CACHE LAB_DIR SEED [SESSIONS_PER_PLAYER]"""
import collections
import statistics
import sys

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


def twin(cache, seed, session):
    """The rows of a session's twin."""
    number, title_number = int(session['session'].split('_')[1]), int(session['title'][1:])
    profile = profiles.draw(cache, seed, number, wanted={'title_number': title_number, 'duration_s': int(session['duration_s'])})
    return simulate.play(profile, titles.ensure(cache, title_number))[0].rows


def compare(cache, folder, seed, most):
    """player -> list of (figures of the lab's session, figures of its twin)"""
    found = collections.defaultdict(list)
    for session in dataset.read(f'{folder}/sessions.csv'):
        if len(found[session['player']]) < most:
            pair = figures(dataset.read(f'{folder}/{session["session"]}.segments.csv')), figures(twin(cache, seed, session))
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


def main():
    cache, folder, seed, *most = sys.argv[1:]
    print('| player, sessions | kbit/s, twin / real: median | classes apart: mean, absolute | seconds of film | requests at a time | given up |')
    print('|' + ' --- |' * 6)
    for player, pairs in sorted(compare(cache, folder, seed, int(most[0]) if most else _PER_PLAYER).items()):
        print(line(player, pairs))


if __name__ == '__main__':
    main()
