/* What is remembered of a session for its features: bounded, however long the session is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_HISTORY_H
#define QOE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "segment.h"

#define QOE_HISTORY_OBJECTS 512    /* newest media objects kept one by one: over half an hour of a film */
#define QOE_HISTORY_WINDOWS 16     /* newest windows whose traffic is kept */
#define QOE_OBJECT_MIN_BYTES 20000 /* smaller responses are not media (segments.md) */

/* A finished media object, as features see it. */
typedef struct {
    int64_t request_us, end_us;
    double bytes;
    qoe_kind kind;
} qoe_object;

/* Traffic of one window of the session. */
typedef struct {
    int64_t start_us;
    uint64_t bytes_in, bytes_out, packets_in, packets_out; /* bytes at the IP layer */
    uint64_t payload_in;
    uint32_t active_100ms; /* 100-ms slots of the window that saw downlink payload */
    uint64_t peak_1s;      /* downlink payload of the busiest second */
} qoe_window_traffic;

typedef struct {
    int64_t session_start_us;
    int64_t window_us;                       /* window length */
    qoe_object objects[QOE_HISTORY_OBJECTS]; /* ring in order of end_us: see qoe_history_object */
    size_t first, count;
    uint64_t total_objects; /* since the session's start, also those forgotten */
    double total_bytes;
    uint64_t digest;         /* of all objects since the session's start, in any order: other objects, another digest */
    uint64_t total_bytes_in; /* of all windows since the session's start */
    qoe_window_traffic windows[QOE_HISTORY_WINDOWS]; /* ring, see qoe_history_window */
    size_t windows_first, windows_count;
} qoe_history;

void qoe_history_init(qoe_history *history, int64_t session_start_us, int64_t window_us);

/* Adds a finished object; keeps the order by end_us (objects come nearly in order). */
void qoe_history_add(qoe_history *history, const qoe_object *object);

/* Appends a window's traffic; older ones than QOE_HISTORY_WINDOWS are forgotten. */
void qoe_history_add_window(qoe_history *history, const qoe_window_traffic *traffic);

/* The i-th kept object in order of its end, i < history->count. */
static inline const qoe_object *qoe_history_object(const qoe_history *history, size_t i)
{
    return &history->objects[(history->first + i) % QOE_HISTORY_OBJECTS];
}

/* The window `back` windows before the newest (0: the newest); NULL if it is not kept. */
const qoe_window_traffic *qoe_history_window(const qoe_history *history, size_t back);

#endif
