#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores detected segments against what the players themselves asked for.

    score.py [--bounds FILE] TRUTH_DIR DETECTED_DIR

TRUTH_DIR holds NAME.segments.csv, DETECTED_DIR NAME.csv as `-z qoe,export,segments,csv` writes it. A hit: the object's
end within 1.0 s and its bytes within 5 % + 3 kB, one to one, for finished media objects (video and audio, as each side
names them) of 20 kB and more. Prints recall, precision, F1, the share of hits with the right kind and the median error
of size: a row per HTTP version and player where TRUTH_DIR has a sessions.csv that tells them, else a row per capture.
FILE holds rows of name, F1 and share of kinds: the row of that name must reach both, else the exit status is 1.
"""
import argparse
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
    print(f"{'capture':14} {'truth':>6} {'found':>6} {'recall':>7} {'prec':>6} {'F1':>6} {'kind':>6} {'size err':>8}")
    for name, score in sorted(scores.items()):
        print("{:14} {:6d} {:6d} {:7.3f} {:6.3f} {:6.3f} {:6.3f} {:8.4f}".format(name, *score.row()))


def rows_of_sessions(truth_dir):
    """Capture -> names of the rows that it counts for."""
    path = os.path.join(truth_dir, "sessions.csv")
    if not os.path.exists(path):
        suffix = ".segments.csv"
        names = [file[: -len(suffix)] for file in os.listdir(truth_dir) if file.endswith(suffix)]
        return {name: [name] for name in names}
    with open(path, newline="") as file:
        return {row["session"]: [row["http"], row["http"] + " " + row["player"]] for row in csv.DictReader(file)}


def check(scores, path):
    """Compares with the bounds; returns how many captures fall short or are missing."""
    failed = passed = 0
    with open(path, newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            f1, kind = scores[row["name"]].row()[4:6]
            good = f1 >= float(row["f1"]) and kind >= float(row["kind"])
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"FAILED {row['name']}: F1 {f1:.3f} (at least {row['f1']}), kind {kind:.3f} (at least {row['kind']})")
    print(f"{passed} passed, {failed} failed")
    return failed


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bounds")
    arguments.add_argument("truth_dir")
    arguments.add_argument("detected_dir")
    given = arguments.parse_args()
    scores = collections.defaultdict(Score)
    for session, rows in rows_of_sessions(given.truth_dir).items():
        detected = os.path.join(given.detected_dir, session + ".csv")
        if not os.path.exists(detected):
            continue
        truth = read_truth(os.path.join(given.truth_dir, session + ".segments.csv"))
        found = read_detected(detected)
        for name in rows:
            scores[name].add(truth, found)
    print_table(scores)
    if given.bounds and check(scores, given.bounds) > 0:
        sys.exit(1)


if __name__ == "__main__":
    main()
