# SPDX-License-Identifier: GPL-2.0-or-later
"""Sums up data sets in plain text.  usage: python3 -m qoelab.summary OUT ..."""
import collections
import os
import statistics
import sys

from qoelab import dataset


def _per_class(sessions):
    windows = collections.Counter()
    for session in sessions:
        for pair in session['windows_per_resolution'].split():
            height, count = pair.split(':')
            windows[int(height)] += int(count)
    return windows


def _spread(sessions, column):
    """median (worst) of a column"""
    values = [float(s[column]) for s in sessions if s.get(column)]
    return f'{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})' if values else 'none'


def _counted(rows, column):
    return ', '.join(f'{name} {count}' for name, count in sorted(collections.Counter(r[column] for r in rows).items()))


def _megabytes(outs):
    sizes = [entry.stat().st_size for out in outs for entry in os.scandir(out) if entry.name.endswith('.pcap.zst')]
    return sum(sizes) / max(1, len(sizes)) / 1e6


def lines(outs):
    """Yields (name, value) for the table."""
    kept, thrown = ([row for out in outs for row in dataset.read(f'{out}/{name}.csv')] for name in ('sessions', 'thrown'))
    yield 'sessions kept', len(kept)
    yield 'sessions thrown away', f'{len(thrown)}' + (f' ({_counted(thrown, "fault")})' if thrown else '')
    if not kept:
        return
    for column in ('player', 'http', 'tls', 'ip', 'ladder', 'link', 'cross'):
        yield f'sessions per {column}', _counted([s for s in kept if s.get(column)], column)
    yield 'titles', len({s['title'] for s in kept})
    yield 'seconds', sum(int(s['duration_s']) for s in kept)
    windows = _per_class(kept)
    yield 'valid windows', sum(windows.values())
    yield 'windows per resolution', ', '.join(f'{h}p {n}' for h, n in sorted(windows.items()))
    yield 'sessions with stalls', sum(int(s['stalled_windows']) > 0 for s in kept)
    yield 'bytes on the wire / player\'s, median (range)', _spread(kept, 'bytes_ratio')
    plain = [s for s in kept if s.get('aborted_share') and float(s['aborted_share']) == 0]
    yield f'the same without aborted requests, {len(plain)} sessions', _spread(plain, 'bytes_ratio')
    yield 'clock, packet to player, median of sessions in ms', _spread(kept, 'clock_median_ms')
    yield 'clock, 95th percentile in ms', _spread(kept, 'clock_p95_ms')
    changes = sum(int(s.get('screen_changes') or 0) for s in kept)
    yield 'changes on screen explained by segments', f'{sum(int(s.get("screen_explained") or 0) for s in kept)} of {changes}'
    yield 'link emulator late, mean in ms', _spread(kept, 'link_late_mean_ms')
    yield 'frames over 5 ms late, share', _spread(kept, 'link_late_share')
    yield 'page timer late, 99th percentile in ms', _spread(kept, 'page_late_p99_ms')
    yield 'capture, MB each', f'{_megabytes(outs):.2f}'


def text(*outs):
    return ''.join(f'{name:52} {value}\n' for name, value in lines(outs))


if __name__ == '__main__':
    sys.stdout.write(text(*sys.argv[1:]))
