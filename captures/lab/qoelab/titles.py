# SPDX-License-Identifier: GPL-2.0-or-later
"""Titles: what is played. Each has a ladder like a service's, scaled by its own complexity, and segments whose sizes vary
like scenes do. A title is made from its number alone, when a session first needs it.

The spread of sizes was set by a real Netflix session of 2018 (4-s segments: standard deviation .23 of the mean, hardly any
memory from one to the next, largest 1.7 times the mean).

The first titles have the services' ladders as they are; those from CALIBRATED on are spread wider, so that a model does not learn
the rates of a few ladders by heart: any factor alike, rungs missing, one more ladder. Those from COUNT on are YouTube's alone: VP9."""
import fcntl
import json
import math
import os
import random
from typing import NamedTuple

from qoelab import mp4

CALIBRATED, COUNT, ALL = 120, 240, 300
VERSION = 2         # of what a number stands for: titles of another version in the cache are not used
CODECS = {144: 'avc1.42C00C', 240: 'avc1.42C00D', 360: 'avc1.42C01E', 480: 'avc1.42C01E', 720: 'avc1.42C01F', 1080: 'avc1.42C028'}
_STEP_S = 2     # the model's time step: one fragment


class Ladder(NamedTuple):
    rungs: tuple            # (kbit/s of an average title, frame size)
    video_s: tuple          # lengths of segments to choose from
    audio_s: int
    audio_kbps: tuple
    layouts: tuple          # 'ranges' in one file, or 'files'
    index_bytes: int        # what a player must fetch before it knows the segments; 0 = as long as it comes


LADDERS = {
    'nf': Ladder(((235, '320x240'), (375, '480x360'), (560, '480x360'), (750, '720x480'), (1050, '720x480'), (1750, '720x480'),
                  (2350, '1280x720'), (3000, '1280x720'), (4300, '1920x1080'), (5800, '1920x1080')),
                 (4,), 16, (96, 96, 64, 192), ('ranges',), 21100),
    'yt': Ladder(((90, '256x144'), (190, '426x240'), (380, '640x360'), (680, '854x480'), (1300, '1280x720'), (2300, '1920x1080')),
                 (6, 4), 10, (128,), ('ranges', 'ranges', 'files'), 0),
    'ya': Ladder(((250, '426x240'), (580, '640x360'), (1050, '854x480'), (2100, '1280x720'), (3900, '1920x1080')),
                 (6, 4), 10, (128,), ('ranges',), 0),       # YouTube's H.264, the one above its VP9
    'yv': Ladder(((80, '256x144'), (170, '426x240'), (320, '640x360'), (430, '854x480'), (700, '1280x720'), (1300, '1920x1080')),
                 (4,), 10, (114, 122, 126, 134, 144), ('ranges',), 0),      # its VP9 of 2018, see calibrate_youtube.py
    'tw': Ladder(((320, '426x240'), (650, '640x360'), (1400, '854x480'), (2600, '1280x720'), (6000, '1920x1080')),
                 (2, 4), 2, (160, 128, 192), ('files',), 0),
    'az': Ladder(((100, '256x144'), (300, '426x240'), (450, '640x360'), (800, '640x360'), (1200, '854x480'), (1800, '854x480'),
                  (2500, '1280x720'), (4000, '1280x720'), (6000, '1920x1080'), (8000, '1920x1080')),
                 (2, 6), 6, (128, 64, 192), ('ranges', 'files'), 0),
}
_LADDER_ORDER = ('nf', 'yt', 'nf', 'tw', 'nf', 'az')     # half are Netflix-like: what the lab is most needed for
_WIDE_ORDER = ('nf', 'yt', 'tw', 'ya', 'nf', 'az')
_FACTOR_RANGE, _RUNG_KEPT, _RUNGS_MIN = (.45, 1.5), .85, 3


def ladder_of(number):
    if number >= COUNT:
        return 'yv'
    order = _LADDER_ORDER if number < CALIBRATED else _WIDE_ORDER
    return order[number % len(order)]


def calibrated(ladder):
    """The numbers of the titles that have a service's ladder as it is."""
    return [n for n in [*range(CALIBRATED), *range(COUNT, ALL)] if ladder_of(n) == ladder]


def name_of(number):
    return f't{number:03d}'


class Complexity:
    """How many bits each two seconds of a film take, as a factor with mean 1: scenes, and change within them."""

    def __init__(self, dice, duration_s):
        scene_sd, change_sd = dice.uniform(0, .14), dice.uniform(.2, .34)
        scene, values = 0.0, []
        for _ in range(math.ceil(duration_s / _STEP_S)):
            if dice.random() < 0.15:
                scene = dice.gauss(0, scene_sd)
            values.append(math.exp(scene + dice.gauss(0, change_sd)))
        mean = sum(values) / len(values)
        self.values = [v / mean for v in values]

    def between(self, start_s, end_s):
        first = int(start_s / _STEP_S + .5)
        values = self.values[first:max(first + 1, int(end_s / _STEP_S + .5))] or self.values[-1:]
        return sum(values) / len(values)


def video_sizes(dice, kbps, complexity, spans):
    """Bytes of each segment. Encoders cap the peaks (their buffer model), and every rung has noise of its own."""
    return [int(kbps * 125 * (end - start) * min(complexity.between(start, end), 1.8) * math.exp(dice.gauss(0, .05)))
            for start, end in spans]


def audio_sizes(dice, kbps, spans):
    return [int(kbps * 125 * 1.03 * (end - start) * math.exp(dice.gauss(0, .019))) for start, end in spans]


def folder(cache):
    return f'{cache}/titles-{VERSION}'


def _spans(track, parts):
    return [(p.start / track.timescale, (p.start + p.length) / track.timescale) for p in parts]


def _write(home, name, source, seconds, layout, index_room, sizes_of):
    """Writes one representation and returns what players and labels need to know of it."""
    track = mp4.load(source)
    parts = mp4.segments(track, seconds)
    spans = _spans(track, parts)
    sizes = [mp4.padded_size(p, size) for p, size in zip(parts, sizes_of(spans))]
    if layout == 'files':
        mp4.write_files(f'{home}/{name}', track, parts, sizes)
        init, index, offsets = len(track.init), 0, [0] * len(parts)
    else:
        init, index, offsets = mp4.write_ranges(f'{home}/{name}.mp4', track, parts, sizes, index_room)
    segments = [dict(off=o, size=n, t=round(a, 5), d=round(b - a, 5)) for o, n, (a, b) in zip(offsets, sizes, spans)]
    bandwidth = sum(sizes) * 8 / (spans[-1][1] - spans[0][0])
    return dict(id=name, timescale=track.timescale, init=init, index=index, bandwidth=int(bandwidth), segments=segments)


def _video(home, frames, plan, number, kbps, size, dice, complexity):
    width, height = map(int, size.split('x'))
    made = _write(home, f'v{number}', f'{frames}/v_{size}.mp4', plan['video_segment_s'], plan['layout'],
                  LADDERS[plan['ladder']].index_bytes,
                  lambda spans: video_sizes(dice, kbps * plan['bitrate_factor'], complexity, spans))
    return dict(made, nominal_kbps=kbps, width=width, height=height, codec=CODECS[height])


def _audio(home, frames, plan, dice):
    made = _write(home, 'a0', f'{frames}/a.mp4', plan['audio_segment_s'], plan['layout'],
                  LADDERS[plan['ladder']].index_bytes, lambda spans: audio_sizes(dice, plan['audio_kbps'], spans))
    return dict(made, codec='mp4a.40.2')


def _widen(title, dice):
    """A factor and rungs that no service may have."""
    low, high = map(math.log, _FACTOR_RANGE)
    kept = [rung for rung in title['rungs'] if dice.random() < _RUNG_KEPT]
    title.update(bitrate_factor=round(math.exp(dice.uniform(low, high)), 2),
                 rungs=kept if len(kept) >= _RUNGS_MIN else title['rungs'])


def plan(number):
    """A title's parameters, and the dice that draw the rest."""
    dice = random.Random(f'title {number}')
    ladder = LADDERS[ladder_of(number)]
    low, high = _FACTOR_RANGE
    title = dict(title=name_of(number), ladder=ladder_of(number), rungs=ladder.rungs,
                 bitrate_factor=round(min(high, max(low, math.exp(dice.gauss(-.05, .27)))), 2),
                 video_segment_s=dice.choice(ladder.video_s), audio_segment_s=ladder.audio_s,
                 audio_kbps=dice.choice(ladder.audio_kbps), layout=dice.choice(ladder.layouts))
    if CALIBRATED <= number < COUNT:
        _widen(title, dice)
    return title, dice


def _make(home, frames, number):
    os.makedirs(home, exist_ok=True)
    title, dice = plan(number)
    complexity = Complexity(dice, mp4.load(f'{frames}/a.mp4').fragments[-1].start / 48000 + _STEP_S)
    title['video'] = [_video(home, frames, title, i, kbps, size, dice, complexity)
                      for i, (kbps, size) in enumerate(title['rungs'])]
    title['audio'] = _audio(home, frames, title, dice)
    title['duration_s'] = min(r['segments'][-1]['t'] + r['segments'][-1]['d'] for r in (title['video'][0], title['audio']))
    with open(f'{home}/part.json', 'w') as file:
        json.dump(title, file)
    os.rename(f'{home}/part.json', f'{home}/title.json')


def ensure(cache, number):
    """The title's description, made now if it is not in the cache; two processes may ask at once."""
    home = f'{folder(cache)}/{name_of(number)}'
    os.makedirs(folder(cache), exist_ok=True)
    with open(f'{folder(cache)}/lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(f'{home}/title.json'):
            _make(home, f'{cache}/frames', number)
    with open(f'{home}/title.json') as file:
        return json.load(file)
