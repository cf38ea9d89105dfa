#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of titles that the model has not seen: downloaded and on screen.

    held_out.py --train PROGRAM --tshark COMMAND --sessions DIR [--folds N] [--partitions N]
                [FIT OPTION...] DATASET.csv...

The titles of DIR/sessions.csv fall into folds, anew in each partition. For each fold `qoe-train fit` makes a bundle
without its titles (the data sets must name them as their groups), the built plugin reads the fold's captures with it,
and each window with a valid label is compared with what the player downloaded and with what was on its screen. A window
without an answer is a wrong one. Options of fit go through: --recipe FILE --expert NAME.

A row each: windows, share answered, accuracy, macro-F1, share within one class.
    downloaded    the model's answer against the downloads
    resolution    what it becomes through the playback model, against the screen
    no playback   the model's answer against the screen: what playback must beat
"""
import argparse
import os
import random
import shlex
import statistics
import subprocess
import sys
import tempfile

from score import Found, number, rows_of

HEIGHTS = (240, 360, 480, 720, 1080)
ROWS = ("downloaded", "resolution", "no playback")
HEAD = ("titles not seen", "windows", "answered", "accuracy", "macro-F1", "within 1")
LAB = 'uat:qoe_services:"Lab","video.test"'


def folds_of(titles, count, seed):
    """The titles in `count` sets of about the same size."""
    titles = sorted(titles)
    random.Random(seed).shuffle(titles)
    return [titles[i::count] for i in range(count)]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)}\n{done.stderr}")


def fit(given, rest, held_out, bundle):
    run([given.train, "fit", *rest, "--held-out", ",".join(held_out), "--output", bundle])
    os.chmod(bundle, 0o644)


def read(given, bundle, name, folder):
    """What the plugin says of a capture's windows with a bundle."""
    capture, out = os.path.join(folder, "capture.pcap"), os.path.join(folder, "out", name)
    with open(capture, "wb") as file:
        packed = os.path.join(given.sessions, name + ".pcap.zst")
        subprocess.run(["zstd", "-dqc", packed], check=True, stdout=file)
    command = shlex.split(given.tshark) + ["-r", capture, "-o", LAB, "-o", f"qoe.model:{bundle}", "-q"]
    for kind in ("windows", "sessions", "segments"):
        command += ["-z", f"qoe,export,{kind},csv,{out}.{kind}.csv"]
    run(command)
    return Found(os.path.join(folder, "out"), name).windows


def compare(given, name, windows, pairs):
    """Adds (truth, answer) of each labelled window."""
    answers = {int(row["window"]): row for row in windows}
    for label in rows_of(os.path.join(given.sessions, name + ".labels.csv")):
        if label["valid"] != "1":
            continue
        answer = answers.get(int(label["window"]), {})
        fetched, shown = (int(number(answer.get(key), 0)) for key in ("downloaded", "resolution"))
        to_fetch, on_screen = int(number(label["dl_resolution"], 0)), int(number(label["resolution"], 0))
        for row, truth, said in zip(ROWS, (to_fetch, on_screen, on_screen), (fetched, shown, fetched)):
            if truth in HEIGHTS:
                pairs[row].append((truth, said))


def f1(pairs, height):
    hits = sum(truth == said == height for truth, said in pairs)
    return 2 * hits / max(1, sum((truth == height) + (said == height) for truth, said in pairs))


def near(truth, said):
    return said in HEIGHTS and abs(HEIGHTS.index(truth) - HEIGHTS.index(said)) <= 1


def figures(pairs):
    count = max(1, len(pairs))
    return (
        len(pairs),
        sum(said != 0 for _, said in pairs) / count,
        sum(truth == said for truth, said in pairs) / count,
        statistics.mean(f1(pairs, height) for height in HEIGHTS),
        sum(near(truth, said) for truth, said in pairs) / count,
    )


def print_rows(title, rows):
    for name, row in rows.items():
        print("{:14} {:12} {:7.0f} {:9.3f} {:9.3f} {:9.3f} {:9.3f}".format(title, name, *row), flush=True)


def measure(given, rest, seed, folder):
    """The rows of one partition."""
    titles = {}
    for row in rows_of(os.path.join(given.sessions, "sessions.csv")):
        titles.setdefault(row["title"], []).append(row["session"])
    pairs = {row: [] for row in ROWS}
    bundle = os.path.join(folder, "fold.qoemodel")
    for held_out in folds_of(titles, given.folds, seed):
        fit(given, rest, held_out, bundle)
        for title in held_out:
            for name in titles[title]:
                compare(given, name, read(given, bundle, name, folder), pairs)
    return {row: figures(pairs[row]) for row in ROWS}


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    arguments.add_argument("--train", required=True)
    arguments.add_argument("--tshark", required=True)
    arguments.add_argument("--sessions", required=True)
    arguments.add_argument("--folds", type=int, default=4)
    arguments.add_argument("--partitions", type=int, default=3)
    given, rest = arguments.parse_known_args()
    print("{:27} {:>7} {:>9} {:>9} {:>9} {:>9}".format(*HEAD))
    partitions = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.mkdir(os.path.join(folder, "out"))
        os.chmod(os.path.join(folder, "out"), 0o777)  # root's tshark runs as nobody
        for seed in range(1, given.partitions + 1):
            partitions.append(measure(given, rest, seed, folder))
            print_rows(f"partition {seed}", partitions[-1])
    mean = {row: [statistics.mean(column) for column in zip(*(each[row] for each in partitions))] for row in ROWS}
    print_rows("mean", mean)


if __name__ == "__main__":
    sys.exit(main())
