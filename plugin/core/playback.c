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

/* Without a request for so long, and that beyond the end of the media by our count, playback has been stopped. Shorter
 * gaps may be segments that were overlooked or given up. */
#define PAUSE_US 8000000
#define PAUSE_LACK_US 10000000

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
    int64_t asked_us;   /* when it was asked for; 0: it was overlooked */
    int64_t fetched_us; /* since when it and all before it are there */
    int64_t clock_us;   /* when the clock reaches it */
    int64_t shown_us;   /* when its picture appears: later if it freezes */
    int resolution;
} place;

/* A time when nothing was under way. */
typedef struct {
    int64_t from_us, to_us;
} rest;

typedef struct {
    const qoe_downloads *downloads;
    GArray *pauses;             /* of rest */
    size_t video;               /* the one in hand */
    int64_t video_us, audio_us; /* of a segment; audio_us 0: audio tells nothing */
    bool replaces;              /* some video replaces other */
    GArray *places;             /* of place */
    size_t audio_asked;         /* audio segments requested by the time in hand */
    size_t audio_needed;        /* audio segments that the clock has needed */
    int64_t audio_fetched_us;   /* when the last of those was there */
    int64_t audio_request_us;   /* when that had been asked for */
    int64_t rested_us;          /* when the player first had rested; 0: it has not */
    size_t rested_places;       /* what it had fetched by then */
    int64_t full_us;            /* the most media ahead of the playhead at the end of a rest */
    int64_t first_stall_us;     /* when it first stalled; 0: it has not */
    int64_t known_us;           /* from then on the buffer is known */
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
    from_us = MAX(from_us, on->known_us);
    if ((double)(to_us - from_us) / 1e6 < stall_min_s)
        return;
    on->first_stall_us = on->first_stall_us == 0 ? from_us : on->first_stall_us;
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
        const qoe_download *audio = &on->downloads->audio[on->audio_needed];
        if (audio->end_us > on->audio_fetched_us) {
            on->audio_fetched_us = audio->end_us;
            on->audio_request_us = audio->request_us;
        }
        there_us = MAX(there_us, on->audio_fetched_us + DECODE_US - MAX(media_us - begin_us, 0));
        on->audio_needed++;
    }
    return there_us;
}

/* Time of the film played at a time; negative: what is known of it is still to be played. */
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
        return on->downloads->joined ? MIN(at_us - on->summary.start_us, 0) : 0;
    return (int64_t)(low - 1) * on->video_us + MIN(at_us - place_at(on, low - 1)->clock_us, on->video_us);
}

/* The last pause that was over by a time; NULL: there was none. */
static const rest *last_pause(const player *on, int64_t at_us)
{
    guint low = 0, high = on->pauses->len;
    while (low < high) {
        const guint middle = (low + high) / 2;
        if (g_array_index(on->pauses, rest, middle).to_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &g_array_index(on->pauses, rest, low - 1) : NULL;
}

/* What a player gains from the end of a pause until it rests again: so much of its buffer had been empty. */
static int64_t gained_after(const player *on, int64_t resumed_us)
{
    const qoe_downloads *downloads = on->downloads;
    int64_t media_us = 0, quiet_us = resumed_us;
    for (size_t i = on->video; i < downloads->videos; i++) {
        const qoe_download *video = &downloads->video[i];
        if (media_us > 0 && qoe_download_rested(video - 1, video, quiet_us))
            return MAX(media_us - (quiet_us - resumed_us), 0);
        media_us += video->request_us >= resumed_us ? on->video_us : 0;
        quiet_us = MAX(quiet_us, video->end_us);
    }
    return on->video_us;
}

/* Was a place still to be shown when the pause began? One that was waited for is shown as it comes. */
static bool was_ahead(const player *on, size_t i, const rest *pause)
{
    const int64_t waited_us = i + 1 == on->places->len ? DECODE_US : 0;
    return place_at(on, i)->clock_us > pause->from_us + waited_us;
}

/* A player that has nothing to play asks for it. One that rests far beyond the end of all that it has was stopped by
 * its viewer, or its film was over. The clock stands still for so long that the buffer is full, less what is fetched
 * afterwards without a rest. Returns when what comes next is due. */
static int64_t stand_still(player *on, const rest *pause, int64_t due_us)
{
    const int64_t kept_us = MAX(MAX(due_us - pause->from_us, on->full_us) - gained_after(on, pause->to_us), 0);
    const int64_t stood_us = pause->to_us + kept_us - due_us;
    for (size_t i = on->places->len; i > 0 && was_ahead(on, i - 1, pause); i--) {
        place_at(on, i - 1)->clock_us += stood_us;
        place_at(on, i - 1)->shown_us += stood_us;
    }
    return due_us + stood_us;
}

/* Audio that comes last may have been asked for after the video had come, or have waited for it. */
static int64_t stalled_since(const rest *pause, bool audio_is_late, int64_t missed_us, int64_t request_us)
{
    if (audio_is_late)
        return pause != NULL ? MAX(missed_us, pause->to_us) : missed_us;
    return MAX(missed_us, request_us);
}

static void append_first(player *on, int64_t end_us, int64_t request_us, int resolution)
{
    const place first = {request_us, end_us, on->summary.start_us, on->summary.start_us, resolution};
    audio_there(on, 0);
    g_array_append_val(on->places, first);
}

/* Appends the next segment of the film. A player that waits for media has asked for it: time without a request is a
 * pause, not a stall. */
static void append(player *on, int64_t end_us, int64_t request_us, int resolution)
{
    const size_t i = on->places->len;
    if (i == 0) {
        append_first(on, end_us, request_us, resolution);
        return;
    }
    const place *last = place_at(on, i - 1);
    place next = {.asked_us = request_us, .fetched_us = MAX(end_us, last->fetched_us), .resolution = resolution};
    const int64_t video_us = next.fetched_us + DECODE_US, audio_us = audio_there(on, i);
    const bool audio_is_late = audio_us > video_us;
    const rest *pause = last_pause(on, audio_is_late ? on->audio_request_us : request_us);
    int64_t due_us = last->clock_us + on->video_us;
    if (pause != NULL && pause->to_us > due_us + PAUSE_LACK_US)
        due_us = stand_still(on, pause, due_us);
    const int64_t heard_us = MAX(due_us, audio_us);
    const int64_t freeze_us = on->audio_us > 0 ? MIN(MAX(video_us - heard_us, 0), FREEZE_US) : 0;
    /* The picture before may have come later than this one was due. */
    const int64_t missed_us = MAX(due_us, last->shown_us);
    next.clock_us = MAX(heard_us, video_us - freeze_us);
    next.shown_us = MAX(next.clock_us, video_us);
    g_array_append_val(on->places, next);
    /* A film that starts anew, or goes on with nothing in hand, starts: it does not stall. */
    if (pause == NULL || due_us != pause->to_us)
        add_stall(on, stalled_since(pause, audio_is_late, missed_us, request_us), next.shown_us);
}

static int64_t media_ahead(const player *on, int64_t at_us)
{
    return (int64_t)on->places->len * on->video_us - playhead(on, at_us);
}

/* Takes down what is ahead at a rest: the buffer is full, unless it is a pause. */
static void note_rest(player *on, int64_t at_us)
{
    if (on->rested_us == 0) {
        on->rested_us = at_us;
        on->rested_places = on->places->len;
    }
    on->full_us = MAX(on->full_us, media_ahead(on, at_us));
}

/* At a rest there is a segment at least to be played; a pause is no rest. */
static void credit_overlooked(player *on, const qoe_download *before, const qoe_download *rested)
{
    const int64_t ahead_us = media_ahead(on, rested->request_us);
    const place *last = place_at(on, on->places->len - 1);
    if (rested->request_us <= on->summary.start_us ||
        rested->request_us > last->clock_us + on->video_us + PAUSE_LACK_US)
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

static GArray *find_pauses(const qoe_downloads *downloads)
{
    GArray *pauses = g_array_new(FALSE, FALSE, sizeof(rest));
    qoe_downloads_walk on = {.downloads = downloads};
    const qoe_download *next = qoe_downloads_next(&on);
    for (int64_t quiet_us = next->request_us; next != NULL; next = qoe_downloads_next(&on)) {
        const rest found = {quiet_us, next->request_us};
        if (found.to_us - found.from_us > PAUSE_US)
            g_array_append_val(pauses, found);
        quiet_us = MAX(quiet_us, next->end_us);
    }
    return pauses;
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
        on->video = i;
        if (i > first && video->request_us - quiet_us > REST_US && qoe_download_rested(video - 1, video, quiet_us)) {
            note_rest(on, video->request_us);
            credit_overlooked(on, video - 1, video);
        }
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

static int64_t played_us(const player *on, size_t i)
{
    return place_at(on, i)->clock_us + on->video_us;
}

/* When a place's picture goes: it stays until the next one, while the player waits for that or has it and is stopped.
 * One that has nothing and asks for nothing may have been closed: the picture is believed in for a minute. */
static int64_t gone_us(const player *on, size_t i)
{
    static const int64_t believed_us = 60000000;
    const int64_t end_us = played_us(on, i);
    if (i + 1 == on->places->len || place_at(on, i + 1)->asked_us - end_us > believed_us)
        return end_us + believed_us;
    return MAX(end_us, place_at(on, i + 1)->shown_us);
}

/* What was on screen in a window, from the first place on that reaches into it; returns that place. */
static size_t describe_screen(const player *on, size_t window, size_t from)
{
    shown_heights heights = {0};
    qoe_playback_window *out = &on->out[window];
    const int64_t start_us = window_end(on, window) - on->window_us, end_us = MIN(window_end(on, window), on->until_us);
    while (from < on->places->len && gone_us(on, from) <= start_us)
        from++;
    for (size_t i = from; i < on->places->len && place_at(on, i)->shown_us < end_us; i++) {
        add_shown(&heights, MIN(gone_us(on, i), end_us) - MAX(place_at(on, i)->shown_us, start_us),
                  place_at(on, i)->resolution);
        if (out->screen != QOE_SCREEN_PLAYED)
            out->screen = played_us(on, i) > start_us ? QOE_SCREEN_PLAYED : QOE_SCREEN_STILL;
    }
    if (out->screen == QOE_SCREEN_UNKNOWN && from > 0 && start_us < end_us)
        out->screen = QOE_SCREEN_OVER;
    out->resolution = longest_height(&heights);
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

/* A window before the buffer is known says nothing of it. */
static void forget_unknown(player *on)
{
    for (size_t window = 0; window < on->windows; window++) {
        const int64_t end_us = window_end(on, window);
        if (end_us - on->window_us < on->known_us && !(on->out[window].stalled_s > 0))
            on->out[window].stalled_s = -1;
        if (end_us <= on->known_us)
            on->out[window].buffer_s = -1;
    }
}

/* Plays all for what it shows of the buffer, and takes back what it says of stalls. */
static void try_start(player *on, int64_t start_us)
{
    const size_t windows = on->windows;
    on->windows = 0;
    on->first_stall_us = 0;
    on->summary.start_us = start_us;
    play(on, 0);
    g_array_set_size(on->places, 0);
    on->windows = windows;
    on->summary.stalls = 0;
    on->summary.stall_s = 0;
}

/* Where the capture begins in mid-film nothing tells what is in the buffer, until the player rests: then it is full, as
 * it is at each rest. How much that is its emptiest time tells: with nothing in hand at first it stalls in our count
 * until the count is right, and what it fills up to afterwards is what it had. A stall before the first rest is told if
 * there is one even with a full buffer to begin with. Returns false if it never rests. */
static bool find_buffer(player *on)
{
    const qoe_download *video = on->downloads->video;
    try_start(on, video[0].end_us + DECODE_US);
    const int64_t full_us = on->full_us, rested_us = on->rested_us;
    const int64_t fetched_us = (int64_t)on->rested_places * on->video_us;
    if (rested_us == 0)
        return false;
    try_start(on, video[0].request_us + full_us);
    on->full_us = full_us;
    on->known_us = on->first_stall_us;
    if (on->first_stall_us != 0 && on->first_stall_us < rested_us)
        return true;
    on->known_us = rested_us;
    on->summary.start_us = MAX(video[0].end_us + DECODE_US, rested_us + full_us - fetched_us);
    return true;
}

/* Plays the film from its first video on. */
static void follow(player *on, size_t first, qoe_durations durations)
{
    on->pauses = find_pauses(on->downloads);
    on->places = g_array_sized_new(FALSE, FALSE, sizeof(place), (guint)on->downloads->videos);
    if (!on->downloads->joined)
        weigh_audio(on, first, durations);
    on->summary.followed = !on->downloads->joined || find_buffer(on);
    if (on->summary.followed) {
        play(on, first);
        describe(on);
        forget_unknown(on);
    }
    g_array_free(on->places, TRUE);
    g_array_free(on->pauses, TRUE);
}

int qoe_playback_lines(const qoe_playback *playback, const qoe_playback_window *window, int64_t end_us, int downloaded)
{
    if (playback->start_us < 0 || playback->start_us >= end_us)
        return 0;
    const bool stands = window->screen == QOE_SCREEN_UNKNOWN || window->screen == QOE_SCREEN_PLAYED;
    return window->resolution != 0 || !stands ? window->resolution : downloaded;
}

/* The picture was there before anything that the capture has. */
static int64_t first_request(const qoe_downloads *downloads)
{
    const int64_t video_us = downloads->video[0].request_us;
    return downloads->audios > 0 ? MIN(video_us, downloads->audio[0].request_us) : video_us;
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
        .summary = {.start_us = -1, .joined = downloads->joined},
    };
    for (size_t i = 0; i < windows; i++)
        out[i] = (qoe_playback_window){0};
    const size_t first = downloads->joined ? 0 : find_first(downloads);
    if (first == downloads->videos)
        return on.summary;
    on.summary.start_us = downloads->joined ? first_request(downloads) : find_start(downloads, first);
    if (on.summary.start_us >= 0 && on.video_us > 0)
        follow(&on, first, durations);
    if (downloads->joined)
        on.summary.start_us = first_request(downloads);
    return on.summary;
}
