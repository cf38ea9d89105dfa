/* What holds for the protection of QUIC Initial packets: the published examples.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "quic_packets.h"

static void keys_are_those_of_the_published_examples(void **state)
{
    (void)state;
    const struct {
        uint32_t version;
        qoe_quic_keys expected;
    } cases[] = {
        {QOE_QUIC_V1, keys_v1()},      {QOE_QUIC_V2, keys_v2()},      {0xff00001d, keys_draft_29()},
        {0xff000020, keys_draft_29()}, {0xff000021, keys_v1()},       {0xff000022, keys_v1()},
        {0xff000017, keys_draft_23()}, {0xff00001c, keys_draft_23()}, {0xfaceb002, keys_draft_23()},
        {0xff000016, keys_draft_22()}, {0xfaceb001, keys_draft_22()},
    };
    GByteArray *dcid = bytes_of(EXAMPLE_DCID);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        qoe_quic_keys keys;
        assert_true(qoe_quic_version_known(cases[i].version));
        assert_true(qoe_quic_keys_derive(cases[i].version, dcid->data, dcid->len, &keys));
        assert_memory_equal(&keys, &cases[i].expected, sizeof keys);
    }
    g_byte_array_free(dcid, TRUE);
}

static void other_versions_are_not_known(void **state)
{
    (void)state;
    static const uint32_t versions[] = {0, 2, 0x51303436, 0x1a2a3a4a, 0xff000015, 0xff000023, 0x709a50c4, 0xffffffff};
    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        qoe_quic_keys keys;
        assert_false(qoe_quic_version_known(versions[i]));
        assert_false(qoe_quic_keys_derive(versions[i], (const uint8_t *)"12345678", 8, &keys));
    }
}

/* Packet number 2 in four bytes; the frames are EXAMPLE_HELLO and PADDING up to 1162 bytes. */
static GByteArray *example_packet(const qoe_quic_keys *keys, const char *header)
{
    GByteArray *payload = bytes_of("060040f1" EXAMPLE_HELLO);
    const guint frame_len = payload->len;
    g_byte_array_set_size(payload, 1162);
    memset(payload->data + frame_len, 0, 1162 - frame_len);
    GByteArray *packet = protect(keys, header, 4, payload);
    g_byte_array_free(payload, TRUE);
    return packet;
}

static void assert_opens(const qoe_quic_keys *keys, const char *header, const char *first, const char *last)
{
    GByteArray *packet = example_packet(keys, header);
    GByteArray *start = bytes_of(first), *end = bytes_of(last);
    assert_int_equal(packet->len, 1200);
    assert_memory_equal(packet->data, start->data,
                        start->len); /* the example's own bytes: the tag is over all of them */
    assert_memory_equal(packet->data + packet->len - end->len, end->data, end->len);

    size_t at = 0, len = 0;
    assert_true(qoe_quic_open(keys, packet->data, packet->len, 18, &at, &len));
    assert_int_equal(at, 22);
    assert_int_equal(len, 1162);
    GByteArray *hello = bytes_of("060040f1" EXAMPLE_HELLO);
    assert_memory_equal(packet->data + at, hello->data, hello->len);
    for (size_t i = hello->len; i < len; i++)
        assert_int_equal(packet->data[at + i], 0);
    g_byte_array_free(hello, TRUE);
    g_byte_array_free(start, TRUE);
    g_byte_array_free(end, TRUE);
    g_byte_array_free(packet, TRUE);
}

static void the_published_packets_of_both_versions_are_opened(void **state)
{
    (void)state;
    const qoe_quic_keys v1 = keys_v1(), v2 = keys_v2();
    assert_opens(&v1, "c300000001088394c8f03e5157080000449e00000002",
                 "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11",
                 "7e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44860018ab0856972e194cd934");
    assert_opens(&v2, "d36b3343cf088394c8f03e5157080000449e00000002",
                 "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485",
                 "9a37ddec600545473cfb5a05e08d0b209973b2172b4d21fb69745a262ccde96ba18b2faa745b6fe189cf772a9f84cbfc");
}

static void a_changed_bit_anywhere_is_noticed(void **state)
{
    (void)state;
    const qoe_quic_keys keys = keys_v1();
    for (size_t i = 0; i < 1200; i += i < 40 ? 1 : 97) {
        GByteArray *packet = example_packet(&keys, "c300000001088394c8f03e5157080000449e00000002");
        size_t at, len;
        packet->data[i] ^= 0x01;
        assert_false(qoe_quic_open(&keys, packet->data, packet->len, 18, &at, &len));
        g_byte_array_free(packet, TRUE);
    }
}

static void other_keys_do_not_open_a_packet(void **state)
{
    (void)state;
    const qoe_quic_keys v1 = keys_v1(), v2 = keys_v2();
    GByteArray *packet = example_packet(&v1, "c300000001088394c8f03e5157080000449e00000002");
    size_t at, len;
    assert_false(qoe_quic_open(&v2, packet->data, packet->len, 18, &at, &len));
    g_byte_array_free(packet, TRUE);
}

static void a_packet_too_short_for_its_protection_is_refused(void **state)
{
    (void)state;
    const qoe_quic_keys keys = keys_v1();
    for (size_t len = 0; len < 38; len++) { /* 18 + 4 + 16: there is no whole sample */
        uint8_t *packet = g_malloc0(len + 1);
        size_t at, payload_len;
        packet[0] = 0xc3;
        assert_false(qoe_quic_open(&keys, packet, len, 18, &at, &payload_len));
        g_free(packet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_those_of_the_published_examples), /* first: nobody has initialised libgcrypt yet */
        cmocka_unit_test(other_versions_are_not_known),
        cmocka_unit_test(the_published_packets_of_both_versions_are_opened),
        cmocka_unit_test(a_changed_bit_anywhere_is_noticed),
        cmocka_unit_test(other_keys_do_not_open_a_packet),
        cmocka_unit_test(a_packet_too_short_for_its_protection_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
