/* DNS over TCP: messages, each behind its length, in a stream of segments (RFC 1035 4.2.2, RFC 7766 8). A segment may
 * hold several messages, and a message take several segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_DNS_STREAM_H
#define QOE_DNS_STREAM_H

#include <stddef.h>

#include "packet.h"

#define QOE_DNS_STREAMS_MAX 64        /* followed at a time; a further one takes another's place */
#define QOE_DNS_STREAM_MESSAGE 16384u /* bytes of a message that are read */

/* What resolvers send, a stream for each connection. At most QOE_DNS_STREAMS_MAX messages are held. */
typedef struct qoe_dns_streams qoe_dns_streams;

qoe_dns_streams *qoe_dns_streams_new(void);
void qoe_dns_streams_free(qoe_dns_streams *streams);

/* A message without its length; of one that the capture does not have whole, the bytes up to its first hole. */
typedef void (*qoe_dns_message_cb)(const uint8_t *message, size_t len, void *user_data);

/* Takes a TCP packet that a resolver sent. Calls back for each message that ends in it, and for one that begins in it
 * and does not end (its end may never come, so a message can be told twice: first a part, then more of it). Segments
 * are taken in order: behind a hole the stream goes on where the message around it ends; if that is not known, with a
 * message at the start of the next segment. */
void qoe_dns_streams_add(qoe_dns_streams *streams, const qoe_packet *packet, qoe_dns_message_cb tell, void *user_data);

#endif
