/* The rhythm of requests, and a player made of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "playback.h"

#include <math.h>

#include <glib.h>

/* Gaps that tell the rhythm: idle for so much of them, and long enough to be one. */
static const double idle_share = 0.3;
static const double gap_min_s = 0.8;
enum { GAPS_MIN = 3, OVERLAPS = 4 };

/* A shorter wait is not seen by a viewer, nor known so exactly. */
static const double stall_min_s = 0.5;

/* From the last byte to the first frame of it on screen. */
#define DECODE_US 150000

/* When the last of the few downloads before i had ended. */
static int64_t quiet_since(const qoe_download *downloads, size_t i)
{
    int64_t last_us = downloads[i - 1].end_us;
    for (size_t back = 2; back <= OVERLAPS && back <= i; back++)
        last_us = MAX(last_us, downloads[i - back].end_us);
    return last_us;
}

/* Did the player rest before it asked for download i? It does when its buffer is full. */
static bool rested_before(const qoe_download *downloads, size_t i)
{
    const double gap_s = (double)(downloads[i].request_us - downloads[i - 1].request_us) / 1e6;
    const double idle_s = (double)(downloads[i].request_us - quiet_since(downloads, i)) / 1e6;
    return gap_s >= gap_min_s && idle_s > idle_share * gap_s;
}

/* Durations in use, most of them whole seconds. */
static const double durations_s[] = {1, 2, 3, 4, 5, 6, 8, 10};
enum { DURATIONS = sizeof durations_s / sizeof durations_s[0] };

/* Fetched media lasts at least for most of the time; less means that half of it is missing or the film stalled all
 * along. */
static const double media_share_min = 0.8;

static unsigned gaps_near(const double *gaps, size_t count, double seconds)
{
    static const double tolerance = 0.1;
    unsigned near = 0;
    for (size_t i = 0; i < count; i++)
        near += fabs(gaps[i] - seconds) < tolerance * seconds;
    return near;
}

/* The duration that most gaps have and that explains how long the film went on. */
static double choose_duration(const double *gaps, size_t count, double least_s)
{
    double best_s = 0;
    unsigned best = 0;
    for (size_t i = 0; i < DURATIONS; i++) {
        const unsigned near = gaps_near(gaps, count, durations_s[i]);
        if (durations_s[i] < least_s || (best_s > 0 && near <= best))
            continue;
        best_s = durations_s[i];
        best = near;
    }
    return best >= GAPS_MIN ? best_s : 0;
}

double qoe_playback_segment_s(const qoe_download *downloads, size_t count)
{
    if (count < GAPS_MIN)
        return 0;
    double *gaps = g_new(double, count);
    size_t n = 0;
    for (size_t i = 1; i < count; i++) {
        if (rested_before(downloads, i))
            gaps[n++] = (double)(downloads[i].request_us - downloads[i - 1].request_us) / 1e6;
    }
    const double lasted_s = (double)(downloads[count - 1].end_us - downloads[0].end_us) / 1e6;
    const double segment_s = choose_duration(gaps, n, media_share_min * lasted_s / (double)count);
    g_free(gaps);
    return segment_s;
}

/* How long each height was on screen in a window. */
enum { HEIGHTS = 8 };
typedef struct {
    int lines[HEIGHTS];
    int64_t us[HEIGHTS];
} shown_heights;

/* The player: each segment is on screen from when its predecessor has been played and it has come. */
typedef struct {
    const qoe_download *downloads;
    size_t count;
    int64_t segment_us;
    int64_t *shown_us; /* when segment i comes on screen */
    int64_t first_window_us, window_us, until_us;
    size_t windows;
    qoe_playback_window *out;
    shown_heights *heights; /* of each window */
    qoe_playback summary;
} player;

static int64_t window_end(const player *on, size_t window)
{
    return on->first_window_us + (int64_t)(window + 1) * on->window_us;
}

/* Calls `add` for the part of [from, to) in each window. */
static void spread(player *on, int64_t from_us, int64_t to_us, int resolution,
                   void (*add)(player *on, size_t window, int64_t us, int resolution))
{
    to_us = MIN(to_us, on->until_us);
    from_us = MAX(from_us, on->first_window_us);
    while (from_us < to_us) {
        const size_t window = (size_t)((from_us - on->first_window_us) / on->window_us);
        if (window >= on->windows)
            return;
        const int64_t end_us = MIN(to_us, window_end(on, window));
        add(on, window, end_us - from_us, resolution);
        from_us = end_us;
    }
}

static void add_stall(player *on, size_t window, int64_t us, int resolution)
{
    (void)resolution;
    on->out[window].stalled_s += (double)us / 1e6;
}

/* A player that waits for media has asked for it: time without a request is a pause, not a stall. */
static void wait_for(player *on, size_t i, int64_t starved_us)
{
    const int64_t from_us = MAX(starved_us, on->downloads[i].request_us);
    const int64_t waited_us = on->shown_us[i] - from_us;
    if ((double)waited_us / 1e6 < stall_min_s)
        return;
    on->summary.stalls++;
    on->summary.stall_s += (double)waited_us / 1e6;
    spread(on, from_us, on->shown_us[i], 0, add_stall);
}

static void play(player *on)
{
    on->shown_us[0] = on->summary.start_us;
    for (size_t i = 1; i < on->count; i++) {
        const int64_t next_us = on->shown_us[i - 1] + on->segment_us;
        on->shown_us[i] = MAX(next_us, on->downloads[i].end_us + DECODE_US);
        if (on->shown_us[i] > next_us)
            wait_for(on, i, next_us);
    }
}

static void add_shown(player *on, size_t window, int64_t us, int resolution)
{
    shown_heights *heights = &on->heights[window];
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

/* What was on screen in each window, and what lay ahead of the playhead at its end. */
static void describe(player *on)
{
    size_t fetched = 0, shown = 0;
    for (size_t i = 0; i < on->count; i++)
        spread(on, on->shown_us[i], on->shown_us[i] + on->segment_us, on->downloads[i].resolution, add_shown);
    for (size_t window = 0; window < on->windows; window++) {
        const int64_t at_us = MIN(window_end(on, window), on->until_us);
        while (fetched < on->count && on->downloads[fetched].end_us <= at_us)
            fetched++;
        while (shown < on->count && on->shown_us[shown] <= at_us)
            shown++;
        int64_t ahead_us = (int64_t)(fetched - MIN(shown, fetched)) * on->segment_us;
        if (shown > 0)
            ahead_us += MAX(on->shown_us[shown - 1] + on->segment_us - at_us, 0);
        on->out[window].resolution = longest_height(&on->heights[window]);
        on->out[window].buffer_s = (double)ahead_us / 1e6;
    }
}

qoe_playback qoe_playback_run(const qoe_download *downloads, size_t count, double segment_s, int64_t first_window_us,
                              int64_t window_us, int64_t until_us, size_t windows, qoe_playback_window *out)
{
    player on = {
        .downloads = downloads,
        .count = count,
        .segment_us = (int64_t)(segment_s * 1e6),
        .first_window_us = first_window_us,
        .window_us = window_us,
        .until_us = until_us,
        .windows = windows,
        .out = out,
        .summary = {.start_us = -1},
    };
    for (size_t i = 0; i < windows; i++)
        out[i] = (qoe_playback_window){0};
    if (count == 0)
        return on.summary;
    on.summary.start_us = downloads[0].end_us + DECODE_US;
    if (on.segment_us <= 0)
        return on.summary;
    on.summary.followed = true;
    on.shown_us = g_new(int64_t, count);
    on.heights = g_new0(shown_heights, windows + 1);
    play(&on);
    describe(&on);
    g_free(on.heights);
    g_free(on.shown_us);
    return on.summary;
}
