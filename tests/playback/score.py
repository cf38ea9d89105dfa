#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores estimated playback against what the players wrote down.

    score.py [--bounds FILE] [--replay PROGRAM] [--worst N] TRUTH_DIR FOUND_DIR

TRUTH_DIR holds NAME.labels.csv (a row a window with playing_s, as the lab writes it, or a row a second with stalled) and
for the former NAME.segments.csv; FOUND_DIR NAME.windows.csv, NAME.sessions.csv and NAME.segments.csv as `-z qoe,export`
writes them. Of several sessions in a capture the one with most video counts. Windows count that the labels call valid,
or that have labels for five seconds and more.

Four ways of answering are compared, the last three by PROGRAM (replay-playback), which is the playback model alone:
    plugin          what the export says
    true heights    the detected segments with the heights of the true ones that ended when they did
    true segments   the player's own requests, all of them known to be video or audio
A row each: sessions, mean and median error of the first picture's time, windows with a stall (a second and more without
a moving picture) and their precision, recall and F1, median error of the buffer, share of right heights on screen.
FILE holds rows of name, most seconds of startup error, most windows wrong about a stall, most seconds of buffer error,
least share of right heights with true heights. The capture of that name must keep to all, else the exit status is 1.
"""
import argparse
import bisect
import csv
import os
import statistics
import subprocess
import sys

WINDOW_S = 10
STALL_S = 1
LABELLED_MIN_S = 5
MIN_BYTES = 20000
DOUBTFUL = ("YouTube", "untagged")
WAYS = ("plugin", "true heights", "true segments")


def rows_of(path):
    if not os.path.exists(path):
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def number(text, default=None):
    return float(text) if text not in ("", None) else default


class Truth:
    """What the player says: windows -> (height on screen, is it a stall, buffer or None); start: first picture."""

    def __init__(self, directory, name):
        labels = rows_of(os.path.join(directory, name + ".labels.csv"))
        self.windows, self.start = {}, None
        if labels and "stalled_s" in labels[0]:
            self.read_windows(labels)
        else:
            self.read_seconds(labels)
        self.segments = [
            row
            for row in rows_of(os.path.join(directory, name + ".segments.csv"))
            if row["index"] != "-1" and row["complete"] == "1" and row["kind"] in ("video", "audio")
        ]
        self.segments.sort(key=lambda row: float(row["t_request"]))

    def read_windows(self, labels):
        for row in labels:
            if self.start is None and float(row["playing_s"]) > 0:
                on = sum(number(row.get(k), 0) for k in ("playing_s", "frozen_s", "stalled_s", "paused_s", "seek_s"))
                self.start = float(row["t_end"]) - on
            if row["valid"] == "1":
                stalled = max(float(row["stalled_s"]), float(row["frozen_s"])) >= STALL_S
                self.windows[int(row["window"])] = (int(row["resolution"]), stalled, number(row["buffer_end_s"]))

    def read_seconds(self, labels):
        by_window = {}
        for row in labels:
            by_window.setdefault(int(row["second"]) // WINDOW_S, []).append(row)
        for window, rows in by_window.items():
            if len(rows) >= LABELLED_MIN_S:
                heights = [int(row["resolution"]) for row in rows]
                stalled = sum(float(row["stalled"]) for row in rows) >= STALL_S
                self.windows[window] = (statistics.mode(heights), stalled, None)


class Found:
    """What the plugin exported of the capture's main session."""

    def __init__(self, directory, name):
        sessions = rows_of(os.path.join(directory, name + ".sessions.csv"))
        self.session = max(sessions, key=lambda row: number(row["video_bytes"], 0), default=None)

        def of_session(kind):
            rows = rows_of(os.path.join(directory, f"{name}.{kind}.csv"))
            return [row for row in rows if row["session"] == self.session["session"]]

        self.windows = of_session("windows") if self.session else []
        self.segments = [
            row
            for row in (of_session("segments") if self.session else [])
            if row["kind"] in ("video", "audio")
            and row["complete"] not in ("open", "aborted")
            and int(row["bytes"]) >= MIN_BYTES
        ]


def plugin_answer(found):
    """(first picture or None, window -> (height, buffer, stalled))"""
    start = number(found.session["startup_s"]) if found.session else None
    windows = {
        int(row["window"]): (int(number(row["resolution"], 0)), number(row["buffer_s"], -1), number(row["stalled_s"], -1))
        for row in found.windows
    }
    return (None if start is None else start + float(found.session["start_s"])), windows


def replayed(program, found, segments):
    """The same from segments: (kind, request, end, bytes, lines)."""
    last = max(int(row["window"]) for row in found.windows)
    doubtful = "1" if found.session["service"] in DOUBTFUL else "0"
    text = "".join("{} {} {} {} {}\n".format(*row) for row in segments)
    command = [program, str(last + 1), found.session["end_s"], doubtful]
    lines = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.split("\n")
    start = float(lines[0])
    windows = [line.split() for line in lines[1 : last + 2]]
    return (start if start >= 0 else None), {i: (int(a), float(b), float(c)) for i, (a, b, c) in enumerate(windows)}


def true_heights(truth, found):
    """Detected segments, each with the height of the true video segment that ended nearest to it."""
    video = sorted((float(row["t_end"]), int(row["height"])) for row in truth.segments if row["kind"] == "video")
    ends = [row[0] for row in video]
    for row in found.segments:
        end = float(row["last_byte_s"])
        at = bisect.bisect(ends, end)
        nearest = min(video[max(0, at - 1) : at + 1], key=lambda segment: abs(segment[0] - end))
        yield row["kind"][0], row["request_s"], row["last_byte_s"], row["bytes"], nearest[1]


def true_segments(truth):
    for row in truth.segments:
        yield row["kind"][0], row["t_request"], row["t_end"], row["bytes_got"], row["height"] or 0


class Score:
    def __init__(self):
        self.sessions = self.right = self.windows = 0
        self.hits = self.false = self.missed = 0
        self.start_errors, self.buffer_errors = [], []

    def add(self, truth, answer):
        start, windows = answer
        self.sessions += 1
        if start is not None and truth.start is not None:
            self.start_errors.append(abs(start - truth.start))
        for window, (height, stalled, buffer) in truth.windows.items():
            shown, ahead, without = windows.get(window, (0, -1, -1))
            self.windows += 1
            self.right += shown == height
            said = without >= STALL_S
            self.hits += said and stalled
            self.false += said and not stalled
            self.missed += stalled and not said
            if ahead >= 0 and buffer is not None:
                self.buffer_errors.append(abs(ahead - buffer))

    @property
    def f1(self):
        return 2 * self.hits / max(1, 2 * self.hits + self.false + self.missed)

    def row(self):
        mean, median = (statistics.mean(self.start_errors), statistics.median(self.start_errors)) if self.start_errors else (0, 0)
        buffer = statistics.median(self.buffer_errors) if self.buffer_errors else 0
        precision = self.hits / max(1, self.hits + self.false)
        recall = self.hits / max(1, self.hits + self.missed)
        return (self.sessions, mean, median, self.hits + self.missed, precision, recall, self.f1, buffer,
                self.right / max(1, self.windows))


HEAD = ("", "sessions", "startup", "median", "stalls", "prec", "recall", "F1", "buffer", "screen")


def print_table(scores):
    print("{:28} {:>8} {:>7} {:>7} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7}".format(*HEAD))
    for name, score in scores.items():
        print("{:28} {:8d} {:7.2f} {:7.2f} {:6d} {:6.3f} {:6.3f} {:6.3f} {:7.2f} {:7.3f}".format(name, *score.row()))


def answers(program, truth, found):
    yield "plugin", plugin_answer(found)
    if program and found.windows and any(row["kind"] == "video" for row in truth.segments):
        yield "true heights", replayed(program, found, true_heights(truth, found))
        yield "true segments", replayed(program, found, true_segments(truth))


def check(scores, path):
    """Compares captures with their bounds; returns how many fall short."""
    failed = passed = 0
    for row in csv.DictReader(line for line in open(path, newline="") if not line.startswith("#")):
        plugin, heights = scores[row["name"] + " plugin"], scores[row["name"] + " true heights"]
        wrong = plugin.false + plugin.missed
        values = (plugin.row()[1], wrong, plugin.row()[7], -heights.row()[8])
        limits = (float(row["startup"]), int(row["stalls"]), float(row["buffer"]), -float(row["screen"]))
        good = all(value <= limit for value, limit in zip(values, limits))
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"FAILED {row['name']}: startup, wrong windows, buffer, -screen are {values}, at most {limits}")
    print(f"{passed} passed, {failed} failed")
    return failed


def starts_of_requet(directory):
    """The other set's labels begin with the film: the table of its sessions has the first picture."""
    rows = rows_of(os.path.join(directory, "sessions.csv"))
    return {row["session"]: float(row["playback_start_s"]) for row in rows if "playback_start_s" in row}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bounds")
    arguments.add_argument("--replay")
    arguments.add_argument("--worst", type=int, default=0)
    arguments.add_argument("truth_dir")
    arguments.add_argument("found_dir")
    given = arguments.parse_args()
    starts = starts_of_requet(given.truth_dir)
    suffix = ".labels.csv"
    totals, each = {}, {}
    for file in sorted(os.listdir(given.truth_dir)):
        name = file[: -len(suffix)]
        if not file.endswith(suffix) or not os.path.exists(os.path.join(given.found_dir, name + ".sessions.csv")):
            continue
        truth, found = Truth(given.truth_dir, name), Found(given.found_dir, name)
        truth.start = starts.get(name, truth.start)
        for way, answer in answers(given.replay, truth, found):
            totals.setdefault(way, Score()).add(truth, answer)
            each.setdefault(f"{name} {way}", Score()).add(truth, answer)
    if given.bounds:
        print_table(each)
    print_table(totals)
    plugin = {name: score for name, score in each.items() if name.endswith(" plugin")}
    for title, worth in (("wrong about stalls", lambda s: s.false + s.missed), ("startup", lambda s: s.row()[1])):
        if given.worst:
            print(f"worst: {title}")
            print_table(dict(sorted(plugin.items(), key=lambda item: -worth(item[1]))[: given.worst]))
    if given.bounds and check(each, given.bounds) > 0:
        sys.exit(1)


if __name__ == "__main__":
    main()
