/* A player made of the downloads that are known of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "playback.h"

#include <math.h>

#include <glib.h>

/* A shorter wait is not seen by a viewer, nor known so exactly. */
static const double stall_min_s = 0.5;

/* From the last byte to the first frame of it on screen. */
#define DECODE_US 150000

/* So long the clock may run on with the audio while the picture waits (Chromium's video underflow). */
#define FREEZE_US 3000000

/* Indexes of segments come before the first segment, and are smaller (21 kB in Netflix's films). */
static const uint64_t index_bytes_max = 30000;

/* What a film without audio of its own must have before it starts: one of the first objects may be the audio. */
static const uint64_t start_bytes_min = 120000;

/* Shorter rests do not tell that there is media left. */
#define REST_US 500000

/* Media that is credited at one rest. */
enum { OVERLOOKED_MAX = 2 };

/* Video that is asked for further ahead of the audio replaces some, if all audio was seen: it lasts for most of the
 * time, and video for more. */
static const double lead_segments = 2, audio_share_min = 0.85, excess_min = 1.05;

/* Audio and video as far apart as that are not in step: some of either was overlooked, and audio tells nothing. */
static const double step_max = 0.1;

/* AAC segments end at a frame of 1,024 samples, behind the time that they are cut to. */
static const double audio_excess = 1.0027;

/* A segment's time in the film, one after the other. */
typedef struct {
    int64_t fetched_us; /* since when it and all before it are there */
    int64_t clock_us;   /* when the clock reaches it */
    int64_t shown_us;   /* when its picture appears: later if it freezes */
    int resolution;
} place;

typedef struct {
    const qoe_downloads *downloads;
    int64_t video_us, audio_us; /* of a segment; audio_us 0: audio tells nothing */
    bool replaces;              /* some video replaces other */
    GArray *places;             /* of place */
    size_t audio_asked;         /* audio segments requested by the time in hand */
    size_t audio_needed;        /* audio segments that the clock has needed */
    int64_t audio_fetched_us;   /* when the last of those was there */
    int64_t first_window_us, window_us, until_us;
    size_t windows;
    qoe_playback_window *out;
    qoe_playback summary;
} player;

static place *place_at(const player *on, size_t i)
{
    return &g_array_index(on->places, place, i);
}

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
static size_t find_first(const qoe_downloads *downloads)
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
static int64_t find_start(const qoe_downloads *downloads, size_t first)
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

static int64_t window_end(const player *on, size_t window)
{
    return on->first_window_us + (int64_t)(window + 1) * on->window_us;
}

/* Adds a stall to the windows that it lies in. */
static void add_stall(player *on, int64_t from_us, int64_t to_us)
{
    if ((double)(to_us - from_us) / 1e6 < stall_min_s)
        return;
    on->summary.stalls++;
    on->summary.stall_s += (double)(to_us - from_us) / 1e6;
    to_us = MIN(to_us, on->until_us);
    from_us = MAX(from_us, on->first_window_us);
    while (from_us < to_us) {
        const size_t window = (size_t)((from_us - on->first_window_us) / on->window_us);
        if (window >= on->windows)
            return;
        const int64_t end_us = MIN(to_us, window_end(on, window));
        on->out[window].stalled_s += (double)(end_us - from_us) / 1e6;
        from_us = end_us;
    }
}

/* When the audio of the place in hand is there, as far as the clock needs it during that place. */
static int64_t audio_there(player *on, size_t i)
{
    int64_t there_us = 0;
    const int64_t begin_us = (int64_t)i * on->video_us, end_us = begin_us + on->video_us;
    while (on->audio_us > 0 && on->audio_needed < on->downloads->audios) {
        const int64_t media_us = (int64_t)on->audio_needed * on->audio_us;
        if (media_us >= end_us)
            break;
        on->audio_fetched_us = MAX(on->audio_fetched_us, on->downloads->audio[on->audio_needed].end_us);
        there_us = MAX(there_us, on->audio_fetched_us + DECODE_US - MAX(media_us - begin_us, 0));
        on->audio_needed++;
    }
    return there_us;
}

/* Appends the next segment of the film. A player that waits for media has asked for it: time without a request is a
 * pause, not a stall. */
static void append(player *on, int64_t end_us, int64_t request_us, int resolution)
{
    const size_t i = on->places->len;
    place next = {.fetched_us = end_us, .resolution = resolution};
    if (i == 0) {
        next.clock_us = next.shown_us = on->summary.start_us;
        audio_there(on, 0);
        g_array_append_val(on->places, next);
        return;
    }
    const place *last = place_at(on, i - 1);
    next.fetched_us = MAX(next.fetched_us, last->fetched_us);
    const int64_t due_us = last->clock_us + on->video_us, video_us = next.fetched_us + DECODE_US;
    const int64_t audio_us = audio_there(on, i), heard_us = MAX(due_us, audio_us);
    const int64_t freeze_us = on->audio_us > 0 ? MIN(MAX(video_us - heard_us, 0), FREEZE_US) : 0;
    const int64_t shown_before_us = last->shown_us;
    next.clock_us = MAX(heard_us, video_us - freeze_us);
    next.shown_us = MAX(next.clock_us, video_us);
    g_array_append_val(on->places, next);
    /* The picture before may have come later than this one was due. */
    const int64_t missed_us = MAX(due_us, shown_before_us);
    add_stall(on, audio_us > video_us ? missed_us : MAX(missed_us, request_us), next.shown_us);
}

/* Seconds of the film played at a time. */
static int64_t playhead(const player *on, int64_t at_us)
{
    size_t low = 0, high = on->places->len;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (place_at(on, middle)->clock_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    return (int64_t)(low - 1) * on->video_us + MIN(at_us - place_at(on, low - 1)->clock_us, on->video_us);
}

/* At a rest there is a segment at least to be played. */
static void credit_overlooked(player *on, const qoe_download *before, const qoe_download *rested)
{
    const int64_t ahead_us = (int64_t)on->places->len * on->video_us - playhead(on, rested->request_us);
    if (rested->request_us <= on->summary.start_us)
        return;
    for (int64_t has_us = ahead_us, n = 0; has_us < on->video_us && n < OVERLOOKED_MAX; n++, has_us += on->video_us)
        append(on, before->end_us, 0, rested->resolution);
}

/* Puts video that is too far ahead of the audio in the place of an earlier one, unless that has been played. */
static bool replace(player *on, const qoe_download *video)
{
    static const int64_t slack_us = 500000;
    const qoe_downloads *downloads = on->downloads;
    while (on->audio_asked < downloads->audios &&
           downloads->audio[on->audio_asked].request_us <= video->request_us + slack_us)
        on->audio_asked++;
    const double limit = (double)on->audio_asked * (double)on->audio_us / (double)on->video_us + lead_segments - 1;
    if (!on->replaces || on->places->len == 0 || (double)on->places->len <= limit)
        return false;
    place *at = place_at(on, MIN((size_t)MAX(limit, 0), on->places->len - 1));
    if (video->end_us <= at->clock_us + on->video_us / 2)
        at->resolution = video->resolution;
    return true;
}

static void play(player *on, size_t first)
{
    const qoe_downloads *downloads = on->downloads;
    int64_t quiet_us = 0;
    size_t audio = 0;
    for (size_t i = first; i < downloads->videos; i++) {
        const qoe_download *video = &downloads->video[i];
        for (; audio < downloads->audios && downloads->audio[audio].request_us < video->request_us; audio++)
            quiet_us = MAX(quiet_us, downloads->audio[audio].end_us);
        if (i > first && video->request_us - quiet_us > REST_US && qoe_download_rested(video - 1, video, quiet_us))
            credit_overlooked(on, video - 1, video);
        if (!replace(on, video))
            append(on, video->end_us, video->request_us, video->resolution);
        quiet_us = MAX(quiet_us, video->end_us);
    }
}

/* What the audio is good for. */
static void weigh_audio(player *on, size_t first, qoe_durations durations)
{
    const qoe_downloads *downloads = on->downloads;
    if (durations.audio_s <= 0 || downloads->audios == 0)
        return;
    const double video_s = (double)(downloads->videos - first) * durations.video_s;
    const double audio_s = (double)downloads->audios * durations.audio_s * audio_excess;
    int64_t last_us = 0;
    for (size_t i = first; i < downloads->videos; i++)
        last_us = MAX(last_us, downloads->video[i].end_us);
    const double lasted_s = (double)(last_us - downloads->video[first].end_us) / 1e6;
    on->replaces = video_s > excess_min * audio_s && audio_s >= audio_share_min * lasted_s;
    if (on->replaces || fabs(log(video_s / audio_s)) < step_max)
        on->audio_us = (int64_t)(durations.audio_s * audio_excess * 1e6);
}

/* How long each height was on screen in a window. */
enum { HEIGHTS = 8 };
typedef struct {
    int lines[HEIGHTS];
    int64_t us[HEIGHTS];
} shown_heights;

static void add_shown(shown_heights *heights, int64_t us, int resolution)
{
    for (size_t i = 0; i < HEIGHTS; i++) {
        if (heights->us[i] != 0 && heights->lines[i] != resolution)
            continue;
        heights->lines[i] = resolution;
        heights->us[i] += us;
        return;
    }
}

static int longest_height(const shown_heights *heights)
{
    size_t best = 0;
    for (size_t i = 1; i < HEIGHTS; i++) {
        if (heights->us[i] > heights->us[best])
            best = i;
    }
    return heights->lines[best];
}

/* When a place's picture goes: the last picture stays while the next one is waited for, within reason. */
static int64_t gone_us(const player *on, size_t i)
{
    static const int64_t wait_max_us = 60000000;
    const int64_t end_us = place_at(on, i)->clock_us + on->video_us;
    if (i + 1 == on->places->len || place_at(on, i + 1)->shown_us - place_at(on, i)->shown_us > wait_max_us)
        return end_us;
    return MAX(end_us, place_at(on, i + 1)->shown_us);
}

/* What was on screen in a window, from the first place on that reaches into it; returns that place. */
static size_t describe_screen(const player *on, size_t window, size_t from)
{
    shown_heights heights = {0};
    const int64_t start_us = window_end(on, window) - on->window_us, end_us = MIN(window_end(on, window), on->until_us);
    while (from < on->places->len && gone_us(on, from) <= start_us)
        from++;
    for (size_t i = from; i < on->places->len && place_at(on, i)->shown_us < end_us; i++)
        add_shown(&heights, MIN(gone_us(on, i), end_us) - MAX(place_at(on, i)->shown_us, start_us),
                  place_at(on, i)->resolution);
    on->out[window].resolution = longest_height(&heights);
    return from;
}

/* What was on screen in each window, and what lay ahead of the playhead at its end. */
static void describe(player *on)
{
    size_t shown = 0, fetched = 0;
    for (size_t window = 0; window < on->windows; window++) {
        const int64_t at_us = MIN(window_end(on, window), on->until_us);
        while (fetched < on->places->len && place_at(on, fetched)->fetched_us <= at_us)
            fetched++;
        shown = describe_screen(on, window, shown);
        on->out[window].buffer_s = (double)MAX((int64_t)fetched * on->video_us - playhead(on, at_us), 0) / 1e6;
    }
}

qoe_playback qoe_playback_run(const qoe_downloads *downloads, qoe_durations durations, int64_t first_window_us,
                              int64_t window_us, int64_t until_us, size_t windows, qoe_playback_window *out)
{
    player on = {
        .downloads = downloads,
        .video_us = (int64_t)(durations.video_s * 1e6),
        .first_window_us = first_window_us,
        .window_us = window_us,
        .until_us = until_us,
        .windows = windows,
        .out = out,
        .summary = {.start_us = -1},
    };
    for (size_t i = 0; i < windows; i++)
        out[i] = (qoe_playback_window){0};
    const size_t first = find_first(downloads);
    if (first == downloads->videos)
        return on.summary;
    on.summary.start_us = find_start(downloads, first);
    if (on.summary.start_us < 0 || on.video_us <= 0)
        return on.summary;
    on.summary.followed = true;
    on.places = g_array_sized_new(FALSE, FALSE, sizeof(place), (guint)downloads->videos);
    weigh_audio(&on, first, durations);
    play(&on, first);
    describe(&on);
    g_array_free(on.places, TRUE);
    return on.summary;
}
