# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules of adaptation: which rung to fetch next. Each gets what a player knows and returns the index of a rung.

kbps: rates of the rungs, ascending; estimate: measured throughput in kbit/s; buffer_s, goal_s: seconds; last: the rung now."""
import math


def below(kbps, limit):
    return max([i for i, rate in enumerate(kbps) if rate <= limit], default=0)


def throughput(kbps, estimate, buffer_s, goal_s, last):
    """hls.js, shaka, video.js: what fits a share of the measured rate."""
    return below(kbps, (.9 if buffer_s > goal_s / 3 else .75) * estimate)


def buffer_map(kbps, estimate, buffer_s, goal_s, last):
    """Huang et al. 2014: the rung follows the buffer, from a reserve to most of the goal."""
    reserve = min(8, goal_s * .2)
    share = min(1, max(0, (buffer_s - reserve) / (goal_s * .8 - reserve)))
    return below(kbps, kbps[0] + (kbps[-1] - kbps[0]) * share)


def bola(kbps, estimate, buffer_s, goal_s, last):
    """Spiteri et al. 2016, as dash.js runs it: by throughput while the buffer is short."""
    if buffer_s < 8:
        return below(kbps, .9 * estimate)
    utilities = [math.log(rate / kbps[0]) + 1 for rate in kbps]
    goal = max(goal_s, 12)
    weight = max(.5, (utilities[-1] - 1) / (goal / 10 - 1))
    control = goal / (utilities[-1] + weight)
    return max(range(len(kbps)), key=lambda i: (control * (utilities[i] - 1 + weight) - buffer_s) / kbps[i])


def horizon(kbps, estimate, buffer_s, goal_s, last):
    """Yin et al. 2015, at a constant rung: quality less stalls and switches over the next segments."""
    def value(i):
        left, stalled = buffer_s, 0.0
        for _ in range(4):
            left -= kbps[i] * 4 / (.85 * estimate)
            stalled += max(0, -left)
            left = max(left, 0) + 4
        return 4 * kbps[i] / 1000 - 4.3 * stalled - abs(kbps[i] - kbps[last]) / 1000
    return max(range(len(kbps)), key=value)


def cautious(kbps, estimate, buffer_s, goal_s, last):
    """The range player of the lab (web/rangeplayer.js): more trust with more buffer, one rung up at a time."""
    wanted = below(kbps, estimate * (.6 + .35 * min(1, buffer_s / 40)))
    if buffer_s > 30 and wanted == last - 1:
        return last
    return min(wanted, last + 1)


FOR_PLAYER = {'dash': (bola, bola, throughput, buffer_map, horizon), 'shaka': (throughput,), 'hls': (throughput,),
              'vhs': (throughput, buffer_map), 'nflike': (cautious,), 'ytlike': (cautious,)}
