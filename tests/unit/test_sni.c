/* What holds for server names in ClientHellos over TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include <glib.h>

#include "sni.h"
#include "tls_hellos.h"

/* --- asking --- */

/* Reads a copy of exactly len bytes, so that sanitizers see every read behind it. */
static qoe_sni_status read_hello(const uint8_t *data, size_t len, char name[QOE_SNI_MAX])
{
    uint8_t *copy = malloc(len ? len : 1);
    memcpy(copy, data, len);
    const qoe_sni_status status = qoe_sni_from_handshake(copy, len, name);
    free(copy);
    return status;
}

/* Asserts what a whole ClientHello says (NULL: no usable name) and frees it. */
static void assert_hello(GByteArray *hello, const char *expected)
{
    char name[QOE_SNI_MAX] = "untouched";
    const qoe_sni_status status = read_hello(hello->data, hello->len, name);
    assert_int_equal(status, expected ? QOE_SNI_FOUND : QOE_SNI_NONE);
    assert_string_equal(name, expected ? expected : "untouched");
    g_byte_array_free(hello, TRUE);
}

static qoe_sni_status add(qoe_sni_stream *stream, const GByteArray *m, size_t start, size_t end, size_t captured,
                          char name[QOE_SNI_MAX])
{
    uint8_t *copy = malloc(captured ? captured : 1);
    memcpy(copy, m->data + start, captured);
    const qoe_sni_status status = qoe_sni_stream_add(stream, (uint32_t)start, copy, captured, end - start, name);
    free(copy);
    return status;
}

static qoe_sni_status add_whole(qoe_sni_stream *stream, const GByteArray *m, size_t start, size_t end,
                                char name[QOE_SNI_MAX])
{
    return add(stream, m, start, end, end - start, name);
}

/* --- what holds --- */

static void the_name_is_read_in_lower_case(void **state)
{
    (void)state;
    assert_hello(hello_for("CDN1.Video.Test", 100, 20), "cdn1.video.test");
    assert_hello(hello_for("a_b-c.example.", 100, 20), "a_b-c.example");
    assert_hello(hello_for("localhost", 100, 20), "localhost");
}

static void a_hello_without_a_name_has_none(void **state)
{
    (void)state;
    GByteArray *extensions = g_byte_array_new();
    put_extension(extensions, 43, "\2\3\4", 3);
    assert_hello(hello_with(extensions), NULL);
    assert_hello(hello_with(g_byte_array_new()), NULL);
    GByteArray *old = hello_with(g_byte_array_new()); /* no field for extensions at all */
    g_byte_array_set_size(old, old->len - 2);
    old->data[3] = (uint8_t)(old->data[3] - 2);
    assert_hello(old, NULL);
}

static void what_cannot_be_a_host_name_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",      ".",        "..",  "a..b",  ".a",        "192.0.2.1", "2001:db8::1",
                                        "[::1]", "a b.test", "a/b", "1.2.3", "m\xc3\xbc", "a.test\n",  "a.7"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        assert_hello(hello_for(wrong[i], 10, 10), NULL);
    GByteArray *extensions = g_byte_array_new();
    put_extension(extensions, 0, "\0\6\0\0\3a\0b", 8); /* a NUL within */
    assert_hello(hello_with(extensions), NULL);
}

static void names_and_labels_have_their_longest_length(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'a', sizeof name);
    for (size_t i = 63; i < sizeof name; i += 64)
        name[i] = '.';
    name[253] = '\0';
    assert_hello(hello_for(name, 10, 10), name);
    name[253] = 'a';
    name[254] = '\0';
    assert_hello(hello_for(name, 10, 10), NULL);
    name[253] = '\0';
    name[63] = 'a';
    assert_hello(hello_for(name, 10, 10), NULL);
}

static void other_kinds_of_names_are_skipped(void **state)
{
    (void)state;
    GByteArray *extensions = g_byte_array_new();
    put_extension(extensions, 0, "\0\14\7\0\2xx\0\0\4a.tv", 14);
    assert_hello(hello_with(extensions), "a.tv");
}

static void wrong_lengths_within_the_name_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        size_t len;
    } wrong[] = {{"", 0}, {"\0", 1}, {"\0\0", 2}, {"\0\7\0\0\4a.t", 8}, {"\0\11\0\0\4a.tv", 9}, {"\0\7\0\0\5a.tv", 9}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GByteArray *extensions = g_byte_array_new();
        put_extension(extensions, 0, wrong[i].body, wrong[i].len);
        put_extension(extensions, 43, filler, 40);
        assert_hello(hello_with(extensions), NULL);
    }
}

static void an_extension_longer_than_the_hello_is_none(void **state)
{
    (void)state;
    GByteArray *extensions = g_byte_array_new();
    put(extensions, 2, 43);
    put(extensions, 2, 500);
    put_server_name(extensions, "a.test");
    assert_hello(hello_with(extensions), NULL);
}

static void an_encrypted_hello_shows_no_service(void **state)
{
    (void)state;
    GByteArray *extensions = g_byte_array_new();
    put_server_name(extensions, "cloudflare-ech.com");
    put_extension(extensions, 0xfe0d, filler, 200);
    assert_hello(hello_with(extensions), NULL);
    extensions = g_byte_array_new(); /* GREASE looks the same; the name counts */
    put_extension(extensions, 0xfe0d, filler, 200);
    put_server_name(extensions, "www.netflix.com");
    assert_hello(hello_with(extensions), "www.netflix.com");
}

static void other_handshake_messages_are_none(void **state)
{
    (void)state;
    GByteArray *hello = hello_for("a.test", 10, 10);
    hello->data[0] = 2;
    assert_hello(hello, NULL);
}

static void a_hello_cut_anywhere_waits_until_its_name_is_there(void **state)
{
    (void)state;
    GByteArray *hello = hello_for("cdn1.video.test", 30, 50);
    const size_t name_end = hello->len - 50 - 4;
    for (size_t len = 0; len <= hello->len; len++) {
        char name[QOE_SNI_MAX];
        assert_int_equal(read_hello(hello->data, len, name), len < name_end ? QOE_SNI_MORE : QOE_SNI_FOUND);
    }
    g_byte_array_free(hello, TRUE);
}

static void one_packet_with_one_record_is_enough(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = records_of(hello_for("cdn1.video.test", 100, 100), 16384);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(add_whole(stream, m, 0, m->len, name), QOE_SNI_FOUND);
    assert_string_equal(name, "cdn1.video.test");
    qoe_sni_stream_free(stream);
    g_byte_array_free(m, TRUE);
}

static void a_hello_may_be_split_over_packets_anywhere(void **state)
{
    (void)state;
    GByteArray *m = records_of(hello_for("cdn1.video.test", 100, 0), 16384);
    for (size_t cut = 1; cut + 8 < m->len; cut++) {
        char name[QOE_SNI_MAX];
        qoe_sni_stream *stream = qoe_sni_stream_new();
        assert_int_equal(add_whole(stream, m, 0, cut, name), QOE_SNI_MORE);
        assert_int_equal(add_whole(stream, m, cut, m->len, name), QOE_SNI_FOUND);
        qoe_sni_stream_free(stream);
    }
    g_byte_array_free(m, TRUE);
}

static void a_hello_may_be_split_over_records_of_any_size(void **state)
{
    (void)state;
    for (size_t most = 1; most < 300; most++) {
        char name[QOE_SNI_MAX];
        GByteArray *m = records_of(hello_for("cdn1.video.test", 100, 10), most);
        qoe_sni_stream *stream = qoe_sni_stream_new();
        assert_int_equal(add_whole(stream, m, 0, m->len, name), QOE_SNI_FOUND);
        assert_string_equal(name, "cdn1.video.test");
        qoe_sni_stream_free(stream);
        g_byte_array_free(m, TRUE);
    }
}

static void packets_may_come_out_of_order_and_twice(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = records_of(hello_for("cdn1.video.test", 1700, 100), 16384);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(add_whole(stream, m, 1400, m->len, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 1400, m->len, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 0, 700, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 0, 700, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 500, 1500, name), QOE_SNI_FOUND);
    assert_string_equal(name, "cdn1.video.test");
    qoe_sni_stream_free(stream);
    g_byte_array_free(m, TRUE);
}

static void a_packet_cut_before_the_name_ends_the_hope(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX] = "untouched";
    GByteArray *m = records_of(hello_for("cdn1.video.test", 300, 100), 16384);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(add(stream, m, 0, m->len, 146, name), QOE_SNI_NONE);
    qoe_sni_stream_free(stream);
    stream = qoe_sni_stream_new(); /* the cut one comes second */
    assert_int_equal(add_whole(stream, m, 0, 100, name), QOE_SNI_MORE);
    assert_int_equal(add(stream, m, 100, m->len, 146, name), QOE_SNI_NONE);
    qoe_sni_stream_free(stream);
    stream = qoe_sni_stream_new(); /* nothing at all was captured */
    assert_int_equal(add(stream, m, 0, m->len, 0, name), QOE_SNI_NONE);
    qoe_sni_stream_free(stream);
    assert_string_equal(name, "untouched");
    g_byte_array_free(m, TRUE);
}

static void a_packet_cut_behind_the_name_does_no_harm(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = records_of(hello_for("cdn1.video.test", 10, 1000), 16384);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(add(stream, m, 0, m->len, 200, name), QOE_SNI_FOUND);
    qoe_sni_stream_free(stream);
    g_byte_array_free(m, TRUE);
}

static void a_retransmission_that_holds_the_cut_bytes_helps(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = records_of(hello_for("cdn1.video.test", 600, 100), 16384);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(add(stream, m, 100, 400, 100, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 0, 300, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 300, m->len, name), QOE_SNI_FOUND);
    qoe_sni_stream_free(stream);
    g_byte_array_free(m, TRUE);
}

static void what_names_no_server_is_none_at_its_first_byte(void **state)
{
    (void)state;
    static const char *const starts[] = {
        "PRI * HTTP/2.0\r\n", "\x16\x02", "\x17\x03\x03", "SSH-2.0", "\x16\x03\x01\xff\xff", "\x16\x03\x01\x40\x01"};
    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        char name[QOE_SNI_MAX];
        qoe_sni_stream *stream = qoe_sni_stream_new();
        const size_t len = strlen(starts[i]);
        assert_int_equal(qoe_sni_stream_add(stream, 0, (const uint8_t *)starts[i], len, len, name), QOE_SNI_NONE);
        qoe_sni_stream_free(stream);
    }
}

static void an_endless_hello_is_given_up(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *extensions = g_byte_array_new();
    for (int i = 0; i < 6; i++)
        put_extension(extensions, 51, filler, sizeof filler);
    put_server_name(extensions, "late.test");
    GByteArray *m = records_of(hello_with(extensions), 4096);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(add_whole(stream, m, 0, 16000, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 16000, 17000, name), QOE_SNI_NONE);
    qoe_sni_stream_free(stream);

    stream = qoe_sni_stream_new(); /* byte by byte */
    size_t at = 0;
    while (add_whole(stream, m, at, at + 1, name) == QOE_SNI_MORE)
        assert_in_range(++at, 1, 1000);
    qoe_sni_stream_free(stream);
    g_byte_array_free(m, TRUE);
}

static void an_offset_before_the_first_byte_is_ignored(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *m = records_of(hello_for("cdn1.video.test", 10, 10), 16384);
    qoe_sni_stream *stream = qoe_sni_stream_new();
    assert_int_equal(qoe_sni_stream_add(stream, UINT32_MAX, (const uint8_t *)"x", 1, 1, name), QOE_SNI_MORE);
    assert_int_equal(add_whole(stream, m, 0, m->len, name), QOE_SNI_FOUND);
    qoe_sni_stream_free(stream);
    g_byte_array_free(m, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_is_read_in_lower_case),
        cmocka_unit_test(a_hello_without_a_name_has_none),
        cmocka_unit_test(what_cannot_be_a_host_name_is_none),
        cmocka_unit_test(names_and_labels_have_their_longest_length),
        cmocka_unit_test(other_kinds_of_names_are_skipped),
        cmocka_unit_test(wrong_lengths_within_the_name_are_none),
        cmocka_unit_test(an_extension_longer_than_the_hello_is_none),
        cmocka_unit_test(an_encrypted_hello_shows_no_service),
        cmocka_unit_test(other_handshake_messages_are_none),
        cmocka_unit_test(a_hello_cut_anywhere_waits_until_its_name_is_there),
        cmocka_unit_test(one_packet_with_one_record_is_enough),
        cmocka_unit_test(a_hello_may_be_split_over_packets_anywhere),
        cmocka_unit_test(a_hello_may_be_split_over_records_of_any_size),
        cmocka_unit_test(packets_may_come_out_of_order_and_twice),
        cmocka_unit_test(a_packet_cut_before_the_name_ends_the_hope),
        cmocka_unit_test(a_packet_cut_behind_the_name_does_no_harm),
        cmocka_unit_test(a_retransmission_that_holds_the_cut_bytes_helps),
        cmocka_unit_test(what_names_no_server_is_none_at_its_first_byte),
        cmocka_unit_test(an_endless_hello_is_given_up),
        cmocka_unit_test(an_offset_before_the_first_byte_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
