// SPDX-License-Identifier: GPL-2.0-or-later
// A player that asks for byte ranges like the players of two big services do, whose own code cannot be run here:
//   nflike  Netflix 2018: fills a large buffer with three objects in flight, then asks on a 2-s timer (ON/OFF)
//   ytlike  YouTube 2018: one audio and one video chunk at a time, each of many seconds but never above 2 MiB
'use strict';

// One kind of media: what was asked for, what was appended.
class Stream {
  constructor(kind, reps, source) {
    Object.assign(this, { kind, reps, asked_s: 0, inFlight: 0, waiting: new Map(), turn: 0, nextTurn: 0, appending: false });
    this.buffer = source.addSourceBuffer(`${kind}/mp4; codecs="${reps[0].codec}"`);
    this.buffer.addEventListener('updateend', () => { this.appending = false; this.append(); });
    this.indexed = new Set();
  }

  get segments() { return this.reps[0].segments; }
  get done() { return this.asked_s >= this.segments.at(-1).t + this.segments.at(-1).d - 0.01; }

  // Several chunks may come in any order; they are appended in the order of the requests.
  arrived(turn, parts) { this.waiting.set(turn, parts); this.append(); }

  append() {
    if (this.appending) return;
    const parts = this.waiting.get(this.nextTurn);
    if (!parts) return;
    if (!parts.length) { this.waiting.delete(this.nextTurn++); return this.append(); }
    this.appending = true;
    this.buffer.appendBuffer(parts.shift());
  }
}

// Bits that arrived while anything was in flight, forgotten with a half-life.
class Throughput {
  constructor(start_kbps) { Object.assign(this, { bits: start_kbps * 500, busy_ms: 500, active: 0, since: 0 }); }
  begin() { if (this.active++ === 0) this.since = performance.now(); }
  end() { if (--this.active === 0) this.count(performance.now()); }
  count(now) { this.busy_ms += now - this.since; this.since = now; }
  add(bytes) {
    this.bits += bytes * 8;
    if (this.active) this.count(performance.now());
    if (this.busy_ms > 8000) { this.bits /= 2; this.busy_ms /= 2; }
  }
  get kbps() { return this.bits / this.busy_ms; }
}

class RangePlayer {
  constructor(settings, title, source) {
    Object.assign(this, { settings, title, rung: 0, filling: true });
    const allowed = title.video.filter(rep => !settings.cap_kbps || rep.bandwidth <= settings.cap_kbps * 1000);
    this.video = new Stream('video', allowed.length ? allowed : [title.video[0]], source);
    this.audio = new Stream('audio', [title.audio], source);
    this.throughput = new Throughput(settings.start_kbps || 700);
  }

  get ahead_s() { return Math.min(this.video.asked_s, this.audio.asked_s) - lab.video.currentTime; }

  // By throughput while the buffer is short; the longer it is, the more of the throughput is trusted, one rung up at a time.
  chooseRung() {
    const reps = this.video.reps, rates = reps.map(rep => rep.bandwidth / 1000);
    const limit = kbps => rungBelow(rates, kbps);
    if (this.settings.fixed_kbps) return limit(this.settings.fixed_kbps);
    const trust = 0.6 + 0.35 * Math.min(1, lab.bufferedAhead() / 40);
    const wanted = limit(this.throughput.kbps * trust);
    const keep = lab.bufferedAhead() > 30 && wanted === this.rung - 1;
    return keep ? this.rung : wanted > this.rung && this.ahead_s > 0.1 ? this.rung + 1 : wanted;
  }

  async fetchRange(stream, rep, first, last) {
    const host = stream.kind === 'video' ? this.settings.video_base : this.settings.audio_base;
    this.throughput.begin();
    try {
      for (;;) {
        try {
          const answer = await fetch(`${host}${rep.id}.mp4?o=${this.settings.token}`, { headers: { Range: `bytes=${first}-${last}` } });
          return await this.readBody(answer);
        } catch (error) {
          lab.event('player error', String(error));
          await new Promise(resolve => setTimeout(resolve, 1000));
        }
      }
    } finally { this.throughput.end(); }
  }

  async readBody(answer) {
    const parts = [], reader = answer.body.getReader();
    for (let got = await reader.read(); !got.done; got = await reader.read()) {
      parts.push(got.value);
      this.throughput.add(got.value.length);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  // The header and index of a representation come first; they belong to its first chunk's turn, so order is kept.
  async fetchChunk(stream, rep, chunk) {
    const turn = stream.turn++, first = rep.segments[chunk.from].off;
    stream.asked_s = chunk.end_s;
    stream.inFlight++;
    const parts = [];
    if (!stream.indexed.has(rep.id) || stream.lastRep !== rep.id) {
      if (!stream.indexed.has(rep.id)) {
        stream.indexed.add(rep.id);
        rep.head = this.fetchRange(stream, rep, 0, rep.segments[0].off - 1);
      }
      parts.push((await rep.head).slice(0, rep.init));
    }
    stream.lastRep = rep.id;
    const cap = this.settings.cap_bytes;
    for (let at = first; at < chunk.stop; at += cap)
      parts.push(await this.fetchRange(stream, rep, at, Math.min(at + cap, chunk.stop) - 1));
    stream.inFlight--;
    stream.arrived(turn, parts);
    setTimeout(() => this.next(), this.settings.turnaround_ms);
  }

  // As many segments from the next one on as fit into the seconds and bytes that are wanted, and at least one.
  ask(stream, rep, wanted_s, wanted_bytes) {
    const all = rep.segments, from = all.findIndex(s => s.t >= stream.asked_s - 0.05);
    const fits = s => s && s.t + s.d - all[from].t <= wanted_s && s.off + s.size - all[from].off <= wanted_bytes;
    let to = from;
    while (fits(all[to + 1])) to++;
    const end = all[to];
    return this.fetchChunk(stream, rep, { from, stop: end.off + end.size, end_s: end.t + end.d });
  }

  nextRep(stream) {
    if (stream === this.video) this.rung = this.chooseRung();
    return stream.reps[stream === this.video ? this.rung : 0];
  }

  canAsk(stream, limit) { return !stream.done && stream.inFlight < limit; }

  start() {
    lab.video.play();
    setInterval(() => this.tick(), this.settings.timer_ms);
    this.next();
  }
}

class NetflixLike extends RangePlayer {
  askNext(stream) {
    return this.ask(stream, this.nextRep(stream), this.settings[stream === this.video ? 'chunk_s' : 'audio_chunk_s'], this.settings.cap_bytes);
  }
  get total() { return this.video.inFlight + this.audio.inFlight; }

  // The service's ticks are even but some come to nothing and the next one catches up: its view of the buffer is a little unsure.
  wants(stream) {
    const unsure_s = (Math.random() + Math.random() + Math.random() - 1.5) * this.settings.unsure_s;
    return stream.asked_s - lab.video.currentTime + unsure_s < this.settings.buffer_s;
  }

  // While filling: three objects at a time, audio whenever it is behind video.
  next() {
    if (this.filling && this.ahead_s >= this.settings.buffer_s - 4) this.filling = false;
    while (this.filling && this.total < this.settings.objects) {
      const audioFirst = this.audio.asked_s <= this.video.asked_s && this.canAsk(this.audio, 1);
      if (audioFirst) this.askNext(this.audio);
      else if (this.canAsk(this.video, this.settings.objects) && this.wants(this.video)) this.askNext(this.video);
      else return;
    }
  }

  // Full: one look at the buffer every two seconds.
  tick() {
    if (this.ahead_s < this.settings.buffer_s * 0.8) this.filling = true;
    if (this.filling) return this.next();
    for (const stream of [this.video, this.audio])
      if (this.canAsk(stream, 1) && this.wants(stream)) this.askNext(stream);
  }
}

// The first chunks are short and grow; the buffer that is wanted grows as fast as the film is played. A chunk of video is as many
// bytes as its rung takes by its nominal rate, however few the film takes; one of audio as many seconds.
class YouTubeLike extends RangePlayer {
  get goal_s() { return Math.min(this.settings.buffer_s, 15 + lab.video.currentTime); }
  growing(chunk_s) { return Math.min(chunk_s, 2 + 0.6 * this.ahead_s + 0.4 * lab.video.currentTime); }

  askChunk(stream) {
    const rep = this.nextRep(stream), { chunk_s, chunk_spread_s, audio_chunk_s, cap_bytes } = this.settings;
    if (stream === this.audio) return this.ask(stream, rep, this.growing(audio_chunk_s), cap_bytes);
    const nominal = rep.nominal_kbps * 125 * this.growing(chunk_s + Math.random() * chunk_spread_s);
    return this.ask(stream, rep, Infinity, Math.min(nominal, cap_bytes));
  }

  next() {
    for (const stream of [this.video, this.audio])
      if (this.canAsk(stream, 1) && stream.asked_s - lab.video.currentTime < this.goal_s) this.askChunk(stream);
  }

  tick() { this.next(); }
}

async function startRangePlayer(settings) {
  const title = await (await fetch(settings.url)).json();
  const source = new MediaSource();
  lab.video.src = URL.createObjectURL(source);
  await new Promise(resolve => source.addEventListener('sourceopen', resolve, { once: true }));
  source.duration = title.duration_s;
  new (settings.player === 'nflike' ? NetflixLike : YouTubeLike)(settings, title, source).start();
}
