# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels per window and per second, from the player's samples and requests, with the counts of the packets beside them.

Both the browser's sessions and the simulated ones are labelled here, so their columns mean the same."""
import collections
import csv

from qoelab import timeline

WINDOW_S = 10
WINDOW_COLUMNS = ('window,t_start,t_end,resolution,dl_resolution,resolution_max,resolution_mean,n_switches,playing_s,frozen_s,'
                  'stalled_s,startup_s,paused_s,buffer_end_s,valid,video_segments_requested,video_segments_completed,video_bytes,'
                  'audio_bytes,mean_video_kbps_downloaded,down_bytes_ip,up_bytes_ip,down_pkts,up_pkts,seek_s').split(',')
SECOND_COLUMNS = 'second,resolution,dl_resolution,stalled,frozen,paused,startup,seek,buffer_s'.split(',')
_GAVE_UP_AFTER_S = 25   # nothing played and nothing fetched for so long before the end
_PLAYED_MIN_S = 5       # a window with less playback has no resolution worth the name


def _most_common(counter):
    return counter.most_common(1)[0][0] if counter else 0


class Screen:
    """What was on screen in a stretch of time."""

    def __init__(self, samples):
        self.states = collections.Counter(s.state for s in samples)
        shown = [s.height for s in samples if s.height > 0 and s.state in timeline.ON_SCREEN]
        self.heights = collections.Counter(shown)
        self.switches = sum(a != b for a, b in zip(shown, shown[1:]))
        self.buffer_s = samples[-1].buffer_s if samples else ''

    def seconds(self, state):
        return self.states[state] * timeline.SAMPLE_S

    @property
    def mean_height(self):
        total = sum(self.heights.values())
        return round(sum(h * n for h, n in self.heights.items()) / total, 1) if total else 0

    @property
    def valid(self):
        return bool(self.heights) and sum(map(self.seconds, ('playing', 'frozen', 'stalled', 'seek'))) >= _PLAYED_MIN_S


def _video(table):
    return [r for r in table if r['kind'] == 'video' and r['index'] >= 0]


def _downloading(video, start_s, end_s):
    """The height that was being fetched for the longest part of a stretch; None if none was."""
    heights = collections.Counter()
    for row in video:
        if row['t_end'] != '':
            overlap = min(end_s, row['t_end']) - max(start_s, row['t_request'])
            if overlap > 0:
                heights[row['height']] += overlap
    return _most_common(heights) or None


def _fetched(table, video, start_s, end_s):
    def ended(rows):
        return [r for r in rows if r['t_end'] != '' and start_s <= r['t_end'] < end_s]
    whole = [r for r in ended(video) if r['complete']]
    video_bytes, media_s = sum(r['bytes_got'] for r in whole), sum(r['media_dur'] for r in whole)
    return dict(video_segments_requested=sum(start_s <= r['t_request'] < end_s for r in video), video_segments_completed=len(whole),
                video_bytes=video_bytes, audio_bytes=sum(r['bytes_got'] for r in ended(table) if r['kind'] == 'audio'),
                mean_video_kbps_downloaded=round(video_bytes * 8 / media_s / 1000) if media_s else '')


def _slots(items, length_s, time_of):
    slots = collections.defaultdict(list)
    for item in items:
        slots[int(time_of(item) // length_s)].append(item)
    return slots


def _counts(packets):
    """packets: (time_s, up, ip_len)"""
    down, up = [p[2] for p in packets if not p[1]], [p[2] for p in packets if p[1]]
    return dict(down_bytes_ip=sum(down), up_bytes_ip=sum(up), down_pkts=len(down), up_pkts=len(up))


def gave_up_at(samples, last_media_s, end_s):
    """A player that gave up is no longer a session; infinity if it did not."""
    last = max([last_media_s] + [s.time_s for s in samples if s.state in ('playing', 'frozen', 'paused', 'ended')])
    return last + 1 if end_s - last > _GAVE_UP_AFTER_S else float('inf')


def windows(samples, table, packets, last_media_s):
    """A row per whole window since the first packet. packets: list of (time_s, up, ip_len) in order."""
    end_s = packets[-1][0]
    over_s, video = gave_up_at(samples, last_media_s, end_s), _video(table)
    by_sample, by_packet = _slots(samples, WINDOW_S, lambda s: s.time_s), _slots(packets, WINDOW_S, lambda p: p[0])
    rows, fetched_height = [], 0
    for number in range(int(end_s // WINDOW_S)):
        start, stop = float(number * WINDOW_S), float((number + 1) * WINDOW_S)
        screen = Screen(by_sample[number])
        fetched_height = _downloading(video, start, stop) or fetched_height
        rows.append(dict(
            window=number, t_start=start, t_end=stop, resolution=_most_common(screen.heights), dl_resolution=fetched_height,
            resolution_max=max(screen.heights, default=0), resolution_mean=screen.mean_height, n_switches=screen.switches,
            **{f'{state}_s': screen.seconds(state) for state in ('playing', 'frozen', 'stalled', 'startup', 'paused', 'seek')},
            buffer_end_s=screen.buffer_s, valid=int(stop <= over_s and screen.valid),
            **_fetched(table, video, start, stop), **_counts(by_packet[number])))
    return rows


def seconds(samples, table, end_s):
    """A row per second since the first packet while the player was watched; states as shares of the second."""
    by_sample, video = _slots(samples, 1, lambda s: s.time_s), _video(table)
    rows, fetched_height = [], 0
    for number in range(int(min(end_s, samples[-1].time_s))):
        screen = Screen(by_sample[number])
        count = max(1, sum(screen.states.values()))
        fetched_height = _downloading(video, number, number + 1) or fetched_height
        rows.append(dict(second=number, resolution=_most_common(screen.heights), dl_resolution=fetched_height, buffer_s=screen.buffer_s,
                         **{s: round(screen.states[s] / count, 2) for s in ('stalled', 'frozen', 'paused', 'startup', 'seek')}))
    return rows


def write(path, columns, rows):
    with open(path, 'w', newline='') as file:
        writer = csv.DictWriter(file, columns, lineterminator='\n')
        writer.writeheader()
        writer.writerows(rows)
