/* The feature table: names, and values worked out by hand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include "feature.h"

#define S 1000000LL

static double *values_at(const qoe_history *history, double end_s)
{
    double *out = g_new(double, qoe_features_count());
    qoe_features_compute(history, (int64_t)(end_s * (double)S), out);
    return out;
}

static double value(const double *values, const char *name)
{
    const int i = qoe_features_find(name);
    assert_true(i >= 0);
    return values[i];
}

static void expect(const double *values, const char *name, double expected)
{
    const double got = value(values, name);
    if (fabs(got - expected) > 1e-9 * fmax(1, fabs(expected)))
        fail_msg("%s is %.12g instead of %.12g", name, got, expected);
}

static void add(qoe_history *history, double request_s, double end_s, double bytes, qoe_kind kind)
{
    const qoe_object object = {(int64_t)(request_s * 1e6), (int64_t)(end_s * 1e6), bytes, kind};
    qoe_history_add(history, &object);
}

/* Six video segments of 4 s and one small audio object, session start at 100 s. */
static void fill(qoe_history *history)
{
    const double sizes[] = {400000, 1000000, 1200000, 800000, 1000000, 2000000};
    qoe_history_init(history, 100 * S, 10 * S);
    for (int i = 0; i < 6; i++)
        add(history, 101 + 4 * i, 103 + 4 * i, sizes[i], QOE_KIND_VIDEO);
    add(history, 111, 111.5, 30000, QOE_KIND_AUDIO);
    for (int k = 0; k < 3; k++) {
        const qoe_window_traffic traffic = {.start_us = (100 + 10 * k) * S,
                                            .bytes_in = 1000000 * (uint64_t)(k + 1),
                                            .bytes_out = 50000,
                                            .packets_in = 1000,
                                            .packets_out = 500,
                                            .payload_in = 900000,
                                            .active_100ms = 40,
                                            .peak_1s = 700000};
        qoe_history_add_window(history, &traffic);
    }
}

static void every_feature_has_a_unique_name_a_unit_a_definition_and_a_source(void **state)
{
    (void)state;
    for (unsigned i = 0; i < qoe_features_count(); i++) {
        const qoe_feature *feature = qoe_features_at(i);
        assert_true(strlen(feature->name) > 0 && strlen(feature->unit) > 0);
        assert_true(strlen(feature->definition) > 10 && strlen(feature->source) > 10);
        assert_int_equal(qoe_features_find(feature->name), i);
        for (const char *c = feature->name; *c; c++)
            assert_true(g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '_');
    }
    assert_int_equal(qoe_features_find("no_such_feature"), -1);
    assert_null(qoe_features_at(qoe_features_count()));
}

static void rates_and_sizes_follow_from_the_objects(void **state)
{
    (void)state;
    qoe_history history;
    fill(&history);
    double *v = values_at(&history, 130);
    expect(v, "rate_30", 6400000 / 30.0);
    expect(v, "rate_240", 6400000 / 30.0);
    expect(v, "rate_all", 6400000 / 30.0);
    expect(v, "size_last5", 1200000);
    expect(v, "size_mean", 6400000 / 6.0);
    expect(v, "size_max", 2000000);
    expect(v, "size_p50", 1000000);
    expect(v, "size_p85", 1400000); /* linear: 4.25 of 0..5 between 1.2 and 2.0 MB */
    expect(v, "size_relative", .6);
    expect(v, "count", 6);
    expect(v, "media_mean", 6430000 / 7.0);
    expect(v, "media_count", 7);
    expect(v, "media_recent", 7);
    expect(v, "audio_size", 30000);
    expect(v, "audio_share", 30000 / 6430000.0);
    g_free(v);
}

static void times_and_paces_follow_from_the_requests(void **state)
{
    (void)state;
    qoe_history history;
    fill(&history);
    double *v = values_at(&history, 130);
    expect(v, "silence", 7);
    expect(v, "gap_max", 4);
    expect(v, "gap_p50", 4);
    expect(v, "elapsed", 30);
    expect(v, "pace_p50", 250000); /* sizes of all but the last over 4 s */
    expect(v, "pace_p90", 1120000 / 4.0);
    expect(v, "link_last", 1000000);
    expect(v, "link_last10", 500000);
    expect(v, "busy_60", 12 / 60.0);
    expect(v, "duty_60", 6400000 / 30.0 / 500000);
    g_free(v);
}

static void the_decayed_rate_weighs_by_age(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 0, 10 * S);
    add(&history, 5, 10, 600000, QOE_KIND_VIDEO);
    double *v = values_at(&history, 40);
    expect(v, "rate_decay_30", 600000 * exp(-1.0) / 30 / (1 - exp(-40 / 30.0)));
    g_free(v);
}

static void what_ends_behind_the_window_does_not_count(void **state)
{
    (void)state;
    qoe_history history;
    fill(&history);
    double *v = values_at(&history, 110);
    expect(v, "count", 2);
    expect(v, "size_max", 1000000);
    expect(v, "window_objects", 2);
    g_free(v);
}

static void video_features_leave_audio_out(void **state)
{
    (void)state;
    qoe_history history;
    fill(&history);
    add(&history, 124, 125, 60000, QOE_KIND_AUDIO);
    double *v = values_at(&history, 130);
    expect(v, "count", 7);
    expect(v, "video_count", 6);
    expect(v, "size_last5", 5060000 / 5.0);
    expect(v, "video_size_last5", 1200000);
    g_free(v);
}

static void window_features_are_rates_of_the_newest_windows(void **state)
{
    (void)state;
    qoe_history history;
    fill(&history);
    double *v = values_at(&history, 130);
    expect(v, "window_down", 300000);
    expect(v, "window_down_3", 200000);
    expect(v, "window_down_all", 200000);
    expect(v, "window_down_lag1", 200000);
    expect(v, "window_down_lag2", 100000);
    expect(v, "window_down_lag3", 0);
    expect(v, "window_idle", .6);
    expect(v, "window_packet", 3000);
    expect(v, "window_up_ratio", .5);
    expect(v, "window_objects", 1);
    expect(v, "window_object_mean", 2000000);
    expect(v, "window_object_mean_lag1", 757500); /* 1.2, .8, 1.0 MB and 30 kB ended in 110..120 s */
    g_free(v);
}

static void a_full_buffers_rhythm_gives_media_rates(void **state)
{
    (void)state;
    qoe_history history;
    fill(&history);
    double *v = values_at(&history, 130);
    expect(v, "segment_s", 4); /* a request each 4 s, with 2 s of rest before it */
    expect(v, "rung_last3", 3800000 / 3.0 / 4);
    expect(v, "rung_last10", 6400000 / 6.0 / 4);
    expect(v, "rung_window", 2000000 / 4.0);
    expect(v, "rung_p10", 600000 / 4.0);
    expect(v, "rung_p50", 1000000 / 4.0);
    expect(v, "rung_p90", 1600000 / 4.0);
    expect(v, "rung_to_top", 3800000 / 3.0 / 1600000);
    expect(v, "rung_to_bottom", 3800000 / 3.0 / 600000);
    expect(v, "rung_to_link", 3800000 / 3.0 / 4 / 500000);
    expect(v, "rung_size_last3", 1000000);
    expect(v, "rung_size_last5", 1000000);
    expect(v, "rung_size_window_max", 2000000);
    expect(v, "rung_ahead", 0); /* 24 s of film in 30 s */
    expect(v, "rung_fetch", 2);
    expect(v, "rung_to_audio", 1000000 / 30000.0);
    expect(v, "rung_per_audio", 6);
    g_free(v);
}

/* A film of an average title's rates, 240 to 1080 lines, times a weight, up and down again; then three segments. */
static double *after_a_film_of(double weight, double last_kbps)
{
    const double kbps[] = {260, 560, 1150, 2500, 5200, 5200, 2500, 1150, 560, 1150};
    qoe_history history;
    qoe_history_init(&history, 0, 10 * S);
    for (int i = 0; i < 30; i++)
        add(&history, 4 * i, 4 * i + 1, kbps[i / 3] * weight * 500, QOE_KIND_VIDEO);
    for (int i = 30; i < 33; i++)
        add(&history, 4 * i, 4 * i + 1, last_kbps * 500, QOE_KIND_VIDEO);
    return values_at(&history, 130);
}

static void the_same_rate_means_another_height_in_a_heavier_film(void **state)
{
    (void)state;
    double *light = after_a_film_of(.6, 1600), *heavy = after_a_film_of(1.4, 1600);
    assert_true(value(light, "height_720") > value(light, "height_480"));
    assert_true(value(heavy, "height_480") > value(heavy, "height_720"));
    expect(light, "segment_s", 4);
    const double sum = value(light, "height_240") + value(light, "height_360") + value(light, "height_480") +
                       value(light, "height_720") + value(light, "height_1080");
    assert_true(fabs(sum - 1) < 1e-9);
    g_free(light);
    g_free(heavy);
}

static void an_empty_session_has_finite_features(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 0, 10 * S);
    for (int i = 0; i < 3; i++) {
        double *v = values_at(&history, (double[]){0, 10, 1e9}[i]);
        for (unsigned f = 0; f < qoe_features_count(); f++)
            assert_true(isfinite(v[f]));
        expect(v, "count", 0);
        g_free(v);
    }
}

/* As `qoe-train inspect --features` promises. */
static void without_objects_features_are_those_of_one_byte_at_the_start(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double value;
    } cases[] = {{"size_last5", 1},    {"size_max", 1},       {"media_mean", 1},  {"video_size_p50", 1},
                 {"rate_all", .05},    {"rate_60", .05},      {"silence", 20},    {"elapsed", 20},
                 {"link_last", 20},    {"rung_last3", .25},   {"pace_p90", 0},    {"gap_max", 0},
                 {"audio_size", 0},    {"media_count", 0},    {"video_count", 0}, {"window_object_mean", 0},
                 {"rate_30_lag1", .1}, {"rate_30_lag2", 1000}};
    qoe_history history;
    qoe_history_init(&history, 0, 10 * S);
    double *v = values_at(&history, 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(v, cases[i].name, cases[i].value);
    g_free(v);
}

static void hostile_times_and_sizes_stay_finite(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 50 * S, 10 * S);
    add(&history, 60, 40, 1e300, QOE_KIND_VIDEO);
    add(&history, -1e9, 55, INFINITY, QOE_KIND_VIDEO);
    add(&history, 52, 55, NAN, QOE_KIND_AUDIO);
    add(&history, 52, 52, 1.8e19, QOE_KIND_OTHER);
    double *v = values_at(&history, 60);
    for (unsigned f = 0; f < qoe_features_count(); f++)
        assert_true(isfinite(v[f]));
    g_free(v);
}

static void forgotten_objects_still_count_in_the_whole_sessions_rate(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 0, 10 * S);
    for (int i = 0; i < 2 * QOE_HISTORY_OBJECTS; i++)
        add(&history, 2 * i, 2 * i + 1, 100000, QOE_KIND_VIDEO);
    double *v = values_at(&history, 4 * QOE_HISTORY_OBJECTS);
    expect(v, "rate_all", 50000);
    expect(v, "count", 2 * QOE_HISTORY_OBJECTS);
    g_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_has_a_unique_name_a_unit_a_definition_and_a_source),
        cmocka_unit_test(rates_and_sizes_follow_from_the_objects),
        cmocka_unit_test(times_and_paces_follow_from_the_requests),
        cmocka_unit_test(the_decayed_rate_weighs_by_age),
        cmocka_unit_test(what_ends_behind_the_window_does_not_count),
        cmocka_unit_test(video_features_leave_audio_out),
        cmocka_unit_test(window_features_are_rates_of_the_newest_windows),
        cmocka_unit_test(a_full_buffers_rhythm_gives_media_rates),
        cmocka_unit_test(the_same_rate_means_another_height_in_a_heavier_film),
        cmocka_unit_test(an_empty_session_has_finite_features),
        cmocka_unit_test(without_objects_features_are_those_of_one_byte_at_the_start),
        cmocka_unit_test(hostile_times_and_sizes_stay_finite),
        cmocka_unit_test(forgotten_objects_still_count_in_the_whole_sessions_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
