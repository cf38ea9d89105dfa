/* Events by frame: what was found at each packet, for its later visits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_EVENT_TABLE_H
#define QOE_EVENT_TABLE_H

#include "analysis.h"

typedef struct qoe_event_table qoe_event_table;

qoe_event_table *qoe_event_table_new(void);
void qoe_event_table_free(qoe_event_table *table);

/* Appends a copy of the event to the frame's list. */
void qoe_event_table_add(qoe_event_table *table, uint32_t frame, const qoe_event *event);

/* The frame's first event; NULL if it has none. */
const qoe_event *qoe_event_table_at(const qoe_event_table *table, uint32_t frame);

#endif
