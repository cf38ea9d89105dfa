/* Any bytes as packets at the start of a TCP connection: a name that comes out is a host's name, and the order of the
 * packets does not change it.
 *
 * Input: packets of {offset: 2 bytes, wire length: 1, captured length: 1} and that many bytes, at most 255 each; the
 * rest as one packet at offset 0 of another connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "sni.h"

static void check_name(const char *name)
{
    const size_t len = strlen(name);
    if (len < 1 || len > 253 || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] != '\0' ||
        name[0] == '.' || name[len - 1] == '.' || strstr(name, ".."))
        abort();
}

/* Adds from a copy of the exact size, so that every read behind it is seen. */
static qoe_sni_status add(qoe_sni_stream *stream, uint32_t offset, const uint8_t *data, size_t captured, size_t len)
{
    char name[QOE_SNI_MAX];
    uint8_t *copy = malloc(captured ? captured : 1);
    memcpy(copy, data, captured);
    const qoe_sni_status status = qoe_sni_stream_add(stream, offset, copy, captured, len, name);
    free(copy);
    if (status == QOE_SNI_FOUND || status == QOE_SNI_HOST)
        check_name(name);
    return status;
}

static void add_whole(const uint8_t *data, size_t size)
{
    qoe_sni_stream *stream = qoe_sni_stream_new();
    const qoe_sni_status whole = add(stream, 0, data, size, size);
    qoe_sni_stream_free(stream);
    if (size < 2 || size > 16384)
        return;
    stream = qoe_sni_stream_new(); /* in two halves, the second one first */
    qoe_sni_status halves = add(stream, (uint32_t)(size / 2), data + size / 2, size - size / 2, size - size / 2);
    if (halves == QOE_SNI_MORE)
        halves = add(stream, 0, data, size / 2, size / 2);
    qoe_sni_stream_free(stream);
    if (halves != whole)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    add_whole(data, size);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    qoe_sni_status status = QOE_SNI_MORE;
    while (size >= 4 && status == QOE_SNI_MORE) {
        const uint32_t offset = (uint32_t)(data[0] << 8 | data[1]);
        const size_t captured = data[3] < size - 4 ? data[3] : size - 4;
        status = add(stream, offset, data + 4, captured, data[2]);
        data += 4 + captured;
        size -= 4 + captured;
    }
    qoe_sni_stream_free(stream);
    return 0;
}
