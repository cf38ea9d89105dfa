# SPDX-License-Identifier: GPL-2.0-or-later
"""The simulation's clock: what is to happen, in the order of time."""
import heapq
import itertools


class Clock:
    """now_s is the time of the event that is being handled."""

    def __init__(self):
        self.now_s = 0.0
        self._due = []
        self._order = itertools.count()

    def at(self, time_s, action, *arguments):
        """Calls action(*arguments) at a time that is not past."""
        heapq.heappush(self._due, (max(time_s, self.now_s), next(self._order), action, arguments))

    def after(self, delay_s, action, *arguments):
        self.at(self.now_s + delay_s, action, *arguments)

    def run(self, until_s):
        while self._due and self._due[0][0] <= until_s:
            self.now_s, _, action, arguments = heapq.heappop(self._due)
            action(*arguments)
