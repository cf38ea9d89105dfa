# SPDX-License-Identifier: GPL-2.0-or-later
"""A simulated player: fetches segments by its kind's rules, plays them, and writes down what a page would have recorded."""
from qoelab import timeline
from sim import rules

_TURNAROUND_S = (.004, .02)
_POLL_S = .25
# Bytes of a request beside its token, and how much of the token counts: measured in the lab's own captures with TLS 1.3 and a
# range of 22 characters. HPACK and QPACK shorten the token.
_REQUEST = {'h1': (575, 1.0), 'h2': (85, .82), 'h3': (397, .785)}
_RANGE_CHARACTERS, _NO_RANGE_LESS, _TLS12_MORE = 22, 12, 8
_MEASURED_MIN_BYTES = 16000
_LOOK_S, _LOOK_FIRST_S = .5, 1      # how often players ask themselves whether to give a slow segment up


class Media:
    """One kind of media: what was asked for and what has come, in order."""

    def __init__(self, kind, reps, host):
        self.kind, self.reps, self.host = kind, reps, host
        self.next, self.asked_s, self.ready_s, self.in_flight = 0, 0.0, 0.0, 0
        self.come, self.appended, self.indexed = {}, 0, set()
        self.downloads = []

    @property
    def segments(self):
        return self.reps[0]['segments']

    @property
    def done(self):
        return self.next >= len(self.segments)

    def arrive(self, first, stop):
        """Segments become playable in the order of the film."""
        self.come[first] = stop
        while self.appended in self.come:
            self.appended = self.come.pop(self.appended)
            last = self.segments[self.appended - 1]
            self.ready_s = last['t'] + last['d']

    def jump(self, time_s):
        """Forgets what was fetched and goes on with the segment of that moment; what is under way is no longer wanted."""
        for download in self.downloads:
            download.give_up()
        self.next = next((i for i, s in enumerate(self.segments) if s['t'] + s['d'] > time_s), len(self.segments) - 1)
        self.appended, self.come, self.in_flight, self.downloads = self.next, {}, 0, []
        self.asked_s = self.segments[self.next]['t']
        self.ready_s = time_s


class Download:
    """One segment under way."""

    def __init__(self, player, media, rep, first, stop):
        self.player, self.media, self.rep, self.first, self.stop = player, media, rep, first, stop
        self.transfer = self.row = None
        self.wanted = True

    def give_up(self):
        """The player no longer wants it."""
        self.wanted = False
        if self.transfer:
            self.transfer.abort()
            self.row.update(t_end=self.player.clock.now_s, bytes_got=0)

    @property
    def kbps(self):
        return self.transfer.got * 8e-3 / max(self.player.clock.now_s - self.row['t_request'], 1e-3)

    @property
    def left_s(self):
        """Until it will have come at the rate that it has had."""
        return (self.row['bytes_expected'] - self.transfer.got) * 8e-3 / max(self.kbps, 1)


class Player:
    """Playback, requests and records; next() of a subclass decides when to ask."""

    def __init__(self, profile, title, net, dice):
        self.profile, self.net, self.dice, self.title = profile, net, dice, title
        self.play, self.clock = profile['play'], net.clock
        self.habits = rules.OF_PLAYER[self.play['player']]
        beside = title['audio']['bandwidth'] / 1000 if self.habits.adds_audio else 0
        limit = self.play.get('cap_kbps', float('inf'))
        reps = [r for r in title['video'] if r['bandwidth'] / 1000 + beside <= limit] or title['video'][:1]
        self.video = Media('video', reps, profile['video_host'])
        self.audio = Media('audio', [title['audio']], profile['audio_host'])
        self.kbps = [r['bandwidth'] / 1000 + beside for r in reps]
        self.rule = rules.OF_DASH_SETTING.get(self.play.get('rule'), self.habits.rule)
        self.throughput = rules.Throughput(self.play.get('start_kbps', 700), self.habits.halves_s)
        self.resume_s = dice.choice([.3, 1, 2])
        self.rung, self.most_rung = 0, len(reps) - 1
        self.playhead_s, self.updated_s, self.running, self.paused, self.sought = 0.0, 0.0, False, False, False
        self.rows, self.samples, self.shown = [], [], []

    @property
    def goal_s(self):
        """The buffer that is wanted."""
        return self.play['buffer_s']

    # --- playback ------------------------------------------------------------------------------------------------------

    @property
    def buffer_s(self):
        return max(0.0, min(self.video.ready_s, self.audio.ready_s) - self.playhead_s)

    def advance(self):
        """Moves the playhead to now."""
        passed, self.updated_s = self.clock.now_s - self.updated_s, self.clock.now_s
        if self.paused:
            return
        if self.running:
            moved = min(passed, self.buffer_s)
            self.playhead_s += moved
            self.running = moved >= passed - 1e-6
        elif self.buffer_s >= self.resume_s:
            self.running = True

    def _height(self):
        """Of the picture at the playhead."""
        while len(self.shown) > 1 and self.shown[1][0] <= self.playhead_s + 1e-6:
            self.shown.pop(0)
        return self.shown[0][1] if self.shown and self.playhead_s > 0 else 0

    def sample(self):
        self.advance()
        state = ('seek' if self.sought else 'paused' if self.paused else 'playing' if self.running
                 else 'startup' if self.playhead_s == 0 else 'stalled')
        self.sought = False
        if self.playhead_s >= self.title['duration_s'] - .1:
            state = 'ended'
        self.samples.append(timeline.Sample(self.clock.now_s, self.playhead_s, self._height(), round(self.buffer_s, 2), 0, state))
        self.clock.after(timeline.SAMPLE_S, self.sample)

    def pause(self, paused):
        self.advance()
        self.paused = paused

    def seek(self, to_s):
        """Outside of the buffer nothing is kept but the picture on screen."""
        self.advance()
        inside = self.playhead_s <= to_s < self.playhead_s + self.buffer_s
        self.playhead_s, self.sought = to_s, True
        if not inside:
            self.shown, self.running = [(-1, self._height())], False
            for media in (self.video, self.audio):
                media.jump(to_s)
        self.next()

    # --- requests ------------------------------------------------------------------------------------------------------

    def _request_bytes(self, byte_range):
        fixed, grows = _REQUEST[self.profile['http']]
        extra = _TLS12_MORE if self.profile['tls'] == 'TLSv1.2' else 0
        extra += len(byte_range) - _RANGE_CHARACTERS if byte_range else -_NO_RANGE_LESS
        return int(fixed + grows * len(self.profile['token'])) + extra

    def _choose(self):
        if 'fixed_kbps' in self.play:
            return rules.below(self.kbps, self.play['fixed_kbps'])
        rung = self.rule(self.kbps, self.throughput.kbps, self.buffer_s, self.goal_s, self.rung)
        rung, self.most_rung = min(rung, self.most_rung), len(self.kbps) - 1
        return rung

    def _measure(self, media, size, seconds):
        if media.kind in self.habits.measured and size > _MEASURED_MIN_BYTES:
            at_once = max(1, self.in_flight) if self.habits.shares_link else 1
            self.throughput.add(size * 8e-3 / max(seconds, 1e-3) * at_once, seconds / at_once)

    def _row(self, media, rep, first, stop, byte_range):
        segments = rep['segments'][first:stop]
        whole = first >= 0
        return dict(t_request=self.clock.now_s, t_first_byte='', t_end='', kind=media.kind, rep=rep['id'], height=rep.get('height', ''),
                    bitrate_kbps=rep['bandwidth'] // 1000, index=first, media_start=segments[0]['t'] if whole else '',
                    media_dur=round(sum(s['d'] for s in segments), 3) if whole else '', bytes_expected=sum(s['size'] for s in segments) if whole else '',
                    bytes_got='', proto={'h1': 'http/1.1'}.get(self.profile['http'], self.profile['http']), complete=0, host=media.host, range=byte_range)

    def _fetch(self, media, rep, first, stop, size, byte_range, then):
        """One request; first is -1 for header and index."""
        row = self._row(media, rep, first, stop, byte_range)
        self.rows.append(row)

        def done(response):
            self.advance()
            row.update(t_first_byte=response.first_s, t_end=response.last_s, bytes_got=size, complete=int(first >= 0))
            if first >= 0:
                self._measure(media, size, response.last_s - response.start_s)
            then()
        return self.net.get(media.host, self._request_bytes(byte_range), size, done), row

    @property
    def in_flight(self):
        return self.video.in_flight + self.audio.in_flight

    def ask(self, media, wanted_s=0.0, cap_bytes=1 << 40):
        """The next segments that fit into wanted_s and cap_bytes, at least one; header and index first where they are new."""
        if media is self.video:
            self.rung = self._choose()
        rep = media.reps[self.rung if media is self.video else 0]
        first = media.next
        stop, size = self._extent(rep, first, wanted_s, cap_bytes)
        media.next, media.in_flight = stop, media.in_flight + 1
        media.asked_s = rep['segments'][stop - 1]['t'] + rep['segments'][stop - 1]['d']
        media.downloads.append(Download(self, media, rep, first, stop))
        self._index_then(media, rep, lambda download=media.downloads[-1]: self._ask_segments(download, size))

    @staticmethod
    def _extent(rep, first, wanted_s, cap_bytes):
        segments, stop = rep['segments'], first + 1
        size, length = segments[first]['size'], segments[first]['d']
        while stop < len(segments) and length + segments[stop]['d'] <= wanted_s and size + segments[stop]['size'] <= cap_bytes:
            size, length, stop = size + segments[stop]['size'], length + segments[stop]['d'], stop + 1
        return stop, size

    def _index_then(self, media, rep, then):
        if rep['id'] in media.indexed:
            return then()
        media.indexed.add(rep['id'])
        size = rep['segments'][0]['off'] if self.title['layout'] == 'ranges' else rep['init']
        self._fetch(media, rep, -1, -1, size, f'bytes=0-{size - 1}' if self.title['layout'] == 'ranges' else '', then)

    def _ask_segments(self, download, size):
        if not download.wanted:
            return
        media, rep, first = download.media, download.rep, download.first
        offset = rep['segments'][first]['off']
        byte_range = f'bytes={offset}-{offset + size - 1}' if self.title['layout'] == 'ranges' else ''

        def then():
            media.downloads.remove(download)
            media.arrive(first, download.stop)
            if media is self.video:
                self._show(rep, first)
            self.clock.after(self.dice.uniform(*_TURNAROUND_S), self._free, media)
        download.transfer, download.row = self._fetch(media, rep, first, download.stop, size, byte_range, then)
        if media is self.video and 'fixed_kbps' not in self.play:
            self.clock.after(_LOOK_FIRST_S, self._look, download)

    def _free(self, media):
        media.in_flight = max(0, media.in_flight - 1)
        self.next()

    def _show(self, rep, first):
        self.shown.append((rep['segments'][first]['t'], rep['height']))
        self.shown.sort()

    def _look(self, download):
        """Gives up a segment that comes too slowly, and asks for it again lower."""
        self.advance()
        if not download.wanted or download.row['complete']:
            return
        media, rung = download.media, download.media.reps.index(download.rep)
        last = media.next == download.stop and rung > 0 and download.transfer.got > 0
        if not (last and self.gives_up(download, rung)):
            self.clock.after(_LOOK_S, self._look, download)
            return
        self._measure(media, download.transfer.got, self.clock.now_s - download.row['t_request'])
        self.most_rung = min(rung - 1, rules.below(self.kbps, download.kbps))
        media.downloads.remove(download)
        download.give_up()
        media.in_flight -= 1
        media.next, media.asked_s = download.first, download.row['media_start']
        self.next()

    def gives_up(self, download, rung):
        """Whether a slow segment is given up for one of a lower rung."""
        return False

    def next(self):
        """Asks for what is wanted now."""
        raise NotImplementedError

    def start(self):
        self.sample()
        self.tick()

    def tick(self):
        self.advance()
        self.next()
        self.clock.after(_POLL_S, self.tick)


class Streaming(Player):
    """One request of a kind at a time until the goal is reached."""

    default_goal_s, at_once = 30, 1

    @property
    def goal_s(self):
        return self.play.get('buffer_s', self.default_goal_s)

    def next(self):
        self.advance()
        for media in (self.video, self.audio):
            while not media.done and media.in_flight < self.at_once and media.asked_s - self.playhead_s < self.goal_s:
                self.ask(media)

    def gives_up(self, download, rung):
        """hls.js, video.js: what will come after the buffer has run out, where the next lower one would come before."""
        lower_s = self.kbps[rung - 1] * download.row['media_dur'] / max(download.kbps, 1)
        return download.left_s > max(self.buffer_s, lower_s)


class Dash(Streaming):
    """Longer where the best rung is fetched and no goal is set."""

    @property
    def goal_s(self):
        return self.play.get('buffer_s', 60 if self.rung == len(self.kbps) - 1 else 18)

    def gives_up(self, download, rung):
        """AbandonRequestsRule."""
        takes_s = self.clock.now_s - download.row['t_request'] + download.left_s
        return takes_s > 1.8 * download.row['media_dur'] and self.buffer_s < self.goal_s


class Shaka(Streaming):
    """Fetches some segments of a kind at once if it is told to."""

    default_goal_s, switch_every_s, switched_s = 20, 8, 0.0

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.at_once = max(1, self.play.get('prefetch', 0))

    @property
    def goal_s(self):
        return super().goal_s + (self.at_once - 1) * self.video.segments[0]['d']

    def gives_up(self, download, rung):
        """It looks at the rate all the time, but switches every eight seconds only."""
        lower = self.rule(self.kbps, min(self.throughput.kbps, download.kbps), self.buffer_s, self.goal_s, rung)
        size = self.video.reps[lower]['segments'][download.first]['size']
        if lower >= rung or self.clock.now_s < self.switched_s + self.switch_every_s or size > download.row['bytes_expected'] - download.transfer.got:
            return False
        self.switched_s = self.clock.now_s
        return True


class Hls(Streaming):
    """Its goal is the least that it wants: what 60 MB hold is never less for these films, up to a minute."""

    @property
    def goal_s(self):
        return max(super().goal_s, 60)


class VideoJs(Streaming):
    """Its goal grows as the film goes on."""

    @property
    def goal_s(self):
        return min(super().goal_s + self.playhead_s, max(super().goal_s, 60))

    def _choose(self):
        """Up only while the buffer is longer than what was played, or half a minute."""
        rung = super()._choose()
        return min(rung, self.rung) if self.buffer_s < min(self.playhead_s, 30) else rung


class NetflixLike(Player):
    """See web/rangeplayer.js."""

    filling = True

    def _wants(self, media):
        unsure_s = sum(self.dice.random() for _ in range(3)) - 1.5
        return not media.done and media.asked_s - self.playhead_s + unsure_s * self.play['unsure_s'] < self.goal_s

    @property
    def ahead_s(self):
        return min(self.video.asked_s, self.audio.asked_s) - self.playhead_s

    def next(self):
        self.advance()
        if self.filling and self.ahead_s >= self.goal_s - 4:
            self.filling = False
        while self.filling and self.in_flight < self.play['objects']:
            if self.audio.asked_s <= self.video.asked_s and not self.audio.in_flight and not self.audio.done:
                self.ask(self.audio)
            elif self._wants(self.video):
                self.ask(self.video)
            else:
                return

    def tick(self):
        self.advance()
        self.filling = self.filling or self.ahead_s < self.goal_s * .8
        if self.filling:
            self.next()
        else:
            for media in (self.video, self.audio):
                if not media.in_flight and self._wants(media):
                    self.ask(media)
        self.clock.after(self.play['timer_ms'] / 1e3, self.tick)


class YouTubeLike(Player):
    """See web/rangeplayer.js."""

    @staticmethod
    def _extent(rep, first, wanted_s, cap_bytes):
        """Video by the bytes that its rung takes nominally, audio by time."""
        if 'nominal_kbps' in rep:
            wanted_s, cap_bytes = float('inf'), min(cap_bytes, rep['nominal_kbps'] * 125 * wanted_s)
        return Player._extent(rep, first, wanted_s, cap_bytes)

    def next(self):
        self.advance()
        goal = min(self.goal_s, 15 + self.playhead_s)
        wanted = {'video': self.play['chunk_s'] + self.dice.random() * self.play['chunk_spread_s'], 'audio': self.play['audio_chunk_s']}
        for media in (self.video, self.audio):
            if not media.done and not media.in_flight and media.asked_s - self.playhead_s < goal:
                ahead = min(self.video.asked_s, self.audio.asked_s) - self.playhead_s
                self.ask(media, min(wanted[media.kind], 2 + .6 * ahead + .4 * self.playhead_s), self.play['cap_bytes'])


KINDS = {'dash': Dash, 'shaka': Shaka, 'hls': Hls, 'vhs': VideoJs, 'nflike': NetflixLike, 'ytlike': YouTubeLike}
