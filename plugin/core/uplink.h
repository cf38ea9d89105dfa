/* What a client sends: which of it is a request, and which is handshake or control.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_UPLINK_H
#define QOE_UPLINK_H

#include "packet.h"
#include "sequence.h"

/* Smaller payloads are control: HTTP/2 frames of 31-75 B over TLS, QUIC ACKs of 25-57 B. Requests measured 105 B
 * and more on HTTP/2, 600 and more on HTTP/1.1, 384 and more on HTTP/3 (100, 150 and 300 gave the same
 * segments on YouTube's QUIC). */
enum { QOE_REQUEST_MIN_TCP = 91, QOE_REQUEST_MIN_QUIC = 200 };

typedef enum {
    QOE_UPLINK_NOTHING, /* no new application data: ACK, retransmission, TLS or QUIC handshake */
    QOE_UPLINK_CONTROL, /* a little application data */
    QOE_UPLINK_REQUEST
} qoe_uplink_type;

/* The uplink of one flow; all zero at its start. */
typedef struct {
    qoe_sequence sequence;
    bool in_record;      /* record_end is known */
    uint32_t record_end; /* sequence number behind the last handshake record */
    bool goes_on;        /* the last application data filled its packet: what follows at once belongs to it */
    int64_t last_us;     /* of that packet */
} qoe_uplink;

/* Judges the next packet from the client. */
qoe_uplink_type qoe_uplink_packet(qoe_uplink *uplink, const qoe_packet *packet);

#endif
