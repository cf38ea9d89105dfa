# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what tshark said while the film ran with what the film was.

usage: check.py SAID PLAYED END     SAID: lines "ARRIVED_S<tab>service<tab>server<tab>name<tab>segment<tab>bytes<tab>window"
                                    PLAYED: film.py's lines; END: when the film ended
Prints a line for each thing that is true or not, then "N passed, M failed".
"""
import sys


def read_said(path):
    with open(path, encoding='utf-8') as lines:
        rows = [line.rstrip('\n').split('\t') for line in lines]
    return [(float(row[0]), *row[1:]) for row in rows if len(row) == 7]


def main():
    said = read_said(sys.argv[1])
    with open(sys.argv[2], encoding='utf-8') as lines:
        played = [(float(at), int(size)) for at, size in (line.split() for line in lines)]
    end = float(sys.argv[3])
    first = played[0][0]

    tagged = [row for row in said if row[1] == 'Netflix']
    segments = [(row[0], int(part)) for row in said for part in row[5].split(',') if part and row[4]]
    windows = [row[0] for row in said if row[6]]
    # A segment is told by the next request: each should be said within a few seconds of it.
    late = [size for (at, _), (arrived, size) in zip(played[1:], segments) if arrived - at > 3]

    checks = [
        ('the film had segments', len(played) >= 5),
        ('the server is tagged by its name', bool(tagged) and 'nflxvideo.net' in tagged[0][3]),
        ('from the first packets on', bool(tagged) and tagged[0][0] - first < 4),
        ('every segment but the last is told while the film runs', len([1 for at, _ in segments if at < end]) >= len(played) - 1),
        ('their sizes are those that were sent', [size for _, size in segments][:len(played) - 1] == [s for _, s in played[:-1]]),
        ('each within three seconds of its end', bool(segments) and not late),
        ('windows close while the film runs', len([at for at in windows if at < end]) >= int((end - first) / 10) - 1 > 0),
    ]
    for name, holds in checks:
        print('ok      ' if holds else 'FAILED  ', name)
    failed = sum(not holds for _, holds in checks)
    if failed:
        print('segments:', segments, '\nplayed:', played, '\nwindows:', windows, 'end:', end)
    print(f'\n{len(checks) - failed} passed, {failed} failed')
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
