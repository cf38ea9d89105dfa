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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
