/* Bursts of the downlink and what ended them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "push.h"

enum { BURST_MIN_BYTES = 20000 }; /* smaller ones are messages, not media */

/* A pause is over: did the burst before it end by itself? */
static void judge_burst(qoe_push *push)
{
    if (!push->ends)
        push->bursts = 0; /* it broke off */
    else if (push->burst_bytes >= BURST_MIN_BYTES)
        push->bursts++;
}

bool qoe_push_packet(qoe_push *push, const qoe_packet *packet, uint32_t advance)
{
    if (advance == 0)
        return false;
    const bool first = push->last_len == 0 || packet->time_us - push->last_us >= QOE_PUSH_PAUSE_US;
    if (first) {
        judge_burst(push);
        push->burst_bytes = 0;
    }
    push->ends = !first && packet->payload_len < push->last_len;
    push->burst_bytes += advance;
    push->last_len = packet->payload_len;
    push->last_us = packet->time_us;
    return first;
}

void qoe_push_request(qoe_push *push)
{
    push->bursts = 0;
    push->burst_bytes = 0;
}
