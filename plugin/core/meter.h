/* The traffic meter of the window in hand: totals, active time and the busiest second.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_METER_H
#define QOE_METER_H

#include "history.h"
#include "packet.h"

/* All zero but last_slot and last_second at a window's start: see qoe_meter_start. */
typedef struct {
    qoe_traffic traffic;
    uint32_t active_100ms; /* 100-ms slots with downlink payload */
    uint64_t peak_1s;      /* downlink payload of the busiest second so far */
    int64_t last_slot, last_second;
    uint64_t second_payload;
} qoe_meter;

void qoe_meter_start(qoe_meter *meter);
void qoe_meter_packet(qoe_meter *meter, const qoe_packet *packet, bool from_client);
void qoe_traffic_add(qoe_traffic *traffic, const qoe_packet *packet, bool from_client);
void qoe_traffic_sum(qoe_traffic *traffic, const qoe_traffic *other);

/* The window's traffic in the shape that features read. */
qoe_window_traffic qoe_meter_read(const qoe_meter *meter, int64_t start_us);

#endif
