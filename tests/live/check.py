# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what tshark said while the film ran with what the film was.

usage: check.py SAID PLAYED END MEMORY LATE_S FILES SEGMENTS
  SAID    lines "ARRIVED_S<tab>service<tab>server<tab>name<tab>segment<tab>bytes<tab>window"
  PLAYED  film.py's lines; END: when the film ended
  MEMORY  lines "WITH WITHOUT": kB of tshark with and without the plugin, from time to time
  LATE_S  how long after its end a segment may be told
  FILES, SEGMENTS  the names of a ring's files, and the segments exported at its end
Prints a line for each thing that is true or not, then "N passed, M failed".
"""
import csv
import sys


def read_said(path):
    with open(path, encoding='utf-8') as lines:
        rows = [line.rstrip('\n').split('\t') for line in lines]
    return [(float(row[0]), *row[1:]) for row in rows if len(row) == 7]


def read_pairs(path, kind):
    with open(path, encoding='utf-8') as lines:
        return [tuple(kind(value) for value in line.split()) for line in lines if len(line.split()) == 2]


def film_checks(said, played, end, late_s):
    first, told_count = played[0][0], len(played) - 1
    tagged = [row for row in said if row[1] == 'Netflix']
    told = [(row[0], int(part)) for row in said for part in row[5].split(',') if part and row[4]]
    windows = [row[0] for row in said if row[6]]
    sizes = [size for _, size in told][:told_count]
    # A segment is told by the next request.
    late = max([arrived - at for (at, _), (arrived, _) in zip(played[1:], told)], default=0)
    return [
        ('the film had segments', len(played) >= 5),
        ('the server is tagged by its name', bool(tagged) and 'nflxvideo.net' in tagged[0][3]),
        ('from the first packets on', bool(tagged) and tagged[0][0] - first < 4),
        ('all segments but the last are told while the film runs', sum(at < end + late_s for at, _ in told) >= told_count),
        ('their sizes are those that were sent', sizes == [size for _, size in played[:-1]]),
        (f'the latest {late:.1f} s after its end', bool(told) and late <= late_s),
        ('windows close while the film runs', sum(at < end for at in windows) >= int((end - first) / 10) - 1 > 0),
    ]


def memory_check(memory):
    """What tshark keeps of each packet is its own: the plugin may add segments and windows, which are few."""
    with_kb, without_kb = ([pair[side] for pair in memory] for side in (0, 1))
    grown = [kb[-1] - kb[1] if len(kb) > 2 else None for kb in (with_kb, without_kb)]
    holds = None not in grown and grown[0] - grown[1] <= 8192 + grown[1] / 20
    return f'memory grew by {grown[0]} kB with the plugin, {grown[1]} kB without', holds


def ring_checks(files, segments, played):
    with open(files, encoding='utf-8') as lines:
        count = len(list(lines))
    with open(segments, encoding='utf-8', newline='') as rows:
        sizes = [int(row['bytes']) for row in csv.DictReader(rows)]
    return [
        (f'a capture into a ring went through several files ({count} are left)', count > 1),
        ('its statistics know the segments of all of them', sizes[:len(played) - 1] == [size for _, size in played[:-1]]),
    ]


def main():
    played = [(at, int(size)) for at, size in read_pairs(sys.argv[2], float)]
    said, end = read_said(sys.argv[1]), float(sys.argv[3])
    checks = film_checks(said, played, end, float(sys.argv[5])) + [memory_check(read_pairs(sys.argv[4], int))]
    checks += ring_checks(sys.argv[6], sys.argv[7], played)
    for name, holds in checks:
        print('ok      ' if holds else 'FAILED  ', name)
    failed = sum(not holds for _, holds in checks)
    if failed:
        print('played:', played[:20], '\nsaid:', said[-20:], 'end:', end)
    print(f'\n{len(checks) - failed} passed, {failed} failed')
    sys.exit(failed > 0)


if __name__ == '__main__':
    main()
