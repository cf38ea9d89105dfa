/* What is remembered of a session: two rings, of media objects and of window traffic.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "history.h"

#include <string.h>

static size_t slot_of(const qoe_history *history, size_t i)
{
    return (history->first + i) % QOE_HISTORY_OBJECTS;
}

void qoe_history_init(qoe_history *history, int64_t session_start_us, int64_t window_us)
{
    memset(history, 0, sizeof *history);
    history->session_start_us = session_start_us;
    history->window_us = window_us;
}

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t digest_of(const qoe_object *object)
{
    const uint64_t times = mix(mix((uint64_t)object->request_us + 1) ^ (uint64_t)object->end_us);
    return mix(mix(times ^ (uint64_t)object->bytes) ^ (uint64_t)object->kind);
}

void qoe_history_add(qoe_history *history, const qoe_object *object)
{
    history->digest += digest_of(object);
    history->total_objects++;
    history->total_bytes += object->bytes;
    if (history->count == QOE_HISTORY_OBJECTS) {
        /* An object older than all that are kept would only push out a newer one. */
        if (object->end_us < qoe_history_object(history, 0)->end_us)
            return;
        history->first = slot_of(history, 1);
        history->count--;
    }
    size_t at = history->count++;
    for (; at > 0 && qoe_history_object(history, at - 1)->end_us > object->end_us; at--)
        history->objects[slot_of(history, at)] = history->objects[slot_of(history, at - 1)];
    history->objects[slot_of(history, at)] = *object;
}

void qoe_history_add_window(qoe_history *history, const qoe_window_traffic *traffic)
{
    history->total_bytes_in += traffic->bytes_in;
    if (history->windows_count == QOE_HISTORY_WINDOWS) {
        history->windows_first = (history->windows_first + 1) % QOE_HISTORY_WINDOWS;
        history->windows_count--;
    }
    const size_t at = (history->windows_first + history->windows_count++) % QOE_HISTORY_WINDOWS;
    history->windows[at] = *traffic;
}

const qoe_window_traffic *qoe_history_window(const qoe_history *history, size_t back)
{
    if (back >= history->windows_count)
        return NULL;
    const size_t i = history->windows_count - 1 - back;
    return &history->windows[(history->windows_first + i) % QOE_HISTORY_WINDOWS];
}
