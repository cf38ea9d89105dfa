#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores detected segments against what the players themselves asked for.

    score.py TRUTH_DIR DETECTED_DIR [SESSION...]

TRUTH_DIR holds NAME.segments.csv and sessions.csv, DETECTED_DIR NAME.csv as `-z qoe,export,segments,csv` writes
it. A hit: the object's end within 1.0 s and its bytes within 5 % + 3 kB, one to one, for finished media objects (video and audio, as
each side names them) of 20 kB and more. Prints a row per HTTP version and player: recall, precision, F1, the share of hits with the right kind and
the median error of size.
"""
import bisect
import collections
import csv
import os
import statistics
import sys

END_TOLERANCE_S = 1.0
SIZE_TOLERANCE = 0.05
SIZE_SLACK = 3000
MIN_BYTES = 20000


def read_truth(path):
    """Finished media objects as (end, bytes, kind), in order of their end."""
    with open(path, newline="") as file:
        rows = [
            (float(row["t_end"]), int(row["bytes_got"]), row["kind"])
            for row in csv.DictReader(file)
            if row["complete"] == "1" and int(row["bytes_got"]) >= MIN_BYTES
        ]
    return sorted(row for row in rows if row[2] in ("video", "audio"))


def read_detected(path):
    with open(path, newline="") as file:
        rows = [
            (float(row["last_byte_s"]), int(row["bytes"]), row["kind"])
            for row in csv.DictReader(file)
            if row["complete"] != "aborted" and row["kind"] != "other" and int(row["bytes"]) >= MIN_BYTES
        ]
    return sorted(rows)


def candidates(end, detected, ends):
    """Indices of detected objects whose end lies near."""
    first = bisect.bisect_left(ends, end - END_TOLERANCE_S)
    last = bisect.bisect_right(ends, end + END_TOLERANCE_S)
    return range(first, last)


def match(truth, detected):
    """Pairs (truth, detected), nearest in time first (audio segments are all of one size), one to one."""
    ends = [row[0] for row in detected]
    pairs = []
    for i, (end, size, _) in enumerate(truth):
        for j in candidates(end, detected, ends):
            if abs(detected[j][1] - size) <= SIZE_TOLERANCE * size + SIZE_SLACK:
                pairs.append((abs(detected[j][0] - end), i, j))
    used_truth, used_detected, hits = set(), set(), []
    for _, i, j in sorted(pairs):
        if i not in used_truth and j not in used_detected:
            used_truth.add(i)
            used_detected.add(j)
            hits.append((truth[i], detected[j]))
    return hits


class Score:
    """Counts of one group of sessions."""

    def __init__(self):
        self.truth = self.detected = self.hits = self.right_kind = 0
        self.errors = []

    def add(self, truth, detected):
        hits = match(truth, detected)
        self.truth += len(truth)
        self.detected += len(detected)
        self.hits += len(hits)
        self.right_kind += sum(a[2] == b[2] for a, b in hits)
        self.errors += [abs(a[1] - b[1]) / a[1] for a, b in hits]

    def row(self):
        recall = self.hits / self.truth if self.truth else 0
        precision = self.hits / self.detected if self.detected else 0
        f1 = 2 * recall * precision / (recall + precision) if self.hits else 0
        kind = self.right_kind / self.hits if self.hits else 0
        error = statistics.median(self.errors) if self.errors else 0
        return self.truth, self.detected, recall, precision, f1, kind, error


def print_table(scores):
    print(f"{'http player':14} {'truth':>6} {'found':>6} {'recall':>7} {'prec':>6} {'F1':>6} {'kind':>6} {'size err':>8}")
    for name, score in sorted(scores.items()):
        print("{:14} {:6d} {:6d} {:7.3f} {:6.3f} {:6.3f} {:6.3f} {:8.4f}".format(name, *score.row()))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    truth_dir, detected_dir, only = sys.argv[1], sys.argv[2], set(sys.argv[3:])
    scores = collections.defaultdict(Score)
    with open(os.path.join(truth_dir, "sessions.csv"), newline="") as file:
        sessions = list(csv.DictReader(file))
    for session in sessions:
        detected = os.path.join(detected_dir, session["session"] + ".csv")
        if (only and session["session"] not in only) or not os.path.exists(detected):
            continue
        truth = read_truth(os.path.join(truth_dir, session["session"] + ".segments.csv"))
        found = read_detected(detected)
        for name in (session["http"], session["http"] + " " + session["player"]):
            scores[name].add(truth, found)
    print_table(scores)


if __name__ == "__main__":
    main()
