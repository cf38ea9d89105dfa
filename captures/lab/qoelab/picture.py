# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws sessions as SVG: throughput, buffer and resolution over time, one session below the other.

usage: python3 -m qoelab.picture OUT SESSION ... > picture.svg"""
import csv
import html
import sys

_WIDTH, _LEFT, _RIGHT, _TOP = 900, 62, 12, 22
_PANEL, _GAP = 74, 14
_HEIGHTS = (144, 240, 360, 480, 720, 1080)
_COLOURS = {'throughput': '#2d6fb0', 'buffer': '#3c8d40', 'screen': '#333333', 'fetched': '#e08a1e', 'stall': '#d9534f'}


def _rows(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def _throughput(table, seconds):
    """kbit/s per second, from the player's requests: bytes spread over each response's time."""
    rates = [0.0] * seconds
    for row in table:
        if row['bytes_got'] in ('', '0') or '' in (row['t_first_byte'], row['t_end']):
            continue
        begin, end = float(row['t_first_byte']), float(row['t_end'])
        for second in range(int(begin), min(int(end) + 1, seconds)):
            share = (min(end, second + 1) - max(begin, second)) / max(end - begin, 1e-3)
            rates[second] += int(row['bytes_got']) * 8 / 1000 * min(1, share)
    return rates


class Panel:
    """One strip with a scale of its own; y grows upwards from its foot."""

    def __init__(self, top, seconds, most, name, unit):
        self.top, self.seconds, self.most, self.name, self.unit = top, seconds, most, name, unit

    def x(self, second):
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * second / self.seconds

    def y(self, value):
        return self.top + _PANEL * (1 - min(value, self.most) / self.most)

    def frame(self):
        yield f'<rect x="{_LEFT}" y="{self.top}" width="{_WIDTH - _LEFT - _RIGHT}" height="{_PANEL}" fill="none" stroke="#bbb"/>'
        yield f'<text x="{_LEFT - 6}" y="{self.top + 10}" text-anchor="end">{self.most:g}</text>'
        yield f'<text x="{_LEFT - 6}" y="{self.top + _PANEL}" text-anchor="end">0</text>'
        yield f'<text x="{_LEFT - 6}" y="{self.top + _PANEL / 2 + 4}" text-anchor="end" font-style="italic">{self.unit}</text>'
        yield f'<text x="{_WIDTH - _RIGHT}" y="{self.top - 3}" fill="#666" text-anchor="end">{self.name}</text>'

    def line(self, values, colour, width=1.4):
        points = ' '.join(f'{self.x(s):.1f},{self.y(v):.1f}' for s, v in values)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    def shade(self, start, stop, colour):
        yield (f'<rect x="{self.x(start):.1f}" y="{self.top}" width="{self.x(stop) - self.x(start):.1f}" '
               f'height="{_PANEL}" fill="{colour}" opacity=".35"/>')

    def minutes(self):
        for minute in range(1, (self.seconds - 5) // 60 + 1):
            yield f'<line x1="{self.x(60 * minute):.1f}" y1="{self.top}" x2="{self.x(60 * minute):.1f}" y2="{self.top + _PANEL}" stroke="#e4e4e4"/>'


class Steps(Panel):
    """Resolutions at even distances, since 144 and 240 would else lie on each other."""

    def y(self, value):
        rank = _HEIGHTS.index(int(value)) + 1 if int(value) in _HEIGHTS else 0
        return self.top + _PANEL * (1 - rank / (len(_HEIGHTS) + .5))

    def frame(self):
        yield f'<rect x="{_LEFT}" y="{self.top}" width="{_WIDTH - _LEFT - _RIGHT}" height="{_PANEL}" fill="none" stroke="#bbb"/>'
        for height in _HEIGHTS:
            yield f'<text x="{_LEFT - 6}" y="{self.y(height) + 4}" text-anchor="end">{height}p</text>'
        yield f'<text x="{_WIDTH - _RIGHT}" y="{self.top - 3}" fill="#666" text-anchor="end">{self.name}</text>'


def _staircase(seconds, column):
    for row in seconds:
        value, at = float(row[column] or 0), int(row['second'])
        yield at, value
        yield at + 1, value


def _halts(seconds):
    """(start, stop) of each run of seconds in which the film stood."""
    runs = []
    for row in seconds:
        if float(row['stalled']) + float(row['frozen']) > .2:
            second = int(row['second'])
            if runs and runs[-1][1] == second:
                runs[-1] = runs[-1][0], second + 1
            else:
                runs.append((second, second + 1))
    return runs


def _round_up(value):
    for step in (1, 2, 5, 10, 20, 30, 60, 120, 250, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000):
        if value <= step:
            return step
    return value


def session(out, line, top):
    """The lines of one session's three panels."""
    name = line['session']
    seconds, table = _rows(f'{out}/{name}.seconds.csv'), _rows(f'{out}/{name}.segments.csv')
    length = len(seconds)
    rates = _throughput(table, length)
    buffers = [(int(r['second']), float(r['buffer_s'] or 0)) for r in seconds]
    title = f'{name}: {line["player"]}, {line["http"]}, {line["ladder"]} ladder, {line["link"]} link, {length} s'
    yield f'<text x="{_LEFT}" y="{top - 6}" font-weight="bold">{html.escape(title)}</text>'
    rate_panel = Panel(top, length, _round_up(max(rates)), 'media throughput', 'kbit/s')
    buffer_panel = Panel(top + _PANEL + _GAP, length, _round_up(max(b for _, b in buffers)), 'buffer', 's')
    height_panel = Steps(top + 2 * (_PANEL + _GAP), length, 1, 'resolution: on screen (dark), fetched (orange)', '')
    for panel in (rate_panel, buffer_panel, height_panel):
        for start, stop in _halts(seconds):
            yield from panel.shade(start, stop, _COLOURS['stall'])
        yield from panel.minutes()
        yield from panel.frame()
    for minute in range(1, (length - 5) // 60 + 1):
        yield f'<text x="{height_panel.x(60 * minute):.0f}" y="{height_panel.top + _PANEL + 12}" text-anchor="middle">{minute} min</text>'
    yield from rate_panel.line(enumerate(rates), _COLOURS['throughput'])
    yield from buffer_panel.line(buffers, _COLOURS['buffer'])
    yield from height_panel.line(_staircase(seconds, 'dl_resolution'), _COLOURS['fetched'])
    yield from height_panel.line(_staircase(seconds, 'resolution'), _COLOURS['screen'], 2)


def svg(out, names):
    lines = {row['session']: row for row in _rows(f'{out}/sessions.csv')}
    tall = 3 * (_PANEL + _GAP) + _TOP + 16
    parts = [part for i, name in enumerate(names) for part in session(out, lines[name], _TOP + i * tall)]
    foot = len(names) * tall + 18
    parts.append(f'<text x="{_LEFT}" y="{foot - 6}" fill="#666">time from left to right; shaded red: stalled or frozen</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{foot}" font-family="sans-serif" font-size="11">\n'
            '<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n'
            f'<rect width="100%" height="100%" fill="white"/>\n' + '\n'.join(parts) + '\n</svg>\n')


if __name__ == '__main__':
    sys.stdout.write(svg(sys.argv[1], sys.argv[2:]))
