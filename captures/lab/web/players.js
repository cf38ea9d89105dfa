// SPDX-License-Identifier: GPL-2.0-or-later
// Starts a player with its own rules of adaptation. Settings: player, url, buffer_s, start_kbps, cap_kbps, fixed_kbps, rule,
// fast_switch, prefetch; those that are missing leave the player's default.
'use strict';

const loadScript = url => new Promise((resolve, reject) => {
  const script = document.createElement('script');
  Object.assign(script, { src: url, onload: resolve, onerror: () => reject(new Error('cannot load ' + url)) });
  document.head.appendChild(script);
});

// The last of ascending rates that is not above the limit; 0 where all are.
const rungBelow = (rates, limit) => Math.max(0, rates.filter(rate => rate <= limit).length - 1);

function dashRules(chosen) {
  const rules = {};
  for (const name of ['throughputRule', 'bolaRule', 'switchHistoryRule', 'droppedFramesRule', 'l2ARule', 'loLPRule'])
    rules[name] = { active: name === chosen };
  return Object.assign(rules, { insufficientBufferRule: { active: true }, abandonRequestsRule: { active: true } });
}

async function startDash(settings) {
  await loadScript('/dash.js');
  const player = dashjs.MediaPlayer().create();
  const abr = { autoSwitchBitrate: { video: !settings.fixed_kbps } };
  const start = settings.fixed_kbps || settings.start_kbps;
  if (start) abr.initialBitrate = { video: start, audio: -1 };
  if (settings.cap_kbps) abr.maxBitrate = { video: settings.cap_kbps, audio: -1 };
  if (settings.rule) abr.rules = dashRules(settings.rule);
  const goal = settings.buffer_s;
  player.updateSettings({ debug: { logLevel: 0 }, streaming: { abr, buffer: { bufferTimeDefault: goal || 18,
    bufferTimeAtTopQuality: goal || 30, bufferTimeAtTopQualityLongForm: goal || 60, bufferToKeep: 20,
    fastSwitchEnabled: !!settings.fast_switch } } });
  player.on('error', e => lab.event('player error', JSON.stringify(e.error || '').slice(0, 200)));
  player.initialize(lab.video, settings.url, true);
}

async function startShaka(settings) {
  await loadScript('/shaka.js');
  shaka.polyfill.installAll();
  const player = new shaka.Player();
  await player.attach(lab.video);
  // Without these, shaka gives up for good after one request of 30 s, which slow links need.
  const retryParameters = { maxAttempts: 50, baseDelay: 500, backoffFactor: 1.3, fuzzFactor: 0.3, timeout: 0, stallTimeout: 0, connectionTimeout: 0 };
  player.configure({
    streaming: { bufferingGoal: settings.buffer_s || 20, rebufferingGoal: 2, bufferBehind: 20, segmentPrefetchLimit: settings.prefetch || 0, retryParameters },
    abr: { enabled: !settings.fixed_kbps, defaultBandwidthEstimate: (settings.start_kbps || 1000) * 1000 },
    restrictions: settings.cap_kbps ? { maxBandwidth: settings.cap_kbps * 1000 } : {},
  });
  player.addEventListener('error', e => { lab.event('player error', String(e.detail && e.detail.code)); player.retryStreaming(); });
  await player.load(settings.url);
  if (settings.fixed_kbps) {
    const tracks = player.getVariantTracks().sort((a, b) => a.bandwidth - b.bandwidth);
    player.selectVariantTrack(tracks[rungBelow(tracks.map(t => t.bandwidth), settings.fixed_kbps * 1000)], true);
  }
  lab.video.play();
}

async function startHls(settings) {
  await loadScript('/hls.js');
  const goal = settings.buffer_s || 30;
  const player = new Hls({ maxBufferLength: goal, maxMaxBufferLength: Math.max(goal, 60), backBufferLength: 20,
    abrEwmaDefaultEstimate: (settings.start_kbps || 500) * 1000, startLevel: -1, enableWorker: false });
  player.on(Hls.Events.ERROR, (_, data) => {
    lab.event('player error', data.details);
    if (data.fatal && data.type === Hls.ErrorTypes.NETWORK_ERROR) player.startLoad();
  });
  player.on(Hls.Events.MANIFEST_PARSED, () => {
    const below = kbps => rungBelow(player.levels.map(level => level.bitrate), kbps * 1000);
    if (settings.fixed_kbps) player.currentLevel = below(settings.fixed_kbps);
    if (settings.cap_kbps) player.autoLevelCapping = below(settings.cap_kbps);
    lab.video.play();
  });
  player.loadSource(settings.url);
  player.attachMedia(lab.video);
}

async function startVideoJs(settings) {
  await loadScript('/video.js');
  // It gives a request 1.5 times the length of a video segment. Where one takes more while the buffer is not short, it pauses
  // loading and nothing resumes that. Without time limits, its own early aborts still choose a lower rung.
  videojs.Vhs.xhr.onRequest(request => ({ ...request, timeout: 0 }));
  // It would take Chromium's own estimate of the network for the throughput, which knows nothing of reserved addresses and never changes.
  const vhs = { overrideNative: true, limitRenditionByPlayerDimensions: false, useDevicePixelRatio: false, useNetworkInformationApi: false,
    bandwidth: (settings.start_kbps || 500) * 1000 };
  const player = videojs(lab.video, { autoplay: true, muted: true, html5: { vhs, nativeAudioTracks: false, nativeVideoTracks: false } });
  if (settings.buffer_s) {
    videojs.Vhs.GOAL_BUFFER_LENGTH = settings.buffer_s;
    videojs.Vhs.MAX_GOAL_BUFFER_LENGTH = Math.max(60, settings.buffer_s);
  }
  player.on('error', () => lab.event('player error', String(player.error() && player.error().message)));
  player.src({ src: settings.url, type: settings.url.endsWith('.m3u8') ? 'application/x-mpegURL' : 'application/dash+xml' });
  player.play();
}

async function startPlayer(settings) {
  const starters = { dash: startDash, shaka: startShaka, hls: startHls, vhs: startVideoJs, nflike: startRangePlayer, ytlike: startRangePlayer };
  await starters[settings.player](settings);
  lab.event('started');
}
