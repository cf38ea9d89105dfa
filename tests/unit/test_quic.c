/* What holds for server names in QUIC Initial packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "quic.h"
#include "quic_packets.h"

/* --- asking --- */

/* Adds what was captured of a datagram and frees it. The copy has the captured size: sanitizers see reads behind it. */
static qoe_sni_status add_cut(qoe_quic_stream *stream, GByteArray *datagram, size_t captured, char name[QOE_SNI_MAX])
{
    uint8_t *copy = g_malloc(captured ? captured : 1);
    memcpy(copy, datagram->data, captured);
    const qoe_sni_status status = qoe_quic_stream_add(stream, copy, captured, datagram->len, name);
    g_free(copy);
    g_byte_array_free(datagram, TRUE);
    return status;
}

static qoe_sni_status add(qoe_quic_stream *stream, GByteArray *datagram, char name[QOE_SNI_MAX])
{
    return add_cut(stream, datagram, datagram->len, name);
}

/* Asserts that a new stream finds the example's name in this datagram. */
static void assert_found(GByteArray *datagram)
{
    char name[QOE_SNI_MAX] = "";
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, datagram, name), QOE_SNI_FOUND);
    assert_string_equal(name, "example.com");
    qoe_quic_stream_free(stream);
}

static void assert_more(GByteArray *datagram)
{
    char name[QOE_SNI_MAX] = "untouched";
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, datagram, name), QOE_SNI_MORE);
    assert_string_equal(name, "untouched");
    qoe_quic_stream_free(stream);
}

/* --- what holds --- */

static void the_name_is_found_in_every_known_version(void **state)
{
    (void)state;
    const struct {
        const char *header;
        qoe_quic_keys keys;
    } cases[] = {
        {"c300000001088394c8f03e51570800004109"
         "00000002",
         keys_v1()},
        {"d36b3343cf088394c8f03e51570800004109"
         "00000002",
         keys_v2()},
        {"c3ff00001d088394c8f03e51570800004109"
         "00000002",
         keys_draft_29()},
        {"c3ff00001b088394c8f03e51570800004109"
         "00000002",
         keys_draft_23()},
        {"c3faceb001088394c8f03e51570800004109"
         "00000002",
         keys_draft_22()},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *frame = crypto(0, HELLO_LEN - 1); /* 5 + 240 + 4 + 16 = 0x109 */
        assert_found(protect(&cases[i].keys, cases[i].header, 4, frame));
        g_byte_array_free(frame, TRUE);
    }
}

static void a_hello_in_one_frame_is_enough(void **state)
{
    (void)state;
    assert_found(packet_of(0, crypto(0, HELLO_LEN)));
}

static void frames_may_come_in_any_order_with_others_between(void **state)
{
    (void)state;
    GByteArray *frames = bytes_of("0001");         /* PADDING, PING */
    frames = join(frames, crypto(120, HELLO_LEN)); /* the end first */
    frames = join(frames, bytes_of("02410000020501"
                                   "0102"
                                   "03")); /* ACK with two more ranges */
    frames = join(frames, crypto(40, 120));
    frames = join(frames, bytes_of("0305000000"
                                   "010203")); /* ACK with ECN counts */
    frames = join(frames, crypto(0, 60));
    frames = join(frames, bytes_of("000000000000"));
    assert_found(packet_of(1, frames));
}

static void a_hello_may_be_split_over_datagrams_in_any_order(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, packet_of(2, crypto(150, HELLO_LEN)), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, packet_of(1, crypto(40, 150)), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, packet_of(1, crypto(40, 150)), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, packet_of(0, crypto(0, 40)), name), QOE_SNI_FOUND);
    assert_string_equal(name, "example.com");
    qoe_quic_stream_free(stream);
}

static void many_small_frames_in_disorder_are_put_together(void **state)
{
    (void)state;
    GByteArray *frames = g_byte_array_new();
    for (size_t i = 0; i < 24; i++) { /* as browsers do to keep middleboxes honest */
        const size_t piece = i * 7 % 24;
        frames = join(frames, crypto(piece * 10, piece == 23 ? HELLO_LEN : piece * 10 + 10));
    }
    assert_found(packet_of(0, frames));
}

static void packets_that_share_a_datagram_are_told_apart(void **state)
{
    (void)state;
    /* a 0-RTT packet before and a Handshake packet behind: 8 bytes of ids, length, 20 bytes */
    static const char zero_rtt[] = "d000000001088394c8f03e515708001400112233445566778899aabbccddeeff00112233";
    static const char handshake[] = "e000000001088394c8f03e515708001400112233445566778899aabbccddeeff00112233";
    GByteArray *datagram = join(bytes_of(zero_rtt), packet_of(0, crypto(0, HELLO_LEN)));
    assert_found(join(datagram, bytes_of(handshake)));

    datagram = join(packet_of(0, crypto(0, 100)), packet_of(1, crypto(100, HELLO_LEN)));
    assert_found(join(datagram, bytes_of("40112233445566778899")));
}

static void a_token_in_the_header_is_skipped(void **state)
{
    (void)state;
    const qoe_quic_keys keys = keys_v1();
    GByteArray *frame = crypto(0, HELLO_LEN);
    assert_found(initial_v1(&keys, EXAMPLE_DCID, "746f6b656e746f6b656e", 0, frame));
    g_byte_array_free(frame, TRUE);
}

/* Keys for another connection id, derived by the code under test, which the published examples hold to account. */
static qoe_quic_keys keys_for(const char *dcid)
{
    qoe_quic_keys keys;
    GByteArray *bytes = bytes_of(dcid);
    assert_true(qoe_quic_keys_derive(QOE_QUIC_V1, bytes->data, bytes->len, &keys));
    g_byte_array_free(bytes, TRUE);
    return keys;
}

static void keys_stay_when_the_client_takes_over_the_servers_id(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    const qoe_quic_keys keys = keys_v1();
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, packet_of(0, crypto(0, 60)), name), QOE_SNI_MORE);
    GByteArray *frame = crypto(60, HELLO_LEN);
    assert_int_equal(add(stream, initial_v1(&keys, "f067a5502a4262b5", "", 1, frame), name), QOE_SNI_FOUND);
    g_byte_array_free(frame, TRUE);
    qoe_quic_stream_free(stream);
}

static void keys_are_new_after_a_retry(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    const qoe_quic_keys keys = keys_for("f067a5502a4262b5");
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, packet_of(0, crypto(0, 60)), name), QOE_SNI_MORE);
    GByteArray *frame = crypto(60, HELLO_LEN);
    assert_int_equal(add(stream, initial_v1(&keys, "f067a5502a4262b5", "7265747279", 1, frame), name), QOE_SNI_MORE);
    g_byte_array_free(frame, TRUE);
    frame = crypto(0, 60); /* what came before the Retry does not count: the client starts again */
    assert_int_equal(add(stream, initial_v1(&keys, "f067a5502a4262b5", "7265747279", 2, frame), name), QOE_SNI_FOUND);
    g_byte_array_free(frame, TRUE);
    qoe_quic_stream_free(stream);
}

static void connection_ids_have_any_length_up_to_twenty_bytes(void **state)
{
    (void)state;
    char dcid[2 * 21 + 1] = "";
    for (size_t len = 0; len <= 21; len++) {
        const qoe_quic_keys keys = keys_for(dcid);
        GByteArray *frame = crypto(0, HELLO_LEN);
        GByteArray *packet = initial_v1(&keys, dcid, "", 0, frame);
        g_byte_array_free(frame, TRUE);
        if (len <= 20)
            assert_found(packet);
        else
            assert_more(packet);
        if (len < 21)
            strcat(dcid, "ab");
    }
}

static void the_servers_packets_give_nothing(void **state)
{
    (void)state;
    /* RFC 9001 A.3, protected with the server's keys for the same connection */
    static const char packet[] =
        "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3"
        "8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84"
        "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee";
    char name[QOE_SNI_MAX];
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, bytes_of(packet), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, packet_of(0, crypto(0, 60)), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, bytes_of(packet), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, packet_of(1, crypto(60, HELLO_LEN)), name), QOE_SNI_FOUND);
    qoe_quic_stream_free(stream);
}

static void a_packet_cut_anywhere_waits_for_a_whole_one(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *whole = packet_of(0, crypto(0, HELLO_LEN));
    const size_t len = whole->len;
    g_byte_array_free(whole, TRUE);
    for (size_t captured = 0; captured < len; captured++) {
        qoe_quic_stream *stream = qoe_quic_stream_new();
        assert_int_equal(add_cut(stream, packet_of(0, crypto(0, HELLO_LEN)), captured, name), QOE_SNI_MORE);
        assert_int_equal(add(stream, packet_of(1, crypto(0, HELLO_LEN)), name), QOE_SNI_FOUND);
        qoe_quic_stream_free(stream);
    }
}

static void a_short_header_says_that_the_hello_is_past(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, packet_of(0, crypto(0, 60)), name), QOE_SNI_MORE);
    assert_int_equal(add(stream, bytes_of("40112233445566778899aabbccddeeff"), name), QOE_SNI_NONE);
    qoe_quic_stream_free(stream);
}

static void malformed_frames_and_headers_do_no_harm(void **state)
{
    (void)state;
    static const char *const frames[] = {
        "0600",                   /* no length */
        "060041",                 /* half a length */
        "0600ffffffffffffffff00", /* longer than the packet */
        "06ffffffffffffffff0101", /* at the end of numbers */
        "02000040"
        "ff"
        "00", /* ranges that are not there */
        "0200"
        "00ffffffffffffffff"
        "00",       /* more ranges than bytes */
        "1c",       /* CONNECTION_CLOSE */
        "80000006", /* a type in four bytes is still CRYPTO */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(frames); i++)
        assert_more(packet_of(0, join(bytes_of(frames[i]), bytes_of("00000000"))));

    static const char *const headers[] = {
        "c0",
        "c000000001",
        "c00000000114",
        "c000000001ff0102030405060708",
        "c000000001088394c8f03e515708"
        "15",
        "c000000001088394c8f03e515708"
        "00"
        "ffffffffffffffff"
        "44",
        "c000000001088394c8f03e515708"
        "00"
        "00"
        "ffffffffffffffff",
        "c000000001088394c8f03e515708"
        "00"
        "00"
        "00",
        "c000000001088394c8f03e515708"
        "00"
        "00"
        "05"
        "0102030405",
        "f000000001088394c8f03e515708"
        "00"
        "0102030405060708090a0b0c0d0e0f10",
        "c000000000088394c8f03e515708"
        "00"
        "00000001",
        "ca1a2a3a4a088394c8f03e515708"
        "00"
        "00"
        "05"
        "0102030405",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        assert_more(bytes_of(headers[i]));
}

static void what_is_no_hello_is_none(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, packet_of(0, bytes_of("060005020000010000000000000000")), name), QOE_SNI_NONE);
    qoe_quic_stream_free(stream);
}

static void a_handshake_that_never_shows_its_name_is_given_up(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    qoe_quic_stream *stream = qoe_quic_stream_new();
    unsigned datagrams = 0;
    qoe_sni_status status;
    do
        status = add(stream, packet_of(datagrams, bytes_of("01000000000000")), name);
    while (status == QOE_SNI_MORE && ++datagrams < 1000);
    assert_int_equal(status, QOE_SNI_NONE);
    assert_in_range(datagrams, 16, 100);
    qoe_quic_stream_free(stream);
}

static void a_datagram_full_of_packets_costs_a_bounded_number_of_trials(void **state)
{
    (void)state;
    char name[QOE_SNI_MAX];
    GByteArray *datagram = g_byte_array_new();
    for (unsigned i = 0; i < 200; i++)
        datagram = join(datagram, packet_of(i, bytes_of("01000000000000")));
    datagram = join(datagram, packet_of(200, crypto(0, HELLO_LEN)));
    qoe_quic_stream *stream = qoe_quic_stream_new();
    assert_int_equal(add(stream, datagram, name), QOE_SNI_NONE);
    qoe_quic_stream_free(stream);
}

static void long_headers_are_known_by_their_first_bit(void **state)
{
    (void)state;
    assert_true(qoe_quic_is_long_header((const uint8_t *)"\xc0", 1));
    assert_true(qoe_quic_is_long_header((const uint8_t *)"\x80", 1));
    assert_false(qoe_quic_is_long_header((const uint8_t *)"\x40", 1));
    assert_false(qoe_quic_is_long_header((const uint8_t *)"\xc0", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_is_found_in_every_known_version),
        cmocka_unit_test(a_hello_in_one_frame_is_enough),
        cmocka_unit_test(frames_may_come_in_any_order_with_others_between),
        cmocka_unit_test(a_hello_may_be_split_over_datagrams_in_any_order),
        cmocka_unit_test(many_small_frames_in_disorder_are_put_together),
        cmocka_unit_test(packets_that_share_a_datagram_are_told_apart),
        cmocka_unit_test(a_token_in_the_header_is_skipped),
        cmocka_unit_test(keys_stay_when_the_client_takes_over_the_servers_id),
        cmocka_unit_test(keys_are_new_after_a_retry),
        cmocka_unit_test(connection_ids_have_any_length_up_to_twenty_bytes),
        cmocka_unit_test(the_servers_packets_give_nothing),
        cmocka_unit_test(a_packet_cut_anywhere_waits_for_a_whole_one),
        cmocka_unit_test(a_short_header_says_that_the_hello_is_past),
        cmocka_unit_test(malformed_frames_and_headers_do_no_harm),
        cmocka_unit_test(what_is_no_hello_is_none),
        cmocka_unit_test(a_handshake_that_never_shows_its_name_is_given_up),
        cmocka_unit_test(a_datagram_full_of_packets_costs_a_bounded_number_of_trials),
        cmocka_unit_test(long_headers_are_known_by_their_first_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
