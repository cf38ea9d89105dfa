/* With which video playback begins, and when its first picture is there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "playback_internal.h"

/* Indexes of segments come before the first segment, and are smaller (21 kB in Netflix's films). */
static const uint64_t index_bytes_max = 30000;

/* What a film without audio of its own must have before it starts: one of the first objects may be the audio. */
static const uint64_t start_bytes_min = 120000;

/* Two small segments and a large one, the second audio right behind it. */
static bool probed_in_two(const qoe_downloads *downloads)
{
    static const uint64_t larger = 2;
    static const int64_t follows_us = 500000;
    const qoe_download *video = downloads->video;
    return downloads->videos > 2 && video[2].bytes > larger * (video[0].bytes + video[1].bytes) &&
           video[1].request_us >= video[0].end_us &&
           llabs(downloads->audio[1].request_us - video[2].end_us) < follows_us;
}

/* hls.js measures the link with its first video segment and takes it again: it asks for its second audio when the
 * second video is there, though the first audio came long before. On a shared connection the probe may have been taken
 * for two segments. Returns how many it is. */
static size_t count_probe(const qoe_downloads *downloads)
{
    static const int64_t slack_us = 100000, beside_us = 200000;
    const qoe_download *video = downloads->video, *audio = downloads->audio;
    if (downloads->videos < 2 || downloads->audios < 2 || audio[0].request_us >= video[0].end_us + beside_us)
        return 0;
    const size_t probe = probed_in_two(downloads) ? 2 : 1;
    const int64_t there_us = video[probe].end_us;
    const bool waited = audio[0].end_us < there_us - slack_us && audio[1].request_us > there_us - slack_us;
    return waited && video[probe].request_us >= video[probe - 1].end_us - slack_us / 2 ? probe : 0;
}

/* Indexes of a film's versions list the same segments, so they are of one size. Returns the first video from `from` on
 * that is of another. */
static size_t skip_alike(const qoe_downloads *downloads, size_t from)
{
    static const int64_t apart = 64;
    size_t i = from + 1;
    while (i < downloads->videos && llabs((int64_t)(downloads->video[i].bytes - downloads->video[from].bytes)) <= apart)
        i++;
    return i;
}

/* The video with which playback begins; the number of all if there is none. Segments of few lines are as small as an
 * index, but so are those that follow them. */
size_t player_find_first(const qoe_downloads *downloads)
{
    static const uint64_t larger = 2;
    const qoe_download *video = downloads->video;
    size_t first = 0;
    while (first < downloads->videos && video[first].bytes < index_bytes_max) {
        const size_t next = skip_alike(downloads, first);
        if (next == downloads->videos || video[next].bytes <= larger * video[first].bytes)
            break;
        first = next;
    }
    return first == 0 ? count_probe(downloads) : first;
}

/* Playback begins when the first video is there, and the audio that was asked for by then; -1: too little has come. */
int64_t player_find_start(const qoe_downloads *downloads, size_t first)
{
    static const int64_t audio_wait_us = 30000000;
    int64_t start_us = downloads->video[first].end_us;
    if (downloads->audios > 0 && downloads->audio[0].request_us < start_us) {
        if (downloads->audio[0].end_us < start_us + audio_wait_us)
            start_us = MAX(start_us, downloads->audio[0].end_us);
        return start_us + DECODE_US;
    }
    uint64_t bytes = 0;
    for (size_t i = first; i < downloads->videos && bytes < start_bytes_min; i++) {
        bytes += downloads->video[i].bytes;
        start_us = MAX(start_us, downloads->video[i].end_us);
    }
    return bytes < start_bytes_min ? -1 : start_us + DECODE_US;
}

int64_t player_first_request(const qoe_downloads *downloads)
{
    const int64_t video_us = downloads->video[0].request_us;
    return downloads->audios > 0 ? MIN(video_us, downloads->audio[0].request_us) : video_us;
}
