/* What holds for servers that send without being asked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "analysis.h"
#include "packets.h"

static const char *const client = "10.0.0.1", *const server = "192.0.2.1", *const name = "live.video.test";

typedef struct {
    wire wire;
    qoe_rules *rules;
    qoe_analysis *analysis;
    talk talk;
} world;

static void take(void *listener, const qoe_packet *packet)
{
    qoe_verdict verdict;
    qoe_analysis_packet(((world *)listener)->analysis, packet, &verdict);
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->rules = qoe_rules_new();
    assert_true(qoe_rules_add(w->rules, "Lab", "video.test", NULL));
    w->analysis = qoe_analysis_new(&(qoe_config){.rules = w->rules});
    w->talk = tcp_talk(&w->wire, client, 50000, server);
    dns(&w->wire, name, server);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    qoe_analysis_free(w->analysis);
    qoe_rules_free(w->rules);
    g_free(w);
    return 0;
}

/* The i-th of a server's bursts: sizes that vary as video does, never a multiple of a full packet. */
static uint32_t burst_bytes(unsigned i)
{
    return (100 + 10 * (i * 37 % 64)) * FULL_PACKET + 500 + i;
}

static void push_bursts(world *w, unsigned count, int64_t pause_ms)
{
    for (unsigned i = 0; i < count; i++) {
        response(&w->talk, burst_bytes(i));
        wait_ms(&w->wire, pause_ms);
    }
}

/* Segments of a completeness; the last of them, if there is one, is handed out. */
static unsigned count(world *w, qoe_complete complete, const qoe_segment **last)
{
    unsigned n = 0;
    qoe_analysis_settle(w->analysis);
    for (size_t i = 0; i < qoe_analysis_segments(w->analysis); i++) {
        const qoe_segment *segment = qoe_analysis_segment(w->analysis, i);
        if (segment->complete != complete || segment->packets == 0)
            continue;
        n++;
        *last = segment;
    }
    return n;
}

static void pauses_bound_what_comes_unasked(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    request(&w->talk);
    push_bursts(w, 20, 1500);
    /* Four bursts until it is believed; the last one is still open. */
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 15);
    assert_int_equal(last->bytes, burst_bytes(18));
    assert_int_equal(last->kind, QOE_KIND_VIDEO);
    assert_int_equal(last->request_us, last->first_byte_us);
    assert_true(last->closed_frame > last->last_frame);
    assert_int_equal(count(w, QOE_COMPLETE_GROUP, &last), 1);
    assert_int_equal(last->bytes, burst_bytes(0) + burst_bytes(1) + burst_bytes(2) + burst_bytes(3));
}

static void a_push_is_seen_where_the_capture_began_in_its_middle(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    push_bursts(w, 12, 1500);
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 7);
}

static void a_push_over_quic_is_seen(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    w->talk = quic_talk(&w->wire, client, 50000, server);
    request(&w->talk);
    push_bursts(w, 12, 1500);
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 7);
}

static void small_messages_of_the_client_are_no_requests(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    request(&w->talk);
    for (unsigned i = 0; i < 12; i++) {
        push_bursts(w, 1, 700);
        say(&w->talk, 40);
        wait_ms(&w->wire, 700);
    }
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 7);
}

static void a_film_with_pauses_between_its_requests_is_no_push(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    for (unsigned i = 0; i < 12; i++) {
        fetch(&w->talk, burst_bytes(i));
        wait_ms(&w->wire, 1500);
    }
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 0);
    assert_int_equal(count(w, QOE_COMPLETE_YES, &last), 11);
}

static void a_network_that_stalls_makes_no_push(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    request(&w->talk);
    for (unsigned i = 0; i < 20; i++) {
        response(&w->talk, 50 * FULL_PACKET); /* breaks off behind a full packet */
        wait_ms(&w->wire, 1500);
    }
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 0);
    assert_int_equal(count(w, QOE_COMPLETE_OPEN, &last), 1);
    assert_int_equal(last->bytes, 1000 * FULL_PACKET);
}

static void notes_that_a_server_sends_now_and_then_are_no_push(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    request(&w->talk);
    for (unsigned i = 0; i < 50; i++) {
        response(&w->talk, FULL_PACKET + 300);
        wait_ms(&w->wire, 2000);
    }
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 0);
}

static void a_request_ends_the_push(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    request(&w->talk);
    push_bursts(w, 8, 1500);
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 3);
    fetch(&w->talk, 300000);
    fetch(&w->talk, 300000);
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 4); /* the request ended the last one */
    assert_int_equal(count(w, QOE_COMPLETE_YES, &last), 1);
    assert_int_equal(last->bytes, 300000);
}

static void the_end_of_the_connection_ends_the_last_burst(void **state)
{
    world *w = *state;
    const qoe_segment *last = NULL;
    open_film(&w->talk, name);
    request(&w->talk);
    push_bursts(w, 8, 1500);
    server_fin(&w->talk);
    assert_int_equal(count(w, QOE_COMPLETE_PUSH, &last), 4);
    assert_int_equal(last->bytes, burst_bytes(7));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, new_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(pauses_bound_what_comes_unasked),
        IN_WORLD(a_push_is_seen_where_the_capture_began_in_its_middle),
        IN_WORLD(a_push_over_quic_is_seen),
        IN_WORLD(small_messages_of_the_client_are_no_requests),
        IN_WORLD(a_film_with_pauses_between_its_requests_is_no_push),
        IN_WORLD(a_network_that_stalls_makes_no_push),
        IN_WORLD(notes_that_a_server_sends_now_and_then_are_no_push),
        IN_WORLD(a_request_ends_the_push),
        IN_WORLD(the_end_of_the_connection_ends_the_last_burst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
