/* What the windows of traffic that is no film say: the reason, and no resolution, although there is a model that gives
 * a film's windows one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "film_world.h"

static const char *const client = "10.0.0.1", *const cdn = "192.0.2.1",
                         *const cdn_name = "ipv4-c001.1.oca.nflxvideo.net";

static int new_film_world(void **state)
{
    new_world(state);
    dns(&((world *)*state)->wire, cdn_name, cdn);
    return 0;
}

static talk connection(world *w, uint16_t port)
{
    talk t = tcp_talk(&w->wire, client, port, cdn);
    open_film(&t, cdn_name);
    return t;
}

/* Segments of 4 s for two minutes: what the others are held against. */
static void play_film(world *w)
{
    talk t = connection(w, 50000);
    for (unsigned i = 0; i < 30; i++) {
        fetch(&t, 460000);
        wait_ms(&w->wire, 3400);
    }
}

/* No window has a resolution, neither when it was closed nor at the end; all but the first `spared` and the last one,
 * which may hold next to nothing, carry the reason. */
static void assert_no_film(world *w, uint32_t spared)
{
    qoe_analysis_finish(w->analysis);
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_int_equal(w->answered, 0);
    assert_true(session->window_count >= spared + 3);
    for (uint32_t i = 0; i < session->window_count; i++) {
        const qoe_window *window = session->windows[i];
        assert_int_equal(window->resolution, 0);
        assert_int_equal(window->downloaded.resolution, 0);
        if (i >= spared && i + 1 < session->window_count)
            assert_int_equal(window->downloaded.reason, QOE_REASON_NOT_FILM);
    }
}

static void a_films_windows_have_a_resolution(void **state)
{
    world *w = *state;
    play_film(w);
    assert_in_range(w->answered, 8, 13);
}

/* So many bytes each way, 50 times a second for a minute. */
static void call(talk *t, uint32_t up_bytes, uint32_t down_bytes)
{
    for (unsigned i = 0; i < 3000; i++) {
        wait_ms(t->on, 20);
        say(t, up_bytes);
        send_down(t, down_bytes, application_data(t), 6);
    }
}

static void a_calls_windows_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk t = quic_talk(&w->wire, client, 50000, cdn);
    call(&t, 1000, 1000);
    assert_no_film(w, 0);
}

/* Where UDP does not get through, calls go over TLS. */
static void a_call_over_tcp_is_no_film_either(void **state)
{
    world *w = *state;
    talk t = connection(w, 50000);
    call(&t, 900, 900);
    assert_no_film(w, 0);
}

/* The other side's picture is large, one's own small. */
static void a_lopsided_calls_windows_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk t = quic_talk(&w->wire, client, 50000, cdn);
    call(&t, 400, 1200);
    assert_no_film(w, 0);
}

static void an_uploads_windows_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk t = connection(w, 50000);
    for (unsigned i = 0; i < 6000; i++) {
        wait_ms(&w->wire, 10);
        say(&t, FULL_PACKET);
        if (i % 50 == 0)
            send_down(&t, 300, application_data(&t), 6);
    }
    assert_no_film(w, 0);
}

/* It takes a while until no segment could be as large. */
static void a_plain_downloads_windows_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk t = connection(w, 50000);
    request(&t);
    for (unsigned i = 0; i < 60; i++) {
        response(&t, 900 * FULL_PACKET);
        wait_ms(&w->wire, 100);
    }
    assert_no_film(w, 2);
}

/* fast.com asks for pieces of many sizes on several connections to the service's own servers; its page was loaded
 * before them and reports now and then. */
static void the_windows_of_fast_com_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk page = tcp_talk(&w->wire, client, 40000, "192.0.2.9"), lines[3];
    open_film(&page, "fast.com");
    fetch(&page, 30000);
    for (uint16_t i = 0; i < 3; i++)
        lines[i] = connection(w, (uint16_t)(50000 + i));
    for (unsigned n = 0; n < 40; n++) {
        for (unsigned i = 0; i < 3; i++)
            fetch(&lines[i], 300000 + 40000 * (n % 5));
        if (n % 10 == 9)
            fetch(&page, 200);
    }
    assert_no_film(w, 0);
}

/* Six connections at full rate, each response far longer than a segment lasts; no page before them. */
static void the_windows_of_a_speed_test_say_that_it_is_no_film(void **state)
{
    world *w = *state;
    talk lines[6];
    for (uint16_t i = 0; i < 6; i++) {
        lines[i] = connection(w, (uint16_t)(50000 + i));
        request(&lines[i]);
    }
    wait_ms(&w->wire, RTT_MS);
    for (unsigned n = 0; n < 7000; n++)
        for (unsigned i = 0; i < 6; i++)
            response(&lines[i], FULL_PACKET);
    assert_no_film(w, 0);
}

/* A film that is sent without being asked for, with or without acknowledgements. */
static void push_film(world *w, bool acknowledged)
{
    talk t = tcp_talk(&w->wire, client, 50000, cdn);
    for (unsigned i = 0; i < 30; i++) {
        response(&t, 400000 + 50000 * (i * 7 % 11));
        if (acknowledged)
            give(&t, true, QOE_TCP_ACK, t.up, 0, NULL, 0);
        wait_ms(&w->wire, 3400);
    }
}

/* Other ways lead back: requests are not to be seen, and what goes for a segment is none. */
static void of_one_direction_nothing_is_told(void **state)
{
    world *w = *state;
    push_film(w, false);
    qoe_analysis_finish(w->analysis);
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_int_equal(w->answered, 0);
    assert_null(w->started);
    assert_true(session->window_count > 8);
    for (uint32_t i = 0; i < session->window_count; i++) {
        assert_int_equal(session->windows[i]->resolution, 0);
        assert_string_equal(qoe_window_reason(session->windows[i]), "one direction only");
        assert_true(session->windows[i]->stalled_s < 0 && session->windows[i]->buffer_s < 0);
    }
    assert_true(session->startup_us < 0 && session->stall_s < 0);
}

static void a_server_that_is_not_asked_is_acknowledged(void **state)
{
    world *w = *state;
    push_film(w, true);
    qoe_analysis_finish(w->analysis);
    assert_true(w->answered > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_films_windows_have_a_resolution, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(a_calls_windows_say_that_it_is_no_film, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(a_call_over_tcp_is_no_film_either, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(a_lopsided_calls_windows_say_that_it_is_no_film, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(an_uploads_windows_say_that_it_is_no_film, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(a_plain_downloads_windows_say_that_it_is_no_film, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(the_windows_of_fast_com_say_that_it_is_no_film, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(the_windows_of_a_speed_test_say_that_it_is_no_film, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(of_one_direction_nothing_is_told, new_film_world, free_world),
        cmocka_unit_test_setup_teardown(a_server_that_is_not_asked_is_acknowledged, new_film_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
