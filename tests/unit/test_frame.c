/* Tests of plugin/frame_parse.h: IP, TCP and UDP headers found in frames of any link layer, whole, cut or hostile.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "frame_parse.h"

static const uint8_t CLIENT[16] = {192, 168, 43, 72};
static const uint8_t SERVER[16] = {198, 38, 120, 166};
static const uint8_t CLIENT6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
static const uint8_t SERVER6[16] = {0x2a, 0x00, 0x86, 0xc0, [15] = 2};

enum { ROOM = 2048 };

/* A frame in the making. */
typedef struct {
    uint8_t bytes[ROOM];
    uint32_t len;
} maker;

static void put(maker *frame, const void *bytes, uint32_t len)
{
    memcpy(frame->bytes + frame->len, bytes, len);
    frame->len += len;
}

static void put8(maker *frame, unsigned value)
{
    frame->bytes[frame->len++] = (uint8_t)value;
}

static void put16(maker *frame, unsigned value)
{
    put8(frame, value >> 8);
    put8(frame, value & 0xff);
}

static void put32(maker *frame, uint32_t value)
{
    put16(frame, value >> 16);
    put16(frame, value & 0xffff);
}

static void put_ethernet(maker *frame, unsigned type)
{
    put(frame, "\x02\0\0\0\0\1\x02\0\0\0\0\2", 12);
    put16(frame, type);
}

static void put_v4(maker *frame, unsigned total, unsigned fragment, unsigned protocol)
{
    put16(frame, 0x4500);
    put16(frame, total);
    put16(frame, 1);
    put16(frame, fragment);
    put8(frame, 64);
    put8(frame, protocol);
    put16(frame, 0);
    put(frame, CLIENT, 4);
    put(frame, SERVER, 4);
}

static void put_v6(maker *frame, unsigned payload, unsigned next)
{
    put32(frame, 0x60000000);
    put16(frame, payload);
    put8(frame, next);
    put8(frame, 64);
    put(frame, CLIENT6, 16);
    put(frame, SERVER6, 16);
}

static void put_tcp(maker *frame, unsigned header_words, uint32_t payload)
{
    put16(frame, 50000);
    put16(frame, 443);
    put32(frame, 0xfffffff0);
    put32(frame, 0x01020304);
    put16(frame, header_words << 12 | QOE_TCP_PSH | QOE_TCP_ACK);
    put16(frame, 4096);
    put32(frame, 0);
    for (uint32_t i = 0; i < payload; i++)
        put8(frame, 'a' + i % 26);
}

static void put_udp(maker *frame, unsigned claimed, uint32_t payload)
{
    put16(frame, 50001);
    put16(frame, 53);
    put16(frame, claimed);
    put16(frame, 0);
    for (uint32_t i = 0; i < payload; i++)
        put8(frame, i);
}

/* Parses an exact copy on the heap, so that a sanitizer sees every read behind it. */
static bool parse_cut(const maker *frame, uint32_t captured, bool v6, uint32_t *hint, qoe_packet *packet)
{
    uint8_t *copy = malloc(captured ? captured : 1);
    memcpy(copy, frame->bytes, captured);
    const qoe_frame seen = {copy, captured, frame->len, v6 ? CLIENT6 : CLIENT, v6 ? SERVER6 : SERVER, v6 ? 16 : 4};
    const bool ok = qoe_frame_parse(&seen, hint, packet);
    free(copy);
    return ok;
}

static bool parse(const maker *frame, bool v6, qoe_packet *packet)
{
    uint32_t hint = 0;
    memset(packet, 0xee, sizeof *packet);
    return parse_cut(frame, frame->len, v6, &hint, packet);
}

static void ethernet_tcp(maker *frame, uint32_t payload)
{
    frame->len = 0;
    put_ethernet(frame, 0x0800);
    put_v4(frame, 40 + payload, 0, QOE_TCP);
    put_tcp(frame, 5, payload);
}

static void an_ethernet_frame_gives_all_of_its_tcp_packet(void **state)
{
    (void)state;
    maker frame;
    qoe_packet packet;
    ethernet_tcp(&frame, 100);

    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.transport, QOE_TCP);
    assert_int_equal(packet.src_port, 50000);
    assert_int_equal(packet.dst_port, 443);
    assert_true(packet.seq == 0xfffffff0);
    assert_true(packet.ack == 0x01020304);
    assert_int_equal(packet.flags, QOE_TCP_PSH | QOE_TCP_ACK);
    assert_int_equal(packet.window, 4096);
    assert_int_equal(packet.ip_len, 140);
    assert_int_equal(packet.payload_len, 100);
    assert_int_equal(packet.captured_len, 100);
    const qoe_addr client = qoe_addr_from_v4(CLIENT), server = qoe_addr_from_v4(SERVER);
    assert_true(qoe_addr_equal(&packet.src, &client));
    assert_true(qoe_addr_equal(&packet.dst, &server));
}

static void padding_behind_the_ip_packet_is_not_payload(void **state)
{
    (void)state;
    maker frame;
    qoe_packet packet;
    ethernet_tcp(&frame, 0);
    put(&frame, "\0\0\0\0\0\0", 6);

    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.payload_len, 0);
    assert_int_equal(packet.captured_len, 0);
    assert_null(packet.payload);
}

static void the_link_layer_does_not_matter(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t len;
    } links[] = {
        {"", 0},                                                        /* raw IP */
        {"\2\0\0\0", 4},                                                /* BSD loopback */
        {"\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0", 16},                     /* Linux cooked */
        {"\2\0\0\0\0\1\2\0\0\0\0\2\x81\0\0\5\x08\0", 18},               /* VLAN */
        {"\2\0\0\0\0\1\2\0\0\0\0\2\x88\xa8\0\5\x81\0\0\7\x08\0", 22},   /* two VLANs */
        {"\2\0\0\0\0\1\2\0\0\0\0\2\x88\x47\0\1\x21\x40", 18},           /* MPLS */
        {"\2\0\0\0\0\1\2\0\0\0\0\2\x88\x64\x11\0\0\1\0\x8c\0\x21", 22}, /* PPPoE */
    };

    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        maker frame = {.len = 0};
        qoe_packet packet;
        put(&frame, links[i].bytes, links[i].len);
        put_v4(&frame, 140, 0, QOE_TCP);
        put_tcp(&frame, 5, 100);
        assert_true(parse(&frame, false, &packet));
        assert_int_equal(packet.payload_len, 100);
    }
}

static void a_tunnel_between_other_hosts_is_looked_through(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_ethernet(&frame, 0x0800);
    put(&frame, "\x45\0\0\xa4\0\1\0\0\x40\x2f\0\0\x0a\0\0\1\x0a\0\0\2", 20); /* 10.0.0.1 > 10.0.0.2, GRE */
    put32(&frame, 0x00000800);
    put_v4(&frame, 140, 0, QOE_TCP);
    put_tcp(&frame, 5, 100);
    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.ip_len, 140);
    assert_int_equal(packet.payload_len, 100);
}

static void a_tunnel_between_the_same_hosts_is_looked_through(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_v4(&frame, 160, 0, 4);
    put_v4(&frame, 140, 0, QOE_TCP);
    put_tcp(&frame, 5, 100);
    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.ip_len, 140);
}

static void a_packet_quoted_in_an_icmp_error_did_not_go_by(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_v4(&frame, 68, 0, 1);
    put32(&frame, 0x03010000);
    put32(&frame, 0);
    put_v4(&frame, 140, 0, QOE_TCP);
    put_tcp(&frame, 5, 0);
    assert_false(parse(&frame, false, &packet));
}

static void a_cut_capture_keeps_the_lengths_of_the_wire(void **state)
{
    (void)state;
    maker frame;
    qoe_packet packet;
    uint32_t hint = 0;
    ethernet_tcp(&frame, 1000);

    assert_true(parse_cut(&frame, 200, false, &hint, &packet));
    assert_int_equal(packet.payload_len, 1000);
    assert_int_equal(packet.captured_len, 200 - 54);
    assert_true(parse_cut(&frame, 54, false, &hint, &packet));
    assert_int_equal(packet.payload_len, 1000);
    assert_int_equal(packet.captured_len, 0);
    assert_true(parse_cut(&frame, 50, false, &hint, &packet)); /* the window is the last thing that is needed */
    assert_false(parse_cut(&frame, 49, false, &hint, &packet));
}

static void no_cut_reads_behind_the_frame(void **state)
{
    (void)state;
    maker tcp, udp6 = {.len = 0};
    qoe_packet packet;
    ethernet_tcp(&tcp, 20);
    put_ethernet(&udp6, 0x86dd);
    put_v6(&udp6, 44, 0);
    put(&udp6, "\x2c\0\0\0\0\0\0\0", 8); /* hop-by-hop, then fragment */
    put(&udp6, "\x11\0\0\1\0\0\0\7", 8);
    put_udp(&udp6, 28, 20);

    for (uint32_t captured = 0; captured <= tcp.len; captured++) {
        uint32_t hint = captured % 20;
        parse_cut(&tcp, captured, false, &hint, &packet);
    }
    uint32_t hint = 0;
    for (uint32_t captured = 0; captured < udp6.len; captured++)
        parse_cut(&udp6, captured, true, &hint, &packet);
    assert_true(parse_cut(&udp6, udp6.len, true, &hint, &packet));
    assert_int_equal(packet.payload_len, 20);
}

static void total_length_zero_of_an_offloaded_packet_means_the_rest_of_the_frame(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_ethernet(&frame, 0x0800);
    put_v4(&frame, 0, 0, QOE_TCP);
    put_tcp(&frame, 5, 1500);
    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.ip_len, 1540);
    assert_int_equal(packet.payload_len, 1500);

    frame.len = 0;
    put_v6(&frame, 0, QOE_TCP);
    put_tcp(&frame, 5, 1500);
    assert_true(parse(&frame, true, &packet));
    assert_int_equal(packet.payload_len, 1500);
}

static void a_length_beyond_the_frame_is_not_believed(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_v4(&frame, 65535, 0, QOE_TCP);
    put_tcp(&frame, 5, 10);
    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.payload_len, 10);
}

static void headers_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    maker frame;
    qoe_packet packet;

    ethernet_tcp(&frame, 10);
    frame.bytes[14] = 0x44; /* an IPv4 header of 16 bytes */
    assert_false(parse(&frame, false, &packet));
    ethernet_tcp(&frame, 10);
    frame.bytes[16] = 0; /* a packet of 19 bytes, shorter than its header */
    frame.bytes[17] = 19;
    assert_false(parse(&frame, false, &packet));
    ethernet_tcp(&frame, 10);
    frame.bytes[46] = 0x40; /* a TCP header of 16 bytes */
    assert_false(parse(&frame, false, &packet));
    ethernet_tcp(&frame, 10);
    frame.bytes[46] = 0xf0; /* of 60, where 30 are left */
    assert_false(parse(&frame, false, &packet));

    frame.len = 0;
    put_v4(&frame, 38, 0, QOE_UDP);
    put_udp(&frame, 7, 10); /* a datagram shorter than its header */
    assert_false(parse(&frame, false, &packet));
}

static void only_the_first_fragment_counts(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_v4(&frame, 128, 0x2000, QOE_UDP); /* more fragments follow */
    put_udp(&frame, 3000, 100);
    assert_true(parse(&frame, false, &packet));
    assert_int_equal(packet.payload_len, 100);
    assert_int_equal(packet.dst_port, 53);

    frame.len = 0;
    put_v4(&frame, 128, 0x2000 | 185, QOE_UDP);
    put_udp(&frame, 3000, 100);
    assert_false(parse(&frame, false, &packet));

    frame.len = 0;
    put_v6(&frame, 116, 44);
    put(&frame, "\x11\0\0\x09\0\0\0\7", 8); /* offset 8, more follow */
    put_udp(&frame, 3000, 100);
    assert_false(parse(&frame, true, &packet));
}

static void ipv6_extension_headers_are_walked(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_ethernet(&frame, 0x86dd);
    put_v6(&frame, 8 + 16 + 12 + 28, 0);
    put(&frame, "\x3c\0\0\0\0\0\0\0", 8);                  /* hop-by-hop, then destination options */
    put(&frame, "\x33\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16); /* then authentication */
    put(&frame, "\x11\1\0\0\0\0\0\1\0\0\0\1", 12);         /* then UDP */
    put_udp(&frame, 28, 20);
    assert_true(parse(&frame, true, &packet));
    assert_int_equal(packet.ip_len, 104);
    assert_int_equal(packet.payload_len, 20);
}

static void an_endless_chain_of_extension_headers_ends(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_v6(&frame, 1000, 0);
    for (int i = 0; i < 100; i++)
        put(&frame, "\0\0\0\0\0\0\0\0", 8);
    assert_false(parse(&frame, true, &packet));
}

static void an_extension_header_beyond_the_packet_is_refused(void **state)
{
    (void)state;
    maker frame = {.len = 0};
    qoe_packet packet;

    put_v6(&frame, 36, 60);
    put(&frame, "\x11\xff\0\0\0\0\0\0", 8); /* 2048 bytes of options */
    put_udp(&frame, 28, 20);
    assert_false(parse(&frame, true, &packet));
}

static void a_hint_from_another_link_layer_does_no_harm(void **state)
{
    (void)state;
    maker frame;
    qoe_packet packet;
    ethernet_tcp(&frame, 100);

    for (uint32_t wrong = 0; wrong < 200; wrong++) {
        uint32_t hint = wrong;
        assert_true(parse_cut(&frame, frame.len, false, &hint, &packet));
        assert_int_equal(hint, 14);
        assert_int_equal(packet.payload_len, 100);
    }
}

static void an_address_pair_behind_the_search_limit_is_not_looked_for(void **state)
{
    (void)state;
    maker frame = {.len = QOE_FRAME_SEARCH_MAX};
    qoe_packet packet;

    memset(frame.bytes, 0, sizeof frame.bytes);
    put_v4(&frame, 140, 0, QOE_TCP);
    put_tcp(&frame, 5, 100);
    assert_false(parse(&frame, false, &packet));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ethernet_frame_gives_all_of_its_tcp_packet),
        cmocka_unit_test(padding_behind_the_ip_packet_is_not_payload),
        cmocka_unit_test(the_link_layer_does_not_matter),
        cmocka_unit_test(a_tunnel_between_other_hosts_is_looked_through),
        cmocka_unit_test(a_tunnel_between_the_same_hosts_is_looked_through),
        cmocka_unit_test(a_packet_quoted_in_an_icmp_error_did_not_go_by),
        cmocka_unit_test(a_cut_capture_keeps_the_lengths_of_the_wire),
        cmocka_unit_test(no_cut_reads_behind_the_frame),
        cmocka_unit_test(total_length_zero_of_an_offloaded_packet_means_the_rest_of_the_frame),
        cmocka_unit_test(a_length_beyond_the_frame_is_not_believed),
        cmocka_unit_test(headers_that_contradict_themselves_are_refused),
        cmocka_unit_test(only_the_first_fragment_counts),
        cmocka_unit_test(ipv6_extension_headers_are_walked),
        cmocka_unit_test(an_endless_chain_of_extension_headers_ends),
        cmocka_unit_test(an_extension_header_beyond_the_packet_is_refused),
        cmocka_unit_test(a_hint_from_another_link_layer_does_no_harm),
        cmocka_unit_test(an_address_pair_behind_the_search_limit_is_not_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
