/* What is known of a busy period: requests, ends of responses, the growing count of bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "group_internal.h"

qoe_group *qoe_group_new(uint8_t transport, uint64_t start_bytes, int64_t start_us, uint32_t frame)
{
    qoe_group *group = g_new0(qoe_group, 1);
    group->transport = transport;
    group->segments = g_ptr_array_new();
    group->log = g_array_new(FALSE, FALSE, sizeof(group_entry));
    group->points = g_array_new(FALSE, FALSE, sizeof(group_point));
    group->start_bytes = start_bytes;
    group->last = (group_point){start_us, start_bytes, 0, frame};
    g_array_append_val(group->points, group->last);
    return group;
}

void qoe_group_free(qoe_group *group)
{
    if (group == NULL)
        return;
    g_ptr_array_free(group->segments, TRUE);
    g_array_free(group->log, TRUE);
    g_array_free(group->points, TRUE);
    g_free(group);
}

void qoe_group_progress(qoe_group *group, int64_t time_us, uint64_t bytes, uint32_t frame)
{
    const group_point *kept = &g_array_index(group->points, group_point, group->points->len - 1);
    if (group->last.time_us - kept->time_us >= QOE_GROUP_STEP_US)
        g_array_append_val(group->points, group->last);
    group->last = (group_point){time_us, bytes, group->last.packets + 1, frame};
}

/* The client's reset belongs to what a player does. */
static void add_entry(qoe_group *group, group_entry entry)
{
    entry.reset = group->reset && entry.type != GROUP_BEGIN;
    group->reset &= !entry.reset;
    g_array_append_val(group->log, entry);
}

void qoe_group_request(qoe_group *group, qoe_segment *segment)
{
    add_entry(group, (group_entry){.type = GROUP_REQUEST,
                                   .marked = group->marked,
                                   .time_us = segment->request_us,
                                   .bytes = group->last.bytes});
    g_ptr_array_add(group->segments, segment);
}

void qoe_group_reset(qoe_group *group)
{
    group->reset = true;
}

void qoe_group_response_end(qoe_group *group, int64_t time_us, uint64_t bytes)
{
    add_entry(group, (group_entry){.type = GROUP_END, .time_us = time_us, .bytes = bytes});
}

void qoe_group_set_piece(qoe_group *group, uint32_t bytes)
{
    group->marked = bytes > 0;
    group->piece = bytes > 0 ? bytes : group->piece;
}

/* Each response begins and ends once; a hostile server may go on and on. */
enum { ENTRIES_PER_REQUEST = 4 };

void qoe_group_response_begin(qoe_group *group, int64_t time_us, uint64_t from, uint64_t to)
{
    if (group->log->len >= ENTRIES_PER_REQUEST * group->segments->len)
        return;
    add_entry(group, (group_entry){.type = GROUP_BEGIN, .time_us = time_us, .bytes = to, .from = from});
}

void qoe_group_marked_end(qoe_group *group, int64_t time_us, uint64_t from, uint64_t to, uint32_t rest)
{
    const group_entry end = {
        .type = GROUP_END, .marked = true, .time_us = time_us, .bytes = to, .from = from, .rest = rest};
    add_entry(group, end);
    group_entry *last = &g_array_index(group->log, group_entry, group->log->len - 1);
    for (guint i = group->log->len - 1; i > 0 && last[-1].time_us > time_us && last[-1].type == GROUP_REQUEST;
         i--, last--) {
        const group_entry request = last[-1];
        last[-1] = *last;
        *last = request;
    }
}

void qoe_group_take_back(qoe_group *group, size_t n, qoe_segment **segments)
{
    for (size_t i = n; i > 0; i--) {
        segments[i - 1] = g_ptr_array_index(group->segments, group->segments->len - 1);
        g_ptr_array_set_size(group->segments, (gint)group->segments->len - 1);
        guint at = group->log->len - 1;
        while (at > 0 && g_array_index(group->log, group_entry, at).type != GROUP_REQUEST)
            at--;
        g_array_remove_index(group->log, at);
    }
}

void qoe_group_close(qoe_group *group)
{
    group->closed = true;
    g_array_append_val(group->points, group->last);
}

size_t qoe_group_requests(const qoe_group *group)
{
    return group->segments->len;
}

bool qoe_group_is_closed(const qoe_group *group)
{
    return group->closed;
}

group_point group_point_at(const qoe_group *group, double bytes)
{
    guint low = 0, high = group->points->len;
    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if ((double)g_array_index(group->points, group_point, middle).bytes < bytes)
            low = middle + 1;
        else
            high = middle;
    }
    const group_point after = low < group->points->len ? g_array_index(group->points, group_point, low) : group->last;
    if (low == 0 || (double)after.bytes <= bytes)
        return after;
    group_point at = g_array_index(group->points, group_point, low - 1);
    const double share = (bytes - (double)at.bytes) / (double)(after.bytes - at.bytes);
    at.time_us += (int64_t)(share * (double)(after.time_us - at.time_us));
    at.packets += (uint32_t)(share * (after.packets - at.packets));
    at.frame += (uint32_t)(share * (after.frame - at.frame));
    return at;
}

double group_bytes_at(const qoe_group *group, int64_t time_us)
{
    guint low = 0, high = group->points->len;
    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (g_array_index(group->points, group_point, middle).time_us <= time_us)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return (double)group->start_bytes;
    const group_point before = g_array_index(group->points, group_point, low - 1);
    const group_point after = low < group->points->len ? g_array_index(group->points, group_point, low) : group->last;
    if (after.time_us <= before.time_us)
        return (double)before.bytes;
    const double share = (double)(time_us - before.time_us) / (double)(after.time_us - before.time_us);
    return (double)before.bytes + MIN(share, 1) * (double)(after.bytes - before.bytes);
}

void qoe_group_set_delay(qoe_group *group, int64_t delay_us)
{
    group->delay_us = delay_us;
}

/* Bytes of one response after the other, as far as the log tells them apart. */
typedef struct {
    uint64_t from;  /* where the present one begins */
    unsigned begun; /* of those whose beginning was told */
    bool mixed;     /* several of them have come together */
    double weight;
} lone_response;

static void begin_lone(lone_response *lone, const group_entry *begin)
{
    lone->mixed = lone->begun > 0;
    lone->from = begin->from;
    lone->weight = 1;
    lone->begun++;
}

/* False: it was not alone. */
static bool end_lone(lone_response *lone, const group_entry *end)
{
    const bool alone = !end->marked || (lone->begun <= 1 && !lone->mixed);
    lone->begun -= end->marked && lone->begun > 0;
    lone->mixed = lone->begun > 0;
    return alone;
}

void qoe_group_votes(const qoe_group *group, void (*vote)(void *user_data, double bytes, double weight),
                     void *user_data)
{
    if (group->segments->len == 1) {
        vote(user_data, (double)(group->last.bytes - group->start_bytes), 1.0);
        return;
    }
    lone_response lone = {.from = group->start_bytes, .weight = 0.5};
    for (guint i = 0; i < group->log->len; i++) {
        const group_entry *entry = &g_array_index(group->log, group_entry, i);
        if (entry->type == GROUP_BEGIN)
            begin_lone(&lone, entry);
        if (entry->type != GROUP_END)
            continue;
        if (end_lone(&lone, entry))
            vote(user_data, (double)(entry->bytes - lone.from), lone.weight);
        lone.from = entry->bytes;
        lone.weight = 0.5;
    }
    if (lone.begun == 1 && !lone.mixed)
        vote(user_data, (double)(group->last.bytes - lone.from), 1);
}
