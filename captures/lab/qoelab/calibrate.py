# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares a session of the lab's Netflix-like player with a real one, figure by figure, both seen with the same eye.

usage: python3 -m qoelab.calibrate REAL.pcap[.gz] LAB.pcap[.zst] ...
The filling phase is the longest run of 5-s slots in which the link was busy nearly all the time at a good rate, the steady
one of 20-s slots in which video came but the link was idle for a good part."""
import statistics
import sys

from qoelab import objects

_FILL_SLOT_S, _STEADY_SLOT_S = 5, 20
_VIDEO_MIN, _AUDIO = 300000, (150000, 260000)
_GOOD_RATE_BPS = 4e6
_SEGMENT_S = 4


def _overlap(o, start, stop):
    return max(0, min(o.end_s, stop) - max(o.start_s, start))


def _busy_s(found, start, stop):
    """How long at least one object was under way."""
    busy, until = 0.0, start
    for o in found:
        begin, end = max(o.start_s, until), min(o.end_s, stop)
        if end > begin:
            busy, until = busy + end - begin, end
    return busy


def _rate_bps(found, start, stop):
    return sum(o.body_bytes * 8 * _overlap(o, start, stop) / max(o.end_s - o.start_s, 1e-3) for o in found) / (stop - start)


def _slots(found, length_s):
    last = max(o.end_s for o in found)
    return [(s, s + length_s) for s in range(0, int(last) - length_s, length_s)]


def _longest_run(slots):
    runs = [[]]
    for slot in slots:
        if runs[-1] and slot[0] > runs[-1][-1][1]:
            runs.append([])
        runs[-1].append(slot)
    best = max(runs, key=len)
    return (best[0][0], best[-1][1]) if best else (0, 0)


def filling(found):
    return _longest_run([s for s in _slots(found, _FILL_SLOT_S)
                         if _busy_s(found, *s) > .95 * _FILL_SLOT_S and _rate_bps(found, *s) > _GOOD_RATE_BPS])


def steady(found):
    """The longest stretch in which video came, but the link was idle for a good part."""
    return _longest_run([s for s in _slots(found, _STEADY_SLOT_S)
                         if _busy_s(found, *s) < .5 * _STEADY_SLOT_S and len(_video(_within(found, s))) > 2])


def _within(found, phase):
    return [o for o in found if phase[0] <= o.start_s < phase[1]]


def _video(found):
    return [o for o in found if o.body_bytes > _VIDEO_MIN]


def _audio(found):
    return [o for o in found if _AUDIO[0] < o.body_bytes < _AUDIO[1]]


def _in_flight_share(found, phase, count):
    """Share of a phase in which exactly so many objects were under way."""
    edges = sorted([(max(o.start_s, phase[0]), 1) for o in found if o.end_s > phase[0] and o.start_s < phase[1]]
                   + [(min(o.end_s, phase[1]), -1) for o in found if o.end_s > phase[0] and o.start_s < phase[1]])
    under_way, matching, before = 0, 0.0, phase[0]
    for time_s, step in edges:
        matching += (time_s - before) * (under_way == count)
        under_way, before = under_way + step, time_s
    return matching / max(phase[1] - phase[0], 1e-9)


def _turnaround_s(found, phase):
    """From the last byte of one object to the next request on its connection."""
    latest, gaps = {}, []
    for o in found:
        if o.flow in latest and phase[0] <= o.start_s < phase[1]:
            gaps.append(o.start_s - latest[o.flow])
        latest[o.flow] = o.end_s
    return statistics.median(gaps) if gaps else 0


def _memory(sizes):
    """Autocorrelation from one segment to the next."""
    mean = statistics.mean(sizes)
    spread = sum((s - mean) ** 2 for s in sizes)
    return sum((a - mean) * (b - mean) for a, b in zip(sizes, sizes[1:])) / spread if spread else 0


def _requests(found):
    sizes = [o.request_bytes for o in found]
    return f'{statistics.mode(sizes)} ({min(sizes)}-{max(sizes)})' if sizes else '-'


def _near(gaps, wanted):
    return sum(abs(g - wanted) < .3 for g in gaps) / max(1, len(gaps))


def _video_figures(video):
    sizes = [o.body_bytes / 1e6 for o in video]
    yield 'video request, bytes: most often (range)', _requests(video)
    yield 'video segments while filling and steady', f'{len(sizes)}'
    yield 'video segment, MB: mean, sd', f'{statistics.mean(sizes):.3f}, {statistics.stdev(sizes):.3f}'
    yield 'video segment, sd / mean', f'{statistics.stdev(sizes) / statistics.mean(sizes):.3f}'
    yield 'video segment, MB: range', f'{min(sizes):.3f}-{max(sizes):.3f}'
    yield 'video segment, autocorrelation', f'{_memory(sizes):.2f}'


def _audio_figures(audio):
    sizes = [o.body_bytes / 1e3 for o in audio]
    yield 'audio request, bytes: most often (range)', _requests(audio)
    yield 'audio segment, kB: mean, sd', f'{statistics.mean(sizes):.1f}, {statistics.stdev(sizes):.1f}' if len(sizes) > 1 else '-'


def _filling_figures(found, phase):
    length = phase[1] - phase[0]
    yield 'filling: seconds', f'{length:.0f}'
    if not length:
        return
    yield 'filling: Mbit/s', f'{_rate_bps(found, *phase) / 1e6:.1f}'
    yield 'filling: share with exactly 3 in flight', f'{_in_flight_share(found, phase, 3):.2f}'
    yield 'filling: next request after last byte, ms', f'{1e3 * _turnaround_s(found, phase):.0f}'
    yield 'filling: media seconds per second', f'{len(_video(_within(found, phase))) * _SEGMENT_S / length:.1f}'


def _steady_figures(found, phase):
    video = _video(_within(found, phase))
    gaps = [b.start_s - a.start_s for a, b in zip(video, video[1:])]
    flows = {o.flow for o in video}
    yield 'steady: seconds', f'{phase[1] - phase[0]:.0f}'
    yield 'steady: idle share', f'{1 - _busy_s(found, *phase) / max(phase[1] - phase[0], 1e-9):.2f}'
    yield 'steady: video gap, s: mean', f'{statistics.mean(gaps):.3f}'
    yield 'steady: gaps of 2 / 4 / 6 s', ' / '.join(f'{_near(gaps, g):.2f}' for g in (2, 4, 6))
    yield 'steady: connections with video', f'{len(flows)}'
    audio = [o.start_s for o in _audio(_within(found, phase))]
    yield 'steady: audio gap, s: mean', f'{statistics.mean(b - a for a, b in zip(audio, audio[1:])):.1f}' if len(audio) > 1 else '-'


def figures(path):
    """name -> value, as text."""
    found = objects.of_capture(path)
    still = steady(found)
    index = [o for o in found if 20500 < o.body_bytes < 22500]
    table = {'index object, kB (request bytes)': f'{statistics.mean(o.body_bytes / 1e3 for o in index):.2f} ({_requests(index)})' if index else '-'}
    table.update(_filling_figures(found, filling(found)))
    if len(_video(_within(found, still))) > 2:
        table.update(_video_figures(_video(_within(found, filling(found)) + _within(found, still))))
        table.update(_audio_figures(_audio(found)))
        table.update(_steady_figures(found, still))
    return table


def table(paths):
    """A Markdown table: a column per capture, the first is the yardstick."""
    columns = [figures(path) for path in paths]
    names = [path.rsplit('/', 1)[-1].split('.')[0] for path in paths]
    rows = [['figure', *names], ['---'] * (len(names) + 1)]
    rows += [[name, *(c.get(name, '-') for c in columns)] for name in columns[0]]
    return ''.join('| ' + ' | '.join(row) + ' |\n' for row in rows)


if __name__ == '__main__':
    sys.stdout.write(table(sys.argv[1:]))
