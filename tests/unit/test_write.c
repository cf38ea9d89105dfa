/* Tables as CSV, JSON and text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "chart_data.h"
#include "shown_world.h"
#include "write.h"

static int new_world(void **state)
{
    *state = shown_world_new("Lab");
    shown_film(*state);
    qoe_analysis_settle(((shown_world *)*state)->analysis);
    return 0;
}

static int free_world(void **state)
{
    shown_world_free(*state);
    return 0;
}

static char *contents(FILE *file)
{
    const long size = ftell(file);
    char *text = g_malloc0((gsize)size + 1);

    rewind(file);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

static char *written(const shown_world *w, qoe_table table, qoe_format format)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(qoe_write_table(file, table, format, w->analysis));
    return contents(file);
}

/* The columns that other tools rely on: more may come behind them, none may go. */
static void the_columns_are_those_that_were_promised(void **state)
{
    static const char *const heads[] = {
        [QOE_TABLE_SERVERS] = "service,address,name,source,packets_in,packets_out,bytes_in,bytes_out,payload_in,"
                              "payload_out,first_s,last_s",
        [QOE_TABLE_SEGMENTS] = "session,segment,service,client,server,server_name,stream,transport,kind,request_s,"
                               "first_byte_s,last_byte_s,bytes,packets,request_frame,last_frame,complete,resolution",
        [QOE_TABLE_WINDOWS] = "session,window,start_s,end_s,service,client,resolution,downloaded,probability,reason,"
                              "segments,video_segments,bytes_in,bytes_out,packets_in,packets_out,throughput_kbps,"
                              "buffer_s,stalled_s",
        [QOE_TABLE_SESSIONS] = "session,service,client,start_s,end_s,startup_s,mean_resolution,switches,stall_s,"
                               "stalls,video_bytes,audio_bytes,segments",
        [QOE_TABLE_FEATURES] = "session,window,start_s",
    };

    for (int table = 0; table < QOE_TABLES; table++) {
        char *csv = written(*state, (qoe_table)table, QOE_FORMAT_CSV);
        if (!g_str_has_prefix(csv, heads[table]))
            fail_msg("%s: %.200s", qoe_table_name((qoe_table)table), csv);
        g_free(csv);
    }
}

static void every_feature_has_its_column(void **state)
{
    char *csv = written(*state, QOE_TABLE_FEATURES, QOE_FORMAT_CSV);
    char **lines = g_strsplit(csv, "\n", 2), **names = g_strsplit(lines[0], ",", -1);

    assert_int_equal(g_strv_length(names), 3 + qoe_features_count());
    for (unsigned i = 0; i < qoe_features_count(); i++)
        assert_string_equal(names[3 + i], qoe_features_at(i)->name);
    g_strfreev(names);
    g_strfreev(lines);
    g_free(csv);
}

/* Fields of a line without quotes in it. */
static void every_line_has_as_many_fields_as_the_head(void **state)
{
    for (int table = 0; table < QOE_TABLES; table++) {
        char *csv = written(*state, (qoe_table)table, QOE_FORMAT_CSV);
        char **lines = g_strsplit(csv, "\n", -1);
        const guint count = g_strv_length(lines);
        char **head = g_strsplit(lines[0], ",", -1);
        assert_true(count > 2);
        assert_string_equal(lines[count - 1], "");
        for (guint i = 1; i + 1 < count; i++) {
            char **fields = g_strsplit(lines[i], ",", -1);
            assert_int_equal(g_strv_length(fields), g_strv_length(head));
            g_strfreev(fields);
        }
        g_strfreev(head);
        g_strfreev(lines);
        g_free(csv);
    }
}

static void an_open_segment_is_in_the_table_and_marked(void **state)
{
    char *csv = written(*state, QOE_TABLE_SEGMENTS, QOE_FORMAT_CSV);
    char **lines = g_strsplit(csv, "\n", -1);

    assert_int_equal(g_strv_length(lines), 1 + 11 + 1);
    assert_non_null(strstr(lines[1], ",yes,"));
    assert_non_null(strstr(lines[11], ",open,"));
    g_strfreev(lines);
    g_free(csv);
}

static void a_server_that_was_only_named_has_a_row_without_times(void **state)
{
    char *csv = written(*state, QOE_TABLE_SERVERS, QOE_FORMAT_CSV);

    assert_non_null(strstr(csv, "Lab,192.0.2.2,other.video.test,dns,0,0,0,0,0,0,,\n"));
    g_free(csv);
}

static void what_is_not_known_is_empty_in_csv_and_null_in_json(void **state)
{
    char *csv = written(*state, QOE_TABLE_WINDOWS, QOE_FORMAT_CSV);
    char *json = written(*state, QOE_TABLE_WINDOWS, QOE_FORMAT_JSON);

    assert_non_null(strstr(csv, ",Lab,10.0.0.1,,,,no model,"));
    assert_non_null(strstr(json, "\"resolution\": null, \"downloaded\": null, \"probability\": null, "
                                 "\"reason\": \"no model\""));
    g_free(csv);
    g_free(json);
}

/* A loop over captures appends one table to the other. */
static void without_a_model_its_columns_are_there_and_empty(void **state)
{
    char *csv = written(*state, QOE_TABLE_WINDOWS, QOE_FORMAT_CSV);
    char *json = written(*state, QOE_TABLE_WINDOWS, QOE_FORMAT_JSON);

    assert_non_null(strstr(csv, ",stalled_s,p_144,p_240,p_360,p_480,p_720,p_1080,open,start_epoch\n"));
    assert_non_null(strstr(csv, ",,,,,,false,\n"));
    assert_non_null(strstr(json, "\"p_144\": null, \"p_240\": null, \"p_360\": null, \"p_480\": null, "
                                 "\"p_720\": null, \"p_1080\": null, \"open\": false, \"start_epoch\": null}"));
    g_free(csv);
    g_free(json);
}

static void times_have_six_decimals_and_truth_is_a_word(void **state)
{
    char *json = written(*state, QOE_TABLE_WINDOWS, QOE_FORMAT_JSON);

    assert_non_null(strstr(json, "\"start_s\": 10.000000, \"end_s\": 20.000000"));
    assert_non_null(strstr(json, "\"open\": true, \"start_epoch\": null}\n]\n"));
    assert_non_null(strstr(json, "\"open\": false, \"start_epoch\": null}"));
    g_free(json);
}

static void rows_tell_when_they_began_by_the_calendar(void **state)
{
    shown_world *w = *state;
    qoe_analysis_set_epoch_us(w->analysis, 1795321308112181);
    char *json = written(w, QOE_TABLE_WINDOWS, QOE_FORMAT_JSON);
    const int64_t start_us = qoe_analysis_session(w->analysis, 0)->start_us;
    char *expected = g_strdup_printf("\"start_epoch\": %.6f}", 1795321308.112181 + (double)start_us / 1e6);
    char *sessions = written(w, QOE_TABLE_SESSIONS, QOE_FORMAT_JSON);

    assert_non_null(strstr(json, "\"start_s\": 10.000000"));
    assert_non_null(strstr(json, "\"start_epoch\": 1795321318.112181}"));
    assert_non_null(strstr(sessions, expected));
    g_free(sessions);
    g_free(expected);
    g_free(json);
}

static void names_are_quoted_where_they_must_be(void **state)
{
    shown_world *w = shown_world_new("My \"own\", best");
    (void)state;

    shown_film(w);
    qoe_analysis_settle(w->analysis);
    char *csv = written(w, QOE_TABLE_SESSIONS, QOE_FORMAT_CSV);
    char *json = written(w, QOE_TABLE_SESSIONS, QOE_FORMAT_JSON);
    assert_non_null(strstr(csv, "\n1,\"My \"\"own\"\", best\",10.0.0.1,"));
    assert_non_null(strstr(json, "\"service\": \"My \\\"own\\\", best\""));
    g_free(csv);
    g_free(json);
    shown_world_free(w);
}

static void a_capture_without_streams_gives_a_head_and_an_empty_list(void **state)
{
    shown_world *w = shown_world_new("Lab");
    (void)state;

    char *csv = written(w, QOE_TABLE_WINDOWS, QOE_FORMAT_CSV);
    char *json = written(w, QOE_TABLE_WINDOWS, QOE_FORMAT_JSON);
    assert_ptr_equal(strchr(csv, '\n'), csv + strlen(csv) - 1);
    assert_string_equal(json, "[]\n");
    g_free(csv);
    g_free(json);
    shown_world_free(w);
}

static void numbers_keep_their_point_in_every_locale(void **state)
{
    char *before = written(*state, QOE_TABLE_FEATURES, QOE_FORMAT_CSV);

    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8")) {
        g_free(before);
        skip();
    }
    char *after = written(*state, QOE_TABLE_FEATURES, QOE_FORMAT_CSV);
    setlocale(LC_ALL, "C");
    assert_string_equal(before, after);
    g_free(before);
    g_free(after);
}

static void a_full_disk_is_noticed(void **state)
{
    const shown_world *w = *state;
    FILE *full = fopen("/dev/full", "w");

    if (!full)
        skip();
    assert_false(qoe_write_table(full, QOE_TABLE_FEATURES, QOE_FORMAT_CSV, w->analysis));
    fclose(full);
}

static char *text_of(const shown_world *w, qoe_table table)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(qoe_write_text(file, table, w->analysis, NULL, "tcp && ip"));
    return contents(file);
}

static void columns_of_text_stand_below_each_other(void **state)
{
    static const qoe_table tables[] = {QOE_TABLE_SERVERS, QOE_TABLE_SEGMENTS, QOE_TABLE_WINDOWS, QOE_TABLE_SESSIONS};

    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        char *text = text_of(*state, tables[i]);
        char **lines = g_strsplit(text, "\n", -1);
        assert_int_equal(lines[0][0], '=');
        assert_true(g_str_has_prefix(lines[1], qoe_table_title(tables[i])));
        assert_string_equal(lines[2], "Filter: tcp && ip");
        /* Titles and numbers end, or titles and texts begin, in the same place; the second column of each table is
         * told apart by its title. */
        const char *title = qoe_view_column_at(tables[i], 1).title;
        const size_t at = (size_t)(strstr(lines[4], title) - lines[4]);
        const bool number = qoe_view_column_at(tables[i], 1).type != QOE_CELL_TEXT;
        const size_t edge = number ? at + strlen(title) - 1 : at;
        for (int row = 5; lines[row][0] != '='; row++) {
            assert_int_not_equal(lines[row][edge], ' ');
            assert_int_equal(number ? lines[row][edge + 1] : lines[row][edge - 1], ' ');
            assert_true(strlen(lines[row]) <= strlen(lines[0]));
            assert_int_not_equal(lines[row][strlen(lines[row]) - 1], ' ');
        }
        g_strfreev(lines);
        g_free(text);
    }
}

static void kinds_and_formats_are_found_by_name_only(void **state)
{
    (void)state;
    assert_int_equal(qoe_table_find("windows"), QOE_TABLE_WINDOWS);
    assert_int_equal(qoe_table_find("window"), QOE_TABLES);
    assert_int_equal(qoe_table_find(""), QOE_TABLES);
    assert_int_equal(qoe_format_find("json"), QOE_FORMAT_JSON);
    assert_int_equal(qoe_format_find("CSV"), QOE_FORMATS);
}

static void the_graph_gets_the_session_s_own_windows_and_segments(void **state)
{
    const shown_world *w = *state;
    qoe_chart_data *first = qoe_chart_data_new(w->analysis, 0), *second = qoe_chart_data_new(w->analysis, 1);

    assert_int_equal(first->session, 1);
    assert_string_equal(first->client, "10.0.0.1");
    assert_int_equal(first->segments_count + second->segments_count, 11);
    for (size_t i = 0; i < first->windows_count; i++)
        assert_int_equal(first->windows[i].index, i);
    assert_true(first->windows[first->windows_count - 1].open);
    qoe_chart_data_free(first);
    qoe_chart_data_free(second);
}

static void a_window_cut_by_the_capture_s_end_has_the_rate_of_its_part(void **state)
{
    qoe_window window = {.start_us = 10000000, .end_us = 20000000, .traffic = {.bytes_in = 1000000}};
    (void)state;

    assert_true(qoe_window_bps(&window, 14000000) == 8e5);
    window.open = true;
    assert_true(qoe_window_bps(&window, 14000000) == 2e6);
    assert_true(qoe_window_bps(&window, 10000001) == 8e6); /* at least a second */
    assert_true(qoe_window_bps(&window, 99000000) == 8e5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_columns_are_those_that_were_promised, new_world, free_world),
        cmocka_unit_test_setup_teardown(every_feature_has_its_column, new_world, free_world),
        cmocka_unit_test_setup_teardown(every_line_has_as_many_fields_as_the_head, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_open_segment_is_in_the_table_and_marked, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_server_that_was_only_named_has_a_row_without_times, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_empty_in_csv_and_null_in_json, new_world, free_world),
        cmocka_unit_test_setup_teardown(without_a_model_its_columns_are_there_and_empty, new_world, free_world),
        cmocka_unit_test_setup_teardown(times_have_six_decimals_and_truth_is_a_word, new_world, free_world),
        cmocka_unit_test_setup_teardown(rows_tell_when_they_began_by_the_calendar, new_world, free_world),
        cmocka_unit_test(names_are_quoted_where_they_must_be),
        cmocka_unit_test(a_capture_without_streams_gives_a_head_and_an_empty_list),
        cmocka_unit_test_setup_teardown(numbers_keep_their_point_in_every_locale, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_full_disk_is_noticed, new_world, free_world),
        cmocka_unit_test_setup_teardown(columns_of_text_stand_below_each_other, new_world, free_world),
        cmocka_unit_test(kinds_and_formats_are_found_by_name_only),
        cmocka_unit_test_setup_teardown(the_graph_gets_the_session_s_own_windows_and_segments, new_world, free_world),
        cmocka_unit_test(a_window_cut_by_the_capture_s_end_has_the_rate_of_its_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
