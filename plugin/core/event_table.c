/* A list of events per frame. Only frames at which something happened have an entry, so that it grows with segments and
 * windows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "event_table.h"

#include <glib.h>

struct qoe_event_table {
    GHashTable *by_frame; /* frame number -> qoe_event *, the list's head */
    uint32_t frame;       /* of the event that was added last */
    uint32_t frame_max;   /* with an event */
    qoe_event *last;      /* that event; NULL: none yet */
};

static void list_free(void *data)
{
    qoe_event *event = data;
    while (event != NULL) {
        qoe_event *next = (qoe_event *)event->next;
        g_free(event);
        event = next;
    }
}

qoe_event_table *qoe_event_table_new(void)
{
    qoe_event_table *table = g_new0(qoe_event_table, 1);
    table->by_frame = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, list_free);
    return table;
}

void qoe_event_table_free(qoe_event_table *table)
{
    if (table == NULL)
        return;
    g_hash_table_destroy(table->by_frame);
    g_free(table);
}

/* The end of a frame's list; NULL if it has none. Events come frame by frame, so that it is nearly always known. */
static qoe_event *list_end(const qoe_event_table *table, uint32_t frame)
{
    if (table->last != NULL && table->frame == frame)
        return table->last;
    qoe_event *last = g_hash_table_lookup(table->by_frame, GUINT_TO_POINTER(frame));
    while (last != NULL && last->next != NULL)
        last = (qoe_event *)last->next;
    return last;
}

void qoe_event_table_add(qoe_event_table *table, uint32_t frame, const qoe_event *event)
{
    qoe_event *added = g_new(qoe_event, 1);
    *added = *event;
    added->next = NULL;
    qoe_event *last = list_end(table, frame);
    if (last == NULL)
        g_hash_table_insert(table->by_frame, GUINT_TO_POINTER(frame), added);
    else
        last->next = added;
    table->frame = frame;
    table->frame_max = MAX(table->frame_max, frame);
    table->last = added;
}

const qoe_event *qoe_event_table_at(const qoe_event_table *table, uint32_t frame)
{
    if (frame > table->frame_max) /* nearly all, as long as a capture is read for the first time */
        return NULL;
    return g_hash_table_lookup(table->by_frame, GUINT_TO_POINTER(frame));
}
