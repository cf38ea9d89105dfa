# SPDX-License-Identifier: GPL-2.0-or-later
"""Do labels and packets tell the same story, and was the machine fast enough to be believed? Each session answers both."""
import bisect
import statistics

from qoelab import flows

BYTES_WITHIN = .02
CLOCK_WITHIN_S = .05
LINK_LATE_SHARE = .02       # of frames that left the emulator over 5 ms late
TIMER_LATE_MS = 100         # of the 99th percentile, in the page and in the driver
# What a response costs beyond its body: headers, and TLS records (TCP) or packet and frame headers (QUIC).
_RESPONSE_BYTES = 350
_BODY_SHARE = {'h1': .9955, 'h2': .9955, 'h3': .98}
_HANDSHAKE_BYTES = 3500
_QUIET_S = .004


def _percentile(values, share):
    values = sorted(values)
    return values[int(share * (len(values) - 1))] if values else float('inf')


def _media_resources(log):
    return [r for r in log['resources'] if '://cdn' in r['url']]


def last_quiet_s(table, resources, first_s):
    """The last moment at which no response was under way, so that bytes up to it belong to whole ones; None if never.

    A request whose answer has not begun is no matter; so even a busy player has such moments."""
    spans = [((r['first'] or r['start']) / 1000 - first_s, r['end'] / 1000 - first_s) for r in resources]
    spans += [(row['t_request'], float('inf')) for row in table if row['t_end'] == '']
    quiet_s, busy_until = None, 0.0
    for start, end in sorted(spans) + [(float('inf'), 0.0)]:
        if start > busy_until + _QUIET_S and busy_until:
            quiet_s = busy_until + _QUIET_S / 2
        busy_until = max(busy_until, end)
    return quiet_s


def bytes_compared(http, log, table, first_s, seen):
    """(bytes of bodies that the packets show by those the player counted, share that aborted requests explain), up to the last
    quiet moment.

    Of a request that was aborted the player knows no bytes: what it may have taken is allowed for, up to its whole size."""
    resources = _media_resources(log)
    until_s = last_quiet_s(table, resources, first_s) or float('inf')
    ended = [r for r in resources if r['end'] / 1000 - first_s <= until_s]
    if sum(r['bytes'] for r in ended) < sum(r['bytes'] for r in resources) / 2:
        until_s, ended = float('inf'), resources
    past = [s for s in seen if s.time_s <= until_s]
    counted = sum(r['bytes'] for r in ended)
    connections = len({s.flow for s in past if s.host})
    on_wire = (flows.media_bytes_down(past) - connections * _HANDSHAKE_BYTES - len(ended) * _RESPONSE_BYTES) * _BODY_SHARE[http]
    aborted = sum(row['bytes_expected'] - (row['bytes_got'] or 0) for row in table
                  if row['bytes_expected'] != '' and not row['complete'] and row['t_request'] <= until_s)
    excess = on_wire - counted
    explained = min(max(excess, 0), aborted)
    return 1 + (excess - explained) / max(counted, 1), explained / max(counted, 1)


def clock_offsets(table, seen):
    """Seconds from the browser's word that it sent a request to the nearest packet that looks like one."""
    times = flows.request_times(seen)
    offsets = []
    for row in table:
        if row['sent'] == '' or not times:
            continue
        at = bisect.bisect(times, row['sent'])
        offsets.append(min((t - row['sent'] for t in times[max(0, at - 1):at + 1]), key=abs))
    return offsets


def _page_lateness_ms(log):
    times = [s[0] for s in log['samples']]
    return [max(0, b - a - 250) for a, b in zip(times, times[1:])]


def screen_changes(log, table, first_s):
    """(explained, all): changes of height on screen for which a segment of that height had come for that moment.

    The first height is no change: dash.js and shaka know it from a header, before there is a picture."""
    samples, explained = log['samples'], 0
    times = [s[0] for s in samples]
    changes = [(time_ms, height) for time_ms, name, height in log['events'] if name == 'resize'][1:]
    for time_ms, height in changes:
        at = bisect.bisect(times, time_ms) - 1
        playhead = samples[at][1] + min(time_ms - times[at], 300) / 1000
        explained += any(r['height'] == height and r['media_start'] != '' and r['t_end'] != ''
                         and r['media_start'] - .6 < playhead < r['media_start'] + r['media_dur'] + .6
                         and r['t_end'] < time_ms / 1000 - first_s + .5 for r in table)
    return explained, len(changes)


def figures(profile, player, link, table, first_s, seen):
    """What the checker measured in one session."""
    log = player['log']
    offsets = [abs(o) for o in clock_offsets(table, seen)]
    explained, changes = screen_changes(log, table, first_s)
    ratio, aborted = bytes_compared(profile['http'], log, table, first_s, seen)
    return dict(bytes_ratio=round(ratio, 4), aborted_share=round(aborted, 4),
                clock_median_ms=round(1e3 * statistics.median(offsets), 1) if offsets else 999.0,
                clock_p95_ms=round(1e3 * _percentile(offsets, .95), 1) if offsets else 999.0,
                screen_explained=explained, screen_changes=changes,
                link_late_share=link['late_over_5ms'], link_late_mean_ms=link['late_mean_ms'],
                page_late_p99_ms=round(_percentile(_page_lateness_ms(log), .99)),
                driver_late_p99_ms=_percentile(player['lateness_ms'], .99))


def fault(found, valid_windows):
    """Why a session must be thrown away, or None."""
    rules = ((valid_windows == 0, 'never played'),
             (abs(found['bytes_ratio'] - 1) > BYTES_WITHIN, 'bytes disagree'),
             (found['clock_p95_ms'] > CLOCK_WITHIN_S * 1e3, 'clocks disagree'),
             (found['link_late_share'] > LINK_LATE_SHARE, 'link emulator late'),
             (max(found['page_late_p99_ms'], found['driver_late_p99_ms']) > TIMER_LATE_MS, 'timers late'))
    return next((reason for broken, reason in rules if broken), None)
