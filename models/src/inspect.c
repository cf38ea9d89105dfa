/* qoe-train inspect: what a bundle, a data set or the feature table holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "feature_objects.h"
#include "load.h"
#include "model_internal.h"

/* What the definitions take for granted. */
static void show_terms(void)
{
    static const char terms[] =
        "A media object is a segment of the session of at least %d bytes that was not aborted (columns bytes\n"
        "and complete of the export \"segments\"); of 50 kB and more: of at least %d. It counts as soon as its\n"
        "last byte lies before the window's end. \"The last\" are those with the latest last bytes. The newest\n"
        "%d are kept one by one; older ones count on in rate_all, count and media_count. Video and audio\n"
        "segments are those of that kind. A pace is an object's bytes over the time to the next request (at\n"
        "least 0.3 s), a throughput its bytes over the time from its request to its last byte (at least 0.05 s).\n\n"
        "Where there is no such object, features are those of one of 1 B at the session's start: sizes are 1 B,\n"
        "rates 1 B over the time that they look at where that reaches the start (rate_30_lag1 to 3: 1000 B/s\n"
        "before it), throughputs 20 B/s, media rates 0.25 B/s, and silence is the time since the start. Paces\n"
        "and gaps need two objects, else they are 0, as are counts, window_object_* and audio_*.\n\n";
    printf(terms, QOE_OBJECT_MIN_BYTES, QOE_MEDIA_MIN_BYTES, QOE_HISTORY_OBJECTS);
}

static int show_features(void)
{
    show_terms();
    for (unsigned f = 0; f < qoe_features_count(); f++) {
        const qoe_feature *feature = qoe_features_at(f);
        printf("%-24s %-5s %s\n%-30s (%s)\n", feature->name, feature->unit, feature->definition, "", feature->source);
    }
    return EXIT_DONE;
}

static void show_expert(const qoe_expert *expert)
{
    printf("\nexpert %s\n  speaks for  ", expert->name);
    for (guint i = 0; i < expert->services->len; i++)
        printf("%s%s", i ? ", " : "", (const char *)g_ptr_array_index(expert->services, i));
    printf("%s%s over%s%s\n  classes    ", expert->general && expert->services->len ? ", " : "",
           expert->general ? "everything else" : "", expert->tcp ? " tcp" : "", expert->udp ? " udp" : "");
    for (size_t c = 0; c < expert->class_count; c++)
        printf(" %d", expert->classes[c]);
    printf("\n  label       %s\n  vectors     %d (", expert->by_vote ? "vote" : "probability", expert->svm.l);
    for (size_t c = 0; c < expert->class_count; c++)
        printf("%s%d: %d", c ? ", " : "", expert->svm.label[c], expert->svm.nSV[c]);
    printf("), gamma %g\n  silent when fewer than %" G_GUINT64_FORMAT
           " objects, the last older than %g s, more than %g "
           "of the inputs outside, or below %g\n  inputs      %zu\n",
           expert->svm.param.gamma, expert->minimum_objects, expert->silence_limit_s, expert->outside_share,
           expert->minimum_probability, expert->input_count);
    for (size_t i = 0; i < expert->input_count; i++) {
        const qoe_input *input = &expert->inputs[i];
        printf("    %-24s %-5s mean %10.4g sd %8.4g range %6.2f..%.2f\n", qoe_features_at(input->feature)->name,
               input->transform == QOE_TRANSFORM_LOG1P ? "log1p" : "none", input->mean, input->sd, input->low,
               input->high);
    }
    printf("  calibration");
    for (size_t i = 0; i < expert->knot_count; i++)
        printf(" %.2f->%.2f", expert->knot_x[i], expert->knot_y[i]);
    printf("\n  filter      %s\n", expert->filter ? "forward" : "none");
}

static int show_bundle(const char *path)
{
    char *error = NULL;
    qoe_model *model = qoe_model_load(path, &error);
    if (!model)
        return command_fail(error);
    printf("%s, version %s, %u expert%s\n", qoe_model_name(model), qoe_model_version(model), model->experts->len,
           model->experts->len == 1 ? "" : "s");
    for (guint i = 0; i < model->experts->len; i++)
        show_expert(g_ptr_array_index(model->experts, i));
    qoe_model_free(model);
    return EXIT_DONE;
}

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Windows per label, groups and captures. */
static int show_table(const char *path)
{
    char *error = NULL;
    table *data = table_new();
    table_notes notes;
    if (!load_table(data, path, NULL, &notes, &error)) {
        table_free(data);
        return command_fail(error);
    }
    if (notes.summary)
        printf("%s%s", notes.summary, notes.columns ? notes.columns : "");
    table_notes_clear(&notes);
    GHashTable *groups = g_hash_table_new(g_str_hash, g_str_equal),
               *captures = g_hash_table_new(g_str_hash, g_str_equal);
    int *labels = g_new(int, data->rows->len + 1);
    for (guint i = 0; i < data->rows->len; i++) {
        const table_row *row = table_at(data, i);
        g_hash_table_add(groups, row->group);
        g_hash_table_add(captures, row->capture);
        labels[i] = row->label;
    }
    printf("%s: %u windows of %u captures in %u groups\n", path, data->rows->len, g_hash_table_size(captures),
           g_hash_table_size(groups));
    qsort(labels, data->rows->len, sizeof *labels, compare_ints);
    for (guint i = 0, n = 0; i < data->rows->len; i++) {
        n++;
        if (i + 1 == data->rows->len || labels[i + 1] != labels[i]) {
            printf("  %5d lines: %u\n", labels[i], n);
            n = 0;
        }
    }
    g_free(labels);
    g_hash_table_destroy(groups);
    g_hash_table_destroy(captures);
    table_free(data);
    return EXIT_DONE;
}

int command_inspect(int argc, char **argv)
{
    gboolean features = FALSE;
    const GOptionEntry entries[] = {{"features", 'f', 0, G_OPTION_ARG_NONE, &features, "Show the feature table", NULL},
                                    G_OPTION_ENTRY_NULL};
    static const command_help help = {.arguments = "[FILE]",
                                      .summary = "Shows what a bundle (*.qoemodel) or a data set (csv) holds.",
                                      .examples = "  qoe-train inspect films.csv\n"
                                                  "  qoe-train inspect models/qoe.qoemodel\n"
                                                  "  qoe-train inspect --features\n"};
    if (!command_parse(&help, entries, &argc, &argv, 0, 1))
        return EXIT_USAGE;
    if (features == (argc > 1)) {
        fprintf(stderr, "qoe-train: either a FILE or --features is expected\n");
        return EXIT_USAGE;
    }
    if (features)
        return show_features();
    return g_str_has_suffix(argv[1], ".csv") ? show_table(argv[1]) : show_bundle(argv[1]);
}
