/* What holds for the traffic meter of a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "meter.h"
#include "packets.h"

typedef struct {
    wire wire;
    qoe_meter meter;
    talk talk;
} world;

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    qoe_meter_packet(&w->meter, packet, packet->dst_port == 443);
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->talk = tcp_talk(&w->wire, "10.0.0.1", 50000, "192.0.2.1");
    qoe_meter_start(&w->meter);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    g_free(*state);
    return 0;
}

static void each_direction_is_counted_in_packets_bytes_and_payload(void **state)
{
    world *w = *state;
    request(&w->talk);
    response(&w->talk, 2000);
    const qoe_traffic *t = &w->meter.traffic;
    assert_int_equal(t->packets_out, 1);
    assert_int_equal(t->bytes_out, REQUEST_BYTES + 52);
    assert_int_equal(t->payload_out, REQUEST_BYTES);
    assert_int_equal(t->packets_in, 2);
    assert_int_equal(t->bytes_in, 2000 + 2 * 52);
    assert_int_equal(t->payload_in, 2000);
}

static void only_downlink_payload_makes_a_slot_active(void **state)
{
    world *w = *state;
    w->wire.now_us = 0;
    send_down(&w->talk, 100, NULL, 0);
    wait_ms(&w->wire, 99);
    send_down(&w->talk, 100, NULL, 0);
    assert_int_equal(w->meter.active_100ms, 1);
    wait_ms(&w->wire, 1);
    send_down(&w->talk, 100, NULL, 0);
    assert_int_equal(w->meter.active_100ms, 2);
    wait_ms(&w->wire, 100);
    request(&w->talk);
    send_down(&w->talk, 0, NULL, 0);
    assert_int_equal(w->meter.active_100ms, 2);
}

static void the_busiest_second_is_remembered(void **state)
{
    world *w = *state;
    w->wire.now_us = 7000000;
    send_down(&w->talk, 1000, NULL, 0);
    wait_ms(&w->wire, 999);
    send_down(&w->talk, 500, NULL, 0);
    wait_ms(&w->wire, 1);
    send_down(&w->talk, 1200, NULL, 0);
    assert_int_equal(w->meter.peak_1s, 1500);
}

static void time_that_steps_back_counts_no_slot_twice(void **state)
{
    world *w = *state;
    w->wire.now_us = 5000000;
    send_down(&w->talk, 100, NULL, 0);
    wait_ms(&w->wire, -3000);
    send_down(&w->talk, 100, NULL, 0);
    wait_ms(&w->wire, 3000);
    send_down(&w->talk, 100, NULL, 0);
    assert_int_equal(w->meter.active_100ms, 1);
    assert_int_equal(w->meter.peak_1s, 300);
}

static void features_read_what_was_counted(void **state)
{
    world *w = *state;
    fetch(&w->talk, 14000);
    const qoe_window_traffic read = qoe_meter_read(&w->meter, 10000000);
    assert_int_equal(read.start_us, 10000000);
    assert_int_equal(read.packets_in, 10);
    assert_int_equal(read.packets_out, 1);
    assert_int_equal(read.payload_in, 14000);
    assert_int_equal(read.bytes_in, 14000 + 10 * 52);
    assert_int_equal(read.bytes_out, REQUEST_BYTES + 52);
    assert_int_equal(read.active_100ms, 1);
    assert_int_equal(read.peak_1s, 14000);
}

static void traffic_adds_up(void **state)
{
    (void)state;
    qoe_traffic sum = {1, 2, 3, 4, 5, 6};
    const qoe_traffic other = {10, 20, 30, 40, 50, 60}, expected = {11, 22, 33, 44, 55, 66};
    qoe_traffic_sum(&sum, &other);
    assert_memory_equal(&sum, &expected, sizeof sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_direction_is_counted_in_packets_bytes_and_payload, new_world, free_world),
        cmocka_unit_test_setup_teardown(only_downlink_payload_makes_a_slot_active, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_busiest_second_is_remembered, new_world, free_world),
        cmocka_unit_test_setup_teardown(time_that_steps_back_counts_no_slot_twice, new_world, free_world),
        cmocka_unit_test_setup_teardown(features_read_what_was_counted, new_world, free_world),
        cmocka_unit_test(traffic_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
