/* What the analysis is told about one packet: the only way in.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PACKET_H
#define QOE_PACKET_H

#include "addr.h"

enum { QOE_TCP = 6, QOE_UDP = 17 }; /* IANA protocol numbers */

enum { QOE_TCP_FIN = 0x01, QOE_TCP_SYN = 0x02, QOE_TCP_RST = 0x04, QOE_TCP_PSH = 0x08, QOE_TCP_ACK = 0x10 };

/* One TCP or UDP packet over IPv4 or IPv6. Lengths are lengths on the wire: captures are often cut. */
typedef struct {
    uint32_t frame;  /* frame number, from 1, rising */
    int64_t time_us; /* since the capture's first packet; may step back in a disordered capture */
    qoe_addr src, dst;
    uint16_t src_port, dst_port;
    uint8_t transport;      /* QOE_TCP or QOE_UDP */
    uint8_t flags;          /* TCP flags, QOE_TCP_*; 0 for UDP */
    uint16_t window;        /* TCP receive window as sent, not scaled */
    uint32_t seq, ack;      /* TCP */
    uint32_t ip_len;        /* IP header and all behind it */
    uint32_t payload_len;   /* behind the TCP or UDP header */
    const uint8_t *payload; /* what the capture holds of it; borrowed for the call */
    uint32_t captured_len;  /* bytes at payload, at most payload_len */
} qoe_packet;

#endif
