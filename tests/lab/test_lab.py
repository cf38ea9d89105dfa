# SPDX-License-Identifier: GPL-2.0-or-later
"""Quick tests of the lab's labelling, slimming, checking and simulation: no network, no browser.

usage: python3 -m unittest discover -s tests/lab     (PYTHONPATH=captures/lab)"""
import json
import os
import random
import struct
import tempfile
import unittest

from qoelab import campaign, check, dataset, flows, harvest, heads, labels, mp4, networks, objects, pcap, profiles, segments, session, slim, split, timeline, titles, world
from sim import names, player, rules, wire
from sim.clock import Clock
from sim.link import Link
from sim.transport import Network

TITLE = dict(title='t000', layout='ranges', duration_s=20,
             video=[dict(id='v0', height=240, bandwidth=300000, init=100, index=100,
                         segments=[dict(off=200, size=1000, t=0, d=4), dict(off=1200, size=3000, t=4, d=4)])],
             audio=dict(id='a0', bandwidth=96000, init=100, index=100, segments=[dict(off=200, size=500, t=0, d=16)]))
URL = 'https://cdn1.video.test/titles/t000/v0.mp4'


def player_log(playheads, frames=None, height=240):
    """A log of samples 250 ms apart that starts at clock time 100 s."""
    frames = frames or range(0, 5 * len(playheads), 5)
    samples = [[100000 + 250 * i, p, height, 8.0, 4, 0, 0, f, 0] for i, (p, f) in enumerate(zip(playheads, frames))]
    return dict(samples=samples, events=[], requests=[], resources=[])


def steady(count, start=0.0):
    return [start + .25 * i for i in range(count)]


class TimelineTest(unittest.TestCase):
    def states(self, log):
        return [s.state for s in timeline.samples(log, 100)]

    def test_a_playhead_at_zero_is_startup_and_a_moving_one_plays(self):
        self.assertEqual(self.states(player_log([0, 0, .25, .5])), ['startup', 'startup', 'playing', 'playing'])

    def test_a_playhead_that_rests_is_a_stall(self):
        self.assertEqual(self.states(player_log([.5, .75, .75, .75]))[2:], ['stalled', 'stalled'])

    def test_a_jump_is_a_seek(self):
        self.assertEqual(self.states(player_log([.5, .75, 90.0]))[2], 'seek')

    def test_a_clock_that_runs_without_new_pictures_is_frozen(self):
        self.assertEqual(self.states(player_log(steady(8, 1), frames=[5] * 8))[-1], 'frozen')


class SegmentTest(unittest.TestCase):
    def rows(self, byte_range, resources):
        log = player_log([0])
        log['requests'] = [dict(t=101000, url=URL, range=byte_range)]
        log['resources'] = resources
        return segments.rows(TITLE, log, 100)

    def answer(self, size, start=101001):
        return dict(url=URL, start=start, sent=101002, first=101050, end=101900, bytes=size, protocol='h2')

    def test_a_range_is_the_segment_that_lies_there(self):
        row = self.rows('bytes=1200-4199', [self.answer(3000)])[0]
        self.assertEqual((row['index'], row['media_start'], row['media_dur'], row['complete']), (1, 4, 4, 1))
        self.assertEqual((row['t_request'], row['t_end'], row['height']), (1.0, 1.9, 240))

    def test_a_range_over_two_segments_counts_both(self):
        row = self.rows('bytes=200-4199', [self.answer(4000)])[0]
        self.assertEqual((row['index'], row['media_start'], row['media_dur']), (0, 0, 8))

    def test_a_range_that_ends_within_a_segment_has_its_share_of_time(self):
        row = self.rows('bytes=200-2699', [self.answer(2500)])[0]
        self.assertAlmostEqual(row['media_dur'], 6)

    def test_header_and_index_are_no_segment(self):
        self.assertEqual(self.rows('bytes=0-199', [self.answer(200)])[0]['index'], -1)

    def test_a_short_answer_is_not_complete(self):
        self.assertEqual(self.rows('bytes=1200-4199', [self.answer(1700)])[0]['complete'], 0)

    def test_a_request_that_was_made_again_without_an_answer_was_never_sent(self):
        log = player_log([0])
        log['requests'] = [dict(t=t, url=URL, range='bytes=1200-4199') for t in (100500, 100600, 101000)]
        log['resources'] = [self.answer(3000)]
        self.assertEqual([r['t_request'] for r in segments.rows(TITLE, log, 100)], [1.0])

    def test_an_answer_to_another_time_is_not_taken(self):
        self.assertEqual(self.rows('bytes=1200-4199', [self.answer(3000, start=105000)])[0]['t_end'], '')


class LabelTest(unittest.TestCase):
    def windows(self, playheads, rows=()):
        samples = timeline.samples(player_log(playheads), 100)
        packets = [(0, True, 60), (1, False, 1500), (11, False, 1500), (len(playheads) / 4, True, 60)]
        return labels.windows(samples, list(rows), packets, 1000)

    def test_ten_seconds_of_playback_make_a_valid_window(self):
        window = self.windows(steady(81))[0]
        self.assertEqual((window['valid'], window['resolution'], window['playing_s'], window['down_bytes_ip']), (1, 240, 9.75, 1500))

    def test_a_window_before_playback_is_not_valid(self):
        self.assertEqual(self.windows([0] * 81)[0]['valid'], 0)

    def test_stalls_are_counted_in_seconds(self):
        window = self.windows(steady(20) + [4.75] * 61)[0]
        self.assertEqual(window['stalled_s'], 5.0)

    def test_the_fetched_height_is_that_of_the_longest_download(self):
        row = dict(kind='video', index=0, height=720, t_request=1.0, t_end=6.0, complete=1, bytes_got=10, media_dur=4)
        self.assertEqual(self.windows(steady(81, .3), [row])[0]['dl_resolution'], 720)

    def test_what_comes_after_a_player_gave_up_is_not_valid(self):
        samples = timeline.samples(player_log(steady(40, .3) + [10.05] * 200), 100)
        rows = labels.windows(samples, [], [(0, True, 60), (60, True, 60)], 10)
        self.assertEqual([r['valid'] for r in rows], [1, 0, 0, 0, 0, 0])


def capture_file(packets):
    """Writes (time, frame) to a file and returns its path."""
    with tempfile.NamedTemporaryFile(suffix='.pcap', delete=False) as file:
        file.write(pcap.file_header(65535) + b''.join(pcap.record(t, length, kept) for t, (length, kept) in packets))
    return file.name


class CaptureTest(unittest.TestCase):
    def test_slimming_keeps_the_first_packets_whole_and_headers_of_the_rest(self):
        flow = wire.Flow(4, pcap.TCP, 40000, '198.51.100.11')
        path = capture_file([(i, flow.tcp(False, i, 1000 * i, 1, pcap.ACK, 1000, bytes(1000))) for i in range(20)])
        with open(path, 'rb') as file:
            lengths = [len(frame) for _, _, frame in slim.slim_records(file.read())]
        self.assertEqual(lengths, [1066] * 14 + [66] * 6)
        os.unlink(path)

    def test_slimming_keeps_lengths_and_blanks_checksums(self):
        flow = wire.Flow(6, pcap.TCP, 40000, '2001:db8:100::11')
        path = capture_file([(1, flow.tcp(True, 1, 7, 9, pcap.ACK, 100, bytes(100)))])
        target = path + '.zst'
        slim.slim(path, target)
        packet = next(pcap.packets(target))
        self.assertEqual((packet.payload_len, packet.seq, packet.dport), (100, 7, 443))
        os.unlink(path)
        os.unlink(target)

    def test_of_whole_packets_only_the_heads_of_records_stay(self):
        flow = wire.Flow(4, pcap.TCP, 40000, '198.51.100.11')
        stream = b''.join(b'\x17\x03\x03\x07\xd0' + bytes([0x42]) * 2000 for _ in range(20))
        order = [i for i in range(40) if i != 30] + [30]
        path = capture_file([(t, flow.tcp(False, t, 1000 * i, 1, pcap.ACK, 1000, stream[1000 * i:1000 * i + 1000]))
                             for t, i in enumerate(order)])
        with open(path, 'rb') as file:
            frames = [frame for _, _, frame in heads.heads_records(file.read())]
        os.unlink(path)
        for i, frame in zip(order[14:], frames[14:]):
            expected = bytes(b if (1000 * i + k) % 2005 < 5 else 0 for k, b in enumerate(stream[1000 * i:1000 * i + 1000]))
            self.assertEqual(frame[66:], expected)

    def test_time_begins_with_the_first_packet_of_any_kind(self):
        flow, arp = wire.Flow(4, pcap.TCP, 40000, '198.51.100.11'), (60, bytes(12) + b'\x08\x06' + bytes(28))
        path = capture_file([(5, arp), (7, flow.tcp(True, 7, 1, 1, pcap.SYN, 0))])
        first, seen = flows.read(path)
        self.assertEqual((first, seen[0].time_s), (5, 2))
        os.unlink(path)

    def test_repeated_bytes_count_once_and_numbers_may_wrap(self):
        counter, flow = flows.HighestSequence(), wire.Flow(4, pcap.TCP, 1, '198.51.100.11')
        def new(seq, length):
            return counter.new_bytes('f', pcap.packet(0, flow.tcp(False, 0, seq, 0, pcap.ACK, length)[1] + bytes(length)))
        self.assertEqual([new(0xfffffff0, 32), new(0xfffffff0, 32), new(16, 10), new(36, 10)], [32, 0, 10, 20])

    def test_objects_are_found_between_requests(self):
        flow = wire.Flow(4, pcap.TCP, 40000, '198.51.100.11')
        frames = [(0, flow.tcp(True, 0, 1, 1, pcap.ACK, 700))]
        frames += [(1 + i / 100, flow.tcp(False, 0, 1 + 1400 * i, 1, pcap.ACK, 1400)) for i in range(10)]
        frames += [(2, flow.tcp(True, 0, 701, 1, pcap.ACK, 690))]
        path = capture_file(frames)
        found = objects.of_capture(path)
        self.assertEqual([(o.request_bytes, o.body_bytes) for o in found], [(700, 14000)])
        os.unlink(path)


class CheckTest(unittest.TestCase):
    GOOD = dict(bytes_ratio=1.001, clock_p95_ms=2, link_late_share=0, page_late_p99_ms=3, driver_late_p99_ms=3)

    def test_a_session_that_agrees_is_kept(self):
        self.assertIsNone(check.fault(self.GOOD, 5))

    def test_disagreement_and_lateness_are_named(self):
        for change, reason in ((dict(bytes_ratio=1.03), 'bytes disagree'), (dict(clock_p95_ms=60), 'clocks disagree'),
                               (dict(link_late_share=.1), 'link emulator late'), (dict(page_late_p99_ms=400), 'timers late')):
            self.assertEqual(check.fault({**self.GOOD, **change}, 5), reason)

    def test_bytes_after_the_last_quiet_moment_are_not_compared(self):
        resources = [dict(start=100900, first=101000, end=102000), dict(start=109000, first=110000, end=112000)]
        self.assertAlmostEqual(check.last_quiet_s([dict(t_end='', t_request=15.0)], resources, 100), 12.002)


    def test_the_first_height_on_screen_is_no_change_and_a_later_one_needs_its_segment(self):
        log = dict(player_log(steady(80)), events=[[100010, 'resize', 240], [105000, 'resize', 480], [110000, 'resize', 720]])
        fetched = dict(height=480, media_start=4, media_dur=4, t_end=3.0)
        self.assertEqual(check.screen_changes(log, [fetched], 100), (1, 2))

    def test_what_a_player_complained_of_last_is_kept_with_the_fault(self):
        log = dict(player_log([0]), events=[[1, 'started', None], [2, 'fatal', 'cannot load /video.js']])
        self.assertEqual(harvest.complaints(dict(log=log, printed=['a warning'])), 'a warning | fatal: cannot load /video.js')


class TitleTest(unittest.TestCase):
    def test_titles_are_many_and_each_is_always_the_same(self):
        self.assertGreaterEqual(titles.COUNT, 100)
        self.assertEqual(titles.plan(7)[0], titles.plan(7)[0])

    def test_titles_of_the_second_half_spread_factors_and_rungs(self):
        factors = {half: [titles.plan(n)[0]['bitrate_factor'] for n in half] for half in (range(120), range(120, 240))}
        low = [sum(f < .6 for f in found) for found in factors.values()]
        self.assertGreater(low[1], 3 * low[0])
        for number in range(120, 240):
            title = titles.plan(number)[0]
            self.assertLessEqual(set(title['rungs']), set(titles.LADDERS[title['ladder']].rungs))
            self.assertGreaterEqual(len(title['rungs']), 3)

    def test_the_youtube_like_player_gets_titles_of_its_own_and_nobody_else_does(self):
        own = set(titles.calibrated('yv'))
        self.assertGreaterEqual(len(own), 50)
        for seed in range(100):
            self.assertIn(profiles._title_number(random.Random(seed), 'ytlike'), own)
            for player in ('dash', 'nflike'):
                self.assertNotIn(profiles._title_number(random.Random(seed), player), own)

    def test_sizes_follow_the_rate(self):
        dice = random.Random(1)
        spans = [(4 * i, 4 * i + 4) for i in range(150)]
        sizes = titles.video_sizes(dice, 2000, titles.Complexity(dice, 600), spans)
        self.assertAlmostEqual(sum(sizes) * 8 / 600 / 1000, 2000, delta=100)

    def test_an_index_tells_every_segment(self):
        box = mp4.index(1000, [4000, 4000], [111, 222])
        self.assertEqual(struct.unpack('>I4s', box[:8]), (len(box), b'sidx'))
        self.assertEqual(struct.unpack('>III', box[-12:]), (222, 4000, 0x90000000))


class ProfileTest(unittest.TestCase):
    def test_a_cap_leaves_the_lowest_rung_to_players_that_count_audio_in_it(self):
        title = dict(TITLE, video=[dict(TITLE['video'][0], bandwidth=rate) for rate in (300000, 600000)])
        for player in ('shaka', 'hls'):
            limits = [profiles.limits(random.Random(seed), title, dict(player=player)) for seed in range(200)]
            caps = [limit['cap_kbps'] for limit in limits if 'cap_kbps' in limit]
            self.assertTrue(caps and min(caps) >= 396, player)

    def test_a_title_without_a_rung_that_is_low_enough_keeps_its_lowest(self):
        limit = profiles.limits(random.Random(1), dict(TITLE, video=[dict(height=240, bandwidth=300000)]), dict(player='ytlike', most_height=144))
        self.assertEqual(limit, {'cap_kbps': 301})


class PlacesTest(unittest.TestCase):
    def test_a_late_session_takes_a_place_away_and_two_rounds_in_time_give_it_back(self):
        places = campaign.Places(3)
        places.give_back(True)
        self.assertEqual(places.count, 2)
        for _ in range(3):
            places.give_back(False)
        self.assertEqual(places.count, 2)
        places.give_back(False)
        self.assertEqual(places.count, 3)
        for _ in range(20):
            places.give_back(False)
        self.assertEqual(places.count, 3)


class NetworkTest(unittest.TestCase):
    def test_rates_stay_in_the_promised_range(self):
        for seed in range(200):
            link = networks.draw(random.Random(seed), 120)
            self.assertTrue(all(50 <= kbps <= 50000 for _, kbps in link['trace']), link['kind'])

    def test_a_link_serves_one_frame_after_the_other(self):
        link = Link(dict(trace=[(0, 1000)], delay_ms=10, jitter_ms=0, loss=0, queue_ms=500, grid_ms=0), random.Random(1))
        first, second = link.send(0, 1226), link.send(0, 1226)
        self.assertAlmostEqual(first, .02, places=4)
        self.assertAlmostEqual(second - first, .01, places=4)

    def test_a_full_queue_drops(self):
        link = Link(dict(trace=[(0, 100)], delay_ms=10, jitter_ms=0, loss=0, queue_ms=100, grid_ms=0), random.Random(1))
        self.assertIn(None, [link.send(0, 1500) for _ in range(40)])


class SimulationTest(unittest.TestCase):
    def test_a_hello_of_517_bytes_names_the_host(self):
        hello = names.client_hello('cdn1.video.test', random.Random(1))
        self.assertEqual(len(hello), 517)
        self.assertIn(b'\x00\x00\x0fcdn1.video.test', hello)

    def test_events_happen_in_the_order_of_time(self):
        clock, seen = Clock(), []
        clock.at(2, seen.append, 'b')
        clock.at(1, seen.append, 'a')
        clock.at(9, seen.append, 'too late')
        clock.run(5)
        self.assertEqual(seen, ['a', 'b'])

    def test_rules_choose_higher_rungs_for_faster_links(self):
        kbps = [235, 560, 1050, 2350, 5800]
        for rule in (rules.throughput, rules.bola, rules.dynamic, rules.shaka, rules.hls, rules.video_js, rules.cautious):
            self.assertLess(rule(kbps, 500, 25, 30, 0), rule(kbps, 9000, 25, 30, 0), rule.__name__)


class ChunkTest(unittest.TestCase):
    def extent(self, rep, wanted_s, cap_bytes=2 << 20):
        return player.YouTubeLike._extent(rep, 0, wanted_s, cap_bytes)

    def test_a_film_that_takes_few_bits_gets_longer_chunks_of_video(self):
        rep = dict(nominal_kbps=400, segments=[dict(d=4, size=100000)] * 60)     # of 200 kbit/s
        self.assertEqual(self.extent(rep, 38), (19, 1900000))
        self.assertEqual(self.extent(rep, 38, 1000000), (10, 1000000))

    def test_chunks_of_audio_are_as_long_as_is_wanted(self):
        self.assertEqual(self.extent(dict(segments=[dict(d=10, size=160000)] * 20), 31), (3, 480000))


class TransferTest(unittest.TestCase):
    """Whole simulated responses over each version of HTTP."""

    def responses(self, http, loss):
        profile = dict(ip=4, http=http, congestion='cubic')
        link = Link(dict(trace=[(0, 8000)], delay_ms=10, jitter_ms=0, loss=loss, queue_ms=200, grid_ms=0), random.Random(1))
        clock, capture, ended = Clock(), wire.Capture(), []
        net = Network(profile, clock, link, capture, random.Random(2), world.address)
        for size in (400000, 100000):
            clock.at(0, net.get, 'cdn1.video.test', 650, size, ended.append)
        clock.run(60)
        return ended, capture

    def test_each_response_ends_once_with_its_last_byte(self):
        for http in ('h1', 'h2', 'h3'):
            for loss in (0, .02):
                ended, _ = self.responses(http, loss)
                self.assertEqual(sorted(r.got for r in ended), sorted(r.size for r in ended), http)
                self.assertEqual(len(ended), 2, http)

    def test_it_takes_as_long_as_the_link_needs(self):
        ended, _ = self.responses('h1', 0)
        self.assertAlmostEqual(max(r.last_s for r in ended), 500000 * 8 / 8e6 * 1.06, delta=.15)

    def test_the_client_never_acknowledges_what_has_not_come(self):
        _, capture = self.responses('h1', .02)
        capture.finish(60)
        highest = {}
        for time_s, up, _, kept in capture.packets:
            packet = pcap.packet(time_s, kept)
            if packet.proto == pcap.TCP and not up:
                length = packet.payload_len + bool(packet.flags & pcap.SYN)
                highest[packet.dport] = max(highest.get(packet.dport, 0), packet.seq + length)
            elif packet.proto == pcap.TCP and packet.flags & pcap.ACK:
                acknowledged = struct.unpack_from('>I', kept, 42)[0]
                self.assertLessEqual(acknowledged, highest[packet.sport])


class InstallTest(unittest.TestCase):
    def test_the_browsers_driver_runs_with_the_node_of_debian_12(self):
        with open(os.path.join(os.path.dirname(session.WEB), 'package-lock.json')) as file:
            driver = json.load(file)['packages']['node_modules/playwright-core']
        self.assertLessEqual(int(driver['engines']['node'].lstrip('>=')), 18)


class DatasetTest(unittest.TestCase):
    def test_rows_lie_in_the_order_of_sessions_whichever_ended_first(self):
        with tempfile.TemporaryDirectory() as out:
            path = f'{out}/sessions.csv'
            for name in ('sim_00002', 'sim_00010', 'sim_00001'):
                dataset.append(path, ['session', 'title'], {'session': name, 'title': 't001'})
            dataset.sort(path)
            self.assertEqual([row['session'] for row in dataset.read(path)], ['sim_00001', 'sim_00002', 'sim_00010'])

    def test_a_table_that_is_not_there_stays_so(self):
        with tempfile.TemporaryDirectory() as out:
            dataset.sort(f'{out}/thrown.csv')
            self.assertFalse(os.path.exists(f'{out}/thrown.csv'))


class SplitTest(unittest.TestCase):
    def test_no_title_is_on_two_sides_and_one_player_is_kept_aside(self):
        sessions = [dict(session=str(i), title=titles.name_of(i % 40), player=('dash', 'vhs')[i % 2]) for i in range(200)]
        rows = split.rows(sessions)
        sides = {}
        for row in rows:
            if row['player'] == 'vhs':
                self.assertEqual(row['part'], 'test-player')
            else:
                sides.setdefault(row['title'], set()).add(row['part'])
        self.assertTrue(all(len(parts) == 1 for parts in sides.values()))


if __name__ == '__main__':
    unittest.main()
