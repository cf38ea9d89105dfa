# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulates sessions: the profiles of the lab, the files of the lab.

usage: sh sim/run.sh --sessions N --out DIR   (an unfinished run is continued)"""
import argparse
import concurrent.futures
import json
import os
import random
import time

from qoelab import dataset, harvest, labels, profiles, segments, split, summary, titles, world
from sim.clock import Clock
from sim.link import Link
from sim.player import KINDS
from sim.transport import Network
from sim.wire import Capture

# Packed sizes of what the page loads before it plays.
_PAGE_BYTES = {'dash': 276900, 'shaka': 319500, 'hls': 227700, 'vhs': 240000, 'nflike': 6000, 'ytlike': 6000}
_MANIFEST_BYTES = 9000
_BROWSER_STARTS_S = (.4, 1.2)


def _open_page(profile, net, dice, then):
    """Page and player from their own host, the manifest from the media host, then the player starts."""
    def page(_=None):
        net.get('www.video.test', 640, _PAGE_BYTES[profile['play']['player']], manifest)

    def manifest(_):
        net.get(profile['video_host'], 500, _MANIFEST_BYTES, lambda _: net.clock.after(dice.uniform(.03, .2), then))
    net.clock.at(0, lambda: net.get('www.video.test', 700, 1200, page))


def play(profile, title):
    """(player after the session, capture)"""
    dice = random.Random(f'sim {profile["seed"]} {profile["number"]}')
    clock, capture = Clock(), Capture()
    net = Network(profile, clock, Link(profile['link'], dice), capture, dice, world.address)
    player = KINDS[profile['play']['player']](profile, title, net, dice)
    clock.at(dice.uniform(*_BROWSER_STARTS_S), _open_page, profile, net, dice, player.start)
    for action in profile['actions']:
        if action['do'] == 'seek':
            clock.at(action['at_s'], player.seek, action['to_s'])
        else:
            clock.at(action['at_s'], player.pause, action['do'] == 'pause')
    clock.run(profile['duration_s'])
    return player, capture


def _shift(player, first_s):
    """Times since the first packet, as in the lab."""
    def since(value):
        return round(value - first_s, 4) if value not in ('', None) else ''
    for row in player.rows:
        row.update({name: since(row[name]) for name in ('t_request', 't_first_byte', 't_end')})
    player.samples = [s._replace(time_s=s.time_s - first_s) for s in player.samples]


def simulate(cache, out, seed, number, duration_s, only):
    """Makes the files of one session and returns its line of the manifest."""
    profile = profiles.draw(cache, seed, number, duration_s, only)
    profile['link']['cross'] = None     # not simulated
    name = f'sim_{number:05d}'
    player, capture = play(profile, titles.ensure(cache, profile['title_number']))
    packets = capture.finish(profile['duration_s'])
    _shift(player, capture.packets[0][0])
    rows = labels.windows(player.samples, player.rows, packets, profile['duration_s'])
    line = harvest.manifest_line(name, profile, rows)
    if not line['valid_windows']:
        return dict(line, fault='never played')
    segments.write(f'{out}/{name}.segments.csv', player.rows)
    labels.write(f'{out}/{name}.labels.csv', labels.WINDOW_COLUMNS, rows)
    labels.write(f'{out}/{name}.seconds.csv', labels.SECOND_COLUMNS, labels.seconds(player.samples, player.rows, packets[-1][0]))
    capture.write(f'{out}/{name}.pcap.zst')
    return dict(line, fault=None)


def _options():
    parser = argparse.ArgumentParser(prog='sim/run.sh', description='Simulates labelled sessions.')
    parser.add_argument('--sessions', type=int, required=True, metavar='N')
    parser.add_argument('--out', required=True, metavar='DIR')
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--seed', type=int, default=1001, help='must differ from the lab\'s, else the sessions are its twins')
    parser.add_argument('--duration', type=int, help='seconds of each session (120 to 300)')
    parser.add_argument('--only', type=json.loads, default={}, metavar='JSON', help='parts of the profile to fix')
    parser.add_argument('--split', action='store_true')
    parser.add_argument('--cache', required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def run(options):
    played = {s['session'] for table in ('sessions', 'thrown') for s in dataset.read(f'{options.out}/{table}.csv')}
    numbers = [n for n in range(1, options.sessions + 1) if f'sim_{n:05d}' not in played]
    seconds = 0
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        lines = [pool.submit(simulate, options.cache, options.out, options.seed, n, options.duration, options.only) for n in numbers]
        for done in concurrent.futures.as_completed(lines):
            line = done.result()
            seconds += line['duration_s']
            table, columns = ('thrown', dataset.THROWN_COLUMNS) if line['fault'] else ('sessions', dataset.SESSION_COLUMNS)
            dataset.append(f'{options.out}/{table}.csv', columns, line)
    for table in ('sessions', 'thrown'):
        dataset.sort(f'{options.out}/{table}.csv')
    return seconds


def main():
    options = _options()
    os.makedirs(options.out, exist_ok=True)
    start = time.monotonic()
    seconds = run(options)
    dataset.write_titles(options.out)
    if options.split:
        split.write(options.out)
    took = time.monotonic() - start
    with open(f'{options.out}/summary.txt', 'w') as file:
        file.write(summary.text(options.out))
    print(summary.text(options.out) + f'{seconds} s simulated in {took:.0f} s by {options.jobs} processes: '
          f'{seconds / max(took, 1e-9) / options.jobs:.0f} times real time each')


if __name__ == '__main__':
    main()
