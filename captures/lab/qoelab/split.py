# SPDX-License-Identifier: GPL-2.0-or-later
"""Splits a data set so that a model is never tested on what it has seen: no title on two sides, and one player kept aside.

usage: python3 -m qoelab.split OUT [PLAYER]    writes OUT/split.csv: session, fold (by title, 0-4), part"""
import hashlib
import sys

from qoelab import dataset, labels

FOLDS = 5
UNSEEN_PLAYER = 'vhs'
COLUMNS = ('session', 'title', 'player', 'fold', 'part')


def fold_of(title):
    """The same title falls into the same fold in every data set."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % FOLDS


def part_of(title, player, unseen_player):
    """train, validation and test by title; all sessions of the unseen player are a test of their own."""
    if player == unseen_player:
        return 'test-player'
    return {0: 'test', 1: 'validation'}.get(fold_of(title), 'train')


def rows(sessions, unseen_player=UNSEEN_PLAYER):
    return [dict(session=s['session'], title=s['title'], player=s['player'], fold=fold_of(s['title']),
                 part=part_of(s['title'], s['player'], unseen_player)) for s in sessions]


def write(out, unseen_player=UNSEEN_PLAYER):
    labels.write(f'{out}/split.csv', COLUMNS, rows(dataset.read(f'{out}/sessions.csv'), unseen_player))


if __name__ == '__main__':
    write(*sys.argv[1:])
