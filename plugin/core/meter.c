/* Counting packets into a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "meter.h"

enum { SLOT_US = 100000, SECOND_US = 1000000 };

void qoe_meter_start(qoe_meter *meter)
{
    *meter = (qoe_meter){.last_slot = INT64_MIN, .last_second = INT64_MIN};
}

void qoe_traffic_add(qoe_traffic *traffic, const qoe_packet *packet, bool from_client)
{
    if (from_client) {
        traffic->packets_out++;
        traffic->bytes_out += packet->ip_len;
        traffic->payload_out += packet->payload_len;
    } else {
        traffic->packets_in++;
        traffic->bytes_in += packet->ip_len;
        traffic->payload_in += packet->payload_len;
    }
}

void qoe_traffic_sum(qoe_traffic *traffic, const qoe_traffic *other)
{
    traffic->packets_in += other->packets_in;
    traffic->packets_out += other->packets_out;
    traffic->bytes_in += other->bytes_in;
    traffic->bytes_out += other->bytes_out;
    traffic->payload_in += other->payload_in;
    traffic->payload_out += other->payload_out;
}

void qoe_meter_packet(qoe_meter *meter, const qoe_packet *packet, bool from_client)
{
    qoe_traffic_add(&meter->traffic, packet, from_client);
    if (from_client || packet->payload_len == 0)
        return;
    const int64_t slot = packet->time_us / SLOT_US, second = packet->time_us / SECOND_US;
    if (slot > meter->last_slot) {
        meter->active_100ms++;
        meter->last_slot = slot;
    }
    if (second > meter->last_second) {
        meter->second_payload = 0;
        meter->last_second = second;
    }
    meter->second_payload += packet->payload_len;
    if (meter->second_payload > meter->peak_1s)
        meter->peak_1s = meter->second_payload;
}

qoe_window_traffic qoe_meter_read(const qoe_meter *meter, int64_t start_us)
{
    return (qoe_window_traffic){
        .start_us = start_us,
        .bytes_in = meter->traffic.bytes_in,
        .bytes_out = meter->traffic.bytes_out,
        .packets_in = meter->traffic.packets_in,
        .packets_out = meter->traffic.packets_out,
        .payload_in = meter->traffic.payload_in,
        .active_100ms = meter->active_100ms,
        .peak_1s = meter->peak_1s,
    };
}
