/* The inside of a player, shared by its files. Times (_us) are microseconds of the capture's clock; lengths of media
 * likewise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PLAYBACK_INTERNAL_H
#define QOE_PLAYBACK_INTERNAL_H

#include <glib.h>

#include "playback.h"
#include "stretches.h"

/* From the last byte to the first frame of it on screen. */
#define DECODE_US 150000

/* A segment's time in the film, one after the other. */
typedef struct {
    int64_t asked_us;   /* when it was asked for; 0: it was overlooked */
    int64_t fetched_us; /* since when it and all before it are there */
    int64_t clock_us;   /* when the clock reaches it */
    int64_t shown_us;   /* when its picture appears: later if it freezes */
    int resolution;
    double probability;
} player_place;

/* Lives for one qoe_playback_run(), which owns pauses and places; downloads and out are its caller's. */
typedef struct {
    const qoe_downloads *downloads;
    GArray *pauses;             /* qoe_stretch: without anything under way; see resume.h */
    size_t video;               /* the one in hand */
    int64_t video_us, audio_us; /* of a segment; audio_us 0: audio tells nothing */
    bool replaces;              /* some video replaces other */
    GArray *places;             /* player_place, in order of the film */
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

static inline player_place *player_at(const player *on, size_t i)
{
    return &g_array_index(on->places, player_place, i);
}

/* The end of a window of on->out. */
static inline int64_t player_window_end(const player *on, size_t window)
{
    return on->first_window_us + (int64_t)(window + 1) * on->window_us;
}

/* playback.c: appends the segments from the first video on, with their stalls. */
void player_play(player *on, size_t first);

/* Time of the film played at a time; negative: what is known of it is still to be played. */
int64_t player_playhead(const player *on, int64_t at_us);

/* playback_start.c: the video with which playback begins; the number of all if there is none. */
size_t player_find_first(const qoe_downloads *downloads);

/* When the first picture is there; -1: too little has come. */
int64_t player_find_start(const qoe_downloads *downloads, size_t first);

/* The first request of either kind: where the film had begun before the capture, the picture was there before it. */
int64_t player_first_request(const qoe_downloads *downloads);

/* playback_screen.c: writes what was on screen in each window, and what lay ahead of the playhead at its end. */
void player_describe(player *on);

#endif
