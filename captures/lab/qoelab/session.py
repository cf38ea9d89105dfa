# SPDX-License-Identifier: GPL-2.0-or-later
"""Plays one session: builds its world, captures at the client, drives the browser.

usage: unshare ... python3 -m qoelab.session CACHE FOLDER     (FOLDER/profile.json tells what to play)
Leaves capture.pcap, player.json and linkem.log in FOLDER."""
import json
import os
import signal
import subprocess
import sys
import time

from qoelab import manifests, servers, titles, world

WEB = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'web')
BROWSER_MARGIN_S = 60           # to start, to write down, to end


def _write_manifests(profile, title):
    """The session's manifests, and the page's settings that say where they are."""
    addresses = manifests.Addresses(title['title'], profile['video_host'], profile['audio_host'], profile['token'])
    manifests.write_all(f'{world.SITE}/s', title, addresses)
    with open(f'{world.SITE}/s/title.json', 'w') as file:
        json.dump(title, file)
    play = profile['play']
    name = {'dash': 'manifest.mpd', 'shaka': 'manifest.mpd', 'nflike': 'title.json', 'ytlike': 'title.json'}.get(play['player'], 'master.m3u8')
    play['url'] = f'https://{profile["video_host"]}/s/{name}'
    if name == 'title.json':
        play.update(video_base=addresses.base['video'], audio_base=addresses.base['audio'], token=profile['token'])


def _write_browser_profile(cache, profile):
    path = f'{world.SCRATCH}/browser.json'
    with open(f'{cache}/tls/spki') as file:
        spki = file.read().strip()
    with open(path, 'w') as file:
        json.dump(dict(profile, spki=spki, hosts=[*world.MEDIA_HOSTS, *world.OTHER_HOSTS]), file)
    return path


def _resolve_in_world():
    """Names are asked of the world's own server; the mount is private to it."""
    path = f'{world.SCRATCH}/resolv.conf'
    with open(path, 'w') as file:
        file.write(f'nameserver {world.RESOLVER}\noptions timeout:3\n')
    target = os.path.realpath('/etc/resolv.conf')
    if target.startswith('/run/'):     # systemd-resolved's place, which this world's own tmpfs hides
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, 'a').close()
    world.run('mount', '--bind', path, target)


def _start_cross_traffic(here, profile):
    kind = profile['link']['cross']
    if not kind:
        return
    here.start('echo', sys.executable, '-m', 'qoelab.cross', 'echo', space='server')
    here.start('cross', sys.executable, '-m', 'qoelab.cross', kind, str(profile['number']), str(profile['ip']), space='client')


def _start_capture(here, folder):
    here.start('tcpdump', 'tcpdump', '-i', 'wlan0', '-n', '-Z', 'root', '-s', '0', '-B', '8192', '-U', '-w', f'{folder}/capture.pcap', space='client')
    world.wait_until(lambda: os.path.exists(f'{folder}/capture.pcap') and os.path.getsize(f'{folder}/capture.pcap') >= 24, 'tcpdump')


def _first_words(folder, name):
    """What a process that failed said first, of an error if it named one: what follows is where in its code."""
    with open(f'{folder}/{name}.log') as log:
        lines = log.read().splitlines() or ['not a word']
    return next((line for line in lines if 'rror' in line or 'emerg' in line), lines[0]).strip()


def _wait_for_web(here):
    """A web server that stopped at once has a fault in its configuration."""
    def listens():
        if here.processes['web'].poll() is not None:
            raise RuntimeError(f'the web server ended at once: {_first_words(here.log_folder, "web")}')
        return ':443' in world.run('ip', 'netns', 'exec', 'server', 'ss', '-Hltn')
    world.wait_until(listens, 'the web server')


def _drive_browser(here, cache, folder, profile):
    environment = [f'HOME={world.SCRATCH}', f'TMPDIR={world.SCRATCH}', f'NODE_PATH={cache}/node_modules']
    browser = here.start('browser', 'env', *environment, 'node', f'{WEB}/drive.js', _write_browser_profile(cache, profile),
                         f'{folder}/player.json', space='client')
    try:
        code = browser.wait(profile['duration_s'] + BROWSER_MARGIN_S)
    except subprocess.TimeoutExpired as slow:
        raise RuntimeError('the browser did not end in time') from slow
    if code:
        raise RuntimeError(f'the browser failed: {_first_words(folder, "browser")}')


def play(cache, folder):
    """One session, from nothing to nothing."""
    with open(f'{folder}/profile.json') as file:
        profile = json.load(file)
    here = world.World(folder)
    here.build(f'{cache}/linkem', profile['link'], profile['congestion'])
    _resolve_in_world()
    servers.lay_out_site(cache, WEB)
    _write_manifests(profile, titles.ensure(cache, profile['title_number']))
    servers.start(here, cache, profile)
    _wait_for_web(here)
    _start_capture(here, folder)
    _start_cross_traffic(here, profile)
    time.sleep(.5)
    _drive_browser(here, cache, folder, profile)
    time.sleep(.3)
    here.stop('tcpdump', signal.SIGINT)
    here.stop_all()


if __name__ == '__main__':
    try:
        play(sys.argv[1], sys.argv[2])
    except RuntimeError as error:
        sys.exit(f'session: {error}')
