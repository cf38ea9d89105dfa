/* Makes DNS responses for tests, byte by byte. Include behind cmocka.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_DNS_MESSAGES_H
#define QOE_TEST_DNS_MESSAGES_H

#include <glib.h>

#include "addr.h"

/* Record types. */
enum { A = 1, NS = 2, CNAME = 5, AAAA = 28, OPT = 41, SVCB = 64, HTTPS = 65 };

static inline void put8(GByteArray *m, unsigned value)
{
    const uint8_t byte = (uint8_t)value;
    g_byte_array_append(m, &byte, 1);
}

static inline void put16(GByteArray *m, unsigned value)
{
    put8(m, value >> 8);
    put8(m, value & 0xff);
}

static inline void put_name(GByteArray *m, const char *name)
{
    while (*name) {
        const size_t len = strcspn(name, ".");
        put8(m, (unsigned)len);
        g_byte_array_append(m, (const uint8_t *)name, (guint)len);
        name += len + (name[len] == '.');
    }
    put8(m, 0);
}

/* A response without error with one question of type A; the counts are set by add_*. */
static inline GByteArray *response(const char *question)
{
    GByteArray *m = g_byte_array_new();
    static const unsigned head[6] = {0x1234, 0x8180, 1, 0, 0, 0};
    for (size_t i = 0; i < 6; i++)
        put16(m, head[i]);
    put_name(m, question);
    put16(m, A);
    put16(m, 1);
    return m;
}

static inline void count_record(GByteArray *m)
{
    const unsigned count = (unsigned)(m->data[6] << 8 | m->data[7]) + 1;
    m->data[6] = (uint8_t)(count >> 8);
    m->data[7] = (uint8_t)count;
}

static inline void put_head(GByteArray *m, unsigned type, unsigned rdata_len)
{
    put16(m, type);
    put16(m, 1);
    put16(m, 0);
    put16(m, 300);
    put16(m, rdata_len);
    count_record(m);
}

static inline void add_record(GByteArray *m, const char *owner, unsigned type, const void *rdata, size_t len)
{
    put_name(m, owner);
    put_head(m, type, (unsigned)len);
    g_byte_array_append(m, rdata, (guint)len);
}

static inline void add_addr(GByteArray *m, const char *owner, const char *text)
{
    qoe_addr addr;
    assert_true(qoe_addr_parse(text, &addr));
    if (qoe_addr_is_v4(&addr))
        add_record(m, owner, A, addr.bytes + 12, 4);
    else
        add_record(m, owner, AAAA, addr.bytes, 16);
}

static inline void add_cname(GByteArray *m, const char *owner, const char *target)
{
    GByteArray *rdata = g_byte_array_new();
    put_name(rdata, target);
    add_record(m, owner, CNAME, rdata->data, rdata->len);
    g_byte_array_free(rdata, TRUE);
}

/* An SVCB or HTTPS record; hints are lists of addresses in text ("" for none). */
static inline void add_svcb(GByteArray *m, unsigned type, const char *owner, unsigned priority, const char *target,
                            const char *hints)
{
    GByteArray *rdata = g_byte_array_new();
    put16(rdata, priority);
    put_name(rdata, target);
    put16(rdata, 1); /* alpn=h3 */
    put16(rdata, 3);
    g_byte_array_append(rdata, (const uint8_t *)"\2h3", 3);
    char **texts = g_strsplit(hints, " ", -1);
    for (char **text = texts; *text && **text; text++) {
        qoe_addr addr;
        assert_true(qoe_addr_parse(*text, &addr));
        const bool v4 = qoe_addr_is_v4(&addr);
        put16(rdata, v4 ? 4 : 6);
        put16(rdata, v4 ? 4 : 16);
        g_byte_array_append(rdata, addr.bytes + (v4 ? 12 : 0), v4 ? 4 : 16);
    }
    g_strfreev(texts);
    add_record(m, owner, type, rdata->data, rdata->len);
    g_byte_array_free(rdata, TRUE);
}

#endif
