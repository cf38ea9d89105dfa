/* The server name in a TLS ClientHello.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sni.h"

#include <glib.h>
#include <string.h>

#include "gather.h"
#include "http_host.h"
#include "prologue.h"

enum {
    HELLO_CLIENT = 1, /* handshake type, RFC 8446 4 */
    HANDSHAKE_HEAD_LEN = 4,
    RANDOM_LEN = 32,
    EXTENSION_SERVER_NAME = 0,
    NAME_TYPE_HOST = 0,
    RECORD_HANDSHAKE = 22, /* content type, RFC 8446 5.1 */
    RECORD_HEAD_LEN = 5,
    RECORD_MAX = 16384,
    TLS_MAJOR = 3,
    LABEL_MAX = 63,
    PACKETS_MAX = 128 /* of one ClientHello: each may cost a reading of all that came before */
};

/* Reads a message of which a part is there. Once something was missing or wrong, status says which and nothing
 * is read any more. */
typedef struct {
    const uint8_t *data;
    size_t at;
    size_t have; /* bytes that are there */
    size_t end;  /* bytes that there should be; have <= end */
    qoe_sni_status status;
} reader;

/* True if n more bytes belong to the message and are there. */
static bool ready(reader *r, size_t n)
{
    if (n > r->end - r->at) {
        r->status = QOE_SNI_NONE;
        return false;
    }
    if (n > r->have - r->at) {
        r->status = QOE_SNI_MORE;
        return false;
    }
    return true;
}

/* Reads an integer of `bytes` bytes (at most 3). */
static bool read_int(reader *r, size_t bytes, size_t *value)
{
    if (!ready(r, bytes))
        return false;
    *value = 0;
    while (bytes-- > 0)
        *value = *value << 8 | r->data[r->at++];
    return true;
}

static bool skip(reader *r, size_t n)
{
    if (!ready(r, n))
        return false;
    r->at += n;
    return true;
}

/* Skips a vector whose length stands in front of it in `bytes` bytes. */
static bool skip_vector(reader *r, size_t bytes)
{
    size_t len;
    return read_int(r, bytes, &len) && skip(r, len);
}

/* Copies a host name in lower case if it can be one: labels of letters, digits, '-', '_', not an address in
 * dotted notation (RFC 6066 3 forbids those; all of them end in a label of digits). */
static bool copy_host(const uint8_t *bytes, size_t len, char name[QOE_SNI_MAX])
{
    if (len > 0 && bytes[len - 1] == '.')
        len--;
    if (len == 0 || len >= QOE_SNI_MAX - 2)
        return false;
    size_t label = 0, digits = 0;
    for (size_t i = 0; i < len; i++) {
        const char c = g_ascii_tolower((char)bytes[i]);
        if (c == '.') {
            if (label == 0)
                return false;
            label = digits = 0;
        } else if (!g_ascii_isalnum(c) && c != '-' && c != '_') {
            return false;
        } else if (++label > LABEL_MAX) {
            return false;
        } else {
            digits += g_ascii_isdigit(c);
        }
        name[i] = c;
    }
    name[len] = '\0';
    return label > digits;
}

/* Encrypted ClientHello (RFC 9849) shows a provider's public name instead of the service's. A GREASE extension
 * (6.2) is made to look the same, and browsers send one with every other ClientHello, so the extension tells nothing;
 * the public name does. Cloudflare publishes this one for all its customers (the "ech" parameter of their HTTPS
 * records). A service that publishes a public name of its own under its own domain is still that service. */
static bool is_public_name(const char *name)
{
    return strcmp(name, "cloudflare-ech.com") == 0;
}

bool qoe_sni_copy_name(const uint8_t *bytes, size_t len, char name[QOE_SNI_MAX])
{
    char host[QOE_SNI_MAX];
    if (!copy_host(bytes, len, host) || is_public_name(host))
        return false;
    g_strlcpy(name, host, QOE_SNI_MAX);
    return true;
}

/* Reads the body of a server_name extension (RFC 6066 3), all of which is there. */
static qoe_sni_status read_server_name(const uint8_t *body, size_t len, char name[QOE_SNI_MAX])
{
    reader r = {body, 0, len, len, QOE_SNI_NONE};
    size_t list_len, type, name_len;
    if (!read_int(&r, 2, &list_len) || list_len > len - r.at)
        return QOE_SNI_NONE;
    r.end = r.have = r.at + list_len;
    while (read_int(&r, 1, &type) && read_int(&r, 2, &name_len) && ready(&r, name_len)) {
        if (type == NAME_TYPE_HOST)
            return qoe_sni_copy_name(body + r.at, name_len, name) ? QOE_SNI_FOUND : QOE_SNI_NONE;
        r.at += name_len;
    }
    return QOE_SNI_NONE;
}

static qoe_sni_status find_server_name(reader *r, char name[QOE_SNI_MAX])
{
    size_t type, len;
    while (read_int(r, 2, &type) && read_int(r, 2, &len) && ready(r, len)) {
        if (type == EXTENSION_SERVER_NAME)
            return read_server_name(r->data + r->at, len, name);
        r->at += len;
    }
    return r->status;
}

/* Reads up to the extensions and ends the message where they end. */
static bool enter_extensions(reader *r)
{
    size_t type, len, version;
    if (!read_int(r, 1, &type))
        return false;
    if (type != HELLO_CLIENT) {
        r->status = QOE_SNI_NONE;
        return false;
    }
    if (!read_int(r, 3, &len))
        return false;
    r->end = HANDSHAKE_HEAD_LEN + len;
    r->have = MIN(r->have, r->end);
    if (!read_int(r, 2, &version) || !skip(r, RANDOM_LEN))
        return false;
    /* session id, cipher suites, compression methods */
    if (!skip_vector(r, 1) || !skip_vector(r, 2) || !skip_vector(r, 1) || !read_int(r, 2, &len))
        return false;
    r->end = MIN(r->end, r->at + len);
    r->have = MIN(r->have, r->end);
    return true;
}

qoe_sni_status qoe_sni_from_handshake(const uint8_t *data, size_t len, char name[QOE_SNI_MAX])
{
    reader r = {data, 0, len, SIZE_MAX, QOE_SNI_NONE};
    return enter_extensions(&r) ? find_server_name(&r, name) : r.status;
}

/* --- the start of a TCP connection --- */

struct qoe_sni_stream {
    qoe_gather gather;
    size_t lost_at; /* here begin bytes that the capture does not hold; SIZE_MAX: none known */
    unsigned packets;
};

qoe_sni_stream *qoe_sni_stream_new(void)
{
    qoe_sni_stream *stream = g_new0(qoe_sni_stream, 1);
    stream->lost_at = SIZE_MAX;
    return stream;
}

void qoe_sni_stream_free(qoe_sni_stream *stream)
{
    if (!stream)
        return;
    qoe_gather_clear(&stream->gather);
    g_free(stream);
}

/* False if the head, as far as it is there, is not that of a record with handshake messages. */
static bool may_be_record(const uint8_t *head, size_t have, size_t *len)
{
    if (have >= 1 && head[0] != RECORD_HANDSHAKE)
        return false;
    if (have >= 2 && head[1] != TLS_MAJOR)
        return false;
    *len = have >= RECORD_HEAD_LEN ? (size_t)(head[3] << 8 | head[4]) : 0;
    return have < RECORD_HEAD_LEN || (*len > 0 && *len <= RECORD_MAX);
}

/* Takes the records' heads out and reads what they hold. */
static qoe_sni_status read_records(const uint8_t *data, size_t have, char name[QOE_SNI_MAX])
{
    uint8_t hello[QOE_GATHER_MAX];
    size_t hello_len = 0, at = 0, len = 0;
    bool records = true;
    while (at < have && (records = may_be_record(data + at, have - at, &len))) {
        at += MIN((size_t)RECORD_HEAD_LEN, have - at);
        const size_t there = MIN(len, have - at);
        memcpy(hello + hello_len, data + at, there);
        hello_len += there;
        at += there;
    }
    const qoe_sni_status status = hello_len > 0 ? qoe_sni_from_handshake(hello, hello_len, name) : QOE_SNI_MORE;
    return status == QOE_SNI_MORE && !records ? QOE_SNI_NONE : status;
}

static qoe_sni_status read_opening(const uint8_t *data, size_t have, char name[QOE_SNI_MAX])
{
    const size_t at = qoe_prologue_len(data, have);
    if (at == QOE_PROLOGUE_MORE || at == have)
        return QOE_SNI_MORE;
    return data[at] == RECORD_HANDSHAKE ? read_records(data + at, have - at, name)
                                        : qoe_http_find_host(data + at, have - at, name);
}

/* Whether a name may still come, after a packet that did not bring it. */
static qoe_sni_status judge_hope(qoe_sni_stream *stream)
{
    const size_t run = stream->gather.run;
    if (run == stream->lost_at || run == QOE_GATHER_MAX || stream->packets == PACKETS_MAX)
        return QOE_SNI_NONE;
    if (run > stream->lost_at)
        stream->lost_at = SIZE_MAX; /* another packet brought those bytes */
    return QOE_SNI_MORE;
}

qoe_sni_status qoe_sni_stream_add(qoe_sni_stream *stream, uint32_t offset, const uint8_t *data, size_t captured,
                                  size_t len, char name[QOE_SNI_MAX])
{
    const size_t held = MIN(captured, len);
    if (held < len)
        stream->lost_at = MIN(stream->lost_at, offset + held);
    stream->packets++;
    if (qoe_gather_add(&stream->gather, offset, data, held)) {
        const qoe_sni_status status = read_opening(stream->gather.data, stream->gather.run, name);
        if (status != QOE_SNI_MORE)
            return status;
    }
    return judge_hope(stream);
}
