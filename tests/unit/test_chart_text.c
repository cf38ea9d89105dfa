/* The chart in characters: what a person sees in a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "chart_sample.h"
#include "chart_text.h"

static char *draw(const qoe_chart_data *data, int columns, bool utf8, bool colour)
{
    const qoe_text_options options = {columns, utf8, colour};
    return qoe_chart_text(data, &options);
}

static void check_lines(const char *text, glong columns)
{
    char **lines = g_strsplit(text, "\n", -1);

    for (int i = 0; lines[i]; i++) {
        const glong width = g_utf8_strlen(lines[i], -1);
        if (width > columns)
            fail_msg("%ld characters where %ld fit: %s", width, columns, lines[i]);
        if (width > 0 && lines[i][strlen(lines[i]) - 1] == ' ')
            fail_msg("blanks at the end of: %s", lines[i]);
    }
    g_strfreev(lines);
}

static void no_line_is_longer_than_the_terminal(void **state)
{
    static const size_t windows[] = {0, 1, 2, 30, 53, 54, 200, 5000};
    (void)state;

    for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
        qoe_chart_data *data = sample_session_played(windows[i]);
        for (int columns = 40; columns <= 240; columns += 7) {
            char *text = draw(data, columns, true, false);
            assert_true(g_utf8_validate(text, -1, NULL));
            check_lines(text, columns);
            g_free(text);
        }
        qoe_chart_data_free(data);
    }
}

static void plain_text_is_ascii(void **state)
{
    qoe_chart_data *data = sample_session_played(40);
    (void)state;

    g_free(data->service);
    data->service = g_strdup("T\u00e9l\u00e9");
    char *text = draw(data, 90, false, false);
    assert_true(g_str_is_ascii(text));
    assert_null(strchr(text, '\033'));
    g_free(text);
    qoe_chart_data_free(data);
}

/* The rest of the line that begins with a label. */
static char *row_of(const char *text, const char *label)
{
    char **lines = g_strsplit(text, "\n", -1);
    char *found = NULL;

    for (int i = 0; lines[i] && !found; i++)
        if (strstr(lines[i], label))
            found = g_strdup(strstr(lines[i], label) + strlen(label));
    g_strfreev(lines);
    assert_non_null(found);
    return found;
}

static qoe_chart_data *steps(void)
{
    static const int ladder[] = {0, 240, 240, 720, 720, 480};
    qoe_chart_data *data = sample_session(6);

    for (int i = 0; i < 6; i++) {
        data->windows[i].resolution = data->windows[i].downloaded = ladder[i];
        data->windows[i].certainty = i < 4 ? 0.9 : 0.4;
        data->windows[i].reason = ladder[i] ? "" : "no segments";
    }
    return data;
}

static void a_window_stands_in_the_row_of_its_resolution(void **state)
{
    qoe_chart_data *data = steps();
    (void)state;

    char *text = draw(data, 40, false, false); /* five columns a window */
    char *low = row_of(text, "240p |"), *high = row_of(text, "720p |"), *middle = row_of(text, "480p |");
    char *none = row_of(text, "none |");
    assert_string_equal(low, "     =========='");
    assert_string_equal(high, "               .====~~~~~.");
    assert_string_equal(middle, "               |         '~~~~");
    assert_string_equal(none, "?????");
    g_free(low);
    g_free(high);
    g_free(middle);
    g_free(none);
    g_free(text);
    qoe_chart_data_free(data);
}

static void the_legend_explains_the_signs_in_use_and_no_others(void **state)
{
    qoe_chart_data *data = steps();
    (void)state;

    char *text = draw(data, 100, false, false);
    assert_non_null(strstr(text, "= sure"));
    assert_non_null(strstr(text, "~ unsure"));
    assert_non_null(strstr(text, "? no answer (no segments 1)"));
    assert_null(strstr(text, "likely"));
    assert_null(strstr(text, "on screen"));
    assert_non_null(strstr(text, "# the highest bar, then * + : ."));
    g_free(text);
    text = draw(data, 100, true, false);
    assert_null(strstr(text, "bar"));
    g_free(text);
    qoe_chart_data_free(data);
}

static void every_reason_is_counted(void **state)
{
    qoe_chart_data *data = sample_session(20);
    (void)state;

    char *text = draw(data, 120, false, false);
    assert_non_null(strstr(text, "no answer (too few segments 1, outside training range 3)"));
    g_free(text);
    qoe_chart_data_free(data);
}

static void a_long_session_shows_the_commonest_answer_of_each_column(void **state)
{
    qoe_chart_data *data = sample_session(400);
    (void)state;

    for (size_t i = 0; i < 400; i++)
        data->windows[i].resolution = data->windows[i].downloaded = i % 8 == 3 ? 0 : i % 4 == 0 ? 1080 : 360;
    char *text = draw(data, 77, false, false); /* 50 columns of 8 windows */
    char *high = row_of(text, "1080p |"), *low = row_of(text, "360p |");
    assert_string_equal(high, "");
    assert_int_equal(strlen(low), 50);
    g_free(high);
    g_free(low);
    g_free(text);
    qoe_chart_data_free(data);
}

static void minutes_stand_below_the_axis(void **state)
{
    qoe_chart_data *data = sample_session(30);
    (void)state;

    char *text = draw(data, 80, false, false);
    assert_non_null(strstr(text, "0:00  1:00  2:00  3:00  4:00  5:00"));
    g_free(text);
    qoe_chart_data_free(data);
}

static void below_them_stands_what_time_it_was(void **state)
{
    qoe_chart_data *data = sample_session(30);
    (void)state;

    g_setenv("TZ", "UTC", TRUE);
    data->epoch_us = 1795321308112181;
    char *text = draw(data, 80, false, false);
    assert_non_null(strstr(text, "0:00 is 2026-11-22 04:21:48 UTC\n"));
    g_free(text);
    data->epoch_us = 0; /* a capture without a clock */
    text = draw(data, 80, false, false);
    assert_null(strstr(text, "0:00 is"));
    g_free(text);
    qoe_chart_data_free(data);
}

static void colour_changes_nothing_but_colour(void **state)
{
    qoe_chart_data *data = sample_session_played(30);
    (void)state;

    char *plain = draw(data, 80, true, false), *coloured = draw(data, 80, true, true);
    GRegex *escape = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    char *stripped = g_regex_replace_literal(escape, coloured, -1, 0, "", 0, NULL);
    assert_string_not_equal(plain, coloured);
    assert_string_equal(plain, stripped);
    char **lines = g_strsplit(coloured, "\n", -1);
    for (int i = 0; lines[i]; i++) /* no colour runs over a line's end */
        if (strchr(lines[i], '\033'))
            assert_true(g_str_has_suffix(lines[i], "\033[0m") || !g_str_has_suffix(lines[i], "m"));
    g_strfreev(lines);
    g_free(stripped);
    g_regex_unref(escape);
    g_free(plain);
    g_free(coloured);
    qoe_chart_data_free(data);
}

static void a_file_gets_no_colour_and_the_width_that_the_shell_tells(void **state)
{
    FILE *file = tmpfile();
    (void)state;

    assert_non_null(file);
    g_setenv("COLUMNS", "123", TRUE);
    qoe_text_options options = qoe_text_options_for(file);
    assert_int_equal(options.columns, 123);
    assert_false(options.utf8); /* in the C locale */
    assert_false(options.colour);
    g_setenv("COLUMNS", "-7", TRUE);
    assert_int_equal(qoe_text_options_for(file).columns, QOE_TEXT_COLUMNS_DEFAULT);
    g_unsetenv("COLUMNS");
    assert_int_equal(qoe_text_options_for(file).columns, QOE_TEXT_COLUMNS_DEFAULT);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_is_longer_than_the_terminal),
        cmocka_unit_test(plain_text_is_ascii),
        cmocka_unit_test(a_window_stands_in_the_row_of_its_resolution),
        cmocka_unit_test(the_legend_explains_the_signs_in_use_and_no_others),
        cmocka_unit_test(every_reason_is_counted),
        cmocka_unit_test(a_long_session_shows_the_commonest_answer_of_each_column),
        cmocka_unit_test(minutes_stand_below_the_axis),
        cmocka_unit_test(below_them_stands_what_time_it_was),
        cmocka_unit_test(colour_changes_nothing_but_colour),
        cmocka_unit_test(a_file_gets_no_colour_and_the_width_that_the_shell_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
