# SPDX-License-Identifier: GPL-2.0-or-later
"""How players choose: what they take for the throughput, and which rung they fetch next.

A rule gets what a player knows and returns the index of a rung. kbps: what the player holds against the throughput, ascending;
estimate: throughput in kbit/s; buffer_s, goal_s: seconds; last: the rung now. Written after the players' own code (dash.js 5.2,
shaka 5.2, hls.js 1.7, video.js 8) and held against the lab's sessions of the same profiles."""
import math
from typing import NamedTuple

_APPEND_KBPS = 25000        # what video.js measures for putting a segment into the buffer in the lab


class Throughput:
    """Running means that forget with half-lives in seconds of download; the lowest counts."""

    def __init__(self, start_kbps, halves_s):
        self._start_kbps, self._halves_s = start_kbps, halves_s
        self._sums, self._weights = [0.0] * len(halves_s), [0.0] * len(halves_s)

    def add(self, kbps, seconds):
        for i, half_s in enumerate(self._halves_s):
            keep = .5 ** (seconds / half_s)
            self._sums[i] = keep * self._sums[i] + (1 - keep) * kbps
            self._weights[i] = keep * self._weights[i] + 1 - keep

    @property
    def kbps(self):
        return min((s / w for s, w in zip(self._sums, self._weights) if w > 0), default=self._start_kbps)


def below(kbps, limit):
    return max([i for i, rate in enumerate(kbps) if rate <= limit], default=0)


def throughput(kbps, estimate, buffer_s, goal_s, last):
    """dash.js' ThroughputRule."""
    return below(kbps, .9 * estimate)


def bola(kbps, estimate, buffer_s, goal_s, last):
    """Spiteri et al. 2016, as dash.js runs it: by the buffer, but up no further than the throughput bears. Where the goal is short
    for so many rungs, its placeholder makes up for what the buffer lacks."""
    utilities = [math.log(rate / kbps[0]) + 1 for rate in kbps]
    goal = max(goal_s, 10 + 2 * len(kbps))
    weight = (utilities[-1] - 1) / (goal / 10 - 1) or 1
    level = buffer_s * goal / goal_s
    best = max(range(len(kbps)), key=lambda i: (10 / weight * (utilities[i] + weight) - level) / kbps[i])
    return max(last, min(best, throughput(kbps, estimate, buffer_s, goal_s, last))) if best > last else best


def dynamic(kbps, estimate, buffer_s, goal_s, last):
    """dash.js if it is not told: BOLA once the buffer is there. BOLA alone begins like that as well."""
    return (bola if buffer_s >= min(10, goal_s / 2) else throughput)(kbps, estimate, buffer_s, goal_s, last)


def l2a(kbps, estimate, buffer_s, goal_s, last):
    """dash.js' L2A is made for live streams: with a film's buffer it stays far below the throughput in the lab."""
    return below(kbps, .3 * estimate)


def lolp(kbps, estimate, buffer_s, goal_s, last):
    """dash.js' LoL+ is as well; it leaves no room at all."""
    return below(kbps, estimate)


def shaka(kbps, estimate, buffer_s, goal_s, last):
    return below(kbps, .95 * estimate)


def hls(kbps, estimate, buffer_s, goal_s, last):
    """Down when the rate no longer fits, up only with room to spare."""
    up = below(kbps, .7 * estimate)
    return up if up > last else min(last, below(kbps, .95 * estimate))


def video_js(kbps, estimate, buffer_s, goal_s, last):
    """By the last segment alone."""
    return below(kbps, 1 / (1 / max(estimate, 1) + 1 / _APPEND_KBPS) / 1.2)


def cautious(kbps, estimate, buffer_s, goal_s, last):
    """The range player of the lab (web/rangeplayer.js): more trust with more buffer, one rung up at a time."""
    wanted = below(kbps, estimate * (.6 + .35 * min(1, buffer_s / 40)))
    if buffer_s > 30 and wanted == last - 1:
        return last
    return min(wanted, last + 1)


class Habits(NamedTuple):
    """What else players differ in."""
    rule: object
    halves_s: tuple         # of Throughput
    measured: tuple         # the kinds of media whose downloads count for it
    adds_audio: bool        # the audio's rate is part of each rung's
    shares_link: bool       # knows that several requests share the link


_BOTH = ('video', 'audio')
OF_PLAYER = {
    'dash': Habits(dynamic, (3, 8), ('video',), False, False),
    'shaka': Habits(shaka, (2, 5), _BOTH, True, False),
    'hls': Habits(hls, (3, 9), _BOTH, True, False),
    'vhs': Habits(video_js, (1e-3,), ('video',), True, False),
    'nflike': Habits(cautious, (5.5,), _BOTH, False, True),
    'ytlike': Habits(cautious, (5.5,), _BOTH, False, True),
}
OF_DASH_SETTING = {'throughputRule': throughput, 'l2ARule': l2a, 'loLPRule': lolp}
