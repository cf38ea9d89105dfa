/* The server name in the client's QUIC Initial packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quic.h"

#include <glib.h>
#include <string.h>

#include "gather.h"
#include "gquic.h"
#include "quic_keys.h"

enum {
    EFFORT_MAX = 64,      /* datagrams looked at and Initial packets tried for one handshake */
    FIXED_HEAD_LEN = 5,   /* first byte and version */
    FRAME_PADDING = 0x00, /* frame types, RFC 9000 19 */
    FRAME_PING = 0x01,
    FRAME_ACK = 0x02,
    FRAME_ACK_ECN = 0x03,
    FRAME_CRYPTO = 0x06
};

/* The connection attempt whose CRYPTO stream is collected. */
struct qoe_quic_stream {
    qoe_gather crypto;
    bool has_keys;
    qoe_quic_keys keys;
    uint32_t version; /* that the keys were derived for */
    uint8_t dcid[QOE_QUIC_CID_MAX];
    size_t dcid_len;
    unsigned effort;
};

typedef struct {
    const uint8_t *data;
    size_t at, end;
} cursor;

/* A long header as far as it is of use here; places count from the packet's first byte. */
typedef struct {
    uint32_t version;
    const uint8_t *dcid;
    size_t dcid_len;
    bool is_initial;
    size_t pn_at, end;
} long_header;

qoe_quic_stream *qoe_quic_stream_new(void)
{
    return g_new0(qoe_quic_stream, 1);
}

void qoe_quic_stream_free(qoe_quic_stream *stream)
{
    if (!stream)
        return;
    qoe_gather_clear(&stream->crypto);
    g_free(stream);
}

/* --- reading --- */

static bool skip(cursor *c, uint64_t n)
{
    if (n > c->end - c->at)
        return false;
    c->at += (size_t)n;
    return true;
}

/* A variable-length integer (RFC 9000 16). */
static bool read_varint(cursor *c, uint64_t *value)
{
    if (c->at >= c->end)
        return false;
    const size_t len = (size_t)1 << (c->data[c->at] >> 6);
    if (len > c->end - c->at)
        return false;
    *value = c->data[c->at] & 0x3f;
    for (size_t i = 1; i < len; i++)
        *value = *value << 8 | c->data[c->at + i];
    c->at += len;
    return true;
}

static bool skip_varints(cursor *c, uint64_t count)
{
    uint64_t ignored;
    while (count-- > 0)
        if (!read_varint(c, &ignored))
            return false;
    return true;
}

static bool read_cid(cursor *c, const uint8_t **cid, size_t *len)
{
    if (c->at >= c->end || c->data[c->at] > QOE_QUIC_CID_MAX)
        return false;
    *len = c->data[c->at++];
    *cid = c->data + c->at;
    return skip(c, *len);
}

/* RFC 9000 17.2, 17.2.2; version 2 counts its packet types from Retry on (RFC 9369 3.2). False if the packet is not
 * of a known version, has no length (Retry), or its header is not all there. */
static bool read_long_header(const uint8_t *packet, size_t captured, long_header *h)
{
    enum { INITIAL = 0, RETRY = 3 };
    if (captured < FIXED_HEAD_LEN || !qoe_quic_is_long_header(packet, captured))
        return false;
    h->version = (uint32_t)packet[1] << 24 | (uint32_t)packet[2] << 16 | (uint32_t)packet[3] << 8 | packet[4];
    if (!qoe_quic_version_known(h->version))
        return false;
    const unsigned bits = packet[0] >> 4 & 0x03u;
    const unsigned type = h->version == QOE_QUIC_V2 ? (bits + 3) % 4 : bits;
    h->is_initial = type == INITIAL;

    cursor c = {packet, FIXED_HEAD_LEN, captured};
    const uint8_t *scid;
    size_t scid_len;
    uint64_t token_len = 0, len;
    if (type == RETRY || !read_cid(&c, &h->dcid, &h->dcid_len) || !read_cid(&c, &scid, &scid_len))
        return false;
    if (h->is_initial && (!read_varint(&c, &token_len) || !skip(&c, token_len)))
        return false;
    if (!read_varint(&c, &len) || len > UINT16_MAX)
        return false;
    h->pn_at = c.at;
    h->end = c.at + (size_t)len;
    return true;
}

/* --- frames --- */

static bool skip_ack(cursor *c, uint64_t type)
{
    uint64_t ranges;
    return skip_varints(c, 2) && read_varint(c, &ranges) && skip_varints(c, 1) && ranges <= c->end - c->at &&
           skip_varints(c, 2 * ranges) && (type == FRAME_ACK || skip_varints(c, 3));
}

/* Takes what CRYPTO frames hold; true if the stream's run grew. Ends at a frame that an Initial packet cannot have
 * before its CRYPTO frames (RFC 9000 17.2.2). */
static bool take_frames(qoe_quic_stream *stream, const uint8_t *payload, size_t len)
{
    cursor c = {payload, 0, len};
    uint64_t type, offset, size;
    bool grew = false;
    while (read_varint(&c, &type)) {
        switch (type) {
        case FRAME_PADDING:
        case FRAME_PING:
            break;
        case FRAME_ACK:
        case FRAME_ACK_ECN:
            if (!skip_ack(&c, type))
                return grew;
            break;
        case FRAME_CRYPTO:
            if (!read_varint(&c, &offset) || !read_varint(&c, &size) || size > c.end - c.at)
                return grew;
            grew |= qoe_gather_add(&stream->crypto, offset, payload + c.at, (size_t)size);
            c.at += (size_t)size;
            break;
        default:
            return grew;
        }
    }
    return grew;
}

/* --- packets --- */

/* Opens a copy of the packet with these keys and takes its frames. False if the keys do not fit. */
static bool take_with(qoe_quic_stream *stream, const qoe_quic_keys *keys, const uint8_t *packet, const long_header *h,
                      bool fresh, bool *grew)
{
    uint8_t *copy = g_memdup2(packet, h->end);
    size_t at, len;
    const bool opened = qoe_quic_open(keys, copy, h->end, h->pn_at, &at, &len);
    if (opened && fresh)
        qoe_gather_clear(&stream->crypto); /* what came under other keys belonged to another attempt */
    if (opened)
        *grew = take_frames(stream, copy + at, len) || *grew;
    g_free(copy);
    return opened;
}

static bool same_origin(const qoe_quic_stream *stream, const long_header *h)
{
    return stream->has_keys && stream->version == h->version && stream->dcid_len == h->dcid_len &&
           memcmp(stream->dcid, h->dcid, h->dcid_len) == 0;
}

/* The keys come from the first Initial packet and stay although the client takes over the server's connection id.
 * After a Retry or a Version Negotiation there are new ones (RFC 9001 5.2), so a packet that the known keys do not
 * open may be a first one again. */
static bool take_initial(qoe_quic_stream *stream, const uint8_t *packet, const long_header *h)
{
    bool grew = false;
    if (stream->has_keys && stream->version == h->version && take_with(stream, &stream->keys, packet, h, false, &grew))
        return grew;
    qoe_quic_keys keys;
    if (same_origin(stream, h) || !qoe_quic_keys_derive(h->version, h->dcid, h->dcid_len, &keys) ||
        !take_with(stream, &keys, packet, h, true, &grew))
        return false;
    stream->has_keys = true;
    stream->keys = keys;
    stream->version = h->version;
    stream->dcid_len = h->dcid_len;
    memcpy(stream->dcid, h->dcid, h->dcid_len);
    return grew;
}

/* Several packets may share a datagram (RFC 9000 12.2); those that the capture cut are left out. */
static bool take_datagram(qoe_quic_stream *stream, const uint8_t *datagram, size_t captured)
{
    bool grew = false;
    long_header h;
    stream->effort++;
    for (size_t at = 0; read_long_header(datagram + at, captured - at, &h) && h.end <= captured - at; at += h.end) {
        if (!h.is_initial)
            continue;
        if (stream->effort++ >= EFFORT_MAX)
            break;
        grew |= take_initial(stream, datagram + at, &h);
    }
    return grew;
}

qoe_sni_status qoe_quic_stream_add(qoe_quic_stream *stream, const uint8_t *datagram, size_t captured, size_t len,
                                   char name[QOE_SNI_MAX])
{
    captured = MIN(captured, len);
    if (qoe_gquic_find_name(datagram, captured, name))
        return QOE_SNI_FOUND;
    if (captured > 0 && !qoe_quic_is_long_header(datagram, captured))
        return QOE_SNI_NONE; /* the client has keys for data: its hello is past */
    if (take_datagram(stream, datagram, captured)) {
        const qoe_sni_status status = qoe_sni_from_handshake(stream->crypto.data, stream->crypto.run, name);
        if (status != QOE_SNI_MORE)
            return status;
    }
    return stream->effort < EFFORT_MAX && stream->crypto.run < QOE_GATHER_MAX ? QOE_SNI_MORE : QOE_SNI_NONE;
}
