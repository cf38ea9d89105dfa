/* qoe-train evaluate: what the experts of a recipe are worth on groups that were held out, or a finished bundle on
 * a data set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "crossval.h"
#include "options.h"
#include "report.h"
#include "split.h"
#include "trainer.h"

typedef struct {
    train_options shared;
    int folds, partitions;
    char *model, *service, *json, *html;
    gboolean brief, labels_only;
} evaluate_options;

static double majority_of(const scores *all)
{
    size_t most = 0, sum = 0;
    for (size_t c = 0; c < all->class_count; c++) {
        size_t rows = 0;
        for (size_t o = 0; o <= all->class_count; o++)
            rows += all->confusion[c][o];
        most = MAX(most, rows);
        sum += rows;
    }
    return sum ? (double)most / (double)sum : 0;
}

/* Takes the answers over. */
static measurement *measure(char *title, answer *answers, const table_row *const *rows, size_t n, unsigned partitions,
                            const int *classes, size_t class_count)
{
    measurement *one = g_new0(measurement, 1);
    unsigned *ignored = g_new(unsigned, n);
    *one = (measurement){.title = title, .rows = n, .partitions = partitions, .answers = answers};
    one->groups = split_groups(rows, n, 1, 0, ignored);
    one->class_count = class_count;
    memcpy(one->classes, classes, class_count * sizeof *classes);
    metrics_score(answers, n * partitions, classes, class_count, &one->all);
    one->of_partition = g_new(scores, partitions);
    for (unsigned p = 0; p < partitions; p++)
        metrics_score(answers + p * n, n, classes, class_count, &one->of_partition[p]);
    one->majority = majority_of(&one->all);
    g_free(ignored);
    return one;
}

/* A model that sees nothing but how much came: the floor under everything else. */
static bool measure_throughput(const expert_recipe *how, const table_row *const *rows, size_t n, crossval_plan plan,
                               scores *out, char **error)
{
    expert_recipe plain = *how;
    plan.partitions = 1;
    if (!recipe_set(&plain, "features", "window_down window_down_6 window_down_all", error))
        return false;
    answer *answers = crossval_run(&plain, rows, n, &plan, error);
    if (answers)
        metrics_score(answers, n, how->classes, how->class_count, out);
    g_free(answers);
    return answers != NULL;
}

static measurement *evaluate_expert(const expert_recipe *how, const table *data, const evaluate_options *options,
                                    char **error)
{
    const crossval_plan plan = {(unsigned)options->folds, (unsigned)options->partitions, options->shared.seed,
                                options->shared.threads, options->labels_only};
    GPtrArray *rows = trainer_select(how, data);
    const table_row *const *list = (const table_row *const *)rows->pdata;
    answer *answers = rows->len ? crossval_run(how, list, rows->len, &plan, error) : NULL;
    measurement *one = NULL;
    if (answers) {
        one = measure(g_strdup_printf("expert %s", how->name), answers, list, rows->len, plan.partitions, how->classes,
                      how->class_count);
        if (!options->brief)
            measure_throughput(how, list, rows->len, plan, &one->throughput, error);
    } else if (!*error) {
        *error = g_strdup_printf("%s: no rows to learn from", how->name);
    }
    g_ptr_array_free(rows, TRUE);
    return one;
}

static GPtrArray *evaluate_recipe(const evaluate_options *options, const table *data, char **error)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)report_free);
    recipe *experts = options_recipe(&options->shared, error);
    for (guint i = 0; experts && !*error && i < experts->experts->len; i++) {
        measurement *one = evaluate_expert(g_ptr_array_index(experts->experts, i), data, options, error);
        if (one)
            g_ptr_array_add(all, one);
    }
    recipe_free(experts);
    return all;
}

static GPtrArray *evaluate_bundle(const evaluate_options *options, const table *data, char **error)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)report_free);
    qoe_model *model = qoe_model_load(options->model, error);
    if (!model)
        return all;
    int classes[QOE_MODEL_CLASSES_MAX];
    const size_t class_count = qoe_model_classes(model, classes);
    GPtrArray *rows = g_ptr_array_new();
    for (guint i = 0; i < data->rows->len; i++)
        if (table_at(data, i)->label > 0)
            g_ptr_array_add(rows, data->rows->pdata[i]);
    const table_row *const *list = (const table_row *const *)rows->pdata;
    answer *answers = g_new0(answer, rows->len);
    crossval_answer(model, options->service, list, rows->len, answers);
    g_ptr_array_add(
        all, measure(g_strdup_printf("bundle %s", options->model), answers, list, rows->len, 1, classes, class_count));
    g_ptr_array_free(rows, TRUE);
    qoe_model_free(model);
    return all;
}

static void write_report(const char *path, const GString *text, char **error)
{
    GError *failure = NULL;
    if (g_file_set_contents(path, text->str, (gssize)text->len, &failure))
        return;
    *error = g_strdup_printf("%s: %s", path, failure->message);
    g_error_free(failure);
}

static void write_reports(const evaluate_options *options, const GPtrArray *all, char **error)
{
    const measurement *const *list = (const measurement *const *)all->pdata;
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++)
        report_text(list[i], out);
    fputs(out->str, stdout);
    if (options->json) {
        g_string_truncate(out, 0);
        report_json(list, all->len, out);
        write_report(options->json, out, error);
    }
    if (options->html && !*error) {
        g_string_truncate(out, 0);
        report_html(list, all->len, out);
        write_report(options->html, out, error);
    }
    g_string_free(out, TRUE);
}

static int evaluate(const evaluate_options *options)
{
    char *error = NULL;
    table *data = options_table(&options->shared, &error);
    if (!data)
        return command_fail(error);
    GPtrArray *all = options->model ? evaluate_bundle(options, data, &error) : evaluate_recipe(options, data, &error);
    if (!error)
        write_reports(options, all, &error);
    g_ptr_array_free(all, TRUE);
    table_free(data);
    return error ? command_fail(error) : EXIT_DONE;
}

int command_evaluate(int argc, char **argv)
{
    evaluate_options options = {.folds = 4, .partitions = 1};
    options_init(&options.shared);
    GOptionEntry entries[OPTIONS_SHARED + 9] = {0};
    options_entries(&options.shared, entries);
    const GOptionEntry own[] = {
        {"folds", 'k', 0, G_OPTION_ARG_INT, &options.folds, "Folds by group (default: 4)", "N"},
        {"partitions", 'p', 0, G_OPTION_ARG_INT, &options.partitions, "Different splits (default: 1)", "N"},
        {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "Measure this bundle instead of training", "FILE"},
        {"service", 'v', 0, G_OPTION_ARG_STRING, &options.service, "Ask the bundle as for this service", "NAME"},
        {"json", 'J', 0, G_OPTION_ARG_FILENAME, &options.json, "Also write the report as json", "FILE"},
        {"html", 'H', 0, G_OPTION_ARG_FILENAME, &options.html, "Also write it as a page with pictures", "FILE"},
        {"labels-only", 'l', 0, G_OPTION_ARG_NONE, &options.labels_only, "No probabilities: six times as fast", NULL},
        {"brief", 'b', 0, G_OPTION_ARG_NONE, &options.brief, "Without the throughput-only baseline", NULL},
    };
    memcpy(entries + OPTIONS_SHARED, own, sizeof own);
    if (!command_parse("DATASET.csv...",
                       "Trains on all groups but those of a fold and predicts that fold, through the plugin's own\n"
                       "code, for every fold and partition. With --model measures a finished bundle: only honest on\n"
                       "groups that it did not learn from.",
                       entries, &argc, &argv, 1, G_MAXINT))
        return EXIT_USAGE;
    options.shared.files = argv + 1;
    int status = EXIT_USAGE;
    if (options.folds < 2 || options.partitions < 1)
        fprintf(stderr, "qoe-train: --folds is from 2, --partitions from 1\n");
    else if (options_check(&options.shared))
        status = evaluate(&options);
    options_clear(&options.shared);
    g_free(options.model);
    g_free(options.service);
    g_free(options.json);
    g_free(options.html);
    return status;
}
