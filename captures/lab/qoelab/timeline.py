# SPDX-License-Identifier: GPL-2.0-or-later
"""What the viewer saw, every 250 ms: the player's samples with the state that they show."""
from typing import NamedTuple

SAMPLE_S = .25
ON_SCREEN = ('playing', 'frozen', 'stalled', 'seek', 'paused')
_FROZEN_AFTER = 4       # samples without a new picture while the clock runs on


class Sample(NamedTuple):
    time_s: float       # since the first packet
    playhead_s: float
    height: int
    buffer_s: float
    frames: int
    state: str


def _state(raw, at):
    """Chromium lets the picture freeze up to 3 s while audio plays and does not call it waiting: frames tell."""
    time_ms, playhead, _, _, _, paused, ended, frames, _ = raw[at]
    before = raw[max(0, at - 1)]
    moved, passed = playhead - before[1], (time_ms - before[0]) / 1000
    if at and (moved < -.5 or moved > passed + .7):
        return 'seek'
    if paused and playhead > 0:
        return 'paused'
    if ended:
        return 'ended'
    if playhead <= .01:
        return 'startup'
    if moved <= .4 * passed:
        return 'stalled'
    past = raw[max(0, at - _FROZEN_AFTER)]
    frozen = at >= _FROZEN_AFTER and frames == past[7] and playhead - past[1] > .6
    return 'frozen' if frozen else 'playing'


def samples(log, first_s):
    raw = log['samples']
    return [Sample(r[0] / 1000 - first_s, r[1], r[2], r[3], r[7], _state(raw, i)) for i, r in enumerate(raw)]
