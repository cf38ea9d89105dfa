/* How many seconds of media a segment holds.
 *
 * Segments of one film hold the same time of video, and as many seconds of audio come as of video. Three things tell
 * how many: a player with a full buffer asks for the next segment when it has played one; all of the media lasts about
 * as long as it was watched, unless the link never rests; and audio has one of few bit rates. Pairs of durations that
 * services use need less of it. Chosen on 74 sessions of three players whose logs we have and 63 of other films: right
 * in 71 and 60 with the players' own segments, in 72 and 56 with the detected ones; on 88 sessions kept apart in 82
 * and 73.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_DURATIONS_H
#define QOE_DURATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One segment as the network saw it. */
typedef struct {
    int64_t request_us, end_us;
    uint64_t bytes;
    int resolution;     /* lines; video only; 0: not known */
    double probability; /* of those, 0..1 */
} qoe_download;

/* The segments of a film by kind, each in order of request_us. Borrowed. */
typedef struct {
    const qoe_download *video, *audio;
    size_t videos, audios;
    bool joined; /* the film had begun before the first of them */
} qoe_downloads;

/* A walk through both kinds in order of request; begins with the numbers at 0. */
typedef struct {
    const qoe_downloads *downloads;
    size_t video, audio; /* passed */
} qoe_downloads_walk;

/* The next one; NULL: there is none. */
const qoe_download *qoe_downloads_next(qoe_downloads_walk *walk);

/* Seconds in a segment; 0: not known. */
typedef struct {
    double video_s, audio_s;
} qoe_durations;

/* Did the player rest before it asked for the next segment of a kind? quiet_us: when all that was asked for before had
 * come, of either kind. It does when its buffer is full. */
bool qoe_download_rested(const qoe_download *before, const qoe_download *next, int64_t quiet_us);

/* doubtful: it may be a service whose segments hold any time (YouTube's ranges of bytes), so better evidence is asked
 * for. */
qoe_durations qoe_durations_learn(const qoe_downloads *downloads, bool doubtful);

#endif
