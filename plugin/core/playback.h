/* Playback, estimated from downloads: when it started, how much was buffered, when it stalled, and which segment was
 * on screen.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PLAYBACK_H
#define QOE_PLAYBACK_H

#include "durations.h"

/* What was fetched, less what was played. Segments follow each other in the order of their requests, since players ask
 * for what they play next. What is done about the rest:
 *  - hls.js asks for its first segment twice, in the lowest quality to measure the link. The audio, which waits for the
 *    picture, tells.
 *  - A player that takes segments again in a better quality asks for no more audio: video more than two segments ahead
 *    of the audio replaces some.
 *  - A player that rests has media: where none is left by our count, some was overlooked.
 *  - A player that has not asked for anything far beyond the end of its media was stopped by its viewer: the clock
 *    stands still. It goes on with a full buffer, less what it then fetches without a rest.
 *  - Where the capture begins in mid-film, nothing is known of the buffer until the player rests; then it is as full as
 *    at its fullest rest.
 *  - Chromium lets the picture freeze for up to 3 s while the audio goes on, and then makes nothing up for it.
 *
 * With the players' own requests and heights, the windows with a stall or a frozen picture of a second and more are
 * found with F1 .80 and the height on screen in .94 of the windows (74 sessions); with the detected segments F1 .66.
 * Seeks and shorter pauses are not seen: all is an estimate. */

/* What a window showed. */
typedef enum {
    QOE_SCREEN_UNKNOWN, /* nothing tells: it is not followed, or lies before the first segment or behind the last packet
                         */
    QOE_SCREEN_PLAYED,  /* segments were played */
    QOE_SCREEN_STILL,   /* nothing was played: the last picture stayed, in a pause or a stall */
    QOE_SCREEN_OVER     /* all that had come was played: the last picture may be there, or the player closed */
} qoe_screen;

/* One window of playback. */
typedef struct {
    qoe_screen screen;
    int resolution; /* PLAYED, STILL: lines on screen for the longest time; 0: nothing was, or it is not known */
    /* of the resolution: how sure the downloads are that it was on screen from, by the time that each was; 0..1 */
    double probability;
    double buffer_s; /* seconds of media ahead of the playhead at its end; -1: not known */
    /* seconds in it without a moving picture for want of media, after playback had begun; -1: not known */
    double stalled_s;
    int64_t stall_us; /* stalled_s > 0: when it stalled first in it */
} qoe_playback_window;

typedef struct {
    int64_t start_us; /* when playback began; -1: it has not */
    bool joined;      /* it had begun before the first segment, when start_us is no more than that one's request */
    bool followed;    /* the segments' durations are known, and so all that follows from them */
    unsigned stalls;
    double stall_s;
} qoe_playback;

/* Plays the downloads (video_s 0: not known, then only the start can be told) and describes `windows` windows of
 * window_us from first_window_us on into out. Playback goes on until until_us (the last packet); what lies behind it
 * is left zero. */
qoe_playback qoe_playback_run(const qoe_downloads *downloads, qoe_durations durations, int64_t first_window_us,
                              int64_t window_us, int64_t until_us, size_t windows, qoe_playback_window *out);

/* Lines on screen in a window that ends at end_us; 0: nothing was, or it is not known. The lines that were downloaded
 * in it (0: not known) stand for what was played where that is not known, but say nothing of a picture that stayed:
 * it came before. */
int qoe_playback_lines(const qoe_playback *playback, const qoe_playback_window *window, int64_t end_us, int downloaded);

#endif
