/* DNS over TCP: messages in a stream of segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dns_stream.h"

#include <glib.h>

#include "flow.h"

enum { LENGTH_LEN = 2, SEQUENCE_SIGN_BIT = 31 };

/* One resolver's side of a connection; held is NULL where none is followed. */
typedef struct {
    qoe_flow_key key;
    unsigned sender;  /* an end of key */
    uint32_t next;    /* sequence number behind the last byte taken */
    uint32_t skip;    /* bytes up to the next message, of one that is done with */
    GByteArray *held; /* the message under way with its length */
} stream;

/* Where a message goes to. */
typedef struct {
    qoe_dns_message_cb tell;
    void *user_data;
} listener;

struct qoe_dns_streams {
    stream slots[QOE_DNS_STREAMS_MAX];
};

qoe_dns_streams *qoe_dns_streams_new(void)
{
    return g_new0(qoe_dns_streams, 1);
}

void qoe_dns_streams_free(qoe_dns_streams *streams)
{
    if (streams == NULL)
        return;
    for (unsigned i = 0; i < QOE_DNS_STREAMS_MAX; i++)
        if (streams->slots[i].held != NULL)
            g_byte_array_free(streams->slots[i].held, TRUE);
    g_free(streams);
}

/* The stream of a packet; what another one held in its place is forgotten. */
static stream *stream_of(qoe_dns_streams *streams, const qoe_packet *packet)
{
    unsigned sender;
    const qoe_flow_key key = qoe_flow_key_of(packet, &sender);
    stream *s = &streams->slots[qoe_flow_key_hash(&key) % QOE_DNS_STREAMS_MAX];
    const bool is_same = s->held != NULL && s->sender == sender && qoe_flow_key_equal(&s->key, &key);
    if (is_same && !(packet->flags & QOE_TCP_SYN))
        return s;
    if (s->held == NULL)
        s->held = g_byte_array_new();
    g_byte_array_set_size(s->held, 0);
    s->key = key;
    s->sender = sender;
    s->skip = 0;
    s->next = packet->seq + (packet->flags & QOE_TCP_SYN ? 1 : 0);
    return s;
}

/* Bytes that the message under way still lacks, as far as is known: its length first. */
static uint32_t lacking(const stream *s)
{
    if (s->held->len < LENGTH_LEN)
        return LENGTH_LEN - s->held->len;
    const uint32_t len = (uint32_t)s->held->data[0] << 8 | s->held->data[1];
    return LENGTH_LEN + len - s->held->len;
}

static void tell_held(const stream *s, const listener *to)
{
    if (s->held->len > LENGTH_LEN)
        to->tell(s->held->data + LENGTH_LEN, s->held->len - LENGTH_LEN, to->user_data);
}

/* The message under way is done with, although more of it may come. */
static void end_message(stream *s, const listener *to)
{
    tell_held(s, to);
    s->skip = s->held->len < LENGTH_LEN ? 0 : lacking(s);
    g_byte_array_set_size(s->held, 0);
}

/* len bytes went by that the capture does not have. */
static void miss(stream *s, uint32_t len, const listener *to)
{
    if (s->held->len > 0)
        end_message(s, to);
    s->skip -= MIN(s->skip, len);
}

/* Takes bytes up to the end of the message under way, or as many as are held of it; returns how many. */
static uint32_t take_part(stream *s, const uint8_t *data, uint32_t len, const listener *to)
{
    if (s->skip > 0) {
        const uint32_t skipped = MIN(len, s->skip);
        s->skip -= skipped;
        return skipped;
    }
    const uint32_t room = LENGTH_LEN + QOE_DNS_STREAM_MESSAGE - s->held->len;
    const uint32_t part = MIN(len, MIN(lacking(s), room));
    g_byte_array_append(s->held, data, part);
    if (s->held->len >= LENGTH_LEN && (lacking(s) == 0 || part == room))
        end_message(s, to);
    return part;
}

/* Takes what the capture has of a segment; true if a message began in it and is under way still. */
static bool take(stream *s, const uint8_t *data, uint32_t len, const listener *to)
{
    bool began_here = false;
    for (uint32_t at = 0; at < len;) {
        began_here |= s->held->len == 0;
        at += take_part(s, data + at, len - at, to);
    }
    return began_here && s->held->len > 0;
}

void qoe_dns_streams_add(qoe_dns_streams *streams, const qoe_packet *packet, qoe_dns_message_cb tell, void *user_data)
{
    const listener to = {tell, user_data};
    stream *s = stream_of(streams, packet);
    const uint32_t seq = packet->seq + (packet->flags & QOE_TCP_SYN ? 1 : 0);
    const uint32_t ahead = seq - s->next;
    const uint32_t known = ahead >> SEQUENCE_SIGN_BIT ? 0u - ahead : 0; /* bytes that have been taken before */
    if (known >= packet->payload_len)
        return;
    if (known == 0 && ahead > 0)
        miss(s, ahead, &to);
    const uint32_t captured = MAX(packet->captured_len, known) - known;
    const bool goes_on = captured > 0 && take(s, packet->payload + known, captured, &to);
    if (packet->captured_len < packet->payload_len)
        miss(s, packet->payload_len - known - captured, &to);
    else if (goes_on)
        tell_held(s, &to);
    s->next = seq + packet->payload_len;
}
