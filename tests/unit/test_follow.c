/* Which rows a listener of the tap is told, with and without a filter, in one pass as in two.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "follow.h"
#include "shown_world.h"

static int new_world(void **state)
{
    *state = shown_world_new("Lab");
    return 0;
}

static int free_world(void **state)
{
    shown_world_free(*state);
    return 0;
}

/* Rows as texts, sorted, so that passes can be compared. */
static void tell(qoe_table table, const qoe_row *row, void *user_data)
{
    const uint32_t number = table == QOE_TABLE_SEGMENTS  ? row->segment->number
                            : table == QOE_TABLE_WINDOWS ? row->window->session * 1000 + row->window->index
                                                         : row->session->number;
    g_ptr_array_add(user_data, g_strdup_printf("%s %06u", qoe_table_name(table), number));
}

static gint compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *join(GPtrArray *rows)
{
    g_ptr_array_sort(rows, compare);
    for (guint i = 1; i < rows->len; i++)
        if (compare(&rows->pdata[i - 1], &rows->pdata[i]) == 0)
            fail_msg("told twice: %s", (const char *)rows->pdata[i]);
    g_ptr_array_add(rows, NULL);
    return g_strjoinv("\n", (char **)rows->pdata);
}

typedef bool (*filter)(const qoe_packet *packet);

static bool all(const qoe_packet *packet)
{
    (void)packet;
    return true;
}

static bool nothing(const qoe_packet *packet)
{
    (void)packet;
    return false;
}

static bool second_client(const qoe_packet *packet)
{
    return packet->src_port == 40002 || packet->dst_port == 40002;
}

static bool early(const qoe_packet *packet)
{
    return packet->time_us < 15000000;
}

static bool from_server(const qoe_packet *packet)
{
    return packet->src_port == 443;
}

static bool to_server(const qoe_packet *packet)
{
    return packet->dst_port == 443;
}

static bool behind_a_pause(const qoe_packet *packet)
{
    return packet->time_us > 60000000;
}

/* What a listener is told of the packets that pass; finished twice, for a listener may be drawn more than once. */
static char *rows_of(const shown_world *w, filter passes, bool known)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
    qoe_follow *follow = qoe_follow_new(tell, rows);

    for (guint i = 0; i < w->packets->len; i++) {
        const shown_packet *shown = &g_array_index(w->packets, shown_packet, i);
        qoe_verdict verdict = shown->verdict;
        if (known)
            qoe_analysis_lookup(w->analysis, &shown->packet, &verdict);
        if (passes(&shown->packet))
            qoe_follow_packet(follow, w->analysis, &shown->packet, &verdict, known);
    }
    qoe_follow_finish(follow, w->analysis);
    qoe_follow_finish(follow, w->analysis);
    qoe_follow_free(follow);
    char *text = join(rows);
    g_ptr_array_free(rows, TRUE);
    return text;
}

static void the_second_pass_tells_the_same_rows_as_the_first(void **state)
{
    static const filter filters[] = {all, nothing, second_client, early, from_server};
    shown_world *w = *state;

    shown_film(w);
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        char *first = rows_of(w, filters[i], false), *second = rows_of(w, filters[i], true);
        assert_string_equal(first, second);
        g_free(first);
        g_free(second);
    }
}

static void without_a_filter_every_row_is_told(void **state)
{
    shown_world *w = *state;

    shown_film(w);
    char *rows = rows_of(w, all, true);
    assert_non_null(strstr(rows, "sessions 000001\nsessions 000002"));
    assert_non_null(strstr(rows, "segments 000011")); /* the open one */
    qoe_analysis_settle(w->analysis);
    for (size_t i = 0; i < qoe_analysis_sessions(w->analysis); i++) {
        const qoe_session *session = qoe_analysis_session(w->analysis, i);
        char *last =
            g_strdup_printf("windows %06u", session->number * 1000 + session->first_window + session->window_count - 1);
        assert_non_null(strstr(rows, last));
        g_free(last);
    }
    g_free(rows);
}

static void a_filter_that_nothing_passes_tells_nothing(void **state)
{
    shown_world *w = *state;

    shown_film(w);
    char *rows = rows_of(w, nothing, false);
    assert_string_equal(rows, "");
    g_free(rows);
}

static void a_filter_for_one_client_tells_its_rows_only(void **state)
{
    shown_world *w = *state;

    shown_film(w);
    char *rows = rows_of(w, second_client, false);
    assert_non_null(strstr(rows, "sessions 000002"));
    assert_null(strstr(rows, "sessions 000001"));
    assert_null(strstr(rows, "windows 001"));
    assert_non_null(strstr(rows, "segments 000003"));
    assert_null(strstr(rows, "segments 000001"));
    g_free(rows);
}

/* shown_film, then 35 s of silence, and one more segment. Each window has packets of both directions besides the one
 * that closed the window before it. */
static void paused_film(shown_world *w)
{
    talk first = tcp_talk(&w->wire, "10.0.0.1", 40003, "192.0.2.1");
    talk second = tcp_talk(&w->wire, "10.0.0.2", 40002, "192.0.2.1");

    shown_film(w);
    request(&second);
    wait_ms(&w->wire, 35000);
    open_film(&first, "cdn.video.test");
    fetch(&first, 300000);
}

static void either_direction_tells_what_both_do(void **state)
{
    static const filter filters[] = {from_server, to_server};
    shown_world *w = *state;

    paused_film(w);
    char *whole = rows_of(w, all, false);
    assert_non_null(strstr(whole, "windows 001005")); /* a silent one */
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(filters); i++) {
        char *rows = rows_of(w, filters[i / 2], i % 2);
        assert_string_equal(rows, whole);
        g_free(rows);
    }
    g_free(whole);
}

static void silent_windows_go_with_the_window_before_them(void **state)
{
    shown_world *w = *state;

    paused_film(w);
    char *before = rows_of(w, early, true), *behind = rows_of(w, behind_a_pause, true);
    assert_non_null(strstr(before, "windows 001001"));
    assert_null(strstr(before, "windows 001005"));
    assert_non_null(strstr(behind, "windows 001006"));
    assert_null(strstr(behind, "windows 001001"));
    assert_non_null(strstr(behind, "windows 001005")); /* the first packet behind it closed the one before it, too */
    g_free(before);
    g_free(behind);
}

static void a_segment_of_which_no_packet_passed_is_not_told(void **state)
{
    shown_world *w = *state;

    shown_film(w);
    char *rows = rows_of(w, early, false);
    assert_non_null(strstr(rows, "segments 000001"));
    assert_null(strstr(rows, "segments 000008"));
    assert_null(strstr(rows, "segments 000011")); /* never closed; older packets of its connection passed */
    g_free(rows);
}

static void after_a_reset_everything_is_told_anew(void **state)
{
    shown_world *w = *state;
    GPtrArray *rows = g_ptr_array_new_with_free_func(g_free);
    qoe_follow *follow = qoe_follow_new(tell, rows);

    shown_film(w);
    for (int round = 0; round < 2; round++) {
        g_ptr_array_set_size(rows, 0);
        qoe_follow_reset(follow);
        for (guint i = 0; i < w->packets->len; i++) {
            const shown_packet *shown = &g_array_index(w->packets, shown_packet, i);
            qoe_follow_packet(follow, w->analysis, &shown->packet, &shown->verdict, round == 0);
        }
        qoe_follow_finish(follow, w->analysis);
        assert_true(rows->len >= 2 + 11 + 2 * 3);
    }
    qoe_follow_free(follow);
    g_ptr_array_free(rows, TRUE);
}

static void a_server_is_counted_by_the_packets_that_passed(void **state)
{
    shown_world *w = *state;
    qoe_selection *selection = qoe_selection_new();
    qoe_traffic traffic;
    int64_t first_us, last_us;

    shown_film(w);
    const qoe_server *server = g_array_index(w->packets, shown_packet, 0).verdict.server;
    assert_false(qoe_selection_server(selection, server, &traffic, &first_us, &last_us));
    uint64_t in = 0, out = 0;
    for (guint i = 0; i < w->packets->len; i++) {
        const shown_packet *shown = &g_array_index(w->packets, shown_packet, i);
        if (!second_client(&shown->packet))
            continue;
        qoe_selection_add(selection, w->analysis, &shown->packet, &shown->verdict, NULL, NULL);
        *(shown->packet.src_port == 443 ? &in : &out) += shown->packet.ip_len;
    }
    assert_true(qoe_selection_server(selection, server, &traffic, &first_us, &last_us));
    assert_int_equal(traffic.bytes_in, in);
    assert_int_equal(traffic.bytes_out, out);
    assert_true(first_us < last_us);
    qoe_selection_free(selection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_second_pass_tells_the_same_rows_as_the_first, new_world, free_world),
        cmocka_unit_test_setup_teardown(without_a_filter_every_row_is_told, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_filter_that_nothing_passes_tells_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_filter_for_one_client_tells_its_rows_only, new_world, free_world),
        cmocka_unit_test_setup_teardown(either_direction_tells_what_both_do, new_world, free_world),
        cmocka_unit_test_setup_teardown(silent_windows_go_with_the_window_before_them, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_segment_of_which_no_packet_passed_is_not_told, new_world, free_world),
        cmocka_unit_test_setup_teardown(after_a_reset_everything_is_told_anew, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_server_is_counted_by_the_packets_that_passed, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
