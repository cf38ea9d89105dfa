# SPDX-License-Identifier: GPL-2.0-or-later
"""Is the simulation like real players? Trains a plain nearest-neighbour classifier on simulated windows and tests it on real
ones; beside it, the same classifier trained on the real ones of other titles.

usage: python3 -m sim.transfer REAL_DIR SIM_DIR     (data sets as the lab writes them; only players that both have are used)"""
import collections
import csv
import math
import os
import random
import sys

from qoelab import split

_NEIGHBOURS, _TRAIN_MOST, _CLASSES = 15, 5000, (144, 240, 360, 480, 720, 1080)


def _rows(path):
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def _sizes(table, kind):
    """(end of response, bytes) of the whole segments of a kind, in the order of their ends."""
    return sorted((float(r['t_end']), int(r['bytes_got'])) for r in table if r['kind'] == kind and r['t_end'] and int(r['index']) >= 0
                  and r['bytes_got'] not in ('', '0'))


def _mean(values):
    return sum(values) / len(values) if values else 0


def _features(window, video, audio):
    """What a passive observer with perfect segments knows at the end of a window."""
    end = float(window['t_end'])
    past = [n for t, n in video if t <= end]
    recent = [n for t, n in video if end - 60 < t <= end]
    now = [n for t, n in video if end - 10 < t <= end]
    down, packets = int(window['down_bytes_ip']), int(window['down_pkts'])
    values = (_mean(past), _mean(past[-10:]), max(past, default=0), sum(past) / end, sum(recent) / min(60, end), sum(now), len(now),
              _mean([n for t, n in audio if t <= end]), down, down / max(packets, 1), int(window['up_pkts']) / max(packets, 1) * 100)
    return [math.log1p(v) for v in values]


def load(folder):
    """player -> list of (fold of the title, features, height on screen, height fetched)"""
    found = collections.defaultdict(list)
    for session in _rows(f'{folder}/sessions.csv'):
        path = f'{folder}/{session["session"]}'
        if not os.path.exists(path + '.segments.csv'):
            continue
        table = _rows(path + '.segments.csv')
        video, audio = _sizes(table, 'video'), _sizes(table, 'audio')
        for window in _rows(path + '.labels.csv'):
            if window['valid'] == '1':
                found[session['player']].append((split.fold_of(session['title']), _features(window, video, audio),
                                                 int(window['resolution']), int(window['dl_resolution'])))
    return found


class Neighbours:
    """Votes of the nearest windows, after each feature is brought to the same spread."""

    def __init__(self, windows, label):
        windows = random.Random(1).sample(windows, min(len(windows), _TRAIN_MOST))
        columns = list(zip(*(w[1] for w in windows)))
        self.means = [_mean(c) for c in columns]
        self.spreads = [max(1e-6, math.sqrt(_mean([(v - m) ** 2 for v in c]))) for c, m in zip(columns, self.means)]
        self.points = [(self._scaled(w[1]), w[label]) for w in windows]

    def _scaled(self, features):
        return [(v - m) / s for v, m, s in zip(features, self.means, self.spreads)]

    def class_of(self, features):
        point = self._scaled(features)
        nearest = sorted((math.dist(point, other), label) for other, label in self.points)[:_NEIGHBOURS]
        votes = collections.Counter()
        for distance, label in nearest:
            votes[label] += 1 / (.1 + distance)
        return votes.most_common(1)[0][0]


def scores(pairs):
    """accuracy, macro-F1, within one class, of (truth, guess)"""
    f1 = []
    for label in {t for t, _ in pairs}:
        hits = sum(t == g == label for t, g in pairs)
        f1.append(2 * hits / (sum(t == label for t, _ in pairs) + sum(g == label for _, g in pairs)))
    near = sum(abs(_CLASSES.index(t) - _CLASSES.index(g)) <= 1 for t, g in pairs)
    return sum(t == g for t, g in pairs) / len(pairs), _mean(f1), near / len(pairs)


def _across(train, test, label):
    model = Neighbours(train, label)
    return [(w[label], model.class_of(w[1])) for w in test]


def _within(windows, label):
    """Each fold is tested with a model of the other titles."""
    pairs = []
    for fold in range(split.FOLDS):
        test = [w for w in windows if w[0] == fold]
        if test:
            pairs += _across([w for w in windows if w[0] != fold], test, label)
    return pairs


def main():
    real, simulated = load(sys.argv[1]), load(sys.argv[2])
    players = sorted(set(real) & set(simulated))
    real, simulated = ([w for p in players for w in side[p]] for side in (real, simulated))
    print(f'players {", ".join(players)}; {len(real)} real windows, {len(simulated)} simulated')
    for name, label in (('on screen', 2), ('fetched', 3)):
        commonest = collections.Counter(w[label] for w in real).most_common(1)[0][1] / len(real)
        print(f'{name}: always the commonest class: accuracy {commonest:.3f}')
        for source, pairs in (('simulation', _across(simulated, real, label)), ('real players, other titles', _within(real, label))):
            print(f'{name}, trained on {source}: accuracy {scores(pairs)[0]:.3f}, macro-F1 {scores(pairs)[1]:.3f}, '
                  f'within one class {scores(pairs)[2]:.3f}')


if __name__ == '__main__':
    main()
