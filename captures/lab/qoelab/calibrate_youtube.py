# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the lab's YouTube-like player with real sessions of 2018, all seen with the same eye.

usage: python3 -m qoelab.calibrate_youtube REAL.pcap.zst ... -- LAB.pcap.zst ...
Beside each capture lie its labels per second (NAME.labels.csv, or NAME.seconds.csv of the lab). The first half minute is left
out: chunks grow there."""
import collections
import csv
import os
import statistics
import sys

from qoelab import objects, pcap

_GROWN_AFTER_S, _CHUNK_MIN, _MAIN_FLOW_BYTES = 30, 20000, 1e6
_AUDIO = (430e3, 620e3)
_HEIGHTS, _AT_ONE_HEIGHT = (144, 240, 360, 480, 720), .85
_REQUEST_MIN = {pcap.TCP: 90, pcap.UDP: 200}


def _chunks(path):
    """Chunks of the flows that carry the film."""
    found = objects.of_capture(path, _REQUEST_MIN)
    volume = collections.Counter()
    for o in found:
        volume[o.flow] += o.body_bytes
    return [o for o in found if volume[o.flow] > _MAIN_FLOW_BYTES and o.body_bytes > _CHUNK_MIN and o.start_s > _GROWN_AFTER_S]


def _quartiles(values, unit=1.0):
    if len(values) < 4:
        return '-'
    return ' / '.join(f'{q / unit:.2f}' for q in statistics.quantiles(values, n=4))


def _height(path):
    """What was on screen nearly all the time; None if it changed."""
    stem = path.split('.pcap')[0]
    with open(f'{stem}.seconds.csv' if os.path.exists(f'{stem}.seconds.csv') else f'{stem}.labels.csv', newline='') as file:
        shown = collections.Counter(int(row['resolution']) for row in csv.DictReader(file))
    height, seconds = shown.most_common(1)[0]
    return height if seconds >= _AT_ONE_HEIGHT * shown.total() else None


def _is_audio(o):
    return _AUDIO[0] < o.body_bytes < _AUDIO[1]


def _by_height(paths, sessions):
    """Audio's share of the chunks and the sizes of the others, in sessions of one height: a cap on video makes more chunks of it."""
    chunks = collections.defaultdict(list)
    for path, found in zip(paths, sessions):
        chunks[_height(path)] += found
    table = {}
    for height in _HEIGHTS:
        audio = [o for o in chunks[height] if _is_audio(o)]
        table[f'at {height}p: chunks, share of audio'] = f'{len(chunks[height])}, {len(audio) / max(1, len(chunks[height])):.2f}'
        table[f'at {height}p: other chunks, MB: quartiles'] = _quartiles([o.body_bytes for o in chunks[height] if not _is_audio(o)], 1e6)
    return table


def figures(paths):
    """name -> text over all sessions of a side."""
    all_chunks = list(map(_chunks, paths))
    sessions = [c for c in all_chunks if len(c) > 3]
    chunks = [o for c in sessions for o in c]
    sizes = [o.body_bytes for o in chunks]
    large = [s for s in sizes if s > _AUDIO[1]]
    gaps = [b.start_s - a.start_s for c in sessions for a, b in zip(c, c[1:])]
    audio = [o.body_bytes for o in chunks if _is_audio(o)]
    return {'sessions, chunks': f'{len(sessions)}, {len(chunks)}',
            'QUIC, share of chunks': f'{sum(o.flow[0] == pcap.UDP for o in chunks) / max(1, len(chunks)):.2f}',
            'chunk size, MB: quartiles': _quartiles(sizes, 1e6),
            'largest chunk but 1 %, MB': f'{sorted(sizes)[int(.99 * len(sizes))] / 1e6:.2f}' if sizes else '-',
            'chunks of 0.43-0.62 MB (audio), share': f'{len(audio) / max(1, len(sizes)):.2f}',
            'those, MB: quartiles': _quartiles(audio, 1e6),
            'larger ones, MB: quartiles': _quartiles(large, 1e6),
            **_by_height(paths, all_chunks),
            'from chunk to chunk, s: quartiles': _quartiles(gaps),
            'request, bytes: quartiles': _quartiles([o.request_bytes for o in chunks])}


def table(real, lab):
    columns = [figures(real), figures(lab)]
    rows = [['figure', 'YouTube 2018', 'lab'], ['---'] * 3] + [[name, *(c[name] for c in columns)] for name in columns[0]]
    return ''.join('| ' + ' | '.join(row) + ' |\n' for row in rows)


if __name__ == '__main__':
    split = sys.argv.index('--')
    sys.stdout.write(table(sys.argv[1:split], sys.argv[split + 1:]))
