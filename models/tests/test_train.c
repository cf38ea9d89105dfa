/* The parts of qoe-train: csv, labels, splits, confidence, metrics, recipes, and a small training.
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
#include <libsvm/svm.h>
#include <math.h>
#include <string.h>

#include "column.h"
#include "confidence.h"
#include "course_map.h"
#include "crossval.h"
#include "labels.h"
#include "load.h"
#include "packet.h"
#include "split.h"
#include "trainer.h"
#include "tune.h"

static char *write_temp(const char *text)
{
    char *path = NULL;
    const int file = g_file_open_tmp("qoe-XXXXXX.csv", &path, NULL);
    assert_true(file >= 0);
    g_close(file, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void csv_reads_quotes_and_any_line_end(void **state)
{
    (void)state;
    char *error = NULL;
    csv_file *csv = csv_open_text("t",
                                  g_strdup("\xef\xbb\xbf"
                                           "a,b\r\n\"x,\"\"y\",2\r\n\r\n3,4"),
                                  &error);
    assert_int_equal(csv_find(csv, "a"), 0);
    const char *const *row = csv_next(csv, &error);
    assert_string_equal(row[0], "x,\"y");
    assert_string_equal(row[1], "2");
    row = csv_next(csv, &error);
    assert_string_equal(row[1], "4");
    assert_null(csv_next(csv, &error));
    assert_null(error);
    csv_close(csv);
}

static void csv_lines_end_by_lf_cr_or_both_and_count_those_in_quotes(void **state)
{
    (void)state;
    char *error = NULL;
    double value;
    csv_file *csv = csv_open_text("t", g_strdup("a,b\r1,\"x\ny\"\n\n2,\"p\"q\r\n3,z\n"), &error);
    const char *const *row = csv_next(csv, &error);
    assert_string_equal(row[1], "x\ny");
    assert_int_equal(csv_line(csv), 2);
    row = csv_next(csv, &error);
    assert_string_equal(row[1], "pq");
    assert_int_equal(csv_line(csv), 5);
    row = csv_next(csv, &error);
    assert_false(csv_number(csv, row, 1, &value, &error));
    assert_string_equal(error, "t:6: column b: \"z\" is not a number");
    g_free(error);
    csv_close(csv);
}

static void csv_quotes_that_never_close_are_said(void **state)
{
    (void)state;
    char *error = NULL;
    csv_file *csv = csv_open_text("t", g_strdup("a,b\n1,\"2\n3,4\n"), &error);
    assert_null(csv_next(csv, &error));
    assert_string_equal(error, "t:2: a quote is not closed");
    g_free(error);
    csv_close(csv);
}

static void csv_with_a_zero_byte_is_no_text(void **state)
{
    (void)state;
    char *error = NULL, *path = write_temp("");
    assert_true(g_file_set_contents(path, "a,b\n1,2\n3\0,4\n", 14, NULL));
    assert_null(csv_open(path, &error));
    assert_non_null(strstr(error, ".csv:3: a zero byte"));
    g_free(error);
    g_unlink(path);
    g_free(path);
}

static void columns_are_judged_by_the_words_of_their_names(void **state)
{
    (void)state;
    static const char *const truths[] = {"bitrate", "serverBitrateChange", "c_rebufferings", "startup3.3", "quality"};
    static const char *const identities[] = {"session_id", "home_id", "absolute_timestamp",
                                             "index",      "srcIp",   "dst_port"};
    static const char *const fine[] = {"serverIdleTime", "userAvgInterArrivalTime", "transportLoad", "update_rate",
                                       "size_relative",  "parallel_flows",          "clip_size",     "elapsed"};
    for (size_t i = 0; i < G_N_ELEMENTS(truths); i++)
        assert_true(g_str_has_prefix(column_reason(truths[i]), "truth"));
    for (size_t i = 0; i < G_N_ELEMENTS(identities); i++)
        assert_true(g_str_has_prefix(column_reason(identities[i]), "identity"));
    for (size_t i = 0; i < G_N_ELEMENTS(fine); i++)
        assert_null(column_reason(fine[i]));
}

static double feature_of(const table *data, guint row, const char *name)
{
    return table_at(data, row)->x[qoe_features_find(name)];
}

/* Reads a csv in the course's form; the caller frees the table and clears the notes. */
static table *read_course(const char *text, table_notes *notes)
{
    char *error = NULL;
    table *data = table_new();
    csv_file *csv = csv_open_text("course.csv", g_strdup(text), &error);
    assert_true(course_is(csv));
    assert_true(course_read(csv, NULL, data, notes, &error));
    csv_close(csv);
    return data;
}

/* Two sessions, the second one's rows in between and out of order. */
static void the_course_becomes_features_along_each_session(void **state)
{
    (void)state;
    table_notes notes = {0};
    table *data = read_course(
        "session_id,video_id,service,is_tcp,resolution,relative_timestamp,cumsum_chunksizes,n_prev_down_chunk,"
        "serverByteCount,serverPacketCount,quality\n"
        "a,v1,netflix,True,,10,1000000,3,2000,2,good\n"
        "b,,youtube,False,720,20,900,2,500,1,good\n"
        "a,v1,netflix,True,480.0,20,1600000,5,4000,4,good\n"
        "a,v1,netflix,True,480.0,40,4000000,9,1000,2,bad\n"
        "b,,youtube,False,720,10,300,1,100,1,good\n"
        "a,v1,netflix,True,480.0,50,nan,9,1000,2,bad\n",
        &notes);
    assert_int_equal(data->rows->len, 5);
    assert_string_equal(table_at(data, 0)->service, "Netflix");
    assert_int_equal(table_at(data, 0)->label, 0);
    assert_int_equal(table_at(data, 2)->label, 480);
    assert_int_equal(table_at(data, 2)->window, 3);
    assert_string_equal(table_at(data, 2)->group, "v1");
    assert_true(feature_of(data, 0, "rate_30") == 1000000.0 / 10);
    assert_true(feature_of(data, 2, "rate_30") == 3000000.0 / 30);
    assert_true(feature_of(data, 2, "rate_all") == 4000000.0 / 40);
    assert_true(feature_of(data, 1, "window_down") == 400);
    assert_true(feature_of(data, 1, "window_down_3") == 300);
    assert_true(feature_of(data, 1, "window_down_lag1") == 200);
    assert_true(feature_of(data, 0, "window_down_lag1") == 0);
    assert_true(feature_of(data, 2, "window_packet") == 500);
    assert_true(feature_of(data, 2, "media_recent") == 9);
    assert_string_equal(table_at(data, 3)->capture, "b");
    assert_string_equal(table_at(data, 3)->group, "b");
    assert_int_equal(table_at(data, 3)->window, 0);
    assert_int_equal(table_at(data, 3)->transport, QOE_UDP);
    assert_non_null(strstr(notes.summary, "1 rows left out"));
    assert_non_null(strstr(notes.summary, "2 rows without a group"));
    assert_non_null(strstr(notes.columns, "quality"));
    assert_false(table_at(data, 0)->present[qoe_features_find("size_max")]);
    assert_true(table_at(data, 0)->present[qoe_features_find("rate_30")]);
    table_notes_clear(&notes);
    table_free(data);
}

/* Sums that fall or are negative would make negative rates; a resolution with a fraction is none. */
static void numbers_that_cannot_be_are_missing_in_the_course(void **state)
{
    (void)state;
    table_notes notes = {0};
    table *data = read_course(
        "session_id,resolution,relative_timestamp,cumsum_chunksizes,n_prev_down_chunk\n"
        "a,480,10,1000,1\na,480.5,20,2000,2\na,480,30,-5,3\na,480,40,500,4\na,480,50,5000,5\na,480,-60,6000,6\n",
        &notes);
    assert_int_equal(data->rows->len, 3); /* the sum at 30 s is negative, at 40 s less than at 10 s, -60 s is no time */
    assert_int_equal(table_at(data, 0)->label, 480);
    assert_int_equal(table_at(data, 0)->window, 0);
    assert_int_equal(table_at(data, 1)->label, 0);
    assert_int_equal(table_at(data, 2)->window, 4);
    for (guint i = 0; i < data->rows->len; i++)
        assert_true(feature_of(data, i, "rate_30") > 0);
    assert_non_null(strstr(notes.summary, "3 numbers taken as missing"));
    assert_non_null(strstr(notes.summary, "in line 3)"));
    assert_non_null(strstr(notes.summary, "3 rows left out"));
    table_notes_clear(&notes);
    table_free(data);
}

static void every_rule_of_the_course_names_a_feature(void **state)
{
    (void)state;
    for (size_t i = 0; i < course_rule_count; i++)
        assert_true(qoe_features_find(course_rules[i].feature) >= 0);
}

static void wrong_values_in_the_course_are_named_by_line_and_column(void **state)
{
    (void)state;
    char *error = NULL;
    table_notes notes = {0};
    table *data = table_new();
    csv_file *csv = csv_open_text("course.csv",
                                  g_strdup("session_id,resolution,relative_timestamp,n_prev_down_chunk\n"
                                           "\"a\nb\",720,10,1\na,720,ten,1\n"),
                                  &error);
    assert_false(course_read(csv, NULL, data, &notes, &error));
    assert_string_equal(error, "course.csv:4: column relative_timestamp: \"ten\" is not a number");
    g_clear_pointer(&error, g_free);
    csv_close(csv);
    csv = csv_open_text("course.csv", g_strdup("session_id,resolution,relative_timestamp\na,720,10\n"), &error);
    assert_false(course_read(csv, NULL, data, &notes, &error));
    assert_string_equal(error, "course.csv:1: there is no column \"n_prev_down_chunk\"");
    g_free(error);
    csv_close(csv);
    table_free(data);
}

static void csv_errors_name_file_line_and_column(void **state)
{
    (void)state;
    char *error = NULL;
    double value;
    assert_null(csv_open_text("empty.csv", g_strdup(""), &error));
    assert_true(g_str_has_prefix(error, "empty.csv:1: "));
    g_clear_pointer(&error, g_free);
    csv_file *csv = csv_open_text("t.csv", g_strdup("a,b\n1,x\n1,2,3\n"), &error);
    const char *const *row = csv_next(csv, &error);
    assert_false(csv_number(csv, row, 1, &value, &error));
    assert_string_equal(error, "t.csv:2: column b: \"x\" is not a number");
    g_clear_pointer(&error, g_free);
    assert_null(csv_next(csv, &error));
    assert_string_equal(error, "t.csv:3: 3 fields instead of 2");
    g_free(error);
    csv_close(csv);
}

static const label *label_of(GHashTable *labels, unsigned window)
{
    return g_hash_table_lookup(labels, GUINT_TO_POINTER(window));
}

static void labels_by_second_give_each_window_its_commonest_height(void **state)
{
    (void)state;
    char *error = NULL;
    char *path = write_temp("second,resolution,stalled\n7,360,0\n8,360,0\n9,480,0\n10,0,1\n11,720,0\n35,240,0\n");
    GHashTable *labels = labels_read(path, 10, &error);
    assert_int_equal(label_of(labels, 0)->downloaded, 360);
    assert_int_equal(label_of(labels, 1)->displayed, 720);
    assert_null(label_of(labels, 2));
    assert_int_equal(label_of(labels, 3)->downloaded, 240);
    g_hash_table_destroy(labels);
    g_unlink(path);
    g_free(path);
}

static void labels_by_window_tell_the_downloaded_from_the_displayed_and_leave_invalid_rows_out(void **state)
{
    (void)state;
    char *error = NULL;
    char *path = write_temp("window,resolution,dl_resolution,valid\n0,240,480,1\n1,480,480,0\n");
    GHashTable *labels = labels_read(path, 10, &error);
    assert_int_equal(label_of(labels, 0)->downloaded, 480);
    assert_int_equal(label_of(labels, 0)->displayed, 240);
    assert_null(label_of(labels, 1));
    g_hash_table_destroy(labels);
    g_unlink(path);
    g_free(path);
}

static void an_empty_label_file_is_an_error(void **state)
{
    (void)state;
    char *error = NULL;
    char *path = write_temp("second,resolution\n");
    assert_null(labels_read(path, 10, &error));
    assert_non_null(strstr(error, "no labels"));
    g_free(error);
    g_unlink(path);
    g_free(path);
}

/* 12 groups of 20 rows: the class is the group's number modulo 3, and size_last5 and rate_30 tell it. */
static table *sample_table(void)
{
    table *data = table_new();
    GRand *rand = g_rand_new_with_seed(7);
    for (unsigned g = 0; g < 12; g++)
        for (unsigned w = 0; w < 20; w++) {
            table_row *row = g_new0(table_row, 1);
            row->source = g_strdup("sample");
            row->capture = g_strdup_printf("c%u", g);
            row->group = g_strdup_printf("g%u", g);
            row->service = g_strdup("Film");
            row->transport = QOE_TCP;
            row->window = w;
            row->label = row->displayed = (int[]){240, 480, 1080}[g % 3];
            row->x = g_new0(double, qoe_features_count());
            row->x[qoe_features_find("size_last5")] = row->label * 1000.0 * g_rand_double_range(rand, .8, 1.2);
            row->x[qoe_features_find("rate_30")] = row->label * 300.0 * g_rand_double_range(rand, .8, 1.2);
            row->x[qoe_features_find("media_count")] = w + 1;
            row->x[qoe_features_find("media_recent")] = 5;
            g_ptr_array_add(data->rows, row);
        }
    g_rand_free(rand);
    return data;
}

static recipe *sample_recipe(void)
{
    char *error = NULL;
    recipe *all = recipe_default();
    expert_recipe *how = g_ptr_array_index(all->experts, 0);
    assert_true(recipe_set(how, "classes", "240;480;1080", &error));
    assert_true(recipe_set(how, "features", "size_last5;rate_30", &error));
    return all;
}

/* Rows of the sources among those drawn from a sample whose last ten groups only support the first two. */
static unsigned own_rows_drawn(const char *own_share, const char *rows_max)
{
    char *error = NULL;
    table *data = sample_table();
    recipe *all = sample_recipe();
    expert_recipe *how = g_ptr_array_index(all->experts, 0);
    for (guint i = 40; i < data->rows->len; i++) {
        g_free(table_at(data, i)->source);
        ((table_row *)g_ptr_array_index(data->rows, i))->source = g_strdup("more");
    }
    assert_true(recipe_set(how, "sources", "sample", &error) && recipe_set(how, "support", "more", &error));
    assert_true(recipe_set(how, "own_share", own_share, &error) && recipe_set(how, "rows", rows_max, &error));
    size_t n = data->rows->len;
    const table_row **drawn = trainer_draw(how, (const table_row *const *)data->rows->pdata, &n, 1);
    assert_int_equal(n, g_ascii_strtoull(rows_max, NULL, 10));
    GHashTable *different = g_hash_table_new(NULL, NULL);
    unsigned own = 0;
    for (size_t i = 0; i < n; i++) {
        assert_true(g_hash_table_add(different, (gpointer)drawn[i]));
        own += strcmp(drawn[i]->source, "sample") == 0;
    }
    g_hash_table_destroy(different);
    g_free(drawn);
    recipe_free(all);
    table_free(data);
    return own;
}

static void a_recipe_may_keep_a_share_of_the_rows_for_its_own_sources(void **state)
{
    (void)state;
    assert_int_equal(own_rows_drawn("0.5", "60"), 30);
    assert_int_equal(own_rows_drawn("1", "60"), 40);    /* there are no more */
    assert_int_equal(own_rows_drawn("0.1", "230"), 30); /* of support there are 200 */
    assert_in_range(own_rows_drawn("0", "60"), 2, 20);
}

static void a_group_is_never_on_both_sides(void **state)
{
    (void)state;
    table *data = sample_table();
    const table_row *const *rows = (const table_row *const *)data->rows->pdata;
    unsigned fold[240], again[240], other[240], rows_in[4] = {0};
    assert_int_equal(split_groups(rows, 240, 4, 1, fold), 12);
    split_groups(rows, 240, 4, 1, again);
    split_groups(rows, 240, 4, 2, other);
    for (size_t i = 0; i < 240; i++) {
        rows_in[fold[i]]++;
        for (size_t j = 0; j < i; j++)
            assert_true(strcmp(rows[i]->group, rows[j]->group) != 0 || fold[i] == fold[j]);
    }
    assert_memory_equal(fold, again, sizeof fold);
    assert_memory_not_equal(fold, other, sizeof fold);
    for (size_t f = 0; f < 4; f++)
        assert_int_equal(rows_in[f], 60);
    table_free(data);
}

static void a_sigmoid_follows_the_share_of_rights(void **state)
{
    (void)state;
    double values[400], a, b;
    bool first[400];
    for (int i = 0; i < 400; i++) {
        values[i] = i < 200 ? 1 : -1;
        first[i] = i < 200 ? i % 10 != 0 : i % 10 == 0; /* nine of ten */
    }
    confidence_fit_sigmoid(values, first, 400, &a, &b);
    assert_true(fabs(1 / (1 + exp(a + b)) - .9) < .01);
    assert_true(fabs(1 / (1 + exp(-a + b)) - .1) < .01);
    confidence_fit_sigmoid(values, first, 0, &a, &b);
    assert_true(a == 0 && b == 0);
}

static void calibration_knots_rise_and_meet_the_shares(void **state)
{
    (void)state;
    double raw[800], x[CONFIDENCE_KNOTS], y[CONFIDENCE_KNOTS];
    bool right[800];
    for (int i = 0; i < 800; i++) {
        raw[i] = i / 800.0;
        right[i] = i % 4 < i / 200; /* 0, 1/4, 1/2, 3/4 */
    }
    const size_t n = confidence_fit_knots(raw, right, 800, x, y);
    assert_true(n >= 4);
    for (size_t i = 1; i < n; i++)
        assert_true(x[i] > x[i - 1] && y[i] > y[i - 1]);
    assert_true(fabs(y[n - 1] - .75) < .05);
    assert_int_equal(confidence_fit_knots(raw, right, 10, x, y), 0);
}

static void metrics_count_a_missing_answer_as_wrong_but_not_as_a_class(void **state)
{
    (void)state;
    const int classes[] = {240, 480};
    const answer answers[] = {{NULL, 240, 240, .9, QOE_REASON_NONE, {.9, .1}, 0, true},
                              {NULL, 240, 480, .6, QOE_REASON_NONE, {.4, .6}, 0, true},
                              {NULL, 480, 480, .8, QOE_REASON_NONE, {.2, .8}, 0, true},
                              {NULL, 480, 0, 0, QOE_REASON_TOO_FEW, {0}, 0, true}};
    scores out;
    metrics_score(answers, 4, classes, 2, &out);
    assert_int_equal(out.answered, 3);
    assert_true(fabs(out.accuracy - 2.0 / 3) < 1e-12);
    assert_true(fabs(out.accuracy_all - .5) < 1e-12);
    assert_true(fabs(out.f1[0] - 2.0 / 3) < 1e-12);
    assert_true(fabs(out.macro_f1 - (2.0 / 3 + .5) / 2) < 1e-12);
    assert_true(fabs(out.auc[1] - 1) < 1e-12);
    assert_int_equal(out.confusion[1][2], 1);
    assert_int_equal(out.reasons[QOE_REASON_TOO_FEW], 1);
}

static void a_training_is_the_same_for_the_same_seed_and_predicts_unseen_groups(void **state)
{
    (void)state;
    char *error = NULL;
    table *data = sample_table();
    recipe *all = sample_recipe();
    const expert_recipe *how = g_ptr_array_index(all->experts, 0);
    const table_row *const *rows = (const table_row *const *)data->rows->pdata;
    char *one = trainer_expert(how, rows, 240, 1, true, &error), *two = trainer_expert(how, rows, 240, 1, true, &error);
    assert_non_null(one);
    assert_string_equal(one, two);
    const crossval_plan plan = {.folds = 4, .partitions = 2, .seed = 1, .threads = 2};
    answer *answers = crossval_run(how, rows, 240, &plan, &error);
    scores out;
    metrics_score(answers, 480, how->classes, how->class_count, &out);
    assert_true(out.accuracy_all > .98);
    assert_int_equal(out.rows, 480);
    g_free(answers);
    g_free(one);
    g_free(two);
    recipe_free(all);
    table_free(data);
}

static void a_filter_learned_from_labels_has_rows_that_sum_to_one(void **state)
{
    (void)state;
    char *error = NULL;
    table *data = sample_table();
    recipe *all = sample_recipe();
    expert_recipe *how = g_ptr_array_index(all->experts, 0);
    assert_true(recipe_set(how, "filter", "0.4", &error));
    char *section = trainer_expert(how, (const table_row *const *)data->rows->pdata, 240, 1, true, &error);
    assert_non_null(strstr(section, "filter forward 0.4\n"));
    qoe_model *model = trainer_load(section, &error); /* the reader checks the sums */
    assert_non_null(model);
    qoe_model_free(model);
    g_free(section);
    recipe_free(all);
    table_free(data);
}

static void what_the_rows_do_not_have_is_left_out(void **state)
{
    (void)state;
    char *error = NULL;
    table *data = sample_table();
    recipe *all = recipe_default(); /* five classes of which the rows have three */
    expert_recipe *how = g_ptr_array_index(all->experts, 0);
    bool *present = g_new0(bool, qoe_features_count());
    present[qoe_features_find("size_last5")] = present[qoe_features_find("rate_30")] = true;
    table_add_present(data, present);
    for (guint i = 0; i < data->rows->len; i++)
        ((table_row *)g_ptr_array_index(data->rows, i))->present = present;
    char *notes = trainer_notes(how, data);
    assert_non_null(strstr(notes, "no row has the label 360"));
    assert_non_null(strstr(notes, "do not have them: rate_60 "));
    char *section = trainer_expert(how, (const table_row *const *)data->rows->pdata, 240, 1, true, &error);
    assert_non_null(strstr(section, "classes 240 480 1080\n"));
    assert_non_null(strstr(section, "inputs 2\n"));
    const crossval_plan plan = {.folds = 4, .partitions = 1, .seed = 1, .threads = 2};
    answer *answers = crossval_run(how, (const table_row *const *)data->rows->pdata, 240, &plan, &error);
    for (size_t i = 0; i < 240; i++)
        assert_true(answers[i].p[recipe_class_of(how, answers[i].said)] > .3 && answers[i].p[1] == 0);
    g_free(answers);
    g_free(section);
    g_free(notes);
    recipe_free(all);
    table_free(data);
}

static void fewer_groups_than_folds_are_said(void **state)
{
    (void)state;
    char *error = NULL;
    table *data = sample_table();
    recipe *all = sample_recipe();
    const crossval_plan plan = {.folds = 13, .partitions = 1, .seed = 1, .threads = 1};
    assert_null(crossval_run(g_ptr_array_index(all->experts, 0), (const table_row *const *)data->rows->pdata, 240,
                             &plan, &error));
    assert_non_null(strstr(error, "12 groups cannot be split into 13 folds"));
    g_free(error);
    recipe_free(all);
    table_free(data);
}

static void a_grid_takes_only_what_changes_the_learning(void **state)
{
    (void)state;
    table *data = sample_table();
    recipe *all = sample_recipe();
    expert_recipe *how = g_ptr_array_index(all->experts, 0);
    const crossval_plan plan = {.folds = 3, .partitions = 1, .seed = 1, .threads = 2, .labels_only = true};
    char *wrong[][2] = {{"classes=240 480|240 1080", NULL}, {"cost=1|cheap", NULL}, {"cost", NULL}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char *error = NULL;
        const tune_plan what = {0, wrong[i], stdout};
        assert_true(!tune_check(&what, &error) || !tune_expert(how, data, &what, &plan, &error));
        assert_non_null(strstr(error, "--grid"));
        g_free(error);
    }
    recipe_free(all);
    table_free(data);
}

static void too_few_classes_are_said(void **state)
{
    (void)state;
    char *error = NULL;
    table *data = sample_table();
    recipe *all = sample_recipe();
    assert_null(trainer_expert(g_ptr_array_index(all->experts, 0), (const table_row *const *)data->rows->pdata, 20, 1,
                               true, &error));
    assert_non_null(strstr(error, "two classes"));
    g_free(error);
    recipe_free(all);
    table_free(data);
}

static void a_table_survives_writing_and_reading(void **state)
{
    (void)state;
    char *error = NULL, *path = write_temp("");
    table *data = sample_table(), *back = table_new();
    table_notes notes;
    assert_true(table_write(data, path, &error));
    assert_true(load_table(back, path, NULL, &notes, &error));
    assert_null(notes.summary);
    assert_int_equal(back->rows->len, 240);
    const int feature = qoe_features_find("size_last5");
    for (guint i = 0; i < 240; i++) {
        assert_string_equal(table_at(back, i)->group, table_at(data, i)->group);
        assert_int_equal(table_at(back, i)->label, table_at(data, i)->label);
        assert_true(fabs(table_at(back, i)->x[feature] / table_at(data, i)->x[feature] - 1) < 1e-8);
    }
    g_unlink(path);
    g_free(path);
    table_free(data);
    table_free(back);
}

static void wrong_recipe_keys_are_named(void **state)
{
    (void)state;
    const char *cases[][3] = {{"cost", "-1", "cost"},           {"colour", "red", "no key"},
                              {"classes", "240", "two"},        {"features", "nothing", "no feature"},
                              {"linear", "silence", "among"},   {"transports", "sctp", "tcp"},
                              {"label", "guess", "vote"},       {"general", "maybe", "true or false"},
                              {"own_share", "1.5", "own_share"}};
    recipe *all = sample_recipe();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *error = NULL;
        assert_false(recipe_set(g_ptr_array_index(all->experts, 0), cases[i][0], cases[i][1], &error));
        assert_non_null(strstr(error, cases[i][2]));
        g_free(error);
    }
    recipe_free(all);
}

static void quiet(const char *text)
{
    (void)text;
}

int main(void)
{
    svm_set_print_string_function(quiet);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_reads_quotes_and_any_line_end),
        cmocka_unit_test(csv_errors_name_file_line_and_column),
        cmocka_unit_test(labels_by_second_give_each_window_its_commonest_height),
        cmocka_unit_test(labels_by_window_tell_the_downloaded_from_the_displayed_and_leave_invalid_rows_out),
        cmocka_unit_test(an_empty_label_file_is_an_error),
        cmocka_unit_test(a_recipe_may_keep_a_share_of_the_rows_for_its_own_sources),
        cmocka_unit_test(a_group_is_never_on_both_sides),
        cmocka_unit_test(a_sigmoid_follows_the_share_of_rights),
        cmocka_unit_test(calibration_knots_rise_and_meet_the_shares),
        cmocka_unit_test(metrics_count_a_missing_answer_as_wrong_but_not_as_a_class),
        cmocka_unit_test(a_training_is_the_same_for_the_same_seed_and_predicts_unseen_groups),
        cmocka_unit_test(a_filter_learned_from_labels_has_rows_that_sum_to_one),
        cmocka_unit_test(too_few_classes_are_said),
        cmocka_unit_test(a_table_survives_writing_and_reading),
        cmocka_unit_test(csv_lines_end_by_lf_cr_or_both_and_count_those_in_quotes),
        cmocka_unit_test(csv_quotes_that_never_close_are_said),
        cmocka_unit_test(csv_with_a_zero_byte_is_no_text),
        cmocka_unit_test(columns_are_judged_by_the_words_of_their_names),
        cmocka_unit_test(the_course_becomes_features_along_each_session),
        cmocka_unit_test(numbers_that_cannot_be_are_missing_in_the_course),
        cmocka_unit_test(every_rule_of_the_course_names_a_feature),
        cmocka_unit_test(wrong_values_in_the_course_are_named_by_line_and_column),
        cmocka_unit_test(what_the_rows_do_not_have_is_left_out),
        cmocka_unit_test(fewer_groups_than_folds_are_said),
        cmocka_unit_test(a_grid_takes_only_what_changes_the_learning),
        cmocka_unit_test(wrong_recipe_keys_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
