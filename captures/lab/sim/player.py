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
_RATE_MEMORY = .65
_ABANDON_FACTOR = 1.8       # a segment that takes so many times its length is given up by players that do so
_ABANDONING = ('dash', 'shaka')


class Media:
    """One kind of media: what was asked for and what has come, in order."""

    def __init__(self, kind, reps, host):
        self.kind, self.reps, self.host = kind, reps, host
        self.next, self.asked_s, self.ready_s, self.in_flight = 0, 0.0, 0.0, 0
        self.come, self.appended, self.indexed = {}, 0, set()

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


class Player:
    """Playback, requests and records; next() of a subclass decides when to ask."""

    def __init__(self, profile, title, net, dice):
        self.profile, self.net, self.dice, self.title = profile, net, dice, title
        self.play, self.clock = profile['play'], net.clock
        limit = self.play.get('cap_kbps', float('inf')) * 1000
        reps = [r for r in title['video'] if r['bandwidth'] <= limit] or title['video'][:1]
        self.video = Media('video', reps, profile['video_host'])
        self.audio = Media('audio', [title['audio']], profile['audio_host'])
        self.kbps = [r['bandwidth'] / 1000 for r in reps]
        self.rule = dice.choice(rules.FOR_PLAYER[self.play['player']])
        self.goal_s = self.play.get('buffer_s') or dice.choice([18, 30, 60])
        self.resume_s = dice.choice([.3, 1, 2])
        self.estimate_kbps, self.rung = self.play.get('start_kbps', 700), 0
        self.playhead_s, self.updated_s, self.running, self.paused = 0.0, 0.0, False, False
        self.rows, self.samples, self.shown = [], [], []

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
        state = ('paused' if self.paused else 'playing' if self.running else 'startup' if self.playhead_s == 0 else 'stalled')
        if self.playhead_s >= self.title['duration_s'] - .1:
            state = 'ended'
        self.samples.append(timeline.Sample(self.clock.now_s, self.playhead_s, self._height(), round(self.buffer_s, 2), 0, state))
        self.clock.after(timeline.SAMPLE_S, self.sample)

    def pause(self, paused):
        self.advance()
        self.paused = paused

    # --- requests ------------------------------------------------------------------------------------------------------

    def _request_bytes(self, byte_range):
        fixed, grows = _REQUEST[self.profile['http']]
        extra = _TLS12_MORE if self.profile['tls'] == 'TLSv1.2' else 0
        extra += len(byte_range) - _RANGE_CHARACTERS if byte_range else -_NO_RANGE_LESS
        return int(fixed + grows * len(self.profile['token'])) + extra

    def _choose(self):
        if 'fixed_kbps' in self.play:
            return rules.below(self.kbps, self.play['fixed_kbps'])
        return self.rule(self.kbps, self.estimate_kbps, self.buffer_s, self.goal_s, self.rung)

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
            seconds = max(response.last_s - response.start_s, 1e-3)
            if first >= 0 and size > 16000:
                measured = size * 8 / 1000 / seconds * max(1, self.in_flight)
                self.estimate_kbps += (1 - _RATE_MEMORY) * (measured - self.estimate_kbps)
            then()
        transfer = self.net.get(media.host, self._request_bytes(byte_range), size, done)
        return transfer, row

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
        self._index_then(media, rep, lambda: self._ask_segments(media, rep, first, stop, size))

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

    def _ask_segments(self, media, rep, first, stop, size):
        offset = rep['segments'][first]['off']
        byte_range = f'bytes={offset}-{offset + size - 1}' if self.title['layout'] == 'ranges' else ''

        def then():
            media.arrive(first, stop)
            if media is self.video:
                self._show(rep, first)
            self.clock.after(self.dice.uniform(*_TURNAROUND_S), self._free, media)
        transfer, row = self._fetch(media, rep, first, stop, size, byte_range, then)
        if media is self.video and self.play['player'] in _ABANDONING and media.reps.index(rep) > 0:
            length = row['media_dur']
            self.clock.after(_ABANDON_FACTOR * length, self._abandon, media, transfer, row, first)

    def _free(self, media):
        media.in_flight -= 1
        self.next()

    def _show(self, rep, first):
        self.shown.append((rep['segments'][first]['t'], rep['height']))
        self.shown.sort()

    def _abandon(self, media, transfer, row, first):
        """Gives up a segment that comes too slowly while the buffer runs out, and asks for it again lower."""
        self.advance()
        if row['complete'] or media.next != first + 1 or self.buffer_s > 5:
            return
        transfer.abort()
        row['t_end'] = self.clock.now_s
        self.estimate_kbps *= .5
        media.in_flight -= 1
        media.next, media.asked_s = first, row['media_start']
        self.next()

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
    """dash.js, shaka, hls.js, video.js: one video and one audio request at a time until the goal is reached."""

    def next(self):
        self.advance()
        for media in (self.video, self.audio):
            if not media.done and not media.in_flight and media.asked_s - self.playhead_s < self.goal_s:
                self.ask(media)


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

    def next(self):
        self.advance()
        goal = min(self.goal_s, 15 + .6 * self.playhead_s)
        wanted = {'video': self.play['chunk_s'] + self.dice.random() * self.play['chunk_spread_s'], 'audio': self.play['audio_chunk_s']}
        for media in (self.video, self.audio):
            if not media.done and not media.in_flight and media.asked_s - self.playhead_s < goal:
                ahead = min(self.video.asked_s, self.audio.asked_s) - self.playhead_s
                self.ask(media, min(wanted[media.kind], 2 + .6 * ahead + .4 * self.playhead_s), self.play['cap_bytes'])


KINDS = {'nflike': NetflixLike, 'ytlike': YouTubeLike}
