// SPDX-License-Identifier: GPL-2.0-or-later
// Plays one session in headless Chromium.  usage: node drive.js PROFILE.json OUT.json
// Writes the page's log, what the page printed, and how late this process's own timer was.
'use strict';
const fs = require('fs');
const { chromium } = require('playwright-core');
const [profile, out] = [JSON.parse(fs.readFileSync(process.argv[2])), process.argv[3]];
const TICK_MS = 250;

const flags = ['--no-sandbox', '--disable-gpu', '--mute-audio', '--autoplay-policy=no-user-gesture-required', '--disable-dev-shm-usage',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider',
  '--ignore-certificate-errors-spki-list=' + profile.spki];
if (profile.http === 'h3')
  flags.push('--enable-quic', '--origin-to-force-quic-on=' + profile.hosts.map(host => host + ':443').join(','));
else
  flags.push('--disable-quic');

const actions = {
  seek: (page, to_s) => page.evaluate(to => { lab.event('user seek', to); lab.video.currentTime = to; }, to_s),
  pause: page => page.evaluate(() => { lab.event('user pause'); lab.video.pause(); }),
  play: page => page.evaluate(() => { lab.event('user play'); return lab.video.play(); }),
};

async function play(page, printed) {
  const start = Date.now(), left = [...profile.actions], lateness_ms = [];
  while (Date.now() - start < profile.duration_s * 1000) {
    const due = Date.now() + TICK_MS;
    await new Promise(resolve => setTimeout(resolve, TICK_MS));
    lateness_ms.push(Date.now() - due);
    if (left.length && Date.now() - start >= left[0].at_s * 1000) {
      const action = left.shift();
      await actions[action.do](page, action.to_s).catch(error => printed.push(String(error)));
    }
  }
  return lateness_ms;
}

async function main() {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags });
  const page = await (await browser.newContext({ viewport: { width: 640, height: 360 } })).newPage();
  const printed = [];
  page.on('console', message => printed.push(message.text().slice(0, 300)));
  page.on('pageerror', error => printed.push('page error: ' + String(error).slice(0, 300)));
  const url = 'https://www.video.test/page.html#' + encodeURIComponent(JSON.stringify(profile.play));
  // A slow link may not bring the whole page in time; the session then shows a long startup.
  page.goto(url, { waitUntil: 'load', timeout: 120000 }).catch(error => printed.push(String(error)));
  const lateness_ms = await play(page, printed);
  const log = await page.evaluate(() => lab.log);
  fs.writeFileSync(out, JSON.stringify({ log, printed, lateness_ms, chromium: browser.version() }));
  await browser.close();
}

main().catch(error => { console.error(error); process.exit(1); });
