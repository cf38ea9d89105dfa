/* The server name in the client's QUIC Initial packets (RFC 9000, RFC 9001 5.2 and 5.4, RFC 9369 for
 * version 2, the drafts from 22 on), or in the open hello of Google's QUIC before those (Q039 to Q046).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QUIC_H
#define QOE_QUIC_H

#include "sni.h"

/* Long header form (RFC 9000 17.2): handshake, never a request. Needs one captured byte. */
static inline bool qoe_quic_is_long_header(const uint8_t *datagram, size_t captured)
{
    return captured > 0 && (datagram[0] & 0x80) != 0;
}

/* Collects the CRYPTO frames of a client's Initial packets: in any order, over several packets, with
 * coalesced packets behind them in the datagram. */
typedef struct qoe_quic_stream qoe_quic_stream;

qoe_quic_stream *qoe_quic_stream_new(void);
void qoe_quic_stream_free(qoe_quic_stream *stream);

/* Adds one UDP payload from client to server: captured bytes are at datagram, len was on the wire. Initial packets that
 * the snap length cut cannot be decrypted: QOE_SNI_MORE (a later one may be whole) or QOE_SNI_NONE once it cannot come
 * any more: a packet with a short header came, or too many datagrams. After FOUND or NONE the stream needs no more
 * data. Holds at most 16 kB. */
qoe_sni_status qoe_quic_stream_add(qoe_quic_stream *stream, const uint8_t *datagram, size_t captured, size_t len,
                                   char name[QOE_SNI_MAX]);

#endif
