/* What holds for the analysis as a whole: verdicts, events, tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "analysis.h"
#include "packets.h"

typedef struct {
    wire wire;
    qoe_rules *rules;
    qoe_analysis *analysis;
    qoe_verdict last;       /* of the last packet */
    unsigned events[16];    /* so far, by type */
    GArray *windows_closed; /* const qoe_window *, in order of their events */
} world;

static const char *const client = "10.0.0.1", *const server = "192.0.2.1", *const name = "film.video.test";

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    qoe_analysis_packet(w->analysis, packet, &w->last);
    for (const qoe_event *event = w->last.events; event != NULL; event = event->next) {
        w->events[event->type]++;
        if (event->type == QOE_EVENT_WINDOW_CLOSED)
            g_array_append_val(w->windows_closed, event->window);
    }
}

static world *world_with(qoe_config config)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->rules = qoe_rules_new();
    config.rules = w->rules;
    w->analysis = qoe_analysis_new(&config);
    w->windows_closed = g_array_new(FALSE, FALSE, sizeof(const qoe_window *));
    return w;
}

static int new_world(void **state)
{
    *state = world_with((qoe_config){0});
    return 0;
}

static void world_free(world *w)
{
    qoe_analysis_free(w->analysis);
    qoe_rules_free(w->rules);
    g_array_free(w->windows_closed, TRUE);
    g_free(w);
}

static int free_world(void **state)
{
    world_free(*state);
    return 0;
}

static talk film(world *w, uint16_t port)
{
    dns(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, port, server);
    open_film(&t, name);
    return t;
}

static const qoe_event *event_of(const world *w, qoe_event_type type)
{
    const qoe_event *event = w->last.events;
    while (event != NULL && event->type != type)
        event = event->next;
    return event;
}

static const qoe_segment *segment(const world *w, size_t i)
{
    assert_true(i < qoe_analysis_segments(w->analysis));
    return qoe_analysis_segment(w->analysis, i);
}

static void a_film_has_a_server_a_session_a_window_and_segments(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    assert_string_equal(w->last.server->service, "Lab");
    assert_string_equal(w->last.server->name, name);
    assert_int_equal(w->last.session->number, 1);
    assert_int_equal(w->last.window->index, 0);
    request(&t);
    const qoe_event *asked = event_of(w, QOE_EVENT_SEGMENT_REQUEST);
    assert_non_null(asked);
    assert_int_equal(asked->segment->number, 1);
    response(&t, 100000);
    assert_true(w->last.to_client);
    wait_ms(&w->wire, 500);
    request(&t);
    const qoe_event *told = event_of(w, QOE_EVENT_SEGMENT_CLOSED);
    assert_non_null(told);
    assert_ptr_equal(told->segment, segment(w, 0));
    assert_int_equal(told->segment->bytes, 100000);
    assert_int_equal(told->segment->closed_frame, w->wire.frame);
    assert_non_null(event_of(w, QOE_EVENT_SEGMENT_REQUEST));
    assert_int_equal(segment(w, 1)->request_frame, w->wire.frame);
}

static void a_session_starts_when_a_connection_is_answered(void **state)
{
    world *w = *state;
    dns(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    syn(&t);
    syn_ack(&t);
    assert_null(w->last.session);
    send_up(&t, 0, NULL, 0);
    const qoe_event *event = event_of(w, QOE_EVENT_SESSION_STARTED);
    assert_non_null(event);
    assert_ptr_equal(event->session, w->last.session);
    assert_int_equal(event->session->start_frame, w->wire.frame);
    talk more = tcp_talk(&w->wire, client, 50001, server);
    syn(&more);
    assert_ptr_equal(w->last.session, event->session);
    assert_null(w->last.events);
}

static void connections_at_once_are_one_session_with_segments_of_each(void **state)
{
    world *w = *state;
    talk video = film(w, 50000), audio = film(w, 50001);
    request(&video);
    request(&audio);
    for (unsigned i = 0; i < 20; i++) {
        response(&video, 14000);
        response(&audio, 1400);
    }
    server_fin(&video);
    server_fin(&audio);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 1);
    assert_int_equal(qoe_analysis_segments(w->analysis), 2);
    assert_int_equal(segment(w, 0)->bytes, 280000);
    assert_int_equal(segment(w, 1)->bytes, 28000);
    assert_int_equal(segment(w, 0)->client_port, 50000);
    assert_int_equal(segment(w, 1)->client_port, 50001);
    assert_int_not_equal(segment(w, 0)->stream, segment(w, 1)->stream);
}

static void two_clients_have_a_session_each(void **state)
{
    world *w = *state;
    film(w, 50000);
    talk other = tcp_talk(&w->wire, "10.0.0.2", 50000, server);
    open_film(&other, name);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 2);
    assert_int_equal(w->last.session->number, 2);
}

static void two_services_of_one_client_are_two_sessions(void **state)
{
    world *w = *state;
    film(w, 50000);
    talk other = tcp_talk(&w->wire, client, 50001, "23.246.2.1");
    request(&other);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 2);
    assert_string_equal(w->last.session->service, "Netflix");
}

static void a_long_silence_ends_the_session_and_the_next_packet_starts_another(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    fetch(&t, 50000);
    const int64_t end_us = w->last.session->last_us;
    wait_ms(&w->wire, 121000);
    request(&t);
    assert_int_equal(w->last.session->number, 2);
    assert_non_null(event_of(w, QOE_EVENT_SESSION_STARTED));
    assert_int_equal(w->events[QOE_EVENT_WINDOW_CLOSED], 0); /* the first one's window was closed by no packet */
    const qoe_session *first = qoe_analysis_session(w->analysis, 0);
    assert_int_equal(first->last_us, end_us);
    assert_int_equal(first->window_count, 1);
    assert_false(first->windows[0]->open);
    assert_int_equal(first->windows[0]->closed_frame, 0);
}

static void a_shorter_silence_has_windows_of_its_own(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    fetch(&t, 50000);
    wait_ms(&w->wire, 45000);
    request(&t);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 1);
    const qoe_session *session = w->last.session;
    assert_int_equal(w->windows_closed->len, 4);
    assert_int_equal(session->window_count, 5);
    for (uint32_t i = 0; i < 4; i++) {
        const qoe_window *window = g_array_index(w->windows_closed, const qoe_window *, i);
        assert_ptr_equal(window, session->windows[i]);
        assert_int_equal(window->index, i);
        assert_int_equal(window->closed_frame, w->wire.frame);
        assert_int_equal(window->traffic.packets_in == 0, i > 0);
    }
    assert_true(session->windows[4]->open);
}

static void a_window_is_closed_by_a_packet_of_its_own_session_only(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    fetch(&t, 50000);
    wait_ms(&w->wire, 15000);
    talk other = tcp_talk(&w->wire, "10.0.0.2", 50000, server);
    open_film(&other, name);
    assert_int_equal(w->events[QOE_EVENT_WINDOW_CLOSED], 0);
    assert_true(qoe_analysis_session(w->analysis, 0)->windows[0]->open);
    request(&t);
    assert_int_equal(w->events[QOE_EVENT_WINDOW_CLOSED], 1);
    assert_non_null(event_of(w, QOE_EVENT_WINDOW_CLOSED));
}

static void windows_line_up_with_the_capture_and_count_their_traffic(void **state)
{
    world *w = *state;
    w->wire.now_us = 9999999;
    dns(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    request(&t);
    w->wire.now_us = 10000000;
    request(&t);
    request(&t);
    const qoe_session *session = w->last.session;
    assert_int_equal(session->first_window, 0);
    assert_int_equal(session->windows[0]->traffic.packets_out, 1);
    assert_int_equal(session->windows[1]->traffic.packets_out, 2);
    assert_int_equal(session->windows[1]->start_us, 10000000);
    assert_int_equal(session->windows[1]->end_us, 20000000);
}

static void a_segment_counts_in_the_window_in_which_it_ended(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    w->wire.now_us = 9990000;
    request(&t);
    response(&t, 70000);
    w->wire.now_us = 21000000;
    request(&t);
    const qoe_session *session = w->last.session;
    assert_int_equal(session->windows[0]->segments, 0);
    assert_int_equal(session->windows[1]->segments, 1);
    assert_int_equal(session->windows[1]->video_segments, 1);
    assert_int_equal(session->windows[2]->segments, 0);
}

static void without_a_model_every_window_says_so(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    for (unsigned i = 0; i < 10; i++) {
        fetch(&t, 300000);
        wait_ms(&w->wire, 4000);
    }
    qoe_analysis_settle(w->analysis);
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_in_range(session->window_count, 4, 6);
    for (uint32_t i = 0; i < session->window_count; i++) {
        assert_int_equal(session->windows[i]->downloaded.reason, QOE_REASON_NO_MODEL);
        assert_int_equal(session->windows[i]->resolution, 0);
    }
}

static void at_the_end_open_segments_and_windows_are_in_the_tables(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    request(&t);
    response(&t, 50000);
    qoe_analysis_settle(w->analysis);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_OPEN);
    assert_int_equal(segment(w, 0)->bytes, 50000);
    assert_int_equal(segment(w, 0)->closed_frame, 0);
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_true(session->windows[0]->open);
    assert_int_equal(session->video_bytes, 50000);
    assert_int_equal(qoe_analysis_end_us(w->analysis), w->wire.now_us);
}

static void a_quic_connection_that_goes_on_from_another_port_stays_in_its_session(void **state)
{
    world *w = *state;
    dns(&w->wire, name, server);
    talk t = quic_talk(&w->wire, client, 50000, server);
    fetch(&t, 280000);
    fetch(&t, 280000);
    talk moved = quic_talk(&w->wire, client, 61000, server);
    fetch(&moved, 280000);
    fetch(&moved, 280000);
    qoe_analysis_settle(w->analysis);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 1);
    assert_int_equal(qoe_analysis_segments(w->analysis), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(segment(w, i)->bytes, 280000 / FULL_PACKET * (FULL_PACKET - 28));
}

/* The reason of each of a session's windows in its midst. */
static void assert_reason(world *w, qoe_reason reason)
{
    qoe_analysis_settle(w->analysis);
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_true(session->window_count > 4);
    for (uint32_t i = 2; i + 1 < session->window_count; i++) {
        assert_int_equal(session->windows[i]->downloaded.reason, reason);
        assert_int_equal(session->windows[i]->resolution, 0);
    }
}

static void the_windows_of_an_upload_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    for (unsigned i = 0; i < 6000; i++) {
        wait_ms(&w->wire, 10);
        say(&t, FULL_PACKET);
        if (i % 50 == 0)
            send_down(&t, 300, application_data(&t), 6);
    }
    assert_reason(w, QOE_REASON_NOT_FILM);
}

static void the_windows_of_a_plain_download_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    request(&t);
    for (unsigned i = 0; i < 60; i++) {
        response(&t, 900 * FULL_PACKET);
        wait_ms(&w->wire, 100);
    }
    assert_reason(w, QOE_REASON_NOT_FILM);
}

static void a_segment_tells_whether_it_is_still_what_its_closing_packet_said(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    for (unsigned i = 0; i < 12; i++) {
        fetch(&t, 42000);
        fetch(&t, 200000 + 30000 * i);
    }
    assert_int_equal(segment(w, 0)->kind, QOE_KIND_VIDEO);
    assert_true(qoe_segment_is_causal(segment(w, 0)));
    qoe_analysis_settle(w->analysis);
    assert_int_equal(segment(w, 0)->kind, QOE_KIND_AUDIO); /* as the ones behind it have shown */
    assert_false(qoe_segment_is_causal(segment(w, 0)));
    assert_true(qoe_segment_is_causal(segment(w, 1)));
    assert_true(qoe_segment_is_causal(segment(w, 20)));
    assert_false(qoe_segment_is_causal(segment(w, 23))); /* open: no packet has said anything */
}

static void a_servers_traffic_holds_the_handshake_that_led_to_its_name(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, name);
    assert_int_equal(qoe_analysis_servers(w->analysis), 1);
    const qoe_server *s = qoe_analysis_server(w->analysis, 0);
    assert_int_equal(s->traffic.packets_out, 4);
    assert_int_equal(s->traffic.packets_in, 2);
    assert_int_equal(s->first_us, 0);
    assert_int_equal(s->last_us, w->wire.now_us - 5000);
}

/* A film over HTTP/2 with a ClientHello of two packets (post-quantum keys take more than one). */
static world *film_over_http2(bool with_dns)
{
    world *w = world_with((qoe_config){0});
    if (with_dns)
        dns(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    hello_in_two(&t, name);
    wait_ms(&w->wire, RTT_MS);
    response(&t, 2900); /* the server's handshake */
    for (unsigned i = 0; i < 6; i++) {
        send_up(&t, 200, application_data(&t), 6);
        say(&t, 40); /* the receiver's window, opened */
        wait_ms(&w->wire, RTT_MS);
        response(&t, 100000);
        wait_ms(&w->wire, 500);
    }
    qoe_analysis_settle(w->analysis);
    return w;
}

static void a_flow_has_the_same_segments_whatever_names_it(void **state)
{
    (void)state;
    world *dns_named = film_over_http2(true), *hello_named = film_over_http2(false);
    assert_int_equal(segment(hello_named, 0)->server->source, QOE_SOURCE_SNI);
    const size_t count = qoe_analysis_segments(dns_named->analysis);
    assert_int_equal(count, 6);
    assert_int_equal(qoe_analysis_segments(hello_named->analysis), count);
    for (size_t i = 0; i < count; i++) {
        const qoe_segment *one = segment(dns_named, i), *other = segment(hello_named, i);
        assert_int_equal(one->bytes, other->bytes);
        assert_int_equal(one->shared, other->shared);
        assert_true(one->request_us == other->request_us && one->last_byte_us == other->last_byte_us);
    }
    world_free(dns_named);
    world_free(hello_named);
}

static void a_reused_port_closes_what_its_old_connection_had_open(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    request(&t);
    response(&t, 50000);
    const qoe_segment *old = segment(w, 0);
    reuse_port(&t);
    assert_int_equal(old->complete, QOE_COMPLETE_YES);
    assert_int_equal(old->closed_frame, 0);
    hello(&t, name);
    fetch(&t, 70000);
    assert_int_equal(old->bytes, 50000);
    assert_int_equal(segment(w, 1)->bytes, 70000);
    assert_int_not_equal(segment(w, 1)->stream, old->stream);
}

static void a_name_that_takes_the_tag_away_leaves_no_segment(void **state)
{
    world *w = *state;
    dns_edge(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, "shop.example");
    fetch(&t, 500000);
    fetch(&t, 500000);
    assert_null(w->last.server);
    assert_int_equal(qoe_analysis_segments(w->analysis), 0);
}

static void a_name_may_move_a_flow_to_another_service(void **state)
{
    world *w = *state;
    dns(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, "www.netflix.com");
    fetch(&t, 50000);
    assert_string_equal(w->last.session->service, "Netflix");
    assert_int_equal(segment(w, 0)->session, w->last.session->number);
    assert_string_equal(segment(w, 0)->server->service, "Netflix");
}

static uint32_t stream_42(void *user_data)
{
    (void)user_data;
    return 42;
}

static void the_caller_names_the_stream(void **state)
{
    (void)state;
    world *w = world_with((qoe_config){.stream_of = stream_42});
    talk t = film(w, 50000);
    request(&t);
    assert_int_equal(segment(w, 0)->stream, 42);
    world_free(w);
}

static void the_windows_and_the_silence_have_the_length_that_was_asked_for(void **state)
{
    (void)state;
    world *w = world_with((qoe_config){.window_us = 2000000, .idle_us = 30000000});
    talk t = film(w, 50000);
    fetch(&t, 50000);
    wait_ms(&w->wire, 29000);
    request(&t);
    assert_int_equal(w->last.window->index, 14);
    assert_int_equal(w->last.session->number, 1);
    wait_ms(&w->wire, 31000);
    request(&t);
    assert_int_equal(w->last.session->number, 2);
    world_free(w);
}

/* --- clocks --- */

static void time_that_steps_back_a_little_stays_in_the_session(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    w->wire.now_us = 15000000;
    request(&t);
    w->wire.now_us = 8000000;
    response(&t, 1400);
    assert_int_equal(w->last.session->number, 1);
    assert_int_equal(w->last.window->index, 0);
    assert_int_equal(w->last.session->last_us, 15000000);
    assert_int_equal(w->events[QOE_EVENT_WINDOW_CLOSED], 1);
}

static void time_before_the_captures_start_counts_as_its_start(void **state)
{
    world *w = *state;
    w->wire.now_us = -5000000;
    film(w, 50000);
    assert_int_equal(w->last.session->first_window, 0);
    assert_int_equal(w->last.session->start_us, 0);
    assert_non_null(w->last.window);
}

static void a_jump_of_many_years_makes_no_windows_in_between(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    w->wire.now_us = INT64_MAX;
    request(&t);
    assert_int_equal(w->last.session->number, 2);
    assert_int_equal(w->last.session->window_count, 1);
    w->wire.now_us = INT64_MIN;
    request(&t);
    qoe_analysis_settle(w->analysis);
    assert_in_range(qoe_analysis_sessions(w->analysis), 2, 3);
}

static void a_packet_of_the_far_future_is_looked_up_as_on_its_first_visit(void **state)
{
    world *w = *state;
    dns(&w->wire, name, server);
    w->wire.now_us = INT64_MAX;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    syn(&t);
    const qoe_packet packet = {.frame = w->wire.frame,
                               .time_us = INT64_MAX,
                               .src = t.client,
                               .dst = t.server,
                               .src_port = t.client_port,
                               .dst_port = t.server_port,
                               .transport = QOE_TCP};
    qoe_verdict later;
    qoe_analysis_lookup(w->analysis, &packet, &later);
    assert_ptr_equal(later.session, w->last.session);
    assert_ptr_equal(later.window, w->last.window);
}

/* What comes then is neither of the session before, nor all of one time. */
static void time_that_steps_back_further_begins_a_session(void **state)
{
    world *w = *state;
    w->wire.now_us = 60000000;
    talk t = film(w, 50000);
    request(&t);
    response(&t, 140000);
    const int64_t last_us = w->wire.now_us;
    w->wire.now_us = 20000000;
    response(&t, 140000);
    for (unsigned i = 0; i < 4; i++)
        fetch(&t, 100000);
    assert_int_equal(w->last.session->number, 2);
    assert_int_equal(w->last.session->first_window, 2);
    assert_int_equal(w->events[QOE_EVENT_TIME_BACK], 1);
    assert_int_equal(qoe_analysis_session(w->analysis, 0)->last_us, last_us);
    assert_int_equal(segment(w, 0)->bytes, 140000);
    assert_int_equal(segment(w, 0)->last_byte_us, last_us);
    assert_int_equal(segment(w, 1)->session, 2);
    assert_int_equal(segment(w, 1)->bytes, 100000);
}

/* There are no windows before the first one. */
static void what_lies_long_before_the_captures_start_is_left_out(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    fetch(&t, 100000);
    w->wire.now_us -= 3600000000;
    for (unsigned i = 0; i < 4; i++)
        fetch(&t, 100000);
    assert_int_equal(w->events[QOE_EVENT_TIME_BACK], 1);
    assert_null(w->last.session);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 1);
    assert_int_equal(qoe_analysis_segments(w->analysis), 1);
    w->wire.now_us = 5000000;
    wait_ms(&w->wire, 200000);
    fetch(&t, 100000);
    assert_int_equal(w->last.session->number, 2);
    assert_int_equal(segment(w, 1)->bytes, 100000); /* without the hole */
}

/* Joined in the wrong order: nothing of a film, but a word why. */
static void a_capture_that_begins_late_says_that_time_goes_back(void **state)
{
    world *w = *state;
    w->wire.now_us = -3600000000;
    talk t = film(w, 50000);
    fetch(&t, 100000);
    assert_int_equal(w->events[QOE_EVENT_TIME_BACK], 1);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 0);
    const qoe_packet packet = {.frame = 1, .time_us = -3600000000, .transport = QOE_UDP};
    qoe_verdict later;
    qoe_analysis_lookup(w->analysis, &packet, &later);
    assert_non_null(later.events);
    assert_int_equal(later.events->type, QOE_EVENT_TIME_BACK);
}

/* One frame with a broken clock must not swallow the rest of the film. */
static void after_one_time_of_the_far_future_the_film_goes_on_in_windows(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    fetch(&t, 50000);
    const int64_t now_us = w->wire.now_us;
    w->wire.now_us = 400000000000;
    request(&t);
    w->wire.now_us = now_us;
    for (unsigned i = 0; i < 10; i++) {
        fetch(&t, 50000);
        wait_ms(&w->wire, 5000);
    }
    assert_in_range(w->last.window->index, 4, 6);
    assert_in_range(w->events[QOE_EVENT_WINDOW_CLOSED], 4, 6);
}

/* --- what the caller may rely on --- */

static void foreign_traffic_leaves_no_trace(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, "198.51.100.1");
    open_film(&t, "shop.example");
    fetch(&t, 100000);
    assert_null(w->last.server);
    assert_null(w->last.events);
    assert_int_equal(qoe_analysis_servers(w->analysis), 0);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 0);
}

static void an_analysis_of_nothing_has_empty_tables(void **state)
{
    world *w = *state;
    qoe_analysis_settle(w->analysis);
    assert_int_equal(qoe_analysis_segments(w->analysis), 0);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 0);
    assert_int_equal(qoe_analysis_servers(w->analysis), 0);
    assert_int_equal(qoe_analysis_end_us(w->analysis), 0);
    assert_int_equal(qoe_analysis_losses(w->analysis).flows, 0);
}

static void a_flood_of_connections_does_not_touch_a_film(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    request(&t);
    for (unsigned i = 0; i < 100000; i++) {
        char source[16];
        g_snprintf(source, sizeof source, "10.%u.%u.%u", 1 + i / 65536, i / 256 % 256, i % 256);
        talk flood = tcp_talk(&w->wire, source, 40000, "198.51.100.1");
        syn(&flood);
        if (i % 1000 == 0)
            response(&t, 1400);
    }
    server_fin(&t);
    assert_int_equal(segment(w, 0)->bytes, 140000);
    assert_int_equal(qoe_analysis_losses(w->analysis).flows, 0);
    assert_int_equal(w->events[QOE_EVENT_TABLE_FULL], 0);
}

static void a_flood_of_invented_clients_leaves_films_their_sessions(void **state)
{
    world *w = *state;
    talk t = film(w, 50000);
    fetch(&t, 140000);
    for (unsigned i = 0; i < 100000; i++) {
        char source[16];
        g_snprintf(source, sizeof source, "11.%u.%u.%u", i / 65536, i / 256 % 256, i % 256);
        talk flood = tcp_talk(&w->wire, source, 40000, server);
        syn(&flood);
    }
    fetch(&t, 140000);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 1);
    assert_int_equal(w->last.session->number, 1);
    talk later = tcp_talk(&w->wire, "10.0.0.7", 50000, server);
    open_film(&later, name);
    fetch(&later, 140000);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 2);
    assert_int_equal(w->last.session->number, 2);
    assert_int_equal(qoe_analysis_losses(w->analysis).sessions, 0);
}

static void a_change_that_later_traffic_has_revised_away_is_none(void **state)
{
    (void)state;
    qoe_window before = {.downloaded = {.resolution = 720}}, window = {.downloaded = {.resolution = 480}};
    const qoe_event event = {.type = QOE_EVENT_RESOLUTION_CHANGED, .window = &window, .before = &before};
    assert_int_equal(qoe_event_change(&event), -240);
    before.downloaded.resolution = 360;
    assert_int_equal(qoe_event_change(&event), 120);
    window.downloaded.resolution = 360;
    assert_int_equal(qoe_event_change(&event), 0);
    before.downloaded.resolution = 0;
    assert_int_equal(qoe_event_change(&event), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_film_has_a_server_a_session_a_window_and_segments, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_session_starts_when_a_connection_is_answered, new_world, free_world),
        cmocka_unit_test_setup_teardown(connections_at_once_are_one_session_with_segments_of_each, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(two_clients_have_a_session_each, new_world, free_world),
        cmocka_unit_test_setup_teardown(two_services_of_one_client_are_two_sessions, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_long_silence_ends_the_session_and_the_next_packet_starts_another, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_shorter_silence_has_windows_of_its_own, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_window_is_closed_by_a_packet_of_its_own_session_only, new_world, free_world),
        cmocka_unit_test_setup_teardown(windows_line_up_with_the_capture_and_count_their_traffic, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_segment_counts_in_the_window_in_which_it_ended, new_world, free_world),
        cmocka_unit_test_setup_teardown(without_a_model_every_window_says_so, new_world, free_world),
        cmocka_unit_test_setup_teardown(at_the_end_open_segments_and_windows_are_in_the_tables, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_quic_connection_that_goes_on_from_another_port_stays_in_its_session,
                                        new_world, free_world),
        cmocka_unit_test_setup_teardown(the_windows_of_an_upload_say_that_it_is_no_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_windows_of_a_plain_download_say_that_it_is_no_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_segment_tells_whether_it_is_still_what_its_closing_packet_said, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_servers_traffic_holds_the_handshake_that_led_to_its_name, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_reused_port_closes_what_its_old_connection_had_open, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_name_that_takes_the_tag_away_leaves_no_segment, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_name_may_move_a_flow_to_another_service, new_world, free_world),
        cmocka_unit_test(the_caller_names_the_stream),
        cmocka_unit_test(a_flow_has_the_same_segments_whatever_names_it),
        cmocka_unit_test(the_windows_and_the_silence_have_the_length_that_was_asked_for),
        cmocka_unit_test_setup_teardown(time_that_steps_back_a_little_stays_in_the_session, new_world, free_world),
        cmocka_unit_test_setup_teardown(time_that_steps_back_further_begins_a_session, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_lies_long_before_the_captures_start_is_left_out, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_capture_that_begins_late_says_that_time_goes_back, new_world, free_world),
        cmocka_unit_test_setup_teardown(time_before_the_captures_start_counts_as_its_start, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_jump_of_many_years_makes_no_windows_in_between, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_packet_of_the_far_future_is_looked_up_as_on_its_first_visit, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(after_one_time_of_the_far_future_the_film_goes_on_in_windows, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(foreign_traffic_leaves_no_trace, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_analysis_of_nothing_has_empty_tables, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_flood_of_invented_clients_leaves_films_their_sessions, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_flood_of_connections_does_not_touch_a_film, new_world, free_world),
        cmocka_unit_test(a_change_that_later_traffic_has_revised_away_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
