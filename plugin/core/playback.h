/* Playback, estimated from downloads: when it started, how much was buffered, when it stalled, and which segment was
 * on screen.
 *
 * A player that has filled its buffer asks for the next video segment each time it has played one, so the gaps between
 * requests that come after a rest tell how many seconds of media a segment holds: measured on the 74 sessions of three
 * players whose logs we have, it is right in four of five. The rest is bookkeeping: what was fetched, less what was
 * played. With the players' own requests and heights it gives the height on screen in .90 of the windows, where what
 * was downloaded in the window itself gives .69. Seeks, pauses and segments fetched twice are not seen: all is an
 * estimate.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PLAYBACK_H
#define QOE_PLAYBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One video segment as the network saw it, and its height in lines (0: not known). */
typedef struct {
    int64_t request_us, end_us;
    int resolution;
} qoe_download;

/* Seconds of media in a video segment by the rhythm of requests (in order of request_us); 0 if there is none. */
double qoe_playback_segment_s(const qoe_download *downloads, size_t count);

/* One window of playback. */
typedef struct {
    int resolution;   /* lines on screen for the longest time; 0: nothing was, or it is not known */
    double buffer_s;  /* seconds of media ahead of the playhead at its end */
    double stalled_s; /* seconds in it without playback for want of media, after playback had begun */
} qoe_playback_window;

typedef struct {
    int64_t start_us; /* when playback began; -1: it has not */
    bool followed;    /* the segments' duration is known, and so all that follows from it */
    unsigned stalls;
    double stall_s;
} qoe_playback;

/* Plays downloads (in order of end_us, segment_s seconds each; 0: not known, then only the start can be told) and
 * describes `windows` windows of window_us from first_window_us on into out. Playback goes on until until_us (the last
 * packet); what lies behind it is left zero. */
qoe_playback qoe_playback_run(const qoe_download *downloads, size_t count, double segment_s, int64_t first_window_us,
                              int64_t window_us, int64_t until_us, size_t windows, qoe_playback_window *out);

#endif
