/* A player made of the downloads that are known of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "playback_internal.h"

#include <math.h>

#include "resume.h"

/* A shorter wait is not seen by a viewer, nor known so exactly. */
static const double stall_min_s = 0.5;

/* So long the clock may run on with the audio while the picture waits (Chromium's video underflow). */
#define FREEZE_US 3000000

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

/* Adds a stall to the windows that it lies in. */
static void add_stall(player *on, int64_t from_us, int64_t to_us)
{
    from_us = MAX(from_us, on->known_us);
    to_us = MIN(to_us, on->until_us);
    if ((double)(to_us - from_us) / 1e6 < stall_min_s)
        return;
    on->first_stall_us = on->first_stall_us == 0 ? from_us : on->first_stall_us;
    on->summary.stalls++;
    on->summary.stall_s += (double)(to_us - from_us) / 1e6;
    from_us = MAX(from_us, on->first_window_us);
    while (from_us < to_us) {
        const size_t window = (size_t)((from_us - on->first_window_us) / on->window_us);
        if (window >= on->windows)
            return;
        const int64_t end_us = MIN(to_us, player_window_end(on, window));
        if (on->out[window].stalled_s <= 0)
            on->out[window].stall_us = from_us;
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

int64_t player_playhead(const player *on, int64_t at_us)
{
    size_t low = 0, high = on->places->len;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (player_at(on, middle)->clock_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return on->downloads->joined ? MIN(at_us - on->summary.start_us, 0) : 0;
    return (int64_t)(low - 1) * on->video_us + MIN(at_us - player_at(on, low - 1)->clock_us, on->video_us);
}

/* Audio that comes last may have been asked for after the video had come, or have waited for it. */
static int64_t stalled_since(const qoe_stretch *pause, bool audio_is_late, int64_t missed_us, int64_t request_us)
{
    if (audio_is_late)
        return pause != NULL ? MAX(missed_us, pause->to_us) : missed_us;
    return MAX(missed_us, request_us);
}

static void append_first(player *on, int64_t end_us, int64_t request_us, const qoe_download *video)
{
    const player_place first = {
        request_us, end_us, on->summary.start_us, on->summary.start_us, video->resolution, video->probability};
    audio_there(on, 0);
    g_array_append_val(on->places, first);
}

/* Appends the next segment of the film. A player that waits for media has asked for it: time without a request is a
 * pause, not a stall. */
static void append(player *on, int64_t end_us, int64_t request_us, const qoe_download *video)
{
    const size_t i = on->places->len;
    if (i == 0) {
        append_first(on, end_us, request_us, video);
        return;
    }
    const player_place *last = player_at(on, i - 1);
    player_place next = {.asked_us = request_us,
                         .fetched_us = MAX(end_us, last->fetched_us),
                         .resolution = video->resolution,
                         .probability = video->probability};
    const int64_t video_us = next.fetched_us + DECODE_US, audio_us = audio_there(on, i);
    const bool audio_is_late = audio_us > video_us;
    const qoe_stretch *pause = player_pause_before(on, audio_is_late ? on->audio_request_us : request_us);
    const int64_t due_us = player_stand_still(on, pause, last->clock_us + on->video_us);
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
    return (int64_t)on->places->len * on->video_us - player_playhead(on, at_us);
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
    const player_place *last = player_at(on, on->places->len - 1);
    if (rested->request_us <= on->summary.start_us ||
        player_was_stopped(last->clock_us + on->video_us, rested->request_us))
        return;
    for (int64_t has_us = ahead_us, n = 0; has_us < on->video_us && n < OVERLOOKED_MAX; n++, has_us += on->video_us)
        append(on, before->end_us, 0, rested);
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
    player_place *at = player_at(on, MIN((size_t)MAX(limit, 0), on->places->len - 1));
    if (video->end_us <= at->clock_us + on->video_us / 2) {
        at->resolution = video->resolution;
        at->probability = video->probability;
    }
    return true;
}

void player_play(player *on, size_t first)
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
            append(on, video->end_us, video->request_us, video);
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

/* Plays the film from its first video on. */
static void follow(player *on, size_t first, qoe_durations durations)
{
    on->pauses = player_find_pauses(on->downloads);
    on->places = g_array_sized_new(FALSE, FALSE, sizeof(player_place), (guint)on->downloads->videos);
    if (!on->downloads->joined)
        weigh_audio(on, first, durations);
    on->summary.followed = !on->downloads->joined || player_find_buffer(on);
    if (on->summary.followed) {
        player_play(on, first);
        player_describe(on);
        player_forget_unknown(on);
    }
    g_array_free(on->places, TRUE);
    g_array_free(on->pauses, TRUE);
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
    const size_t first = downloads->joined ? 0 : player_find_first(downloads);
    if (first == downloads->videos)
        return on.summary;
    on.summary.start_us = downloads->joined ? player_first_request(downloads) : player_find_start(downloads, first);
    if (on.summary.start_us >= 0 && on.video_us > 0)
        follow(&on, first, durations);
    if (downloads->joined)
        on.summary.start_us = player_first_request(downloads);
    return on.summary;
}
