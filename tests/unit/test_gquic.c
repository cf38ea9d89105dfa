/* What holds for server names in Google's QUIC before TLS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>
#include <string.h>

#include "gquic.h"

static const char header_q043[] = "\x0d"
                                  "12345678"
                                  "Q043"
                                  "\1"
                                  "hash-of-12-b";
static const char header_q046[] = "\xc3"
                                  "Q046"
                                  "\x50"
                                  "12345678"
                                  "\0\0\0\1"
                                  "hash-of-12-b";

static void put(GByteArray *m, const void *bytes, size_t len)
{
    g_byte_array_append(m, bytes, (guint)len);
}

static void put_tag(GByteArray *m, const char *tag, size_t end)
{
    const uint8_t bytes[4] = {(uint8_t)end, (uint8_t)(end >> 8), (uint8_t)(end >> 16), (uint8_t)(end >> 24)};
    put(m, tag, 4);
    put(m, bytes, 4);
}

/* A hello as Chrome sent it: padding first, then the name, then the version. */
static GByteArray *hello(const char *header, size_t header_len, const char *host)
{
    GByteArray *m = g_byte_array_new();
    char padding[200];
    memset(padding, '-', sizeof padding);
    put(m, header, header_len);
    put(m, "\xa0\1\4\0CHLO\3\0\0\0", 12);
    put_tag(m, "PAD\0", sizeof padding);
    put_tag(m, "SNI\0", sizeof padding + strlen(host));
    put_tag(m, "VER\0", sizeof padding + strlen(host) + 4);
    put(m, padding, sizeof padding);
    put(m, host, strlen(host));
    put(m, "Q043", 4);
    return m;
}

/* Reads a copy of exactly len bytes, so that sanitizers see every read behind it. */
static bool find(const GByteArray *m, size_t len, char name[QOE_SNI_MAX])
{
    uint8_t *copy = g_malloc(len ? len : 1);
    memcpy(copy, m->data, len);
    const bool found = qoe_gquic_find_name(copy, len, name);
    g_free(copy);
    return found;
}

static void the_name_is_found_with_both_kinds_of_header(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = hello(header_q043, sizeof header_q043 - 1, "I.ytimg.com");
    assert_true(find(m, m->len, name));
    assert_string_equal(name, "i.ytimg.com");
    g_byte_array_free(m, TRUE);
    m = hello(header_q046, sizeof header_q046 - 1, "r1.googlevideo.com");
    assert_true(find(m, m->len, name));
    assert_string_equal(name, "r1.googlevideo.com");
    g_byte_array_free(m, TRUE);
}

static void a_hello_cut_before_the_end_of_its_name_has_none(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = hello(header_q043, sizeof header_q043 - 1, "i.ytimg.com");
    for (size_t len = 0; len <= m->len; len++)
        assert_int_equal(find(m, len, name), len >= m->len - 4);
    g_byte_array_free(m, TRUE);
}

static void other_packets_have_no_name(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    const struct {
        size_t at;
        uint8_t value;
    } changes[] = {{0, 0x0c}, {0, 0x05}, {9, 'T'}, {26, 0x40}, {26, 0xa4}, {26, 0xa1}, {27, 3}, {30, 'S'}, {35, 0x40}};
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        GByteArray *m = hello(header_q043, sizeof header_q043 - 1, "i.ytimg.com");
        m->data[changes[i].at] = changes[i].value;
        assert_false(find(m, m->len, name));
        g_byte_array_free(m, TRUE);
    }
}

static void wrong_ends_of_values_do_no_harm(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    for (size_t at = 38; at < 62; at += 8)
        for (size_t i = 0; i < 4; i++) {
            GByteArray *m = hello(header_q043, sizeof header_q043 - 1, "i.ytimg.com");
            m->data[at + 4 + i] = 0xff;
            assert_int_equal(find(m, m->len, name), at == 54); /* the last value is behind the name */
            g_byte_array_free(m, TRUE);
        }
    GByteArray *m = hello(header_q043, sizeof header_q043 - 1, "i.ytimg.com");
    memset(m->data + 38 + 8 + 4, 0, 4); /* the name would end before it begins */
    assert_false(find(m, m->len, name));
    g_byte_array_free(m, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_is_found_with_both_kinds_of_header),
        cmocka_unit_test(a_hello_cut_before_the_end_of_its_name_has_none),
        cmocka_unit_test(other_packets_have_no_name),
        cmocka_unit_test(wrong_ends_of_values_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
