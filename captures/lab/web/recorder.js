// SPDX-License-Identifier: GPL-2.0-or-later
// Writes down what the player does: its state every 250 ms, its events, and each request for media, the same way for
// every player. Times are milliseconds of the machine's clock, the one that stamps the packets.
'use strict';
const lab = (() => {
  const SAMPLE_MS = 250;
  const video = document.getElementById('video');
  const log = { samples: [], events: [], requests: [], resources: [], playing: null };
  const now = () => performance.timeOrigin + performance.now();
  const isMedia = url => /\/titles\/[^/]+\/[va]\d+(\.mp4|\/)/.test(url);
  const withoutToken = url => url.split('?')[0];
  const event = (name, detail = null) => log.events.push([now(), name, detail]);
  const request = (url, range) => { if (isMedia(url)) log.requests.push({ t: now(), url: withoutToken(url), range }); };

  function bufferedAhead() {
    const at = video.currentTime, ranges = video.buffered;
    for (let i = 0; i < ranges.length; i++)
      if (ranges.start(i) - 0.5 <= at && at < ranges.end(i)) return ranges.end(i) - at;
    return 0;
  }

  function sample() {
    const quality = video.getVideoPlaybackQuality();
    log.samples.push([now(), video.currentTime, video.videoHeight, +bufferedAhead().toFixed(2), video.readyState,
      +video.paused, +video.ended, quality.totalVideoFrames, quality.droppedVideoFrames]);
  }

  function hookXhr() {
    const { open, send, setRequestHeader } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url) {
      this.labUrl = String(url); this.labRange = null;
      return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
      if (name.toLowerCase() === 'range') this.labRange = value;
      return setRequestHeader.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function () {
      request(this.labUrl, this.labRange);
      return send.apply(this, arguments);
    };
  }

  function hookFetch() {
    const plainFetch = window.fetch;
    window.fetch = function (input, init) {
      const headers = new Headers((init && init.headers) || (input && input.headers) || {});
      request(typeof input === 'string' ? input : input.url || String(input), headers.get('range'));
      return plainFetch.apply(this, arguments);
    };
  }

  function watchResources() {
    performance.setResourceTimingBufferSize(20000);
    const time = value => value > 0 ? performance.timeOrigin + value : null;
    new PerformanceObserver(list => {
      for (const e of list.getEntries())
        log.resources.push({ url: withoutToken(e.name), start: time(e.startTime), sent: time(e.requestStart),
          first: time(e.responseStart), end: time(e.responseEnd), bytes: e.encodedBodySize, protocol: e.nextHopProtocol });
    }).observe({ type: 'resource', buffered: true });
  }

  hookXhr();
  hookFetch();
  watchResources();
  for (const name of ['loadedmetadata', 'waiting', 'playing', 'pause', 'seeking', 'seeked', 'ended', 'error'])
    video.addEventListener(name, () => event(name, video.error && video.error.message));
  video.addEventListener('resize', () => event('resize', video.videoHeight));
  setInterval(sample, SAMPLE_MS);
  return { log, video, event, now, bufferedAhead, lastSamples: () => JSON.stringify(log.samples.slice(-20)) };
})();
