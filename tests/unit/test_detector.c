/* What holds for the segments of one flow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "detector.h"
#include "packets.h"
#include "tls_stream.h"

/* Keeps what a detector finds, as a session would. */
typedef struct {
    wire wire;
    talk talk;
    qoe_detector *detector;
    GPtrArray *segments; /* qoe_segment *, in order of request */
    GPtrArray *groups;   /* of shared connections; NULL: no place for them */
    unsigned closed;     /* reports of closed segments */
    unsigned groups_closed;
    size_t segments_max;
    qoe_group_prior prior;
} world;

static qoe_segment *opened(void *user_data, const qoe_packet *packet)
{
    world *w = user_data;
    if (w->segments->len >= w->segments_max)
        return NULL;
    qoe_segment *segment = g_new0(qoe_segment, 1);
    segment->request_us = segment->first_byte_us = segment->last_byte_us = packet->time_us;
    segment->request_frame = segment->last_frame = packet->frame;
    g_ptr_array_add(w->segments, segment);
    return segment;
}

static void closed(void *user_data, qoe_segment *segment, const qoe_packet *packet)
{
    world *w = user_data;
    (void)packet;
    if (segment->packets > 0)
        w->closed++;
}

static qoe_group_prior *prior(void *user_data)
{
    return &((world *)user_data)->prior;
}

static bool group_opened(void *user_data, qoe_group *group)
{
    world *w = user_data;
    if (w->groups != NULL)
        g_ptr_array_add(w->groups, group);
    return w->groups != NULL;
}

static void group_closed(void *user_data, const qoe_group *group)
{
    (void)group;
    ((world *)user_data)->groups_closed++;
}

static const qoe_segment_sink sink = {opened, closed, prior, group_opened, group_closed};

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    qoe_detector_packet(w->detector, packet, packet->dst_port == 443, &sink, w);
}

static void free_group(void *group)
{
    qoe_group_free(group);
}

static world *world_of(uint8_t transport)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->talk = talk_of(&w->wire, transport, "10.0.0.1", 50000, "192.0.2.1");
    w->detector = qoe_detector_new(transport);
    w->segments = g_ptr_array_new_with_free_func(g_free);
    w->groups = g_ptr_array_new_with_free_func(free_group);
    w->segments_max = SIZE_MAX;
    return w;
}

static void world_free(world *w)
{
    qoe_detector_free(w->detector);
    g_ptr_array_free(w->segments, TRUE);
    if (w->groups != NULL)
        g_ptr_array_free(w->groups, TRUE);
    g_free(w);
}

static int new_world(void **state)
{
    *state = world_of(QOE_TCP);
    return 0;
}

static int free_world(void **state)
{
    world_free(*state);
    return 0;
}

static const qoe_segment *segment(const world *w, guint i)
{
    assert_true(i < w->segments->len);
    return g_ptr_array_index(w->segments, i);
}

static void finish(world *w)
{
    qoe_detector_finish(w->detector, &sink, w);
}

/* --- one response at a time --- */

static void a_request_opens_a_segment_and_the_next_one_closes_it(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    assert_int_equal(w->segments->len, 0);
    const int64_t asked_us = w->wire.now_us;
    fetch(&w->talk, 100000);
    assert_int_equal(w->segments->len, 1);
    assert_int_equal(w->closed, 0);
    const uint32_t last = w->wire.frame;
    request(&w->talk);
    assert_int_equal(w->closed, 1);
    const qoe_segment *s = segment(w, 0);
    assert_int_equal(s->bytes, 100000);
    assert_int_equal(s->packets, 72);
    assert_int_equal(s->complete, QOE_COMPLETE_YES);
    assert_int_equal(s->request_us, asked_us);
    assert_int_equal(s->first_byte_us, asked_us + (RTT_MS + 1) * 1000);
    assert_int_equal(s->last_byte_us, asked_us + (RTT_MS + 72) * 1000);
    assert_int_equal(s->last_frame, last);
    assert_int_equal(s->closed_frame, last + 1);
    assert_false(s->shared);
}

static void a_connection_is_used_for_many_segments(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    for (unsigned i = 1; i <= 20; i++)
        fetch(&w->talk, i * 30000);
    server_fin(&w->talk);
    assert_int_equal(w->closed, 20);
    for (unsigned i = 1; i <= 20; i++)
        assert_int_equal(segment(w, i - 1)->bytes, i * 30000);
}

static void a_request_over_several_packets_is_one(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    const int64_t asked_us = w->wire.now_us;
    request(&w->talk);
    wait_ms(&w->wire, 3);
    request(&w->talk);
    wait_ms(&w->wire, 30);
    response(&w->talk, 50000);
    assert_int_equal(w->segments->len, 1);
    assert_int_equal(segment(w, 0)->request_us, asked_us);
}

static void bytes_that_the_server_sends_again_count_once(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    fetch(&w->talk, 50000);
    w->talk.down -= 20000;
    response(&w->talk, 20000);
    server_fin(&w->talk);
    assert_int_equal(segment(w, 0)->bytes, 50000);
}

static void bytes_that_the_capture_missed_count_too(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    response(&w->talk, 28000);
    w->talk.down += 14000;
    response(&w->talk, 28000);
    server_fin(&w->talk);
    assert_int_equal(segment(w, 0)->bytes, 70000);
    assert_int_equal(segment(w, 0)->packets, 40);
}

static void a_response_may_cross_the_wrap_of_the_sequence_number(void **state)
{
    world *w = *state;
    w->talk.down = 0xffffffffu - 30000;
    open_film(&w->talk, "film.video.test");
    fetch(&w->talk, 100000);
    server_fin(&w->talk);
    assert_int_equal(segment(w, 0)->bytes, 100000);
}

static void a_request_that_is_sent_again_opens_nothing(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    fetch(&w->talk, 50000);
    w->talk.up -= REQUEST_BYTES;
    request(&w->talk);
    assert_int_equal(w->segments->len, 1);
    assert_int_equal(w->closed, 0);
}

static void what_the_server_sends_again_does_not_answer_the_next_request(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    fetch(&w->talk, 50000);
    request(&w->talk);
    const int64_t asked_us = segment(w, 1)->request_us;
    wait_ms(&w->wire, 1);
    w->talk.down -= 1400; /* the last packet of the first response once more */
    send_down(&w->talk, 1400, "\x17", 1);
    assert_int_equal(segment(w, 1)->packets, 0);
    wait_ms(&w->wire, 39);
    send_down(&w->talk, 1400, "\x17", 1);
    assert_int_equal(segment(w, 1)->first_byte_us, asked_us + 40000);
    assert_int_equal(segment(w, 1)->bytes, 1400);
}

static void a_download_that_the_client_breaks_off_is_aborted(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    response(&w->talk, 50000);
    wait_ms(&w->wire, 10);
    client_reset(&w->talk);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_ABORTED);
    assert_int_equal(segment(w, 0)->closed_frame, w->wire.frame);
}

static void an_abort_behind_a_close_notify_is_an_abort(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    response(&w->talk, 50000);
    wait_ms(&w->wire, 10);
    say(&w->talk, 24);
    client_fin(&w->talk);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_ABORTED);
    assert_false(segment(w, 0)->shared);
}

static void a_download_is_aborted_if_payload_comes_behind_the_clients_fin(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    response(&w->talk, 50000);
    wait_ms(&w->wire, 500);
    client_fin(&w->talk);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_YES);
    response(&w->talk, 1400);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_ABORTED);
    assert_int_equal(segment(w, 0)->bytes, 50000);
}

static void a_connection_that_is_closed_in_a_pause_has_complete_segments(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    fetch(&w->talk, 50000);
    client_fin(&w->talk);
    server_fin(&w->talk);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_YES);
    assert_int_equal(w->closed, 1);
}

static void a_late_tail_does_not_move_the_end(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    fetch(&w->talk, 50000);
    const int64_t end_us = segment(w, 0)->last_byte_us;
    wait_ms(&w->wire, 60000);
    send_down(&w->talk, 24, "\x17", 1); /* the server's close_notify */
    server_fin(&w->talk);
    assert_int_equal(segment(w, 0)->last_byte_us, end_us);
    assert_int_equal(segment(w, 0)->bytes, 50000);
}

static void a_request_that_is_never_answered_stays_without_packets(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    wait_ms(&w->wire, 1000);
    client_fin(&w->talk);
    assert_int_equal(w->segments->len, 1);
    assert_int_equal(segment(w, 0)->packets, 0);
    assert_int_equal(segment(w, 0)->closed_frame, 0);
    assert_int_equal(w->closed, 0);
}

static void payload_without_any_request_is_no_segment(void **state)
{
    world *w = *state;
    response(&w->talk, 500000);
    assert_int_equal(w->segments->len, 0);
}

static void a_download_that_the_captures_end_cuts_is_closed_without_a_packet(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    response(&w->talk, 50000);
    finish(w);
    assert_int_equal(w->closed, 1);
    assert_int_equal(segment(w, 0)->closed_frame, 0);
    assert_int_equal(segment(w, 0)->bytes, 50000);
}

static void without_room_for_segments_nothing_is_found_and_nothing_breaks(void **state)
{
    world *w = *state;
    w->segments_max = 1;
    open_film(&w->talk, "film.video.test");
    for (unsigned i = 0; i < 5; i++)
        fetch(&w->talk, 50000);
    say(&w->talk, 35);
    for (unsigned i = 0; i < 5; i++)
        fetch(&w->talk, 50000);
    client_fin(&w->talk);
    assert_int_equal(w->segments->len, 1);
    assert_int_equal(w->closed, 1);
}

static void time_that_steps_back_breaks_nothing(void **state)
{
    world *w = *state;
    w->wire.now_us = 60000000;
    syn(&w->talk);
    wait_ms(&w->wire, -50000);
    syn_ack(&w->talk);
    request(&w->talk);
    response(&w->talk, 50000);
    say(&w->talk, 35);
    wait_ms(&w->wire, -5000);
    fetch(&w->talk, 70000);
    fetch(&w->talk, 90000);
    client_fin(&w->talk);
    uint64_t bytes = 0;
    for (guint i = 0; i < w->segments->len; i++)
        bytes += segment(w, i)->bytes;
    assert_int_equal(bytes, 210000);
}

/* --- several responses at once --- */

/* An HTTP/2 client: acknowledges the server's settings after its first request. */
static void open_http2(world *w)
{
    open_film(&w->talk, "film.video.test");
    request(&w->talk);
    wait_ms(&w->wire, RTT_MS);
    send_down(&w->talk, 80, "\x17", 1);
    say(&w->talk, 35);
    response(&w->talk, 5000);
    wait_ms(&w->wire, 500);
}

static void a_small_frame_between_requests_makes_the_connection_shared(void **state)
{
    world *w = *state;
    open_http2(w);
    fetch(&w->talk, 300000);
    fetch(&w->talk, 400000);
    finish(w);
    assert_int_equal(w->segments->len, 3);
    assert_int_equal(w->closed, 3);
    for (guint i = 0; i < 3; i++)
        assert_true(segment(w, i)->shared);
    assert_int_equal(segment(w, 0)->bytes, 5080);
    assert_int_equal(segment(w, 1)->bytes, 300000);
    assert_int_equal(segment(w, 2)->bytes, 400000);
    assert_int_equal(segment(w, 1)->complete, QOE_COMPLETE_YES);
}

static void a_small_frame_before_the_first_request_proves_nothing(void **state)
{
    world *w = *state;
    open_film(&w->talk, "film.video.test");
    say(&w->talk, 64);
    fetch(&w->talk, 300000);
    server_fin(&w->talk);
    assert_false(segment(w, 0)->shared);
}

/* Asks for video and audio together; both responses come one after the other. */
static void fetch_pair(world *w, uint32_t video, uint32_t audio)
{
    request(&w->talk);
    wait_ms(&w->wire, 1);
    request(&w->talk);
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, video);
    response(&w->talk, audio);
    wait_ms(&w->wire, 2000);
}

static void overlapping_responses_are_told_apart_where_the_audios_size_is_known(void **state)
{
    world *w = *state;
    w->prior.audio_size = 64000;
    open_http2(w);
    for (unsigned i = 0; i < 6; i++)
        fetch_pair(w, 280000 + 7000 * i, 64000);
    finish(w);
    assert_int_equal(w->segments->len, 13);
    unsigned audios = 0, videos = 0;
    for (guint i = 1; i < 13; i++) {
        const qoe_segment *s = segment(w, i);
        assert_int_equal(s->complete, QOE_COMPLETE_YES);
        audios += s->kind == QOE_KIND_AUDIO && s->bytes == 64000;
        videos += s->kind == QOE_KIND_VIDEO && s->bytes >= 280000 && s->bytes <= 315000;
    }
    assert_int_equal(audios, 6);
    assert_int_equal(videos, 6);
}

static void overlapping_responses_stay_a_group_where_the_audios_size_is_not_known(void **state)
{
    world *w = *state;
    open_http2(w);
    fetch_pair(w, 280000, 64000);
    finish(w);
    uint64_t bytes = 0;
    for (guint i = 1; i < 3; i++) {
        assert_int_equal(segment(w, i)->complete, QOE_COMPLETE_GROUP);
        bytes += segment(w, i)->bytes;
    }
    assert_int_equal(bytes, 344000);
}

static void a_shared_connections_bytes_are_given_out_once(void **state)
{
    world *w = *state;
    w->prior.audio_size = 64000;
    open_http2(w);
    uint64_t given = 5080;
    for (unsigned i = 0; i < 50; i++) {
        const uint32_t video = 100000 + (i * 7919) % 400000;
        fetch_pair(w, video, 64000);
        given += video + 64000;
    }
    finish(w);
    uint64_t bytes = 0;
    for (guint i = 0; i < w->segments->len; i++)
        bytes += segment(w, i)->bytes;
    assert_int_equal(bytes, given);
    assert_int_equal(w->groups_closed, w->groups->len);
}

static void on_a_shared_connection_too_bytes_count_once_and_holes_count(void **state)
{
    world *w = *state;
    open_http2(w);
    request(&w->talk);
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, 140000);
    w->talk.down -= 14000; /* sent again */
    response(&w->talk, 14000);
    w->talk.down += 28000; /* not captured */
    response(&w->talk, 140000);
    wait_ms(&w->wire, 500);
    fetch(&w->talk, 300000);
    finish(w);
    assert_int_equal(segment(w, 1)->bytes, 140000 + 28000 + 140000);
    assert_int_equal(segment(w, 2)->bytes, 300000);
}

static void groups_without_a_keeper_are_the_detectors_own(void **state)
{
    world *w = *state;
    g_ptr_array_free(w->groups, TRUE);
    w->groups = NULL;
    open_http2(w);
    fetch_pair(w, 280000, 64000);
    fetch_pair(w, 290000, 64000);
    request(&w->talk); /* and the flow is forgotten in its midst */
    response(&w->talk, 5000);
    assert_int_equal(w->segments->len, 6);
}

static void more_requests_than_can_be_outstanding_break_nothing(void **state)
{
    world *w = *state;
    open_http2(w);
    for (unsigned i = 0; i < 500; i++) {
        wait_ms(&w->wire, 1);
        request(&w->talk);
    }
    assert_in_range(w->segments->len, 2, 1 + 64);
    response(&w->talk, 900000);
    client_reset(&w->talk);
    fetch(&w->talk, 50000);
    finish(w);
    uint64_t bytes = 0;
    for (guint i = 0; i < w->segments->len; i++)
        bytes += segment(w, i)->bytes;
    assert_in_range(bytes, 5080 + 900000, 5080 + 950000);
}

static void an_upload_over_http2_opens_a_bounded_number_of_segments(void **state)
{
    world *w = *state;
    open_http2(w);
    for (unsigned i = 0; i < 5000; i++) {
        wait_ms(&w->wire, 1);
        say(&w->talk, 1400);
    }
    assert_in_range(w->segments->len, 1, 300);
}

static void over_quic_every_connection_is_shared(void **state)
{
    (void)state;
    world *w = world_of(QOE_UDP);
    send_up(&w->talk, 1200, "\xc3\x00\x00\x00\x01\x08", 6);
    wait_ms(&w->wire, RTT_MS);
    send_down(&w->talk, 1200, "\xc3\x00\x00\x00\x01\x08", 6);
    send_up(&w->talk, 1200, "\xe3\x00\x00\x00\x01\x08", 6);
    assert_int_equal(w->segments->len, 0);
    fetch(&w->talk, 280000);
    fetch(&w->talk, 140000);
    finish(w);
    assert_int_equal(w->segments->len, 2);
    assert_true(segment(w, 0)->shared);
    assert_int_equal(segment(w, 0)->bytes, 280000 / 1400 * (1400 - 28));
    assert_int_equal(segment(w, 1)->bytes, 140000 / 1400 * (1400 - 28));
    world_free(w);
}

static bool begun_after(uint8_t transport, const char *opening, uint32_t len)
{
    world *w = world_of(transport);
    if (transport == QOE_TCP && opening != NULL)
        connect_tcp(&w->talk);
    else if (opening != NULL)
        send_up(&w->talk, 1200, opening, len);
    fetch(&w->talk, 280000);
    const bool begun = qoe_detector_begun(w->detector);
    world_free(w);
    return begun;
}

static void whether_the_handshake_was_seen_is_told(void **state)
{
    (void)state;
    assert_true(begun_after(QOE_TCP, "", 0));
    assert_false(begun_after(QOE_TCP, NULL, 0));
    assert_true(begun_after(QOE_UDP, "\xc3\x00\x00\x00\x01\x08", 6));
    assert_true(begun_after(QOE_UDP, "\x0d\x00\x00\x00\x00\x00\x00\x00\x00Q043", 13)); /* Google's, with a version */
    assert_false(begun_after(QOE_UDP, "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x01", 10));
    assert_false(begun_after(QOE_UDP, NULL, 0));
}

/* A client over QUIC acknowledges in datagrams of its own (RFC 9000 13.2): 25 to 57 bytes, measured. */
static void acknowledgements_over_quic_ask_for_nothing(void **state)
{
    (void)state;
    world *w = world_of(QOE_UDP);
    request(&w->talk);
    wait_ms(&w->wire, RTT_MS);
    for (unsigned i = 0; i < 50; i++) {
        response(&w->talk, 2 * FULL_PACKET);
        say(&w->talk, 25 + i % 33);
    }
    wait_ms(&w->wire, 200);
    request(&w->talk);
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, 70000);
    finish(w);
    assert_int_equal(w->segments->len, 2);
    assert_int_equal(segment(w, 0)->bytes, 100 * (FULL_PACKET - 28));
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_YES);
    world_free(w);
}

static void what_a_quic_server_only_acknowledges_does_not_move_a_segments_end(void **state)
{
    (void)state;
    world *w = world_of(QOE_UDP);
    fetch(&w->talk, 280000);
    const int64_t end_us = segment(w, 0)->last_byte_us;
    for (unsigned i = 0; i < 5; i++) {
        wait_ms(&w->wire, 1000);
        say(&w->talk, 30);
        send_down(&w->talk, 30, "\x4a", 1);
    }
    finish(w);
    assert_in_range(segment(w, 0)->last_byte_us, end_us, end_us + 300000);
    assert_int_equal(segment(w, 0)->bytes, 280000 / FULL_PACKET * (FULL_PACKET - 28));
    world_free(w);
}

static void a_capture_that_begins_amid_quic_has_segments(void **state)
{
    (void)state;
    world *w = world_of(QOE_UDP);
    response(&w->talk, 50000); /* of a request that went by before */
    wait_ms(&w->wire, 500);
    fetch(&w->talk, 280000);
    finish(w);
    assert_int_equal(w->segments->len, 1);
    assert_int_equal(segment(w, 0)->bytes, 280000 / FULL_PACKET * (FULL_PACKET - 28));
    world_free(w);
}

static void an_upload_over_quic_opens_a_bounded_number_of_segments(void **state)
{
    (void)state;
    world *w = world_of(QOE_UDP);
    fetch(&w->talk, 280000);
    for (unsigned i = 0; i < 5000; i++) {
        wait_ms(&w->wire, 1);
        say(&w->talk, 1200);
        say(&w->talk, 1200);
        if (i % 2 == 0)
            send_down(&w->talk, 40, "\x4a", 1); /* acknowledges */
    }
    assert_in_range(w->segments->len, 1, 300);
    world_free(w);
}

static void a_capture_that_begins_amid_http2_shows_a_shared_connection_at_once(void **state)
{
    world *w = *state;
    say(&w->talk, 150); /* no browser's request over HTTP/1.1 is as short */
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, 60000);
    assert_true(segment(w, 0)->shared);
}

static void a_capture_that_begins_amid_http11_shows_no_shared_connection(void **state)
{
    world *w = *state;
    fetch(&w->talk, 60000);
    fetch(&w->talk, 80000);
    assert_false(segment(w, 0)->shared);
    assert_false(segment(w, 1)->shared);
}

/* Only who knows the round-trip time can tell that the first response had ended when the second one was asked for. */
static void without_a_handshake_acknowledgements_tell_the_round_trip_time(void **state)
{
    world *w = *state;
    for (uint32_t i = 0; i < 4; i++) {
        say(&w->talk, 150);
        wait_ms(&w->wire, RTT_MS);
        response(&w->talk, 60000 + 10000 * i);
        wait_ms(&w->wire, 5);
    }
    say(&w->talk, 150);
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, 5000);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(segment(w, i)->bytes, 60000 + 10000 * i);
}

static void a_reset_beside_a_request_shows_an_abort(void **state)
{
    world *w = *state;
    connect_tcp(&w->talk);
    say(&w->talk, 150);
    say(&w->talk, 35); /* the connection is shared */
    w->prior = (qoe_group_prior){.audio_size = 64000, .video_size = 900000};
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, 150000); /* of a segment of 900 kB */
    say(&w->talk, 35);          /* RST_STREAM */
    say(&w->talk, 150);         /* the init segment of another resolution */
    wait_ms(&w->wire, 1);
    response(&w->talk, 40000); /* what was under way */
    wait_ms(&w->wire, 1000);
    say(&w->talk, 150);
    wait_ms(&w->wire, RTT_MS);
    response(&w->talk, 5000);
    assert_int_equal(segment(w, 0)->complete, QOE_COMPLETE_ABORTED);
    assert_true(segment(w, 1)->bytes < 6000);
}

/* --- whole packets of a shared connection over TLS --- */

/* The server sends what it has written, packet by packet; the capture holds at most `captured` bytes of each. */
static void send_written(world *w, const GByteArray *m, uint32_t captured)
{
    for (uint32_t from = 0; from < m->len; from += FULL_PACKET) {
        const uint32_t len = MIN(FULL_PACKET, m->len - from);
        wait_ms(&w->wire, 1);
        send_down(&w->talk, len, m->data + from, MIN(len, captured));
    }
}

/* Responses of which each is asked for while the one before it is under way: nothing but the server's writes shows
 * where they end. Returns the bytes that each took. */
static void fetch_chain(world *w, const uint32_t *bodies, unsigned count, uint32_t captured, uint32_t *taken)
{
    say(&w->talk, 150);
    wait_ms(&w->wire, RTT_MS);
    for (unsigned i = 0; i < count; i++) {
        GByteArray *m = g_byte_array_new();
        put_response(m, bodies[i]);
        taken[i] = m->len;
        GByteArray first = {.data = m->data, .len = m->len / 2};
        GByteArray rest = {.data = m->data + first.len, .len = m->len - first.len};
        send_written(w, &first, captured);
        if (i + 1 < count)
            say(&w->talk, 150);
        send_written(w, &rest, captured);
        g_byte_array_free(m, TRUE);
    }
}

enum { CHAIN = 6 };
static const uint32_t chain[CHAIN] = {700000, 64000, 300000, 65000, 650000, 63000};

static void open_whole_http2(world *w)
{
    open_film(&w->talk, "film.video.test");
    say(&w->talk, 150);
    wait_ms(&w->wire, RTT_MS);
    GByteArray *m = g_byte_array_new();
    put_write(m, 40);
    send_written(w, m, FULL_PACKET);
    say(&w->talk, 35);
    g_byte_array_set_size(m, 0);
    put_response(m, 5000);
    send_written(w, m, FULL_PACKET);
    g_byte_array_free(m, TRUE);
    wait_ms(&w->wire, 500);
}

static unsigned exact(const world *w, const uint32_t *taken)
{
    unsigned right = 0;
    for (unsigned i = 0; i < CHAIN; i++)
        right += ABS((int64_t)segment(w, 1 + i)->bytes - taken[i]) < 300;
    return right;
}

static void in_whole_packets_the_servers_writes_show_the_ends_of_responses(void **state)
{
    world *w = *state;
    uint32_t taken[CHAIN];
    w->prior.audio_size = 64000;
    open_whole_http2(w);
    fetch_chain(w, chain, CHAIN, FULL_PACKET, taken);
    finish(w);
    assert_int_equal(w->segments->len, 1 + CHAIN);
    assert_int_equal(exact(w, taken), CHAIN);
}

static void send_write(world *w, uint32_t plain)
{
    GByteArray *m = g_byte_array_new();
    put_write(m, plain);
    send_written(w, m, FULL_PACKET);
    g_byte_array_free(m, TRUE);
}

/* The server goes on writing for two responses: the write that ended one takes longer than its end. */
static void a_request_amid_a_long_write_tells_where_a_response_ended(void **state)
{
    world *w = *state;
    w->prior.audio_size = 164000;
    open_whole_http2(w);
    say(&w->talk, 150);
    wait_ms(&w->wire, RTT_MS);
    send_write(w, PIECE_PLAIN + 200);
    for (unsigned i = 0; i < 9; i++)
        send_write(w, PIECE_PLAIN);
    say(&w->talk, 150);
    send_write(w, PIECE_PLAIN + 200);
    GByteArray *m = g_byte_array_new();
    put_write(m, 20 * PIECE_PLAIN + 7000);
    GByteArray first = {.data = m->data, .len = 100 * FULL_PACKET};
    GByteArray rest = {.data = m->data + first.len, .len = m->len - first.len};
    send_written(w, &first, FULL_PACKET);
    const int64_t asked_us = w->wire.now_us;
    say(&w->talk, 150);
    send_written(w, &rest, FULL_PACKET);
    g_byte_array_free(m, TRUE);
    send_write(w, 3000);
    finish(w);
    assert_in_range(MIN(segment(w, 1)->last_byte_us, segment(w, 2)->last_byte_us), asked_us - 20000, asked_us);
}

static void in_cut_packets_they_do_not(void **state)
{
    world *w = *state;
    uint32_t taken[CHAIN];
    open_whole_http2(w);
    fetch_chain(w, chain, CHAIN, 134, taken);
    finish(w);
    assert_int_equal(w->segments->len, 1 + CHAIN);
    assert_true(exact(w, taken) < CHAIN);
}

/* The first half of the film is in whole packets, the second is not. */
static void from_the_first_cut_packet_on_requests_tell_again(void **state)
{
    world *w = *state;
    uint32_t taken[CHAIN];
    w->prior.audio_size = 64000;
    open_whole_http2(w);
    fetch_chain(w, chain, CHAIN, FULL_PACKET, taken);
    wait_ms(&w->wire, 2000);
    const guint before = w->segments->len;
    for (unsigned i = 0; i < 6; i++)
        fetch_pair(w, 280000 + 7000 * i, 64000);
    finish(w);
    assert_int_equal(exact(w, taken), CHAIN);
    for (guint i = before; i < w->segments->len; i++) {
        const qoe_segment *s = segment(w, i);
        assert_true(s->bytes == 64000 || (s->bytes >= 280000 && s->bytes <= 315000));
    }
}

static void without_audio_size_writes_tell_as_well(void **state)
{
    world *w = *state;
    uint32_t taken[CHAIN];
    open_whole_http2(w);
    fetch_chain(w, chain, CHAIN, FULL_PACKET, taken);
    finish(w);
    assert_int_equal(exact(w, taken), CHAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_whole_packets_the_servers_writes_show_the_ends_of_responses, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_request_amid_a_long_write_tells_where_a_response_ended, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(in_cut_packets_they_do_not, new_world, free_world),
        cmocka_unit_test_setup_teardown(from_the_first_cut_packet_on_requests_tell_again, new_world, free_world),
        cmocka_unit_test_setup_teardown(without_audio_size_writes_tell_as_well, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_opens_a_segment_and_the_next_one_closes_it, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_connection_is_used_for_many_segments, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_over_several_packets_is_one, new_world, free_world),
        cmocka_unit_test_setup_teardown(bytes_that_the_server_sends_again_count_once, new_world, free_world),
        cmocka_unit_test_setup_teardown(bytes_that_the_capture_missed_count_too, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_response_may_cross_the_wrap_of_the_sequence_number, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_that_is_sent_again_opens_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_the_server_sends_again_does_not_answer_the_next_request, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_download_that_the_client_breaks_off_is_aborted, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_abort_behind_a_close_notify_is_an_abort, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_download_is_aborted_if_payload_comes_behind_the_clients_fin, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_connection_that_is_closed_in_a_pause_has_complete_segments, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_late_tail_does_not_move_the_end, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_that_is_never_answered_stays_without_packets, new_world, free_world),
        cmocka_unit_test_setup_teardown(payload_without_any_request_is_no_segment, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_download_that_the_captures_end_cuts_is_closed_without_a_packet, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(without_room_for_segments_nothing_is_found_and_nothing_breaks, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(time_that_steps_back_breaks_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_small_frame_between_requests_makes_the_connection_shared, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_small_frame_before_the_first_request_proves_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(overlapping_responses_are_told_apart_where_the_audios_size_is_known, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(overlapping_responses_stay_a_group_where_the_audios_size_is_not_known,
                                        new_world, free_world),
        cmocka_unit_test_setup_teardown(a_shared_connections_bytes_are_given_out_once, new_world, free_world),
        cmocka_unit_test_setup_teardown(on_a_shared_connection_too_bytes_count_once_and_holes_count, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(groups_without_a_keeper_are_the_detectors_own, new_world, free_world),
        cmocka_unit_test_setup_teardown(more_requests_than_can_be_outstanding_break_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_upload_over_http2_opens_a_bounded_number_of_segments, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_capture_that_begins_amid_http2_shows_a_shared_connection_at_once, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_capture_that_begins_amid_http11_shows_no_shared_connection, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(without_a_handshake_acknowledgements_tell_the_round_trip_time, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_reset_beside_a_request_shows_an_abort, new_world, free_world),
        cmocka_unit_test(over_quic_every_connection_is_shared),
        cmocka_unit_test(an_upload_over_quic_opens_a_bounded_number_of_segments),
        cmocka_unit_test(whether_the_handshake_was_seen_is_told),
        cmocka_unit_test(acknowledgements_over_quic_ask_for_nothing),
        cmocka_unit_test(what_a_quic_server_only_acknowledges_does_not_move_a_segments_end),
        cmocka_unit_test(a_capture_that_begins_amid_quic_has_segments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
