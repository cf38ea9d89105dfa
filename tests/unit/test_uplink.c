/* What holds for requests among what a client sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "packets.h"
#include "uplink.h"

typedef struct {
    wire wire;
    qoe_uplink uplink;
    qoe_uplink_type last;        /* what the last packet from the client was */
    unsigned requests, controls; /* so far */
} world;

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    if (packet->dst_port != 443)
        return;
    w->last = qoe_uplink_packet(&w->uplink, packet);
    w->requests += w->last == QOE_UPLINK_REQUEST;
    w->controls += w->last == QOE_UPLINK_CONTROL;
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    g_free(*state);
    return 0;
}

static talk tcp(world *w)
{
    return tcp_talk(&w->wire, "10.0.0.1", 50000, "192.0.2.1");
}

static talk quic(world *w)
{
    return quic_talk(&w->wire, "10.0.0.1", 50000, "192.0.2.1");
}

static void a_long_payload_is_a_request_and_a_short_one_control(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    assert_int_equal(w->last, QOE_UPLINK_NOTHING);
    say(&t, QOE_REQUEST_MIN_TCP);
    assert_int_equal(w->last, QOE_UPLINK_REQUEST);
    say(&t, QOE_REQUEST_MIN_TCP - 1);
    assert_int_equal(w->last, QOE_UPLINK_CONTROL);
}

static void an_acknowledgement_is_nothing(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    request(&t);
    give(&t, true, QOE_TCP_ACK, t.up, 0, NULL, 0);
    assert_int_equal(w->last, QOE_UPLINK_NOTHING);
}

static void a_request_that_is_sent_again_is_nothing(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    request(&t);
    t.up -= REQUEST_BYTES;
    request(&t);
    assert_int_equal(w->last, QOE_UPLINK_NOTHING);
    request(&t);
    assert_int_equal(w->requests, 2);
}

static void a_keep_alive_is_nothing(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    request(&t);
    give(&t, true, QOE_TCP_ACK, t.up - 1, 1, "\0", 1);
    assert_int_equal(w->last, QOE_UPLINK_NOTHING);
}

static void requests_are_seen_across_the_wrap_of_the_sequence_number(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    t.up = 0xfffffe00u;
    connect_tcp(&t);
    request(&t);
    request(&t);
    t.up -= REQUEST_BYTES;
    request(&t);
    assert_int_equal(w->requests, 2);
}

static void a_tls_1_3_handshake_holds_no_request(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    open_film(&t, "film.video.test");
    assert_int_equal(w->requests, 0);
    assert_int_equal(w->last, QOE_UPLINK_CONTROL); /* its Finished looks like application data */
    request(&t);
    assert_int_equal(w->requests, 1);
}

static void a_tls_1_2_handshake_holds_no_request(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    hello(&t, "film.video.test");
    uint8_t end[5 + 262 + 6 + 5 + 40] = {22, 3, 3, 1, 6}; /* ClientKeyExchange, ChangeCipherSpec, Finished */
    memcpy(end + 267, "\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x28", 11);
    send_up(&t, sizeof end, end, sizeof end);
    assert_int_equal(w->requests + w->controls, 0);
}

static void a_tls_1_2_handshake_that_the_snap_length_cut_holds_no_request(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    hello(&t, "film.video.test");
    send_up(&t, 5 + 262 + 6 + 5 + 40, "\x16\x03\x03\x01\x06\x10", 6);
    assert_int_equal(w->requests, 0);
}

static void a_client_hello_in_two_packets_is_no_request(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    hello_in_two(&t, "film.video.test");
    assert_int_equal(w->requests + w->controls, 0);
    request(&t);
    assert_int_equal(w->requests, 1);
}

static void a_client_hello_of_which_the_capture_holds_nothing_is_no_request(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    send_up(&t, 517, NULL, 0);
    assert_int_equal(w->requests, 0);
    send_up(&t, 600, NULL, 0);
    assert_int_equal(w->requests, 1);
}

static void a_request_right_behind_the_finished_counts(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    hello(&t, "film.video.test");
    send_up(&t, 6 + 600, "\x14\x03\x03\x00\x01\x01\x17\x03\x03", 9);
    assert_int_equal(w->requests, 1);
}

static void a_request_without_tls_counts_from_its_first_packet(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    send_up(&t, 300, "GET /v/1 HTTP/1.1", 17);
    assert_int_equal(w->requests, 1);
}

static void a_connection_whose_start_was_not_captured_has_requests(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    request(&t);
    assert_int_equal(w->requests, 1);
}

static void the_alert_that_closes_a_tls_connection_is_nothing(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    connect_tcp(&t);
    request(&t);
    say(&t, 24); /* close_notify in TLS 1.3: looks like application data but is shorter than any HTTP/2 frame */
    assert_int_equal(w->last, QOE_UPLINK_NOTHING);
    say(&t, 30); /* the shortest HTTP/2 frame: SETTINGS acknowledged, ChaCha20 under TLS 1.2 */
    assert_int_equal(w->last, QOE_UPLINK_CONTROL);
}

static void a_quic_handshake_packet_is_no_request_however_long(void **state)
{
    world *w = *state;
    talk t = quic(w);
    send_up(&t, 1200, "\xc3\x00\x00\x00\x01\x08", 6);
    send_up(&t, 1200, "\xe3\x00\x00\x00\x01\x08", 6);
    assert_int_equal(w->requests + w->controls, 0);
}

static void a_long_quic_packet_is_a_request_and_a_short_one_control(void **state)
{
    world *w = *state;
    talk t = quic(w);
    say(&t, QOE_REQUEST_MIN_QUIC);
    assert_int_equal(w->last, QOE_UPLINK_REQUEST);
    say(&t, 40);
    assert_int_equal(w->last, QOE_UPLINK_CONTROL);
}

static void a_request_that_fills_packets_is_one(void **state)
{
    world *w = *state;
    talk t = quic(w);
    say(&t, 1250);
    wait_ms(&w->wire, 1);
    say(&t, 1250);
    wait_ms(&w->wire, 1);
    say(&t, 700);
    assert_int_equal(w->requests, 1);
    wait_ms(&w->wire, 1);
    say(&t, 700);
    assert_int_equal(w->requests, 2);
}

static void a_full_packet_and_a_request_long_after_it_are_two(void **state)
{
    world *w = *state;
    talk t = tcp(w);
    say(&t, 1400);
    wait_ms(&w->wire, 2000);
    say(&t, 700);
    assert_int_equal(w->requests, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_long_payload_is_a_request_and_a_short_one_control, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_acknowledgement_is_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_that_is_sent_again_is_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_keep_alive_is_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(requests_are_seen_across_the_wrap_of_the_sequence_number, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_tls_1_3_handshake_holds_no_request, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_tls_1_2_handshake_holds_no_request, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_tls_1_2_handshake_that_the_snap_length_cut_holds_no_request, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_client_hello_in_two_packets_is_no_request, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_client_hello_of_which_the_capture_holds_nothing_is_no_request, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_request_right_behind_the_finished_counts, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_without_tls_counts_from_its_first_packet, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_connection_whose_start_was_not_captured_has_requests, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_alert_that_closes_a_tls_connection_is_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_quic_handshake_packet_is_no_request_however_long, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_long_quic_packet_is_a_request_and_a_short_one_control, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_that_fills_packets_is_one, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_full_packet_and_a_request_long_after_it_are_two, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
