/* The layout of the chart: what is drawn where, and that nothing covers anything else.
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

#define assert_near(value, wanted, slack) assert_true(fabs((double)(value) - (double)(wanted)) <= (slack))

static qoe_chart_options options_of(double width)
{
    return (qoe_chart_options){.width = width, .layers = QOE_LAYERS_DEFAULT | QOE_LAYER_OTHER};
}

typedef struct {
    double left, right, top, bottom;
} box;

static box box_of(const qoe_scene *scene, const qoe_shape *text)
{
    const double width = qoe_scene_measure(scene, text->text, text->size, text->bold);
    const double left = text->anchor == QOE_ANCHOR_START    ? text->x
                        : text->anchor == QOE_ANCHOR_MIDDLE ? text->x - width / 2
                                                            : text->x - width;
    return (box){left, left + width, text->y - 0.75 * text->size, text->y + 0.2 * text->size};
}

static bool overlap(const box *a, const box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* Every text lies inside the picture, and no two on each other. */
static void check_texts(const qoe_scene *scene)
{
    for (guint i = 0; i < scene->shapes->len; i++) {
        const qoe_shape *text = qoe_scene_shape(scene, i);
        if (text->type != QOE_SHAPE_TEXT)
            continue;
        const box here = box_of(scene, text);
        if (here.left < 0 || here.right > scene->width || here.top < 0 || here.bottom > scene->height)
            fail_msg("\"%s\" leaves the picture of width %g", text->text, scene->width);
        for (guint j = 0; j < i; j++) {
            const qoe_shape *other = qoe_scene_shape(scene, j);
            const box there = other->type == QOE_SHAPE_TEXT ? box_of(scene, other) : (box){0, 0, 0, 0};
            if (other->type == QOE_SHAPE_TEXT && overlap(&here, &there))
                fail_msg("\"%s\" lies on \"%s\" at width %g", text->text, other->text, scene->width);
        }
    }
}

static void check_all_widths(qoe_chart_data *data)
{
    for (double width = 320; width <= 1700; width += 20) {
        const qoe_chart_options options = options_of(width);
        qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
        check_texts(scene);
        qoe_scene_free(scene);
    }
    qoe_chart_data_free(data);
}

static void no_text_covers_another_at_any_width(void **state)
{
    (void)state;
    check_all_widths(sample_session(1));
    check_all_widths(sample_session(30));
    check_all_widths(sample_session(700));
    check_all_widths(sample_session_played(42));
}

static void no_text_covers_another_in_any_zoom(void **state)
{
    qoe_chart_data *data = sample_session_played(60);
    (void)state;

    for (int64_t length_us = 1000; length_us < 600000000; length_us = length_us * 3 / 2) {
        qoe_chart_options options = options_of(700);
        options.from_us = 123456789;
        options.to_us = options.from_us + length_us;
        qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
        check_texts(scene);
        qoe_scene_free(scene);
    }
    qoe_chart_data_free(data);
}

static void an_endless_name_is_cut_to_fit(void **state)
{
    qoe_chart_data *data = sample_session(3);
    (void)state;

    g_free(data->service);
    data->service = g_strnfill(3000, 'W');
    check_all_widths(data);
}

/* The i-th shape of an ink and type; NULL behind the last. */
static const qoe_shape *find(const qoe_scene *scene, qoe_shape_type type, qoe_ink ink, int i)
{
    for (guint s = 0; s < scene->shapes->len; s++) {
        const qoe_shape *shape = qoe_scene_shape(scene, s);
        if (shape->type == type && shape->ink == ink && shape->opacity > 0 && shape->w > 60 && i-- == 0)
            return shape;
    }
    return NULL;
}

static qoe_chart_data *two_windows(int first, double first_p, int second, double second_p)
{
    qoe_chart_data *data = sample_session(2);

    data->windows[0].resolution = data->windows[0].downloaded = first;
    data->windows[0].certainty = first_p;
    data->windows[0].reason = first ? "" : "no segments";
    data->windows[1].resolution = data->windows[1].downloaded = second;
    data->windows[1].certainty = second_p;
    return data;
}

static void a_window_is_a_bar_as_long_as_the_window_on_its_lane(void **state)
{
    qoe_chart_data *data = two_windows(240, 0.9, 720, 0.9);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    qoe_scene *scene = qoe_chart_scene(data, &options, &at);
    const qoe_shape *low = find(scene, QOE_SHAPE_RECT, QOE_INK_RESOLUTION, 0);
    const qoe_shape *high = find(scene, QOE_SHAPE_RECT, QOE_INK_RESOLUTION, 1);
    assert_non_null(low);
    assert_non_null(high);
    assert_near(low->x, at.x, 0.01);
    assert_near(low->w, at.w / 2, 0.01);
    assert_near(high->x, at.x + at.w / 2, 0.01);
    assert_true(high->y < low->y);
    assert_near((low->y - high->y) / at.steps.h, 3.0 / 6.0, 0.01); /* 240, 360, 480, 720: three lanes up */
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void an_unsure_window_is_paler_than_a_sure_one(void **state)
{
    qoe_chart_data *data = two_windows(480, 0.95, 720, 0.4);
    const qoe_chart_options options = options_of(900);
    (void)state;

    qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
    const qoe_shape *sure = find(scene, QOE_SHAPE_RECT, QOE_INK_RESOLUTION, 0);
    const qoe_shape *unsure = find(scene, QOE_SHAPE_RECT, QOE_INK_RESOLUTION, 1);
    assert_near(sure->opacity, 1, 0.001);
    assert_true(unsure->opacity < 0.5);
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static bool says(const qoe_scene *scene, const char *text)
{
    for (guint i = 0; i < scene->shapes->len; i++) {
        const qoe_shape *shape = qoe_scene_shape(scene, i);
        if (shape->type == QOE_SHAPE_TEXT && strstr(shape->text, text))
            return true;
    }
    return false;
}

static void a_window_without_an_answer_is_hatched_and_says_why(void **state)
{
    qoe_chart_data *data = two_windows(0, 0, 720, 0.9);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    qoe_scene *scene = qoe_chart_scene(data, &options, &at);
    const qoe_shape *gap = find(scene, QOE_SHAPE_HATCH, QOE_INK_MUTED, 0);
    assert_non_null(gap);
    assert_near(gap->x, at.x, 0.01);
    assert_near(gap->w, at.w / 2, 0.01);
    assert_true(says(scene, "no segments"));
    assert_true(says(scene, "no answer"));
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void what_is_not_known_has_no_band_and_no_legend(void **state)
{
    qoe_chart_data *plain = sample_session(8), *played = sample_session_played(8);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry without, with;
    (void)state;

    qoe_scene *a = qoe_chart_scene(plain, &options, &without);
    qoe_scene *b = qoe_chart_scene(played, &options, &with);
    assert_near(without.buffer.h, 0, 0);
    assert_true(with.buffer.h > 0);
    assert_false(says(a, "buffer"));
    assert_false(says(a, "stall"));
    assert_false(says(a, "on screen"));
    assert_true(says(b, "buffer"));
    assert_true(says(b, "stall"));
    assert_true(says(b, "on screen"));
    qoe_scene_free(a);
    qoe_scene_free(b);
    qoe_chart_data_free(plain);
    qoe_chart_data_free(played);
}

static void layers_can_be_taken_away(void **state)
{
    qoe_chart_data *data = sample_session(8);
    qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    options.layers = QOE_LAYER_VIDEO;
    qoe_scene *scene = qoe_chart_scene(data, &options, &at);
    assert_near(at.kinds[QOE_KIND_AUDIO].h, 0, 0);
    assert_true(at.kinds[QOE_KIND_VIDEO].h > 0);
    assert_false(says(scene, "throughput"));
    assert_false(says(scene, "Mbit/s"));
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void a_chart_fills_the_height_it_is_given(void **state)
{
    qoe_chart_data *data = sample_session(8);
    qoe_chart_options options = options_of(900);
    (void)state;

    options.height = 700;
    qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
    assert_near(scene->height, 700, 0.5);
    qoe_scene_free(scene);
    options.height = 50; /* too little for anything */
    scene = qoe_chart_scene(data, &options, NULL);
    assert_true(scene->height > 250);
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void a_day_of_windows_and_segments_makes_no_more_shapes_than_pixels(void **state)
{
    qoe_chart_data *data = sample_session(8640);
    const qoe_chart_options options = options_of(1000);
    (void)state;

    qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
    assert_true(scene->points->len < 6000);
    assert_true(scene->shapes->len < 7000);
    guint segments = 0;
    for (guint i = 0; i < scene->shapes->len; i++)
        segments += qoe_scene_shape(scene, i)->ink == QOE_INK_VIDEO;
    assert_true(segments < 1100);
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static const char *text_with(const qoe_scene *scene, const char *part)
{
    for (guint i = 0; i < scene->shapes->len; i++) {
        const qoe_shape *shape = qoe_scene_shape(scene, i);
        if (shape->type == QOE_SHAPE_TEXT && strstr(shape->text, part))
            return shape->text;
    }
    return NULL;
}

static void windows_too_narrow_to_see_are_taken_together_and_the_picture_says_so(void **state)
{
    qoe_chart_data *data = sample_session(3000);
    qoe_chart_options options = options_of(1000);
    (void)state;

    for (size_t i = 0; i < data->windows_count; i++) /* one of three is another */
        data->windows[i].resolution = data->windows[i].downloaded = i % 3 == 1 ? 1080 : 480;
    qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
    assert_non_null(text_with(scene, "each step the most common of 6 windows"));
    guint bars = 0;
    for (guint i = 0; i < scene->shapes->len; i++)
        bars += qoe_scene_shape(scene, i)->ink == QOE_INK_RESOLUTION && qoe_scene_shape(scene, i)->h > 100;
    assert_int_equal(bars, 0); /* no riser to 1080p and back */
    qoe_scene_free(scene);

    /* Near enough, each is drawn. */
    options.from_us = 0;
    options.to_us = 100 * SAMPLE_WINDOW_US;
    scene = qoe_chart_scene(data, &options, NULL);
    assert_null(text_with(scene, "most common"));
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void the_time_axis_says_what_time_it_was(void **state)
{
    qoe_chart_data *data = sample_session(30);
    const qoe_chart_options options = options_of(900);
    (void)state;

    g_setenv("TZ", "UTC", TRUE);
    data->epoch_us = 1795321308112181;
    qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
    assert_string_equal(text_with(scene, "first packet"), "m:ss since the first packet, 2026-11-22 04:21:48 UTC");
    qoe_scene_free(scene);
    data->epoch_us = 0; /* a capture without a clock */
    scene = qoe_chart_scene(data, &options, NULL);
    assert_string_equal(text_with(scene, "first packet"), "m:ss since the first packet");
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void a_stall_stands_where_it_began_and_stays_in_its_window(void **state)
{
    qoe_chart_data *data = sample_session(6);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    data->windows[1].stalled_s = 3;
    data->windows[1].stall_us = 15000000;
    data->windows[3].stalled_s = 8; /* in several pieces, the first of them late */
    data->windows[3].stall_us = 36000000;
    qoe_scene *scene = qoe_chart_scene(data, &options, &at);
    const int64_t wanted[] = {15000000, 18000000, 32000000, 40000000};
    size_t found = 0;
    for (guint i = 0; i < scene->shapes->len; i++) {
        const qoe_shape *shape = qoe_scene_shape(scene, i);
        if (shape->ink != QOE_INK_ALARM || shape->y < at.steps.y)
            continue; /* the legend's sign */
        assert_true(fabs(shape->x - qoe_chart_x(&at, wanted[found * 2])) < 0.01);
        assert_true(fabs(shape->x + shape->w - qoe_chart_x(&at, wanted[found * 2 + 1])) < 0.01);
        found++;
    }
    assert_int_equal(found, 2);
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void an_empty_session_is_a_picture_too(void **state)
{
    qoe_chart_data *data = sample_session(0);
    const qoe_chart_options options = options_of(600);
    (void)state;

    data->end_us = data->start_us;
    data->mean_resolution = 0;
    qoe_scene *scene = qoe_chart_scene(data, &options, NULL);
    check_texts(scene);
    assert_true(says(scene, "Netflix"));
    qoe_scene_free(scene);
    qoe_chart_data_free(data);
}

static void time_and_place_are_inverse(void **state)
{
    qoe_chart_data *data = sample_session(30);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    qoe_scene_free(qoe_chart_scene(data, &options, &at));
    for (int64_t time_us = 0; time_us < 300000000; time_us += 7654321)
        assert_true(llabs(qoe_chart_time(&at, qoe_chart_x(&at, time_us)) - time_us) <= 1);
    qoe_chart_data_free(data);
}

static void the_pointer_finds_windows_and_segments(void **state)
{
    qoe_chart_data *data = sample_session(30);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    qoe_scene_free(qoe_chart_scene(data, &options, &at));
    const double x = qoe_chart_x(&at, 125000000);
    qoe_hit hit = qoe_chart_hit(data, &at, x, at.steps.y + 5);
    assert_int_equal(hit.type, QOE_HIT_WINDOW);
    assert_int_equal(hit.index, 12);
    hit = qoe_chart_hit(data, &at, qoe_chart_x(&at, 125400000), at.kinds[QOE_KIND_VIDEO].y + 5);
    assert_int_equal(hit.type, QOE_HIT_SEGMENT);
    assert_int_equal(hit.index, 50);
    assert_int_equal(qoe_chart_hit(data, &at, 2, at.steps.y + 5).type, QOE_HIT_NOTHING);
    assert_int_equal(qoe_chart_hit(data, &at, x, 2).type, QOE_HIT_NOTHING);
    qoe_chart_data_free(data);
}

static void a_thin_bar_is_found_beside_it_too_but_not_far_off(void **state)
{
    qoe_chart_data *data = sample_session(30);
    const qoe_chart_options options = options_of(900);
    qoe_chart_geometry at;
    (void)state;

    data->segments_count = 1;
    data->segments[0].request_us = data->segments[0].end_us = 100000000;
    qoe_scene_free(qoe_chart_scene(data, &options, &at));
    const double x = qoe_chart_x(&at, 100000000), y = at.kinds[QOE_KIND_VIDEO].y + 1;
    assert_int_equal(qoe_chart_hit(data, &at, x - 1.5, y).type, QOE_HIT_SEGMENT);
    assert_int_equal(qoe_chart_hit(data, &at, x + 1.5, y).type, QOE_HIT_SEGMENT);
    assert_int_equal(qoe_chart_hit(data, &at, x + 9, y).type, QOE_HIT_NOTHING);
    qoe_chart_data_free(data);
}

static void tips_say_what_is_drawn(void **state)
{
    qoe_chart_data *data = sample_session(30);
    (void)state;

    char *window = qoe_chart_window_text(data, 1), *gap = qoe_chart_window_text(data, 5);
    char *segment = qoe_chart_segment_text(data, 0);
    assert_string_equal(window, "Window 1, 0:10\u20130:20: 360p downloaded (40 %), 2.00 Mbit/s");
    assert_string_equal(gap, "Window 5, 0:50\u20131:00: no answer: outside training range, 6.00 Mbit/s");
    assert_string_equal(segment, "Segment 1: video, 400 kB at 0:00.0 in 0.9 s");
    g_free(window);
    g_free(gap);
    g_free(segment);
    qoe_chart_data_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_covers_another_at_any_width),
        cmocka_unit_test(no_text_covers_another_in_any_zoom),
        cmocka_unit_test(an_endless_name_is_cut_to_fit),
        cmocka_unit_test(a_window_is_a_bar_as_long_as_the_window_on_its_lane),
        cmocka_unit_test(an_unsure_window_is_paler_than_a_sure_one),
        cmocka_unit_test(a_window_without_an_answer_is_hatched_and_says_why),
        cmocka_unit_test(what_is_not_known_has_no_band_and_no_legend),
        cmocka_unit_test(layers_can_be_taken_away),
        cmocka_unit_test(a_chart_fills_the_height_it_is_given),
        cmocka_unit_test(a_day_of_windows_and_segments_makes_no_more_shapes_than_pixels),
        cmocka_unit_test(windows_too_narrow_to_see_are_taken_together_and_the_picture_says_so),
        cmocka_unit_test(the_time_axis_says_what_time_it_was),
        cmocka_unit_test(a_stall_stands_where_it_began_and_stays_in_its_window),
        cmocka_unit_test(an_empty_session_is_a_picture_too),
        cmocka_unit_test(time_and_place_are_inverse),
        cmocka_unit_test(the_pointer_finds_windows_and_segments),
        cmocka_unit_test(a_thin_bar_is_found_beside_it_too_but_not_far_off),
        cmocka_unit_test(tips_say_what_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
