# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws networks: how the rate of the link goes over time, its delay, loss and queue, and what else uses it."""
import math

KINDS = {'const': 26, 'step': 16, 'walk': 20, 'outage': 10, 'square': 8, 'cell': 10, 'wifi': 10}
LOWEST_KBPS, HIGHEST_KBPS = 300, 50000


def log_uniform(dice, low, high):
    return math.exp(dice.uniform(math.log(low), math.log(high)))


def _base_kbps(dice):
    """Most links are of the rates at which players must choose; some are far faster."""
    return log_uniform(dice, LOWEST_KBPS, HIGHEST_KBPS) if dice.random() < .25 else log_uniform(dice, 350, 14000)


def _until(duration_s, step):
    """Calls step(time) -> (rate or rates, length) until the session is over."""
    time_s, trace = 0.0, []
    while time_s < duration_s:
        for kbps, length_s in step():
            trace.append((round(time_s, 2), max(50, round(kbps))))
            time_s += length_s
    return trace + [(round(time_s, 2), trace[-1][1])]


def _const(dice, duration_s):
    return [(0, round(_base_kbps(dice)))]


def _step(dice, duration_s):
    return _until(duration_s, lambda: [(log_uniform(dice, LOWEST_KBPS, 14000), dice.uniform(25, 90))])


def _square(dice, duration_s):
    low, high, half_s = log_uniform(dice, 250, 1500), log_uniform(dice, 2000, 14000), dice.uniform(8, 30)
    return _until(duration_s, lambda: [(low, half_s), (high, half_s)])


def _outage(dice, duration_s):
    kbps = max(1500, _base_kbps(dice))
    return _until(duration_s, lambda: [(kbps, dice.uniform(25, 70)), (dice.choice([60, 120, 200, 350]), dice.uniform(8, 40))])


def _wander(dice, duration_s, every_s, spread, pull):
    """A random walk of the rate's logarithm that is pulled back to where it began."""
    home = math.log(_base_kbps(dice))
    at = home

    def step():
        nonlocal at
        at += pull * (home - at) + dice.gauss(0, spread)
        at = min(math.log(HIGHEST_KBPS), max(math.log(150), at))
        return [(math.exp(at), every_s)]
    return _until(duration_s, step)


_TRACES = {'const': _const, 'step': _step, 'square': _square, 'outage': _outage,
           'walk': lambda dice, s: _wander(dice, s, 2, .22, .02),
           'cell': lambda dice, s: _wander(dice, s, .5, .35, .1),
           'wifi': lambda dice, s: _wander(dice, s, 1, .15, .1)}


def _path(dice, kind):
    """One-way delay and jitter in ms, loss, queue in ms, grid of departures in ms: by the kind of access."""
    if kind == 'cell':
        return dict(delay_ms=dice.uniform(20, 60), jitter_ms=dice.choice([3, 6, 10]), loss=dice.choice([0, .0005]),
                    queue_ms=dice.choice([300, 600, 1000]), grid_ms=dice.choice([0, 2]))
    if kind == 'wifi':
        return dict(delay_ms=dice.uniform(3, 20), jitter_ms=dice.choice([1, 3, 5]), loss=dice.choice([.0005, .002, .005]),
                    queue_ms=dice.choice([100, 200]), grid_ms=dice.choice([2, 4, 6]))
    return dict(delay_ms=log_uniform(dice, 3, 60), jitter_ms=dice.choice([0, .3, 1, 3]), loss=dice.choice([0, 0, 0, .0005, .002, .008]),
                queue_ms=dice.choice([60, 120, 200, 400]), grid_ms=0)


def draw(dice, duration_s):
    """A network for a session of so many seconds."""
    kind = dice.choices(list(KINDS), list(KINDS.values()))[0]
    path = {name: round(value, 4) for name, value in _path(dice, kind).items()}
    cross = dice.choices([None, 'web', 'download', 'call'], [76, 12, 6, 6])[0]
    return dict(kind=kind, trace=_TRACES[kind](dice, duration_s), up_kbps=round(log_uniform(dice, 1000, 20000)), cross=cross, **path)
