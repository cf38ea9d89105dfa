/* A server's TLS stream for tests: records of unreadable bytes, as writes of a server, cut into packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_TLS_STREAM_H
#define QOE_TEST_TLS_STREAM_H

#include "packets.h"

enum { TLS_TAG = 17, FULL_PLAIN = 4096, PIECE_PLAIN = 32804 }; /* TLS 1.3; nginx's ssl_buffer_size 4k; its writes */

static inline void put_record(GByteArray *m, uint8_t type, uint32_t plain)
{
    put(m, 1, type);
    put(m, 2, 0x0303);
    put(m, 2, plain + TLS_TAG);
    for (uint32_t i = 0; i < plain + TLS_TAG; i++)
        put(m, 1, (m->len * 2654435761u) >> 24);
}

/* So much at once: full records and a shorter one. */
static inline void put_write(GByteArray *m, uint32_t plain)
{
    for (; plain > FULL_PLAIN; plain -= FULL_PLAIN)
        put_record(m, 23, FULL_PLAIN);
    put_record(m, 23, plain);
}

/* A response as nginx writes it: its first piece with HEADERS before it, whole pieces, the rest. */
static inline void put_response(GByteArray *m, uint32_t body)
{
    enum { HEADERS = 200, BODY = 32768, FRAME = 8192, FRAME_HEAD = 9 };
    uint32_t more = HEADERS;
    for (; body > BODY; body -= BODY, more = 0)
        put_write(m, PIECE_PLAIN + more);
    put_write(m, more + body + (body + FRAME - 1) / FRAME * FRAME_HEAD);
}

#endif
