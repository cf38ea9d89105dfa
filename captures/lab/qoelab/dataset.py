# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of a data set: sessions.csv (kept), thrown.csv (and why), titles.csv. Rows are added one by one, so that a run
that was stopped can go on."""
import csv
import os

from qoelab import titles

SESSION_COLUMNS = ('session,player,http,title,link,duration_s,windows_per_resolution,ladder,valid_windows,stalled_windows,tls,ip,'
                   'congestion,cross,bytes_ratio,aborted_share,clock_median_ms,clock_p95_ms,screen_explained,screen_changes,link_late_mean_ms,'
                   'link_late_share,page_late_p99_ms,driver_late_p99_ms').split(',')
THROWN_COLUMNS = ['session', 'fault'] + SESSION_COLUMNS[1:] + ['said']
TITLE_COLUMNS = 'title,ladder,bitrate_factor,video_segment_s,audio_segment_s,layout,ladder_kbps,audio_kbps'.split(',')


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, newline='') as file:
        return list(csv.DictReader(file))


def append(path, columns, row):
    new = not os.path.exists(path)
    with open(path, 'a', newline='') as file:
        writer = csv.DictWriter(file, columns, extrasaction='ignore', lineterminator='\n')
        if new:
            writer.writeheader()
        writer.writerow(row)


def sort(path):
    """Puts the rows in the order of their sessions, which several processes end in any order: a model must not hang on that."""
    rows = sorted(read(path), key=lambda row: row['session'])
    if rows:
        os.remove(path)
    for row in rows:
        append(path, list(row), row)


def _title_row(number):
    title = titles.plan(number)[0]
    return dict(title, ladder_kbps=' '.join(f'{size.split("x")[1]}p@{kbps}' for kbps, size in title['rungs']))


def write_titles(out):
    """titles.csv: the titles that the kept sessions played."""
    path = f'{out}/titles.csv'
    if os.path.exists(path):
        os.remove(path)
    for name in sorted({s['title'] for s in read(f'{out}/sessions.csv')}):
        append(path, TITLE_COLUMNS, _title_row(int(name[1:])))
