/* Any bytes as QUIC datagrams. Random bytes never pass the protection, so the same input is also put into a packet
 * that is protected properly: its frames reach the reader behind the decryption.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>

#include "../unit/quic_packets.h"
#include "quic.h"

static void check_name(const char *name)
{
    const size_t len = strlen(name);
    if (len < 1 || len > 253 || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] != '\0')
        abort();
}

/* Adds from a copy of the exact size, so that every read behind it is seen. */
static qoe_sni_status add(qoe_quic_stream *stream, const uint8_t *data, size_t size)
{
    char name[QOE_SNI_MAX];
    uint8_t *copy = g_malloc(size ? size : 1);
    memcpy(copy, data, size);
    const qoe_sni_status status = qoe_quic_stream_add(stream, copy, size, size, name);
    g_free(copy);
    if (status == QOE_SNI_FOUND)
        check_name(name);
    return status;
}

/* The input as the frames of up to four packets in as many datagrams, split where it says 0xf5. */
static void add_protected(const uint8_t *data, size_t size)
{
    const qoe_quic_keys keys = keys_v1();
    qoe_quic_stream *stream = qoe_quic_stream_new();
    qoe_sni_status status = QOE_SNI_MORE;
    for (unsigned pn = 0; pn < 4 && size > 0 && status == QOE_SNI_MORE; pn++) {
        const uint8_t *border = memchr(data, 0xf5, size);
        size_t len = border ? (size_t)(border - data) : size;
        len = MIN(len, 4000);
        GByteArray *frames = g_byte_array_new();
        g_byte_array_append(frames, data, (guint)len);
        g_byte_array_append(frames, (const uint8_t *)"\0\0\0\0", 4); /* room for the header's sample */
        GByteArray *packet = initial_v1(&keys, EXAMPLE_DCID, "", pn, frames);
        status = add(stream, packet->data, packet->len);
        g_byte_array_free(packet, TRUE);
        g_byte_array_free(frames, TRUE);
        const size_t used = MIN(len + (border != NULL), size);
        data += used;
        size -= used;
    }
    qoe_quic_stream_free(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qoe_quic_stream *stream = qoe_quic_stream_new();
    add(stream, data, size);
    add(stream, data, size);
    qoe_quic_stream_free(stream);
    add_protected(data, size);
    return 0;
}
