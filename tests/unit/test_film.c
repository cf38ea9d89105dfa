/* What is not called a film: speed tests, downloads, calls, uploads; and what is not taken for one of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "analysis.h"
#include "film.h"
#include "packets.h"
#include "sample_bundle.h"

enum { MB = 1000000, WINDOW_US = 10000000 };

static const char *const client = "10.0.0.1", *const cdn = "192.0.2.1", *const cdn_name = "a.nflxvideo.net";

typedef struct {
    wire wire;
    qoe_rules *rules;
    qoe_analysis *analysis;
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
    w->analysis = qoe_analysis_new(&(qoe_config){.rules = w->rules});
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

static talk connection(world *w, uint16_t port)
{
    talk t = tcp_talk(&w->wire, client, port, cdn);
    open_film(&t, cdn_name);
    return t;
}

/* Windows of the service's last session that say that there is no film, and all its windows. */
static uint32_t ruled_out(world *w, const char *service, uint32_t *windows)
{
    uint32_t count = 0;
    *windows = 0;
    qoe_analysis_settle(w->analysis);
    for (size_t i = 0; i < qoe_analysis_sessions(w->analysis); i++) {
        const qoe_session *session = qoe_analysis_session(w->analysis, i);
        if (strcmp(session->service, service) != 0)
            continue;
        for (uint32_t k = 0; k < session->window_count; k++) {
            const qoe_window *window = session->windows[k];
            const bool out = window->downloaded.reason == QOE_REASON_NOT_FILM;
            assert_false(out && (window->resolution != 0 || window->downloaded.probability != 0));
            count += out;
        }
        *windows += session->window_count;
    }
    return count;
}

static void a_film_is_a_film_from_its_start_to_its_end(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk video = connection(w, 50000), audio = connection(w, 50001);
    for (unsigned i = 0; i < 60; i++) {
        fetch(&video, 1200 * 1000 + (i * 37 % 64) * 10000);
        if (i % 4 == 0)
            fetch(&audio, 198000);
        wait_ms(&w->wire, i < 20 ? 5 : 2000);
    }
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_int_equal(out, 0);
    assert_true(windows >= 10);
}

static void what_comes_while_a_speed_tests_page_is_open_is_the_tests(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk page = tcp_talk(&w->wire, client, 40000, "192.0.2.9");
    open_film(&page, "fast.com");
    fetch(&page, 30000);
    talk t = connection(w, 50000);
    for (unsigned i = 0; i < 12; i++)
        fetch(&t, 700000); /* pieces as small as a film's */
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_int_equal(out, windows);
    assert_true(windows >= 1);
}

static void a_film_long_after_a_speed_test_is_a_film_again(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk page = tcp_talk(&w->wire, client, 40000, "192.0.2.9");
    open_film(&page, "fast.com");
    talk t = connection(w, 50000);
    for (unsigned i = 0; i < 40; i++) {
        fetch(&t, 700000 + i * 5000);
        wait_ms(&w->wire, 2500);
    }
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_in_range(out, 3, 4); /* 30 s */
    assert_true(windows > 10);
}

static void another_clients_speed_test_is_no_matter(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk page = tcp_talk(&w->wire, "10.0.0.2", 40000, "192.0.2.9");
    open_film(&page, "fast.com");
    talk t = connection(w, 50000);
    for (unsigned i = 0; i < 10; i++)
        fetch(&t, 700000 + i * 5000);
    uint32_t windows;
    assert_int_equal(ruled_out(w, "Netflix", &windows), 0);
}

/* Answered windows of a host that no rule names, after so many objects as large as segments. */
static unsigned answers_untagged(unsigned objects)
{
    char *error = NULL;
    qoe_model *model = qoe_model_parse(SAMPLE_BUNDLE, strlen(SAMPLE_BUNDLE), "sample", &error);
    g_assert_null(error);
    qoe_rules *rules = qoe_rules_new();
    world w = {.analysis = qoe_analysis_new(&(qoe_config){.rules = rules, .model = model, .untagged = true})};
    w.wire = (wire){.take = take, .listener = &w};
    talk t = tcp_talk(&w.wire, client, 50000, cdn);
    open_film(&t, "chat.example");
    for (unsigned i = 0; i < objects; i++) {
        fetch(&t, 50000 + i * 500);
        wait_ms(&w.wire, 2000);
    }
    wait_ms(&w.wire, 20000);
    fetch(&t, 500);
    qoe_analysis_settle(w.analysis);
    unsigned answers = 0;
    for (size_t i = 0; i < qoe_analysis_sessions(w.analysis); i++) {
        const qoe_session *session = qoe_analysis_session(w.analysis, i);
        for (uint32_t k = 0; k < session->window_count; k++)
            answers += session->windows[k]->resolution != 0;
    }
    qoe_analysis_free(w.analysis);
    qoe_model_free(model);
    qoe_rules_free(rules);
    return answers;
}

static void a_host_that_nobody_names_is_not_judged_by_a_few_objects(void **state)
{
    (void)state;
    assert_int_equal(answers_untagged(6), 0);
    assert_true(answers_untagged(40) > 0);
}

static void a_download_is_no_film_once_no_segment_could_be_as_large(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk t = connection(w, 50000);
    request(&t);
    wait_ms(&w->wire, RTT_MS);
    response(&t, 80 * MB); /* 57 s */
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_true(windows >= 5);
    assert_in_range(out, windows - 3, windows);
}

static void a_film_after_a_download_is_a_film(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk t = connection(w, 50000);
    fetch(&t, 40 * MB);
    for (unsigned i = 0; i < 40; i++) {
        fetch(&t, 1000000 + i * 5000);
        wait_ms(&w->wire, 2000);
    }
    qoe_analysis_settle(w->analysis);
    const qoe_session *session = qoe_analysis_session(w->analysis, 0);
    assert_int_equal(session->windows[session->window_count - 2]->downloaded.reason, QOE_REASON_NO_MODEL);
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_in_range(out, 1, windows - 3);
}

static void many_large_responses_at_once_are_a_speed_test(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk streams[6];
    for (uint16_t i = 0; i < 6; i++) {
        streams[i] = connection(w, (uint16_t)(50000 + i));
        request(&streams[i]);
    }
    wait_ms(&w->wire, RTT_MS);
    for (unsigned n = 0; n < 2000; n++)
        for (unsigned i = 0; i < 6; i++)
            response(&streams[i], FULL_PACKET);
    uint32_t windows;
    assert_true(ruled_out(w, "Netflix", &windows) > 0);
}

/* So many packets a second in each direction for 30 s. */
static void call(world *w, uint32_t up_bytes, uint32_t down_bytes)
{
    talk t = quic_talk(&w->wire, client, 50000, cdn);
    for (unsigned i = 0; i < 1500; i++) {
        wait_ms(&w->wire, 20);
        say(&t, up_bytes);
        send_down(&t, down_bytes, application_data(&t), 6);
    }
}

static void a_call_is_no_film(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    call(w, 1000, 1000);
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_int_equal(out, windows);
    assert_true(windows >= 3);
}

static void a_call_without_a_picture_is_no_film(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    call(w, 160, 160);
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_int_equal(out, windows);
}

static void an_upload_is_no_film(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk t = connection(w, 50000);
    for (unsigned i = 0; i < 15000; i++) {
        wait_ms(&w->wire, 2);
        say(&t, FULL_PACKET);
        if (i % 2 == 0)
            send_down(&t, 0, NULL, 0);
    }
    uint32_t windows;
    const uint32_t out = ruled_out(w, "Netflix", &windows);
    assert_int_equal(out, windows);
}

static void acknowledgements_over_quic_are_no_upload(void **state)
{
    world *w = *state;
    dns(&w->wire, cdn_name, cdn);
    talk t = quic_talk(&w->wire, client, 50000, cdn);
    for (unsigned i = 0; i < 20; i++) {
        request(&t);
        wait_ms(&w->wire, RTT_MS);
        for (unsigned n = 0; n < 500; n++) {
            response(&t, 2 * FULL_PACKET);
            say(&t, 45);
        }
    }
    uint32_t windows;
    assert_int_equal(ruled_out(w, "Netflix", &windows), 0);
}

static void old_traffic_counts_less_and_less(void **state)
{
    (void)state;
    qoe_film film = {0};
    const qoe_traffic talked = {.payload_out = 2 * MB, .payload_in = 2 * MB}, watched = {.payload_in = 3 * MB};
    GPtrArray *open = g_ptr_array_new();
    assert_true(qoe_film_is_ruled_out(&film, &talked, open));
    qoe_film_add_window(&film, &talked, WINDOW_US);
    assert_true(film.up > 0.9 * MB && film.up < 1.1 * MB); /* half of it after ten seconds */
    for (unsigned i = 0; i < 3; i++)
        qoe_film_add_window(&film, &watched, WINDOW_US);
    assert_false(qoe_film_is_ruled_out(&film, &watched, open));
    g_ptr_array_free(open, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_nobody_names_is_not_judged_by_a_few_objects),
        cmocka_unit_test_setup_teardown(a_film_is_a_film_from_its_start_to_its_end, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_comes_while_a_speed_tests_page_is_open_is_the_tests, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_film_long_after_a_speed_test_is_a_film_again, new_world, free_world),
        cmocka_unit_test_setup_teardown(another_clients_speed_test_is_no_matter, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_download_is_no_film_once_no_segment_could_be_as_large, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_film_after_a_download_is_a_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(many_large_responses_at_once_are_a_speed_test, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_call_is_no_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_call_without_a_picture_is_no_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_upload_is_no_film, new_world, free_world),
        cmocka_unit_test_setup_teardown(acknowledgements_over_quic_are_no_upload, new_world, free_world),
        cmocka_unit_test(old_traffic_counts_less_and_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
