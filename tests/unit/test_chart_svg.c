/* Scenes as SVG: well-formed, escaped, nothing that a reader must guess.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "chart_sample.h"
#include "chart_svg.h"

typedef struct {
    GHashTable *ids, *references;
    int rects, texts, clips, tips;
} seen;

/* Sizes must not be negative (SVG 1.1, 9.2), numbers must be numbers. */
static void check_number(const char *name, const char *value)
{
    char *end = NULL;
    const double number = g_ascii_strtod(value, &end);

    if (*end != '\0' || !isfinite(number))
        fail_msg("%s=\"%s\" is no number", name, value);
    if ((strcmp(name, "width") == 0 || strcmp(name, "height") == 0) && number < 0)
        fail_msg("%s=\"%s\" is negative", name, value);
}

static void start_element(GMarkupParseContext *context, const char *element, const char **names, const char **values,
                          gpointer user_data, GError **error)
{
    static const char *const numbers[] = {"x", "y", "width", "height", "opacity", "font-size", "stroke-width", NULL};
    seen *all = user_data;
    (void)context;
    (void)error;

    all->rects += strcmp(element, "rect") == 0;
    all->texts += strcmp(element, "text") == 0;
    all->clips += strcmp(element, "clipPath") == 0;
    all->tips += strcmp(element, "title") == 0;
    for (int i = 0; names[i]; i++) {
        if (g_strv_contains(numbers, names[i]))
            check_number(names[i], values[i]);
        if (strcmp(names[i], "id") == 0 && !g_hash_table_add(all->ids, g_strdup(values[i])))
            fail_msg("id \"%s\" is there twice", values[i]);
        if (g_str_has_prefix(values[i], "url(#"))
            g_hash_table_add(all->references, g_strndup(values[i] + 5, strlen(values[i]) - 6));
    }
}

static void check_reference(gpointer id, gpointer value, gpointer ids)
{
    (void)value;
    if (!g_hash_table_contains(ids, id))
        fail_msg("#%s is used but nowhere defined", (const char *)id);
}

static seen parse(const char *svg)
{
    const GMarkupParser parser = {.start_element = start_element};
    seen all = {.ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                .references = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &all, NULL);
    GError *error = NULL;

    if (!g_markup_parse_context_parse(context, svg, -1, &error) || !g_markup_parse_context_end_parse(context, &error))
        fail_msg("%s", error->message);
    g_hash_table_foreach(all.references, check_reference, all.ids);
    g_markup_parse_context_free(context);
    g_hash_table_destroy(all.ids);
    g_hash_table_destroy(all.references);
    return all;
}

static GString *picture_of(qoe_chart_data *data, size_t copies)
{
    const qoe_chart_options options = {.width = 800, .layers = QOE_LAYERS_DEFAULT};
    const qoe_scene *scenes[4];

    for (size_t i = 0; i < copies; i++)
        scenes[i] = qoe_chart_scene(data, &options, NULL);
    GString *svg = qoe_chart_svg(scenes, copies, "A <title> & \"more\"", "what ' it > shows");
    for (size_t i = 0; i < copies; i++)
        qoe_scene_free((qoe_scene *)(uintptr_t)scenes[i]);
    qoe_chart_data_free(data);
    return svg;
}

static void a_picture_is_well_formed_and_its_numbers_are_sound(void **state)
{
    GString *svg = picture_of(sample_session_played(30), 1);
    (void)state;

    const seen all = parse(svg->str);
    assert_true(all.rects > 100);
    assert_true(all.texts > 20);
    assert_int_equal(all.clips, 1);
    g_string_free(svg, TRUE);
}

static void stacked_sessions_share_one_picture_without_clashes(void **state)
{
    GString *one = picture_of(sample_session(30), 1), *three = picture_of(sample_session(30), 3);
    (void)state;

    const seen single = parse(one->str), all = parse(three->str);
    assert_int_equal(all.texts, 3 * single.texts);
    assert_int_equal(all.clips, 3);
    assert_non_null(strstr(three->str, "translate(0,"));
    g_string_free(one, TRUE);
    g_string_free(three, TRUE);
}

static void names_cannot_break_out_of_the_picture(void **state)
{
    qoe_chart_data *data = sample_session(3);
    (void)state;

    g_free(data->service);
    data->service = g_strdup("<script>alert('&')</script>");
    GString *svg = picture_of(data, 1);
    parse(svg->str);
    assert_null(strstr(svg->str, "<script"));
    assert_non_null(strstr(svg->str, "&lt;script&gt;"));
    g_string_free(svg, TRUE);
}

static void windows_and_segments_carry_their_text_for_the_pointer(void **state)
{
    GString *svg = picture_of(sample_session(6), 1);
    (void)state;

    assert_int_equal(parse(svg->str).tips, 1 + 6 + 24);
    assert_non_null(strstr(svg->str, "<title>Segment 1: video, 400 kB"));
    g_string_free(svg, TRUE);
}

static void both_colour_schemes_are_in_the_picture(void **state)
{
    GString *svg = picture_of(sample_session(6), 1);
    (void)state;

    const char *dark = strstr(svg->str, "prefers-color-scheme:dark");
    assert_non_null(dark);
    assert_true(strstr(svg->str, ".paper{fill:#ffffff}") < dark);
    assert_non_null(strstr(dark, ".paper{fill:#"));
    g_string_free(svg, TRUE);
}

static double luminance(uint32_t colour)
{
    double sum = 0;
    static const double weights[] = {0.0722, 0.7152, 0.2126};

    for (int i = 0; i < 3; i++) {
        const double value = (double)(colour >> 8 * i & 0xff) / 255;
        sum += weights[i] * (value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(qoe_ink a, qoe_ink b, bool dark)
{
    const double x = luminance(qoe_ink_colour(a, dark)), y = luminance(qoe_ink_colour(b, dark));
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

/* WCAG 2.1: 1.4.3 asks 4.5 of text, 1.4.11 asks 3 of graphics. */
static void texts_and_bars_stand_out_from_their_paper(void **state)
{
    static const qoe_ink texts[] = {QOE_INK_TEXT, QOE_INK_MUTED};
    static const qoe_ink bars[] = {QOE_INK_RESOLUTION, QOE_INK_DOWNLOADED, QOE_INK_VIDEO, QOE_INK_AUDIO,
                                   QOE_INK_OTHER,      QOE_INK_BUFFER,     QOE_INK_ALARM};
    (void)state;

    for (int dark = 0; dark < 2; dark++) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
            assert_true(contrast(texts[i], QOE_INK_PAPER, dark) >= 4.5);
        for (size_t i = 0; i < G_N_ELEMENTS(bars); i++)
            assert_true(contrast(bars[i], QOE_INK_PAPER, dark) >= 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_well_formed_and_its_numbers_are_sound),
        cmocka_unit_test(stacked_sessions_share_one_picture_without_clashes),
        cmocka_unit_test(names_cannot_break_out_of_the_picture),
        cmocka_unit_test(windows_and_segments_carry_their_text_for_the_pointer),
        cmocka_unit_test(both_colour_schemes_are_in_the_picture),
        cmocka_unit_test(texts_and_bars_stand_out_from_their_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
