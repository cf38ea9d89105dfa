/* A server that sends without being asked (e.g. over a WebSocket): pauses of its own in the downlink.
 *
 * A server that has nothing more to send ends its burst with a shorter packet; a network that stalls breaks
 * off behind a full one. Several such pauses in a row, each behind enough bytes for media and none with a request in
 * it, show that the server pushes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PUSH_H
#define QOE_PUSH_H

#include "packet.h"

/* So long a silence bounds a burst. */
#define QOE_PUSH_PAUSE_US 300000

/* Bursts in a row without a request until it is believed. */
enum { QOE_PUSH_BURSTS_MIN = 4 };

/* The downlink of one flow; all zero at its start. Public to read. */
typedef struct {
    int64_t last_us;      /* of the last packet with new bytes */
    uint32_t last_len;    /* of that packet */
    bool ends;            /* it was shorter than the one before: its burst may have ended by itself */
    uint64_t burst_bytes; /* since the last pause */
    unsigned bursts;      /* that ended by themselves, in a row */
} qoe_push;

/* Takes a downlink packet that brought `advance` new bytes. True if it is the first of a burst. */
bool qoe_push_packet(qoe_push *push, const qoe_packet *packet, uint32_t advance);

/* The client has asked for something: what comes next is no push. */
void qoe_push_request(qoe_push *push);

static inline bool qoe_push_is_certain(const qoe_push *push)
{
    return push->bursts >= QOE_PUSH_BURSTS_MIN;
}

#endif
