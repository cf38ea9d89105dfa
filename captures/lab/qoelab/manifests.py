# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a session's manifests: DASH (byte ranges or numbered files) and HLS, with that session's hosts and URL token."""
import math


class Addresses:
    """Where a session's media are: base URLs for video and audio, and the token that real services put into each URL."""

    def __init__(self, title, video_host, audio_host, token):
        self.base = {'video': f'https://{video_host}/titles/{title}/', 'audio': f'https://{audio_host}/titles/{title}/'}
        self.token = token

    def url(self, kind, path):
        return f'{self.base[kind]}{path}?o={self.token}'


def _template(rep, token):
    lines = ''.join(f'<S t="{round(s["t"] * rep["timescale"])}" d="{round(s["d"] * rep["timescale"])}"/>' for s in rep['segments'])
    return (f'<SegmentTemplate timescale="{rep["timescale"]}" initialization="$RepresentationID$/init.mp4?o={token}" '
            f'media="$RepresentationID$/$Number$.m4s?o={token}" startNumber="1">'
            f'<SegmentTimeline>{lines}</SegmentTimeline></SegmentTemplate>')


def _single_file(rep, token):
    return (f'<BaseURL>{rep["id"]}.mp4?o={token}</BaseURL>'
            f'<SegmentBase timescale="{rep["timescale"]}" indexRange="{rep["init"]}-{rep["init"] + rep["index"] - 1}">'
            f'<Initialization range="0-{rep["init"] - 1}"/></SegmentBase>')


def _representation(rep, layout, token):
    shape = (f'width="{rep["width"]}" height="{rep["height"]}" frameRate="5"' if 'width' in rep else 'audioSamplingRate="48000"')
    where = (_template if layout == 'files' else _single_file)(rep, token)
    return f'<Representation id="{rep["id"]}" codecs="{rep["codec"]}" bandwidth="{rep["bandwidth"]}" {shape}>{where}</Representation>'


def dash(title, addresses):
    """The MPD of a title."""
    sets = ''
    for kind, reps in (('video', title['video']), ('audio', [title['audio']])):
        language = ' lang="en"' if kind == 'audio' else ''
        sets += (f'<AdaptationSet contentType="{kind}" mimeType="{kind}/mp4" segmentAlignment="true" startWithSAP="1"{language}>\n'
                 f'<BaseURL>{addresses.base[kind]}</BaseURL>\n'
                 + '\n'.join(_representation(r, title['layout'], addresses.token) for r in reps) + '\n</AdaptationSet>\n')
    return ('<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-main:2011" '
            f'type="static" mediaPresentationDuration="PT{title["duration_s"]:.3f}S" minBufferTime="PT4S">\n'
            f'<Period id="p0" start="PT0S">\n{sets}</Period></MPD>\n')


def hls_master(title):
    """The multivariant playlist; media playlists lie beside it as ID.m3u8."""
    audio = title['audio']
    lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS',
             '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES,AUTOSELECT=YES,LANGUAGE="en",URI="a0.m3u8"']
    for rep in title['video']:
        rate = rep['bandwidth'] + audio['bandwidth']
        lines += [f'#EXT-X-STREAM-INF:BANDWIDTH={rate},AVERAGE-BANDWIDTH={rate},RESOLUTION={rep["width"]}x{rep["height"]},'
                  f'CODECS="{rep["codec"]},{audio["codec"]}",AUDIO="a"', f'{rep["id"]}.m3u8']
    return '\n'.join(lines) + '\n'


def hls_media(title, rep, addresses):
    """The media playlist of one representation."""
    kind = 'video' if 'width' in rep else 'audio'
    files = title['layout'] == 'files'
    whole = addresses.url(kind, f'{rep["id"]}/init.mp4' if files else f'{rep["id"]}.mp4')
    init_range = '' if files else f',BYTERANGE="{rep["init"]}@0"'
    lines = ['#EXTM3U', '#EXT-X-VERSION:7', f'#EXT-X-TARGETDURATION:{math.ceil(max(s["d"] for s in rep["segments"]))}',
             '#EXT-X-PLAYLIST-TYPE:VOD', f'#EXT-X-MAP:URI="{whole}"{init_range}']
    for number, segment in enumerate(rep['segments'], 1):
        lines.append(f'#EXTINF:{segment["d"]:.5f},')
        if files:
            lines.append(addresses.url(kind, f'{rep["id"]}/{number}.m4s'))
        else:
            lines += [f'#EXT-X-BYTERANGE:{segment["size"]}@{segment["off"]}', whole]
    return '\n'.join(lines) + '\n#EXT-X-ENDLIST\n'


def write_all(folder, title, addresses):
    """manifest.mpd, master.m3u8 and a playlist per representation."""
    texts = {'manifest.mpd': dash(title, addresses), 'master.m3u8': hls_master(title)}
    for rep in title['video'] + [title['audio']]:
        texts[f'{rep["id"]}.m3u8'] = hls_media(title, rep, addresses)
    for name, text in texts.items():
        with open(f'{folder}/{name}', 'w') as file:
            file.write(text)
