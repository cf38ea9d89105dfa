# SPDX-License-Identifier: GPL-2.0-or-later
"""A profile is all that is chosen before a session begins: player, HTTP, title, network, what the user does.

Session n of a seed always has the same profile, so a run can be resumed and a session repeated."""
import random

from qoelab import networks, titles

HOSTS = ('cdn1.video.test', 'cdn2.video.test', 'cdn3.video.test')
PLAYERS = {'dash': 26, 'shaka': 18, 'hls': 16, 'vhs': 10, 'nflike': 20, 'ytlike': 10}
DURATIONS_S = (120, 150, 180, 240, 300)

# What was measured on the services, see calibrate.py.
NETFLIX = dict(objects=3, chunk_s=4.1, audio_chunk_s=16.1, cap_bytes=1 << 30, timer_ms=2002, unsure_s=1.2, turnaround_ms=3)
YOUTUBE = dict(chunk_s=36, chunk_spread_s=4, audio_chunk_s=31, cap_bytes=2 << 20, timer_ms=500, turnaround_ms=10)
TOKEN_BYTES = {'nflike': 111, 'ytlike': 255}     # make requests of 695 and about 600 bytes on the wire
_TOKEN_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789_-'


def _dash(dice):
    return dict(rule=dice.choice([None, None, 'bolaRule', 'throughputRule', 'l2ARule', 'loLPRule']),
                fast_switch=dice.random() < .15, buffer_s=dice.choice([None, 12, 20, 40, 90]))


def _shaka(dice):
    return dict(buffer_s=dice.choice([10, 20, 30, 60, 120]), prefetch=dice.choice([0, 0, 2, 3]))


def _hls(dice):
    return dict(buffer_s=dice.choice([None, 15, 30, 60, 120]))


def _video_js(dice):
    return dict(buffer_s=dice.choice([None, 20, 30, 60]))


def _netflix_like(dice):
    """Browsers got at most 720p of this service then, television sets more."""
    return dict(NETFLIX, buffer_s=dice.choice([240, 240, 240, 120, 60]), most_height=dice.choice([720, 1080]))


def _youtube_like(dice):
    """Most were small windows on a page, which get no more than fits them."""
    return dict(YOUTUBE, buffer_s=dice.choice([60, 120, 120, 120]),
                most_height=dice.choice([144, 144, 240, 240, 360, 360, 480, 480, 720, 1080]))


_SETTINGS = {'dash': _dash, 'shaka': _shaka, 'hls': _hls, 'vhs': _video_js, 'nflike': _netflix_like, 'ytlike': _youtube_like}


def _title_number(dice, player):
    if player == 'nflike':
        return dice.choice(titles.calibrated('nf'))
    if player == 'ytlike':
        return dice.choice(titles.calibrated('yv'))
    return dice.randrange(titles.COUNT)


def limits(dice, title, play):
    """Some users fix a resolution, some plans or screens cap it. hls.js and shaka count audio in their rates, hence the margin."""
    rates = [rep['bandwidth'] / 1000 for rep in title['video']]
    margin = 5 + (title['audio']['bandwidth'] / 1000 if play['player'] in ('hls', 'shaka') else 0)
    if 'most_height' in play:
        most = play.pop('most_height')
        allowed = [r['bandwidth'] for r in title['video'] if r['height'] <= most]
        return dict(cap_kbps=max(allowed, default=title['video'][0]['bandwidth']) / 1000 + 1)
    chance = dice.random()
    if play['player'] == 'vhs' or chance > .30:
        return {}
    name, choice = ('fixed_kbps', rates) if chance < .14 else ('cap_kbps', rates[:-1])
    return {name: round(dice.choice(choice) + margin)}


def _actions(dice, player, duration_s):
    """A seek in some sessions, a pause in some; the range player cannot seek."""
    actions = []
    if duration_s < 120:
        return actions
    if dice.random() < .12 and player not in ('nflike', 'ytlike'):
        actions.append(dict(at_s=dice.uniform(40, duration_s - 50), do='seek', to_s=round(dice.uniform(150, 400))))
    if dice.random() < .08:
        at_s = dice.uniform(40, duration_s - 50)
        actions += [dict(at_s=at_s, do='pause'), dict(at_s=at_s + dice.uniform(10, 40), do='play')]
    return sorted(actions, key=lambda action: action['at_s'])


def _transport(dice, player):
    """HTTP and TLS; what the two services used in 2018 for the players modelled on them."""
    weights = {'nflike': [90, 10, 0], 'ytlike': [6, 4, 90]}.get(player, [56, 29, 15])
    http = dice.choices(['h1', 'h2', 'h3'], weights)[0]
    tls = 'TLSv1.2' if http != 'h3' and dice.random() < (.9 if player == 'nflike' else .3) else 'TLSv1.3'
    return dict(http=http, tls=tls, tls_record=dice.choice(['4k', '16k', '16k']), ip=6 if dice.random() < .12 else 4,
                congestion=dice.choices(['cubic', 'bbr', 'reno'], [60, 28, 12])[0])


def _token(dice, player):
    length = TOKEN_BYTES.get(player) or dice.choice([40, 90, 150, 220])
    return ''.join(dice.choices(_TOKEN_LETTERS, k=length))


def draw(cache, seed, number, duration_s=None, wanted=None):
    """The profile of a session. `wanted` fixes parts of it for tests, e.g. {'player': 'dash', 'http': 'h2'}."""
    dice = random.Random(f'{seed} {number}')
    wanted = wanted or {}
    duration_s = duration_s or dice.choice(DURATIONS_S)
    player = wanted.get('player') or dice.choices(list(PLAYERS), list(PLAYERS.values()))[0]
    title_number = wanted.get('title_number', _title_number(dice, player))
    title = titles.ensure(cache, title_number)
    host = dice.choice(HOSTS)
    play = dict(_SETTINGS[player](dice), player=player, start_kbps=dice.choice([None, 400, 1000, 2500]),
                beacon_s=dice.choice([None, None, None, 5, 15, 30]))
    play.update(limits(dice, title, play))
    profile = dict(number=number, seed=seed, title_number=title_number, title=title['title'], ladder=title['ladder'],
                   duration_s=duration_s, video_host=host, audio_host=dice.choice(HOSTS) if dice.random() < .25 and player != 'nflike' else host,
                   token=_token(dice, player), actions=_actions(dice, player, duration_s), link=networks.draw(dice, duration_s),
                   **_transport(dice, player))
    profile.update({k: v for k, v in wanted.items() if k in profile})
    profile['link'].update(wanted.get('network', {}))
    play.update(wanted.get('play', {}))
    profile['play'] = {k: v for k, v in play.items() if v is not None}
    return profile
