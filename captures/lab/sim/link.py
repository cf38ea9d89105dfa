# SPDX-License-Identifier: GPL-2.0-or-later
"""The link of linkem.c as arithmetic: when a frame that is sent now arrives, or that it is lost."""
import bisect
import math

_QUEUE_MIN_BYTES = 32000
_WIRE_OVERHEAD = 24


class Link:
    """One direction. Frames must be offered about in the order of time."""

    def __init__(self, link, dice):
        self.starts = [t for t, _ in link['trace']]
        self.bps = [kbps * 1e3 for _, kbps in link['trace']]
        self.period_s = self.starts[-1] if len(self.starts) > 1 else math.inf
        self.delay_s, self.jitter_s = link['delay_ms'] / 1e3, link['jitter_ms'] / 1e3
        self.loss, self.queue_s, self.grid_s = link['loss'], link['queue_ms'] / 1e3, link['grid_ms'] / 1e3
        self.dice = dice
        self.free_s = self.last_s = 0.0

    def rate(self, time_s):
        """(bit/s, when that ends)"""
        if self.period_s == math.inf:
            return self.bps[0], math.inf
        base = math.floor(time_s / self.period_s) * self.period_s
        step = bisect.bisect_right(self.starts, time_s - base, 0, len(self.starts) - 1) - 1
        return self.bps[max(step, 0)], base + self.starts[step + 1]

    def _sent(self, from_s, bits):
        while True:
            rate, end_s = self.rate(from_s)
            if from_s + bits / rate <= end_s:
                return from_s + bits / rate
            bits -= (end_s - from_s) * rate
            from_s = end_s + 1e-9

    def send(self, time_s, frame_bytes):
        """Time of arrival, None if the frame is lost."""
        waiting = max(0.0, self.free_s - time_s) * self.rate(time_s)[0] / 8
        limit = max(_QUEUE_MIN_BYTES, self.rate(time_s)[0] / 8 * self.queue_s)
        if waiting > limit or (self.loss and self.dice.random() < self.loss):
            return None
        self.free_s = self._sent(max(self.free_s, time_s), (frame_bytes + _WIRE_OVERHEAD) * 8)
        arrives = self.free_s + self.delay_s
        if self.jitter_s:
            arrives += abs(self.dice.gauss(0, 1)) * self.jitter_s
        if self.grid_s:
            arrives = math.ceil(arrives / self.grid_s) * self.grid_s
        self.last_s = max(arrives, self.last_s + 1e-6)
        return self.last_s
