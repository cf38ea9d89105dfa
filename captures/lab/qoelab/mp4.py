# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes fragmented MP4 apart and writes it again with every segment padded to a wanted size.

The padding is a 'free' box (ISO/IEC 14496-12, 8.1.2) that players skip, left as a hole in a sparse file."""
import functools
import os
import struct
from typing import NamedTuple


class Fragment(NamedTuple):
    start: int      # in ticks of the track
    length: int
    data: bytes     # moof and mdat


class Track(NamedTuple):
    init: bytes     # ftyp and moov
    timescale: int
    fragments: list


def boxes(data):
    """Yields (type, whole box) at the top level of data."""
    offset = 0
    while offset + 8 <= len(data):
        size, kind = struct.unpack_from('>I4s', data, offset)
        yield kind, data[offset:offset + size]
        offset += size


def find(data, *path):
    """The content of a box nested in data; KeyError if a file lacks it."""
    for wanted in path:
        data = next((box[8:] for kind, box in boxes(data) if kind == wanted), None)
        if data is None:
            raise KeyError(wanted)
    return data


def _ticks(full_box, at):
    """A time that is 32 or 64 bits wide by the box's version."""
    return struct.unpack_from('>Q' if full_box[0] else '>I', full_box, at)[0]


@functools.lru_cache(maxsize=None)
def load(path):
    """The track of a fragmented file as ffmpeg writes it: one track, a fragment per closed group of pictures."""
    with open(path, 'rb') as file:
        top = list(boxes(file.read()))
    init = b''.join(box for kind, box in top if kind in (b'ftyp', b'moov'))
    media_header = find(init, b'moov', b'trak', b'mdia', b'mdhd')
    timescale = struct.unpack_from('>I', media_header, 20 if media_header[0] else 12)[0]
    pairs = [(moof, mdat) for (kind, moof), (_, mdat) in zip(top, top[1:]) if kind == b'moof']
    starts = [_ticks(find(moof[8:], b'traf', b'tfdt'), 4) for moof, _ in pairs]
    lengths = [b - a for a, b in zip(starts, starts[1:])]
    lengths.append(lengths[-1])
    return Track(init, timescale, [Fragment(s, n, a + b) for s, n, (a, b) in zip(starts, lengths, pairs)])


def segments(track, seconds):
    """Joins fragments to segments of about so many seconds."""
    out, parts = [], []
    for fragment in track.fragments:
        parts.append(fragment)
        end = (fragment.start + fragment.length) / track.timescale
        if end >= seconds * (len(out) + 1) - 0.03 or fragment is track.fragments[-1]:
            out.append(Fragment(parts[0].start, sum(p.length for p in parts), b''.join(p.data for p in parts)))
            parts = []
    return out


def index(timescale, lengths, sizes, first_offset=0):
    """The 'sidx' box (8.16.3) of segments that follow it, first_offset bytes after its end."""
    body = struct.pack('>IIIIIHH', 0, 1, timescale, 0, first_offset, 0, len(sizes))
    body += b''.join(struct.pack('>III', size, length, 0x90000000) for size, length in zip(sizes, lengths))
    return struct.pack('>I4s', len(body) + 8, b'sidx') + body


def free_head(size):
    """The start of a 'free' box of so many bytes (at least 8); the rest may stay a hole."""
    return struct.pack('>I4s', size, b'free')


def padded_size(segment, wanted):
    return max(wanted, len(segment.data) + 8)


def write_padded(file, offset, segment, size):
    """Writes one segment that takes exactly `size` bytes of the file."""
    file.seek(offset)
    file.write(segment.data + free_head(size - len(segment.data)))
    file.truncate(offset + size)


def write_ranges(path, track, parts, sizes, index_room):
    """One file for byte ranges: init, index, padding up to index_room bytes, segments.

    Returns (bytes of init, bytes of index, offset of each segment)."""
    bare = len(track.init) + len(index(track.timescale, [p.length for p in parts], sizes))
    room = max(0, index_room - bare)
    room = room if room >= 8 else 0
    box = index(track.timescale, [p.length for p in parts], sizes, room)
    offsets = [bare + room + sum(sizes[:i]) for i in range(len(sizes))]
    with open(path, 'wb') as file:
        file.write(track.init + box + (free_head(room) if room else b''))
        for part, offset, size in zip(parts, offsets, sizes):
            write_padded(file, offset, part, size)
    return len(track.init), len(box), offsets


def write_files(folder, track, parts, sizes):
    """A file per segment, numbered from 1, and init.mp4."""
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/init.mp4', 'wb') as file:
        file.write(track.init)
    for number, (part, size) in enumerate(zip(parts, sizes), 1):
        with open(f'{folder}/{number}.m4s', 'wb') as file:
            write_padded(file, 0, part, size)
