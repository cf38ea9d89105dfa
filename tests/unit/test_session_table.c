/* What holds for sessions and windows: their start, their end, their caps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "packets.h"
#include "session_table.h"

enum { SESSIONS_MAX = 3, LIVING_MAX = 2, WINDOWS_MAX = 20 };

typedef struct {
    wire wire;
    qoe_session_table *table;
    const char *service;
    const qoe_session *session; /* of the last packet */
    unsigned started, windows_closed;
} world;

static void started(void *user_data, const qoe_session *session)
{
    (void)session;
    ((world *)user_data)->started++;
}

static void window_closed(void *user_data, const qoe_session *session, const qoe_window *window,
                          const qoe_window *before)
{
    (void)session;
    (void)before;
    assert_false(window->open);
    ((world *)user_data)->windows_closed++;
}

static void playback_started(void *user_data, const qoe_session *session, const qoe_window *window)
{
    (void)user_data;
    (void)session;
    (void)window;
}

static const qoe_session_sink sink = {started, window_closed, playback_started};

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    const bool from_client = packet->dst_port == 443;
    const qoe_addr *client = from_client ? &packet->src : &packet->dst;
    qoe_session_table_expire(w->table, packet->time_us);
    const bool may_start = qoe_session_table_may_start(w->table, packet, !from_client);
    qoe_session_list *list = qoe_session_table_list(w->table, client, w->service, may_start);
    w->session = qoe_session_table_packet(w->table, list, packet, from_client, may_start, &sink, w);
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->service = "Lab";
    w->table = qoe_session_table_new(&(qoe_session_config){.window_us = 10000000,
                                                           .idle_us = 120000000,
                                                           .step_back_us = 120000000,
                                                           .sessions_max = SESSIONS_MAX,
                                                           .windows_max = WINDOWS_MAX,
                                                           .living_max = LIVING_MAX});
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    qoe_session_table_free(w->table);
    g_free(w);
    return 0;
}

static void send_to(world *w, const char *client)
{
    talk t = tcp_talk(&w->wire, client, 50000, "192.0.2.1");
    send_down(&t, FULL_PACKET, application_data(&t), 6);
}

static void send_from(world *w, const char *client)
{
    talk t = tcp_talk(&w->wire, client, 50000, "192.0.2.1");
    request(&t);
}

static const qoe_session *find(const world *w, const char *client, uint32_t frame)
{
    const qoe_addr addr = address(client);
    const qoe_session_list *list = qoe_session_table_find(w->table, &addr, w->service);
    return list != NULL ? qoe_session_list_at(list, frame) : NULL;
}

static void packets_without_a_long_silence_are_one_session(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    const qoe_session *first = w->session;
    wait_ms(&w->wire, 120000);
    send_to(w, "10.0.0.1");
    assert_ptr_equal(w->session, first);
    assert_int_equal(w->started, 1);
    wait_ms(&w->wire, 120001);
    send_to(w, "10.0.0.1");
    assert_ptr_not_equal(w->session, first);
    assert_int_equal(w->started, 2);
}

static void a_session_that_others_go_on_around_ends_all_the_same(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    const qoe_session *silent = w->session;
    for (unsigned i = 0; i < 14; i++) {
        wait_ms(&w->wire, 9000);
        send_to(w, "10.0.0.2");
    }
    assert_false(silent->windows[0]->open);
    assert_int_equal(silent->window_count, 1);
    send_to(w, "10.0.0.1");
    assert_int_equal(w->session->number, 3);
}

static void frames_lead_to_the_session_that_they_belonged_to(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    send_to(w, "10.0.0.1");
    const qoe_session *first = w->session;
    wait_ms(&w->wire, 200000);
    send_to(w, "10.0.0.1");
    assert_ptr_equal(find(w, "10.0.0.1", 1), first);
    assert_ptr_equal(find(w, "10.0.0.1", 2), first);
    assert_ptr_equal(find(w, "10.0.0.1", 3), w->session);
    assert_null(find(w, "10.0.0.2", 1));
    assert_null(find(w, "10.0.0.1", 0));
}

static void a_full_table_refuses_sessions_and_says_so(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    send_to(w, "10.0.0.2");
    send_to(w, "10.0.0.3");
    assert_int_equal(qoe_session_table_refused(w->table), 0);
    send_to(w, "10.0.0.4");
    assert_null(w->session);
    assert_int_equal(qoe_session_table_refused(w->table), 1);
    assert_int_equal(qoe_session_table_count(w->table), SESSIONS_MAX);
    send_to(w, "10.0.0.3");
    assert_int_equal(w->session->number, 3);
}

static void of_too_many_living_sessions_the_longest_silent_one_ends(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    const qoe_session *first = w->session;
    send_to(w, "10.0.0.2");
    const qoe_session *second = w->session;
    send_to(w, "10.0.0.1");
    send_to(w, "10.0.0.3");
    assert_true(first->windows[0]->open);
    assert_false(second->windows[0]->open);
    send_to(w, "10.0.0.1");
    assert_ptr_equal(w->session, first);
    assert_ptr_equal(find(w, "10.0.0.2", 2), second);
}

static void a_full_table_keeps_nothing_of_further_clients(void **state)
{
    world *w = *state;
    for (unsigned i = 1; i <= 100; i++) {
        char client[16];
        g_snprintf(client, sizeof client, "10.0.0.%u", i);
        send_to(w, client);
    }
    const qoe_addr last = address("10.0.0.100");
    assert_null(qoe_session_table_find(w->table, &last, w->service));
}

static void clients_that_no_server_answers_fill_no_more_than_half_of_the_table(void **state)
{
    world *w = *state;
    for (unsigned i = 1; i <= 100; i++) {
        char client[16];
        g_snprintf(client, sizeof client, "10.0.0.%u", i);
        send_from(w, client);
    }
    assert_int_equal(qoe_session_table_count(w->table), SESSIONS_MAX / 2);
    const qoe_addr last = address("10.0.0.100");
    assert_null(qoe_session_table_find(w->table, &last, w->service));
    send_from(w, "10.1.0.1");
    send_to(w, "10.1.0.1");
    assert_non_null(w->session);
    send_from(w, "10.1.0.1");
    assert_ptr_equal(find(w, "10.1.0.1", w->wire.frame), w->session);
}

static void frames_that_a_full_table_refused_have_no_session_later_either(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    send_to(w, "10.0.0.2");
    send_to(w, "10.0.0.3");
    wait_ms(&w->wire, 200000);
    send_to(w, "10.0.0.1");
    assert_null(w->session);
    assert_null(find(w, "10.0.0.1", w->wire.frame));
    assert_non_null(find(w, "10.0.0.1", 1));
}

static void windows_have_a_cap_however_long_the_silences_are(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 100; i++) {
        send_to(w, "10.0.0.1");
        wait_ms(&w->wire, 119000);
    }
    uint32_t windows = 0;
    for (size_t i = 0; i < qoe_session_table_count(w->table); i++)
        windows += qoe_session_table_at(w->table, i)->window_count;
    assert_in_range(windows, 1, WINDOWS_MAX);
    assert_null(w->session);
    assert_in_range(qoe_session_table_refused(w->table), 90, 100);
}

static void each_window_is_closed_once(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 10; i++) {
        send_to(w, "10.0.0.1");
        wait_ms(&w->wire, 15000);
    }
    assert_int_equal(w->windows_closed, w->session->window_count - 1);
}

static void a_clock_that_is_set_back_starts_another_session(void **state)
{
    world *w = *state;
    w->wire.now_us = 1000000000;
    send_to(w, "10.0.0.1");
    w->wire.now_us = 900000000;
    send_to(w, "10.0.0.1");
    assert_int_equal(w->session->number, 1);
    w->wire.now_us = 800000000;
    send_to(w, "10.0.0.1");
    assert_int_equal(w->session->number, 2);
    assert_int_equal(w->session->first_window, 80);
}

static void one_far_time_does_not_keep_other_sessions_from_ending(void **state)
{
    world *w = *state;
    w->wire.now_us = INT64_C(2147483647000000);
    send_to(w, "10.0.0.1");
    w->wire.now_us = 0;
    send_to(w, "10.0.0.2");
    const qoe_session *early = w->session;
    wait_ms(&w->wire, 10000000);
    send_to(w, "10.0.0.2");
    assert_ptr_not_equal(w->session, early);
    assert_int_equal(early->window_count, 1);
    assert_int_equal(w->session->window_count, 1);
}

static void small_responses_are_other_and_large_ones_video(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    qoe_segment segments[2] = {{.bytes = QOE_OBJECT_MIN_BYTES - 1, .packets = 1}, {.bytes = 500000, .packets = 1}};
    const qoe_addr addr = address("10.0.0.1");
    for (unsigned i = 0; i < 2; i++) {
        qoe_session_table_opened(qoe_session_table_list(w->table, &addr, w->service, true), &segments[i]);
        assert_int_equal(segments[i].session, 1);
        segments[i].complete = QOE_COMPLETE_YES;
        qoe_session_table_closed(w->table, &segments[i]);
    }
    assert_int_equal(segments[0].kind, QOE_KIND_OTHER);
    assert_int_equal(segments[1].kind, QOE_KIND_VIDEO);
    qoe_session_table_settle(w->table, false);
    assert_int_equal(w->session->segments, 2);
    assert_int_equal(w->session->windows[0]->segments, 2);
    assert_int_equal(w->session->windows[0]->video_segments, 1);
}

static void the_size_that_recurs_is_found_to_be_audio(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    qoe_segment segments[40];
    const qoe_addr addr = address("10.0.0.1");
    for (unsigned i = 0; i < 40; i++) {
        segments[i] = (qoe_segment){.bytes = i % 2 ? 64000 + i : 200000 + (i * 37 % 64) * 8000, .packets = 1};
        qoe_session_table_opened(qoe_session_table_list(w->table, &addr, w->service, true), &segments[i]);
        segments[i].complete = QOE_COMPLETE_YES;
        qoe_session_table_closed(w->table, &segments[i]);
    }
    assert_int_equal(segments[39].kind, QOE_KIND_AUDIO);
    assert_int_equal(segments[38].kind, QOE_KIND_VIDEO);
    qoe_session_table_settle(w->table, false); /* the first ones, too, now that it is known */
    assert_int_equal(segments[1].kind, QOE_KIND_AUDIO);
    assert_true(w->session->audio_bytes > 19 * 64000);
    qoe_session_table_free(w->table); /* before the segments that it has borrowed */
    w->table = NULL;
}

static double feature(const qoe_window *window, const char *name)
{
    return window->features[qoe_features_find(name)];
}

/* Audio cannot be told at first; once it is known, windows that closed before see it as well. */
static void settled_windows_are_predicted_from_what_is_known_then(void **state)
{
    world *w = *state;
    send_from(w, "10.0.0.1");
    qoe_segment segments[40];
    const qoe_addr addr = address("10.0.0.1");
    for (unsigned i = 0; i < 40; i++) {
        wait_ms(&w->wire, 1000);
        const int64_t now_us = w->wire.now_us;
        segments[i] = (qoe_segment){.bytes = i % 2 ? 64000 + i : 200000 + (i * 37 % 64) * 8000,
                                    .packets = 1,
                                    .request_us = now_us,
                                    .last_byte_us = now_us};
        qoe_session_table_opened(qoe_session_table_list(w->table, &addr, w->service, true), &segments[i]);
        segments[i].complete = QOE_COMPLETE_YES;
        qoe_session_table_closed(w->table, &segments[i]);
        send_from(w, "10.0.0.1");
    }
    const qoe_window *first = w->session->windows[0];
    assert_true(feature(first, "video_count") > 5);
    const double objects = feature(first, "count");
    qoe_session_table_settle(w->table, false);
    assert_true(feature(first, "video_count") <= 5);
    assert_true(feature(first, "video_count") >= 4);
    assert_true(feature(first, "count") == objects);
    qoe_session_table_free(w->table);
    w->table = NULL;
}

static void a_response_without_packets_counts_for_nothing(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    qoe_segment segment = {0};
    const qoe_addr addr = address("10.0.0.1");
    qoe_session_table_opened(qoe_session_table_list(w->table, &addr, w->service, true), &segment);
    qoe_session_table_closed(w->table, &segment);
    assert_int_equal(w->session->segments, 0);
    assert_int_equal(w->session->windows[0]->segments, 0);
}

static void what_is_still_open_is_a_segment_of_the_session_but_has_ended_in_no_window(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    qoe_segment segment = {.bytes = 50000, .packets = 40, .complete = QOE_COMPLETE_OPEN};
    const qoe_addr addr = address("10.0.0.1");
    qoe_session_table_opened(qoe_session_table_list(w->table, &addr, w->service, true), &segment);
    qoe_session_table_settle(w->table, false);
    assert_int_equal(w->session->segments, 1);
    assert_int_equal(w->session->windows[0]->segments, 0);
}

static void a_segment_may_end_after_its_session(void **state)
{
    world *w = *state;
    send_to(w, "10.0.0.1");
    const qoe_session *first = w->session;
    qoe_segment segment = {.bytes = 50000, .packets = 1};
    const qoe_addr addr = address("10.0.0.1");
    qoe_session_table_opened(qoe_session_table_list(w->table, &addr, w->service, true), &segment);
    wait_ms(&w->wire, 300000);
    send_to(w, "10.0.0.1");
    segment.complete = QOE_COMPLETE_YES;
    qoe_session_table_closed(w->table, &segment);
    qoe_session_table_settle(w->table, false);
    assert_int_equal(first->segments, 1);
    assert_int_equal(w->session->segments, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(packets_without_a_long_silence_are_one_session, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_session_that_others_go_on_around_ends_all_the_same, new_world, free_world),
        cmocka_unit_test_setup_teardown(frames_lead_to_the_session_that_they_belonged_to, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_full_table_refuses_sessions_and_says_so, new_world, free_world),
        cmocka_unit_test_setup_teardown(of_too_many_living_sessions_the_longest_silent_one_ends, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_full_table_keeps_nothing_of_further_clients, new_world, free_world),
        cmocka_unit_test_setup_teardown(clients_that_no_server_answers_fill_no_more_than_half_of_the_table, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(frames_that_a_full_table_refused_have_no_session_later_either, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(windows_have_a_cap_however_long_the_silences_are, new_world, free_world),
        cmocka_unit_test_setup_teardown(each_window_is_closed_once, new_world, free_world),
        cmocka_unit_test_setup_teardown(one_far_time_does_not_keep_other_sessions_from_ending, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_clock_that_is_set_back_starts_another_session, new_world, free_world),
        cmocka_unit_test_setup_teardown(small_responses_are_other_and_large_ones_video, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_size_that_recurs_is_found_to_be_audio, new_world, free_world),
        cmocka_unit_test_setup_teardown(settled_windows_are_predicted_from_what_is_known_then, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_response_without_packets_counts_for_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_is_still_open_is_a_segment_of_the_session_but_has_ended_in_no_window,
                                        new_world, free_world),
        cmocka_unit_test_setup_teardown(a_segment_may_end_after_its_session, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
