/* What the tables come to say when a session is looked back upon: windows before playback, what packets had told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "film_world.h"

enum { INDEX_BYTES = 21700 };

static const char *const client = "10.0.0.1", *const server = "192.0.2.1";

static talk film(world *w, const char *name)
{
    dns(&w->wire, name, server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, name);
    return t;
}

/* A segment that takes so long. */
static void fetch_in(talk *t, uint32_t bytes, int64_t ms)
{
    enum { PARTS = 50 };
    request(t);
    for (unsigned i = 0; i < PARTS; i++) {
        response(t, bytes / PARTS);
        wait_ms(t->on, ms / PARTS);
    }
}

/* The i-th segment of video: no two are of one size, as audio would be. */
static void fetch_video(talk *t, unsigned i, int64_t ms)
{
    fetch_in(t, 400000 + 50000 * (i * 7 % 11), ms);
}

static const qoe_window *window(const world *w, uint32_t i)
{
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_in_range(i, 0, session->window_count - 1);
    return session->windows[i];
}

static const qoe_segment *last_segment(const world *w, size_t from_end)
{
    return qoe_analysis_segment(w->analysis, qoe_analysis_segments(w->analysis) - 1 - from_end);
}

static void assert_not_begun(const qoe_window *window)
{
    assert_true(window->downloaded.resolution > 0);
    assert_int_equal(window->resolution, 0);
    assert_string_equal(qoe_window_reason(window), "nothing on screen yet");
}

/* Netflix over a slow link: the indexes of two versions have come, the first segment takes half a minute. */
static void before_playback_nothing_is_on_screen(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    fetch_in(&t, INDEX_BYTES, 500);
    fetch_in(&t, INDEX_BYTES, 500);
    fetch_video(&t, 0, 32000);
    assert_not_begun(window(w, 0)); /* as packets tell it */
    assert_not_begun(window(w, 1));
    for (unsigned i = 1; i < 6; i++)
        fetch_video(&t, i, 1000);
    qoe_analysis_settle(w->analysis);
    for (uint32_t i = 0; i < 3; i++)
        assert_not_begun(window(w, i));
    assert_true(window(w, 3)->resolution > 0);
    assert_string_equal(qoe_window_reason(window(w, 3)), "");
    assert_true(qoe_analysis_session(w->analysis, 0)->startup_us > 30000000);
}

/* The handshake is not there: the picture may have been on screen for an hour. */
static void no_startup_is_told_where_the_capture_begins_in_mid_film(void **state)
{
    world *w = *state;
    dns(&w->wire, "a.nflxvideo.net", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    for (unsigned i = 0; i < 20; i++)
        fetch_video(&t, i, 1400);
    qoe_analysis_settle(w->analysis);
    assert_true(qoe_analysis_session(w->analysis, 0)->startup_us < 0);
    assert_null(w->started);
    assert_true(window(w, 1)->downloaded.resolution > 0);
    assert_int_equal(window(w, 0)->resolution, window(w, 0)->downloaded.resolution);
    assert_true(window(w, 1)->stalled_s < 0);
}

/* Later connections, whose handshakes are there, change nothing; a film that begins with one does have a startup. */
static void the_first_media_connection_tells_whether_the_film_had_begun(void **state)
{
    world *w = *state;
    dns(&w->wire, "a.nflxvideo.net", server);
    talk old = tcp_talk(&w->wire, client, 50000, server), new = tcp_talk(&w->wire, client, 50001, server);
    fetch_video(&old, 0, 1000);
    open_film(&new, "a.nflxvideo.net");
    for (unsigned i = 1; i < 10; i++)
        fetch_video(&new, i, 1400);
    qoe_analysis_settle(w->analysis);
    assert_true(qoe_analysis_session(w->analysis, 0)->startup_us < 0);
    wait_ms(&w->wire, 10 * 60 * 1000);
    for (unsigned i = 0; i < 10; i++)
        fetch_video(&new, i, 1400);
    qoe_analysis_settle(w->analysis);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 2);
    assert_true(qoe_analysis_session(w->analysis, 1)->startup_us > 0);
}

/* The last window's resolution is told by no packet, so its segments' was not either. */
static void a_segments_answer_is_causal_if_its_resolution_is_what_packets_told(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    for (unsigned i = 0; i < 8; i++)
        fetch_video(&t, i, 2000);
    request(&t);
    qoe_analysis_settle(w->analysis);
    const qoe_segment *early = last_segment(w, 6), *late = last_segment(w, 1);
    assert_int_equal(early->resolution, window(w, 0)->downloaded.resolution);
    assert_true(early->resolution > 0 && late->resolution > 0);
    assert_true(qoe_segment_is_causal(early));
    assert_true(window(w, 1)->open);
    assert_false(qoe_segment_is_causal(late));
}

/* Twenty responses of one size play like a film as they come; looked back upon, they are audio, and nothing is played.
 */
static void a_startup_that_cannot_be_followed_any_more_is_told_as_it_was(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    for (unsigned i = 0; i < 20; i++)
        fetch_in(&t, 129000, 1400);
    qoe_analysis_settle(w->analysis);
    assert_true(qoe_analysis_session(w->analysis, 0)->startup_us < 0);
    assert_non_null(w->started);
    assert_in_range(qoe_event_startup_us(w->started), 1, 10000000);
}

/* Sure of nothing, the model has no answer; playback still has a picture, and then the window needs no reason. */
static void a_window_with_a_resolution_has_no_reason_why_it_has_none(void **state)
{
    (void)state;
    qoe_window w = {.downloaded.reason = QOE_REASON_UNSURE};
    assert_string_equal(qoe_window_reason(&w), "unsure");
    w.resolution = 480;
    assert_string_equal(qoe_window_reason(&w), "");
}

/* What is still under way keeps the player waiting, though the capture ends before it. */
static void a_player_starves_for_a_response_that_has_not_ended(void **state)
{
    world *w = *state;
    talk t = film(w, "a.googlevideo.com");
    for (unsigned i = 0; i < 3; i++)
        fetch_video(&t, i, 1000);
    fetch_video(&t, 3, 60000);
    qoe_analysis_settle(w->analysis);
    assert_int_equal(last_segment(w, 0)->complete, QOE_COMPLETE_OPEN);
    assert_true(window(w, 4)->stalled_s > 1);
    assert_true(window(w, 0)->stalled_s <= 0);
}

/* What a session says of its stalls is what its windows say, and none of its segments goes on after it. */
static void assert_sessions_are_whole(const world *w)
{
    for (size_t i = 0; i < qoe_analysis_sessions(w->analysis); i++) {
        const qoe_session *session = qoe_analysis_session(w->analysis, i);
        double stalled_s = 0;
        for (uint32_t k = 0; k < session->window_count; k++)
            stalled_s += MAX(session->windows[k]->stalled_s, 0);
        assert_true(ABS(stalled_s - MAX(session->stall_s, 0)) < 1e-6);
    }
    for (size_t i = 0; i < qoe_analysis_segments(w->analysis); i++) {
        const qoe_segment *segment = qoe_analysis_segment(w->analysis, i);
        assert_true(segment->last_byte_us <= qoe_analysis_session(w->analysis, segment->session - 1)->last_us);
    }
}

/* The client sleeps in the middle of an answer and gets the rest of it when it wakes. */
static void sleep_in_an_answer(talk *t)
{
    for (unsigned i = 0; i < 12; i++)
        fetch_video(t, i, 3000);
    request(t);
    wait_ms(t->on, RTT_MS);
    response(t, 100 * FULL_PACKET);
    wait_ms(t->on, 1000 * 1000);
    response(t, 200 * FULL_PACKET);
    for (unsigned i = 0; i < 12; i++)
        fetch_video(t, i, 3000);
}

/* Under way: the segment of the first session that was asked for last. */
static void assert_cut_off(const world *w)
{
    const qoe_segment *cut = qoe_analysis_segment(w->analysis, 12);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 2);
    assert_int_equal(cut->session, 1);
    assert_int_equal(cut->complete, QOE_COMPLETE_OPEN);
    assert_int_equal(cut->bytes, 100 * FULL_PACKET);
    assert_int_equal(cut->closed_frame, 0);
    assert_int_equal(qoe_analysis_segment(w->analysis, 13)->session, 2);
    assert_in_range(qoe_analysis_segment(w->analysis, 13)->bytes, 300000, 500000);
    assert_sessions_are_whole(w);
}

static void an_answer_that_goes_on_after_its_session_is_cut_off_there(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    sleep_in_an_answer(&t);
    qoe_analysis_settle(w->analysis);
    assert_cut_off(w);
}

/* HTTP/2: its client sends control frames. */
static void so_is_one_on_a_shared_connection(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    fetch_video(&t, 0, 1000);
    say(&t, 40);
    sleep_in_an_answer(&t);
    qoe_analysis_settle(w->analysis);
    assert_int_equal(qoe_analysis_sessions(w->analysis), 2);
    const qoe_segment *cut = qoe_analysis_segment(w->analysis, 13);
    assert_true(cut->shared);
    assert_int_equal(cut->complete, QOE_COMPLETE_OPEN);
    assert_sessions_are_whole(w);
}

/* The next request is what tells that the one before was done. */
static void an_answer_that_was_whole_is_ended_by_the_next_sessions_request(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    for (unsigned i = 0; i < 3; i++)
        fetch_video(&t, i, 3000);
    wait_ms(&w->wire, 1000 * 1000);
    fetch_video(&t, 3, 3000);
    const qoe_segment *last = qoe_analysis_segment(w->analysis, 2);
    assert_int_equal(last->complete, QOE_COMPLETE_YES);
    assert_true(last->closed_frame > 0);
    assert_sessions_are_whole(w);
}

/* Nor does it go on with what the server says when it has waited for long enough. */
static void an_answer_that_was_whole_is_not_cut_off_by_a_farewell(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    for (unsigned i = 0; i < 3; i++)
        fetch_video(&t, i, 3000);
    wait_ms(&w->wire, 1000 * 1000);
    send_down(&t, 31, "\x15\x03\x03\x00\x1a\x00", 6);
    server_fin(&t);
    const qoe_segment *last = qoe_analysis_segment(w->analysis, 2);
    assert_int_equal(last->complete, QOE_COMPLETE_YES);
    assert_int_equal(last->closed_frame, w->wire.frame);
    assert_sessions_are_whole(w);
}

/* A request that nobody answered is not that of the answer in another session. */
static void a_request_of_a_session_that_is_over_gets_no_answer(void **state)
{
    world *w = *state;
    talk t = film(w, "a.nflxvideo.net");
    fetch_video(&t, 0, 3000);
    request(&t);
    wait_ms(&w->wire, 1000 * 1000);
    fetch_video(&t, 1, 3000);
    assert_int_equal(qoe_analysis_segment(w->analysis, 1)->packets, 0);
    assert_int_equal(last_segment(w, 0)->session, 2);
    assert_true(last_segment(w, 0)->bytes > 300000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before_playback_nothing_is_on_screen, new_world, free_world),
        cmocka_unit_test_setup_teardown(no_startup_is_told_where_the_capture_begins_in_mid_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_first_media_connection_tells_whether_the_film_had_begun, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_segments_answer_is_causal_if_its_resolution_is_what_packets_told, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_startup_that_cannot_be_followed_any_more_is_told_as_it_was, new_world,
                                        free_world),
        cmocka_unit_test(a_window_with_a_resolution_has_no_reason_why_it_has_none),
        cmocka_unit_test_setup_teardown(a_player_starves_for_a_response_that_has_not_ended, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_answer_that_goes_on_after_its_session_is_cut_off_there, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(so_is_one_on_a_shared_connection, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_answer_that_was_whole_is_ended_by_the_next_sessions_request, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(an_answer_that_was_whole_is_not_cut_off_by_a_farewell, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_request_of_a_session_that_is_over_gets_no_answer, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
