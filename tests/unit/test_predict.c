/* Prediction: the label, its probability, and the reasons for silence.
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

#include "packet.h"
#include "predict.h"
#include "sample_bundle.h"

static int setup(void **state)
{
    char *error = NULL;
    *state = qoe_model_parse(SAMPLE_BUNDLE, strlen(SAMPLE_BUNDLE), "sample", &error);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    qoe_model_free(*state);
    return 0;
}

/* Predicts where size_last5 stands z deviations from the sample's mean. */
static qoe_prediction predict_z(const qoe_model *model, const char *service, double z, qoe_filter *filter)
{
    qoe_prediction out;
    double *features = g_new0(double, qoe_features_count());
    features[qoe_features_find("size_last5")] = expm1(13 + z);
    qoe_predict(model, service, QOE_TCP, features, 10, 5, filter, &out);
    g_free(features);
    return out;
}

static void the_nearest_class_wins(void **state)
{
    qoe_filter filter = {0};
    const double z[] = {-2, -1.5, 0, .4, 1.7};
    const int lines[] = {240, 240, 480, 480, 1080};
    for (size_t i = 0; i < 5; i++) {
        const qoe_prediction out = predict_z(*state, "Netflix", z[i], &filter);
        assert_int_equal(out.reason, QOE_REASON_NONE);
        assert_int_equal(out.resolution, lines[i]);
    }
}

static void probabilities_sum_to_one_and_fall_towards_the_border(void **state)
{
    qoe_filter filter = {0};
    const qoe_prediction centre = predict_z(*state, "Netflix", 0, &filter);
    const qoe_prediction border = predict_z(*state, "Netflix", .9, &filter);
    assert_int_equal(centre.classes, 3);
    assert_true(fabs(centre.p[0] + centre.p[1] + centre.p[2] - 1) < 1e-9);
    assert_true(centre.p[1] == centre.probability && centre.probability > .7);
    assert_true(border.probability < centre.probability);
}

static void the_same_features_get_the_same_answer(void **state)
{
    qoe_filter filter = {0};
    const qoe_prediction first = predict_z(*state, "Netflix", .3, &filter);
    for (int i = 0; i < 10; i++) {
        const qoe_prediction again = predict_z(*state, "Netflix", .3, &filter);
        assert_memory_equal(first.p, again.p, sizeof first.p);
    }
}

static void without_a_model_the_reason_is_no_model(void **state)
{
    (void)state;
    qoe_filter filter = {0};
    const qoe_prediction out = predict_z(NULL, "Netflix", 0, &filter);
    assert_int_equal(out.reason, QOE_REASON_NO_MODEL);
    assert_int_equal(out.resolution, 0);
    assert_int_equal(out.classes, 0);
}

static void a_service_without_an_expert_has_no_model(void **state)
{
    (void)state;
    char *error = NULL;
    qoe_filter filter = {0};
    qoe_model *model = qoe_model_parse(SAMPLE_FILMS_ONLY, strlen(SAMPLE_FILMS_ONLY), "sample", &error);
    assert_int_equal(predict_z(model, "YouTube", 0, &filter).reason, QOE_REASON_NO_MODEL);
    assert_int_equal(predict_z(model, "Netflix", 0, &filter).reason, QOE_REASON_NONE);
    qoe_model_free(model);
}

static qoe_reason reason_for(const qoe_model *model, uint64_t objects, uint64_t recent, double silence_s, double idle)
{
    qoe_prediction out;
    qoe_filter filter = {0};
    double *features = g_new0(double, qoe_features_count());
    features[qoe_features_find("size_last5")] = expm1(13);
    features[qoe_features_find("silence")] = silence_s;
    features[qoe_features_find("window_idle")] = idle;
    qoe_predict(model, "Netflix", QOE_TCP, features, objects, recent, &filter, &out);
    assert_true((out.reason == QOE_REASON_NONE) == (out.resolution > 0));
    assert_true((out.reason == QOE_REASON_NONE) == (out.probability > 0));
    g_free(features);
    return out.reason;
}

static void nothing_yet_or_nothing_for_long_is_no_segments(void **state)
{
    assert_int_equal(reason_for(*state, 0, 0, 5, .5), QOE_REASON_NO_SEGMENTS);
    assert_int_equal(reason_for(*state, 20, 0, 121, .5), QOE_REASON_NO_SEGMENTS);
    assert_int_equal(reason_for(*state, 20, 0, 90, .5), QOE_REASON_NONE);
}

static void one_object_is_too_few(void **state)
{
    assert_int_equal(reason_for(*state, 1, 1, 5, .5), QOE_REASON_TOO_FEW);
    assert_int_equal(reason_for(*state, 2, 1, 5, .5), QOE_REASON_NONE);
}

static void features_that_training_never_saw_are_outside(void **state)
{
    qoe_filter filter = {0};
    qoe_prediction out;
    double *features = g_new0(double, qoe_features_count());
    features[qoe_features_find("size_last5")] = 1e12;
    features[qoe_features_find("window_idle")] = 3;
    qoe_predict(*state, "Netflix", QOE_TCP, features, 10, 5, &filter, &out);
    assert_int_equal(out.reason, QOE_REASON_OUTSIDE);
    features[qoe_features_find("size_last5")] = NAN;
    qoe_predict(*state, "Netflix", QOE_TCP, features, 10, 5, &filter, &out);
    assert_int_equal(out.reason, QOE_REASON_OUTSIDE);
    g_free(features);
}

static void a_speed_test_is_not_a_film(void **state)
{
    qoe_filter filter = {0};
    qoe_rules *rules = qoe_rules_new();
    const char *service = qoe_rules_by_name(rules, "fast.com");
    assert_non_null(service);
    assert_int_equal(predict_z(*state, service, 0, &filter).reason, QOE_REASON_NOT_FILM);
    qoe_rules_free(rules);
}

static void an_answer_below_the_limit_is_unsure_but_keeps_its_probabilities(void **state)
{
    (void)state;
    char *error = NULL;
    GString *text = g_string_new(SAMPLE_BUNDLE);
    g_string_replace(text, "minimum_probability 0.3", "minimum_probability 0.99", 0);
    qoe_filter filter = {0};
    qoe_model *model = qoe_model_parse(text->str, text->len, "sample", &error);
    const qoe_prediction out = predict_z(model, "Netflix", 1, &filter);
    assert_int_equal(out.reason, QOE_REASON_UNSURE);
    assert_int_equal(out.resolution, 0);
    assert_true(out.p[1] > .1);
    qoe_model_free(model);
    g_string_free(text, TRUE);
}

static void a_limit_takes_back_only_what_is_less_probable(void **state)
{
    qoe_filter filter = {0};
    qoe_prediction out = predict_z(*state, "Netflix", 0, &filter);
    const qoe_prediction before = out;
    qoe_prediction_limit(&out, before.probability);
    assert_int_equal(out.resolution, before.resolution);
    qoe_prediction_limit(&out, nextafter(before.probability, 2));
    assert_int_equal(out.resolution, 0);
    assert_int_equal(out.reason, QOE_REASON_UNSURE);
    assert_true(out.probability == 0 && out.p[0] == before.p[0]);
}

static void calibration_replaces_the_raw_confidence(void **state)
{
    (void)state;
    char *error = NULL;
    GString *text = g_string_new(SAMPLE_BUNDLE);
    g_string_replace(text, "calibration 0\n", "calibration 2\n0.2 0.4\n1 0.4\n", 0);
    qoe_filter filter = {0};
    qoe_model *model = qoe_model_parse(text->str, text->len, "sample", &error);
    const qoe_prediction out = predict_z(model, "Netflix", 0, &filter);
    assert_true(fabs(out.probability - .4) < 1e-9);
    assert_true(fabs(out.p[0] + out.p[1] + out.p[2] - 1) < 1e-9);
    qoe_model_free(model);
    g_string_free(text, TRUE);
}

/* On the line from a guess between three to the first knot, which lies on the diagonal: the raw confidence itself. */
static void below_the_first_knot_less_sure_answers_are_told_as_less_sure(void **state)
{
    char *error = NULL;
    GString *text = g_string_new(SAMPLE_BUNDLE);
    g_string_replace(text, "calibration 0\n", "calibration 2\n0.99 0.99\n1 1\n", 0);
    qoe_model *model = qoe_model_parse(text->str, text->len, "sample", &error);
    for (double z = .7; z < 1; z += .1) {
        const qoe_prediction raw = predict_z(*state, "Netflix", z, &(qoe_filter){0});
        const qoe_prediction told = predict_z(model, "Netflix", z, &(qoe_filter){0});
        assert_true(raw.probability < .99 && fabs(told.probability - raw.probability) < 1e-9);
    }
    qoe_model_free(model);
    g_string_free(text, TRUE);
}

static void the_filter_outlasts_one_odd_window_but_follows_a_change(void **state)
{
    qoe_filter filter = {0};
    for (int i = 0; i < 5; i++)
        assert_int_equal(predict_z(*state, "YouTube", 0, &filter).resolution, 480);
    assert_int_equal(predict_z(*state, "YouTube", 1.2, &filter).resolution, 480);
    int last = 0;
    for (int i = 0; i < 10; i++)
        last = predict_z(*state, "YouTube", 2, &filter).resolution;
    assert_int_equal(last, 1080);
}

static void every_reason_has_its_own_words(void **state)
{
    (void)state;
    assert_string_equal(qoe_reason_name(QOE_REASON_NONE), "");
    for (int a = QOE_REASON_NO_MODEL; a <= QOE_REASON_UNSURE; a++)
        for (int b = QOE_REASON_NONE; b < a; b++)
            assert_string_not_equal(qoe_reason_name((qoe_reason)a), qoe_reason_name((qoe_reason)b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_class_wins),
        cmocka_unit_test(probabilities_sum_to_one_and_fall_towards_the_border),
        cmocka_unit_test(the_same_features_get_the_same_answer),
        cmocka_unit_test(without_a_model_the_reason_is_no_model),
        cmocka_unit_test(a_service_without_an_expert_has_no_model),
        cmocka_unit_test(nothing_yet_or_nothing_for_long_is_no_segments),
        cmocka_unit_test(one_object_is_too_few),
        cmocka_unit_test(features_that_training_never_saw_are_outside),
        cmocka_unit_test(a_speed_test_is_not_a_film),
        cmocka_unit_test(an_answer_below_the_limit_is_unsure_but_keeps_its_probabilities),
        cmocka_unit_test(a_limit_takes_back_only_what_is_less_probable),
        cmocka_unit_test(calibration_replaces_the_raw_confidence),
        cmocka_unit_test(below_the_first_knot_less_sure_answers_are_told_as_less_sure),
        cmocka_unit_test(the_filter_outlasts_one_odd_window_but_follows_a_change),
        cmocka_unit_test(every_reason_has_its_own_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
