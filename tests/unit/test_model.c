/* The bundle's reader: what it takes, what it refuses, and that no damage gets past it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>
#include <string.h>

#include "packet.h"
#include "predict.h"
#include "sample_bundle.h"

static qoe_model *parse(const char *text, char **error)
{
    return qoe_model_parse(text, strlen(text), "sample.qoemodel", error);
}

/* The sample with `from` replaced by `to`; fails the test when `from` is not in it. */
static char *sample_with(const char *from, const char *to)
{
    const char *at = strstr(SAMPLE_BUNDLE, from);
    assert_non_null(at);
    const size_t before = (size_t)(at - SAMPLE_BUNDLE);
    return g_strdup_printf("%.*s%s%s", (int)before, SAMPLE_BUNDLE, to, at + strlen(from));
}

static void expect_refused(const char *text, const char *where, const char *what)
{
    char *error = NULL;
    qoe_model *model = parse(text, &error);
    assert_null(model);
    assert_non_null(error);
    if (!g_str_has_prefix(error, where) || !strstr(error, what))
        fail_msg("\"%s\" instead of \"%s ... %s\"", error, where, what);
    g_free(error);
}

static void expect_change_refused(const char *from, const char *to, const char *where, const char *what)
{
    char *text = sample_with(from, to);
    expect_refused(text, where, what);
    g_free(text);
}

static void a_whole_bundle_is_read(void **state)
{
    (void)state;
    char *error = NULL;
    int classes[QOE_MODEL_CLASSES_MAX];
    qoe_model *model = parse(SAMPLE_BUNDLE, &error);
    assert_null(error);
    assert_non_null(model);
    assert_string_equal(qoe_model_name(model), "Sample");
    assert_string_equal(qoe_model_version(model), "1.0");
    assert_int_equal(qoe_model_classes(model, classes), 3);
    assert_int_equal(classes[0], 240);
    assert_int_equal(classes[2], 1080);
    qoe_model_free(model);
}

static void lines_may_end_as_on_windows(void **state)
{
    (void)state;
    char **lines = g_strsplit(SAMPLE_BUNDLE, "\n", 0), *text = g_strjoinv("\r\n", lines), *error = NULL;
    qoe_model *model = parse(text, &error);
    assert_non_null(model);
    qoe_model_free(model);
    g_strfreev(lines);
    g_free(text);
}

static void an_expert_answers_for_its_service_and_transport_and_the_general_one_for_the_rest(void **state)
{
    (void)state;
    char *error = NULL;
    bool general = true;
    qoe_model *model = parse(SAMPLE_BUNDLE, &error);
    const qoe_expert *films = qoe_model_expert(model, "Netflix", QOE_TCP, &general);
    assert_non_null(films);
    assert_false(general);
    const qoe_expert *any = qoe_model_expert(model, "Netflix", QOE_UDP, &general);
    assert_true(general);
    assert_ptr_not_equal(films, any);
    assert_ptr_equal(qoe_model_expert(model, "untagged", QOE_TCP, &general), any);
    qoe_model_free(model);

    model = parse(SAMPLE_FILMS_ONLY, &error);
    assert_null(qoe_model_expert(model, "YouTube", QOE_TCP, &general));
    assert_false(general);
    qoe_model_free(model);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    char *error = NULL;
    assert_null(qoe_model_load("no/such/file.qoemodel", &error));
    assert_true(g_str_has_prefix(error, "no/such/file.qoemodel: ")); /* no line: there is none */
    g_free(error);
}

static void foreign_files_are_told_apart(void **state)
{
    (void)state;
    char *error = NULL;
    expect_refused("", "sample.qoemodel:1: ", "not a model bundle");
    expect_refused("svm_type c_svc\n", "sample.qoemodel:1: ", "not a model bundle");
    assert_null(qoe_model_parse("qoemodel 1\n\0x", 13, "b", &error));
    assert_string_equal(error, "b:1: not a text file");
    g_free(error);
    expect_change_refused("qoemodel 1", "qoemodel 2", "sample.qoemodel:1: ", "knows version 1");
    expect_change_refused("features 1", "features 999", "sample.qoemodel:5: ", "knows version");
}

static void wrong_words_are_refused_with_their_line(void **state)
{
    (void)state;
    const char *cases[][4] = {
        {"size_last5", "size_last_five", "sample.qoemodel:17: ", "there is no feature \"size_last_five\""},
        {"window_idle none", "size_last5 none", "sample.qoemodel:18: ", "twice"},
        {"log1p", "sqrt", "sample.qoemodel:17: ", "none or log1p"},
        {"13 1 -3 3", "13 0 -3 3", "sample.qoemodel:17: ", "sd must be above 0"},
        {"13 1 -3 3", "13 1 3 -3", "sample.qoemodel:17: ", "low at most high"},
        {"13 1 -3 3", "13 1 -3", "sample.qoemodel:17: ", "missing"},
        {"13 1 -3 3", "13 1 -3 3 4", "sample.qoemodel:17: ", "more than 4"},
        {"13 1 -3 3", "nan 1 -3 3", "sample.qoemodel:17: ", "not a number"},
        {"13 1 -3 3", "0x10 1 -3 3", "sample.qoemodel:17: ", "not a number"},
        {"service Netflix\n", "", "sample.qoemodel:7: ", "needs a \"service\""},
        {"transports tcp\n", "transports sctp\n", "sample.qoemodel:9: ", "tcp and udp"},
        {"classes 240 480 1080", "classes 480 240 1080", "sample.qoemodel:10: ", "not within"},
        {"classes 240 480 1080", "classes 240", "sample.qoemodel:10: ", "at least two"},
        {"label vote", "label guess", "sample.qoemodel:11: ", "vote or probability"},
        {"inputs 2", "inputs 3", "sample.qoemodel:19: ", "there is no feature"},
        {"calibration 0", "calibration 2\n0.5 0.5\n0.4 0.6", "sample.qoemodel:21: ", "must rise"},
        {"filter none", "filter forward 0.5\n1 0 0\n0 1 0\n0 0 0.5", "sample.qoemodel:23: ", "sum is 0.5"},
        {"svm_type c_svc", "svm_type nu_svr", "sample.qoemodel:22: ", "svm_type must be c_svc"},
        {"kernel_type rbf", "kernel_type precomputed", "sample.qoemodel:23: ", "kernel_type must be rbf"},
        {"gamma 0.5", "gamma 0", "sample.qoemodel:24: ", "gamma"},
        {"gamma 0.5", "gamma inf", "sample.qoemodel:24: ", "gamma"},
        {"nr_class 3", "nr_class 4", "sample.qoemodel:25: ", "nr_class"},
        {"total_sv 3", "total_sv 2000000000", "sample.qoemodel:26: ", "total_sv"},
        {"total_sv 3", "total_sv 3.5", "sample.qoemodel:26: ", "whole number"},
        {"total_sv 3", "total_sv 2", "sample.qoemodel:31: ", "the sum is 3"},
        {"rho 0 0 0", "rho 0 0", "sample.qoemodel:27: ", "missing"},
        {"label 480 240 1080", "label 480 240 720", "sample.qoemodel:28: ", "720 is not a class"},
        {"label 480 240 1080", "label 480 240 240", "sample.qoemodel:28: ", "twice"},
        {"nr_sv 1 1 1", "nr_sv 1 -1 3", "sample.qoemodel:31: ", "nr_sv"},
        {"-1 1 1:-2 2:0 ", "-1 1:-2 2:0 ", "sample.qoemodel:34: ", "coefficient"},
        {"-1 1 1:-2 2:0 ", "-1 1 2:0 1:-2", "sample.qoemodel:34: ", "index"},
        {"-1 1 1:-2 2:0 ", "-1 1 -1:-2 2:0", "sample.qoemodel:34: ", "index"},
        {"-1 1 1:-2 2:0 ", "-1 1 1:-2 3:0", "sample.qoemodel:34: ", "index"},
        {"-1 1 1:-2 2:0 ", "-1 1 1:1e999 2:0", "sample.qoemodel:34: ", "value"},
        {"-1 1 1:-2 2:0 ", "-1 1 1", "sample.qoemodel:34: ", "index:value"},
        {"end expert", "the end", "sample.qoemodel:36: ", "\"end\" is expected"},
        {"end bundle\n", "end bundle\nmore\n", "sample.qoemodel:70: ", "behind"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        expect_change_refused(cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
}

static void a_number_of_400_digits_is_refused(void **state)
{
    (void)state;
    char *digits = g_strnfill(400, '9'), *line = g_strdup_printf("gamma 0.%s", digits);
    expect_change_refused("gamma 0.5", line, "sample.qoemodel:24: ", "402 characters");
    g_free(line);
    g_free(digits);
}

static void a_bundle_cut_anywhere_is_refused(void **state)
{
    (void)state;
    const size_t len = strlen(SAMPLE_BUNDLE);
    /* Without its last line feed it is still whole. */
    for (size_t cut = 0; cut + 1 < len; cut++) {
        char *error = NULL;
        qoe_model *model = qoe_model_parse(SAMPLE_BUNDLE, cut, "cut", &error);
        assert_null(model);
        assert_true(g_str_has_prefix(error, "cut:"));
        g_free(error);
    }
}

/* Predicts with whatever was read: the values must be sane however odd the numbers are. */
static void use(const qoe_model *model)
{
    double *features = g_new0(double, qoe_features_count());
    qoe_filter filter = {0};
    const double sizes[] = {0, 1e3, 4e5, 1e7, 1e15};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        qoe_prediction out;
        features[qoe_features_find("size_last5")] = sizes[i];
        qoe_predict(model, i % 2 ? "Netflix" : "YouTube", QOE_TCP, features, 100, 10, &filter, &out);
        assert_true(out.probability >= 0 && out.probability <= 1);
        for (size_t c = 0; c < out.classes; c++)
            assert_true(isfinite(out.p[c]) && out.p[c] >= 0 && out.p[c] <= 1 + 1e-9);
    }
    g_free(features);
}

/* A file with the sample bundle, `from` in it replaced by `to`; g_free. */
static char *write_sample(const char *from, const char *to)
{
    char *path = NULL;
    const int file = g_file_open_tmp("XXXXXX.qoemodel", &path, NULL);
    GString *text = g_string_new(SAMPLE_BUNDLE);
    if (from)
        assert_int_equal(g_string_replace(text, from, to, 1), 1);
    assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
    g_string_free(text, TRUE);
    close(file);
    return path;
}

static qoe_prediction predict_with(const qoe_model *model, const char *service)
{
    double *features = g_new0(double, qoe_features_count());
    qoe_filter filter = {0};
    qoe_prediction out;
    features[qoe_features_find("size_last5")] = 4e5;
    qoe_predict(model, service, QOE_TCP, features, 100, 10, &filter, &out);
    g_free(features);
    return out;
}

static void a_bundle_that_is_read_as_needed_answers_like_one_that_was_read_at_once(void **state)
{
    (void)state;
    char *path = write_sample(NULL, NULL), *error = NULL;
    qoe_model *opened = qoe_model_open(path, &error), *loaded = qoe_model_load(path, &error);
    assert_null(error);
    const qoe_prediction one = predict_with(opened, "Netflix"), other = predict_with(loaded, "Netflix");
    assert_int_not_equal(one.resolution, 0);
    assert_memory_equal(&one, &other, sizeof one);
    assert_null(qoe_model_damage(opened));
    qoe_model_free(opened);
    qoe_model_free(loaded);
    g_remove(path);
    g_free(path);
}

static void damage_in_an_expert_is_found_when_it_is_asked_and_silences_no_other(void **state)
{
    (void)state;
    char *path = write_sample("-1 1 1:-2 2:0 ", "-1 1 1:-2 2:x "), *error = NULL;
    qoe_model *model = qoe_model_open(path, &error);
    assert_non_null(model);
    assert_int_not_equal(predict_with(model, "YouTube").resolution, 0);
    assert_null(qoe_model_damage(model));
    for (int again = 0; again < 2; again++)
        assert_int_equal(predict_with(model, "Netflix").reason, QOE_REASON_NO_MODEL);
    assert_non_null(strstr(qoe_model_damage(model), ".qoemodel:34: support vector"));
    assert_int_not_equal(predict_with(model, "YouTube").resolution, 0);
    qoe_model_free(model);
    assert_null(qoe_model_load(path, &error));
    assert_non_null(strstr(error, ".qoemodel:34: support vector"));
    g_free(error);
    g_remove(path);
    g_free(path);
}

static void mutate(GRand *rand, char *text, size_t len)
{
    static const char alphabet[] = "0123456789.-+eE: \nnaifxSV\x7f\xff";
    const int changes = g_rand_int_range(rand, 1, 4);
    for (int i = 0; i < changes; i++) {
        const gint32 at = g_rand_int_range(rand, 0, (gint32)len);
        text[at] = alphabet[g_rand_int_range(rand, 0, (gint32)sizeof alphabet - 1)];
    }
}

static void twenty_thousand_damaged_bundles_are_refused_with_a_line_or_give_sane_answers(void **state)
{
    (void)state;
    const size_t len = strlen(SAMPLE_BUNDLE);
    GRand *rand = g_rand_new_with_seed(4711);
    unsigned refused = 0, taken = 0;
    for (int i = 0; i < 20000; i++) {
        char *text = g_strdup(SAMPLE_BUNDLE), *error = NULL;
        mutate(rand, text, len);
        qoe_model *model = qoe_model_parse(text, len, "damaged", &error);
        if (model) {
            taken++;
            use(model);
            qoe_model_free(model);
        } else {
            refused++;
            assert_true(g_str_has_prefix(error, "damaged:") && g_ascii_isdigit(error[8]));
        }
        g_free(error);
        g_free(text);
    }
    g_rand_free(rand);
    assert_true(refused > 10000);
    assert_true(taken > 100);
}

static void whole_lines_lost_or_doubled_are_refused_with_a_line(void **state)
{
    (void)state;
    char **lines = g_strsplit(SAMPLE_BUNDLE, "\n", 0);
    const guint count = g_strv_length(lines) - 1;
    for (guint skip = 0; skip < 2 * count; skip++) {
        GString *text = g_string_new(NULL);
        for (guint i = 0; i < count; i++) {
            const guint copies = i != skip / 2 ? 1 : skip % 2 ? 2 : 0;
            for (guint n = 0; n < copies; n++)
                g_string_append_printf(text, "%s\n", lines[i]);
        }
        /* The origin is for people and may come any number of times, and a service may be named twice. */
        const char *line = lines[skip / 2];
        if (!g_str_has_prefix(line, "origin") && !(skip % 2 && g_str_has_prefix(line, "service")))
            expect_refused(text->str, "sample.qoemodel:", "");
        g_string_free(text, TRUE);
    }
    g_strfreev(lines);
}

static void more_experts_than_said_or_classes_than_fit_are_refused(void **state)
{
    (void)state;
    expect_change_refused("experts 2", "experts 1", "sample.qoemodel:37: ", "\"end\" is expected");
    expect_change_refused("experts 2", "experts 0", "sample.qoemodel:6: ", "experts");
    expect_change_refused("experts 2", "experts 17", "sample.qoemodel:6: ", "experts");
    expect_change_refused("classes 240 480 1080", "classes 1 2 3 4 5 6 7 8 9", "sample.qoemodel:10: ", "more than 8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_bundle_is_read),
        cmocka_unit_test(lines_may_end_as_on_windows),
        cmocka_unit_test(an_expert_answers_for_its_service_and_transport_and_the_general_one_for_the_rest),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(foreign_files_are_told_apart),
        cmocka_unit_test(wrong_words_are_refused_with_their_line),
        cmocka_unit_test(a_bundle_that_is_read_as_needed_answers_like_one_that_was_read_at_once),
        cmocka_unit_test(damage_in_an_expert_is_found_when_it_is_asked_and_silences_no_other),
        cmocka_unit_test(a_number_of_400_digits_is_refused),
        cmocka_unit_test(a_bundle_cut_anywhere_is_refused),
        cmocka_unit_test(twenty_thousand_damaged_bundles_are_refused_with_a_line_or_give_sane_answers),
        cmocka_unit_test(whole_lines_lost_or_doubled_are_refused_with_a_line),
        cmocka_unit_test(more_experts_than_said_or_classes_than_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
