/* Stalls of films whose segments hold any time (YouTube's ranges of bytes): nothing tells how much media came.
 *
 * But a player whose link never rests, and that gets less than films of the height it fetches need, lives from hand to
 * mouth. Measured on 115 real YouTube sessions (Requet, 33 windows with a stall, 31 of them in two) with the model that
 * had seen them: precision .6, recall .6. Nothing is said of other windows: after a silence the buffer may be full, the
 * film over, the viewer gone or the link dead.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_STARVED_H
#define QOE_STARVED_H

#include "durations.h"

/* One window of such a film. */
typedef struct {
    int64_t start_us, end_us;
    uint64_t bytes;   /* to the client, at the IP layer */
    int lines;        /* fetched; 0: not known */
    double stalled_s; /* set: seconds without media, estimated; -1: not known */
} qoe_starved_window;

/* Judges windows (one after the other, without gaps) that end after playback has started. */
void qoe_starved_judge(const qoe_downloads *downloads, int64_t start_us, qoe_starved_window *windows, size_t count);

#endif
