/* Puts the pieces at the start of a byte stream into one run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gather.h"

#include <glib.h>
#include <string.h>

static void reserve(qoe_gather *gather, size_t len)
{
    if (len <= gather->allocated)
        return;
    gather->allocated = MIN(MAX(len, 2 * gather->allocated), QOE_GATHER_MAX);
    gather->data = g_realloc(gather->data, gather->allocated);
}

/* Takes the islands that the run has reached into it. */
static void absorb(qoe_gather *gather)
{
    size_t taken = 0;
    while (taken < gather->island_count && gather->islands[taken].start <= gather->run) {
        gather->run = MAX(gather->run, gather->islands[taken].end);
        taken++;
    }
    gather->island_count -= taken;
    memmove(gather->islands, gather->islands + taken, gather->island_count * sizeof *gather->islands);
}

/* Puts [start, end) among the islands, one with those that it touches; dropped if there is no place for one more. */
static void add_island(qoe_gather *gather, size_t start, size_t end)
{
    size_t first = 0;
    while (first < gather->island_count && gather->islands[first].end < start)
        first++;
    size_t behind = first;
    qoe_island joined = {start, end};
    while (behind < gather->island_count && gather->islands[behind].start <= end) {
        joined.start = MIN(joined.start, gather->islands[behind].start);
        joined.end = MAX(joined.end, gather->islands[behind].end);
        behind++;
    }
    if (behind == first && gather->island_count == QOE_GATHER_ISLANDS)
        return;
    memmove(gather->islands + first + 1, gather->islands + behind,
            (gather->island_count - behind) * sizeof *gather->islands);
    gather->islands[first] = joined;
    gather->island_count = gather->island_count + 1 - (behind - first);
}

/* Copies what is not there yet: the first copy of a byte counts, as it does for most receivers. */
static void copy_missing(qoe_gather *gather, size_t start, size_t end, const uint8_t *data)
{
    size_t at = MAX(start, gather->run);
    for (size_t i = 0; i <= gather->island_count && at < end; i++) {
        const bool last = i == gather->island_count;
        const size_t stop = last ? end : MIN(end, gather->islands[i].start);
        if (at < stop)
            memcpy(gather->data + at, data + (at - start), stop - at);
        if (!last)
            at = MAX(at, gather->islands[i].end);
    }
}

bool qoe_gather_add(qoe_gather *gather, uint64_t offset, const uint8_t *data, size_t len)
{
    if (offset >= QOE_GATHER_MAX || len == 0)
        return false;
    const size_t start = (size_t)offset;
    const size_t end = start + MIN(len, QOE_GATHER_MAX - start);
    if (end <= gather->run)
        return false;
    reserve(gather, end);
    copy_missing(gather, start, end, data);
    if (start > gather->run) {
        add_island(gather, start, end);
        return false;
    }
    gather->run = end;
    absorb(gather);
    return true;
}

void qoe_gather_clear(qoe_gather *gather)
{
    g_free(gather->data);
    memset(gather, 0, sizeof *gather);
}
