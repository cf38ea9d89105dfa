/* Makes TLS ClientHellos for tests.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_TLS_HELLOS_H
#define QOE_TEST_TLS_HELLOS_H

#include <glib.h>
#include <string.h>

static inline void put(GByteArray *m, size_t bytes, size_t value)
{
    while (bytes-- > 0) {
        const uint8_t byte = (uint8_t)(value >> (8 * bytes));
        g_byte_array_append(m, &byte, 1);
    }
}

static inline void put_extension(GByteArray *m, size_t type, const void *body, size_t len)
{
    put(m, 2, type);
    put(m, 2, len);
    g_byte_array_append(m, body, (guint)len);
}

static inline void put_server_name(GByteArray *m, const char *host)
{
    GByteArray *body = g_byte_array_new();
    put(body, 2, strlen(host) + 3);
    put(body, 1, 0);
    put(body, 2, strlen(host));
    g_byte_array_append(body, (const uint8_t *)host, (guint)strlen(host));
    put_extension(m, 0, body->data, body->len);
    g_byte_array_free(body, TRUE);
}

/* A ClientHello with the given extensions, which it frees. */
static inline GByteArray *hello_with(GByteArray *extensions)
{
    GByteArray *m = g_byte_array_new();
    put(m, 1, 1);
    put(m, 3, 2 + 32 + 33 + 2 + 4 + 2 + 2 + extensions->len);
    put(m, 2, 0x0303);
    for (size_t i = 0; i < 32; i++)
        put(m, 1, i);
    put(m, 1, 32);
    for (size_t i = 0; i < 32; i++)
        put(m, 1, i);
    put(m, 2, 4);
    put(m, 4, 0x13011302);
    put(m, 2, 0x0100);
    put(m, 2, extensions->len);
    g_byte_array_append(m, extensions->data, extensions->len);
    g_byte_array_free(extensions, TRUE);
    return m;
}

static const uint8_t filler[4000] = {0};

/* A ClientHello as browsers send it: GREASE in front, the name amid other extensions, `before` and `behind` bytes
 * of them. */
static inline GByteArray *hello_for(const char *host, size_t before, size_t behind)
{
    GByteArray *extensions = g_byte_array_new();
    put_extension(extensions, 0x1a1a, "", 0);
    put_extension(extensions, 51, filler, before);
    put_server_name(extensions, host);
    put_extension(extensions, 41, filler, behind);
    return hello_with(extensions);
}

/* Puts a handshake message, which it frees, into records of at most `most` bytes. */
static inline GByteArray *records_of(GByteArray *hello, size_t most)
{
    GByteArray *m = g_byte_array_new();
    for (size_t at = 0; at < hello->len; at += most) {
        const size_t len = MIN(most, hello->len - at);
        put(m, 1, 22);
        put(m, 2, 0x0301);
        put(m, 2, len);
        g_byte_array_append(m, hello->data + at, (guint)len);
    }
    g_byte_array_free(hello, TRUE);
    return m;
}

#endif
