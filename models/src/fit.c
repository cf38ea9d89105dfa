/* qoe-train fit: trains every expert of a recipe on all its rows and writes the bundle.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "trainer.h"
#include "tune.h"

typedef struct {
    train_options shared;
    int trials, folds;
    char **grid, *output;
} fit_options;

typedef struct {
    const expert_recipe *how;
    GPtrArray *rows;
    unsigned seed;
    char *section, *error;
    progress *bar;
} job;

static GPtrArray *rows_of(const expert_recipe *how, const table *data)
{
    GPtrArray *rows = trainer_select(how, data);
    trainer_add_support(how, data, rows);
    return rows;
}

static void run_job(gpointer data, gpointer user_data)
{
    job *work = data;
    (void)user_data;
    work->section = trainer_expert(work->how, (const table_row *const *)work->rows->pdata, work->rows->len, work->seed,
                                   true, &work->error);
    progress_step(work->bar);
}

/* A section per expert; NULL-terminated; NULL with *error. */
static char **train_all(const recipe *all, const table *data, unsigned seed, int threads, char **error)
{
    const guint count = all->experts->len;
    progress bar;
    job *jobs = g_new0(job, count);
    char **sections = g_new0(char *, count + 1);
    GThreadPool *pool = g_thread_pool_new(run_job, NULL, threads, FALSE, NULL);
    progress_start(&bar, "experts", count);
    for (guint i = 0; i < count; i++) {
        const expert_recipe *how = g_ptr_array_index(all->experts, i);
        jobs[i] = (job){how, rows_of(how, data), seed, NULL, NULL, &bar};
        g_thread_pool_push(pool, &jobs[i], NULL);
    }
    g_thread_pool_free(pool, FALSE, TRUE);
    progress_end(&bar);
    for (guint i = 0; i < count; i++) {
        sections[i] = jobs[i].section;
        if (jobs[i].error && !*error)
            *error = g_strdup(jobs[i].error);
        g_free(jobs[i].error);
        g_ptr_array_free(jobs[i].rows, TRUE);
    }
    g_free(jobs);
    return sections;
}

static void free_sections(char **sections, guint count)
{
    for (guint i = 0; i < count; i++)
        g_free(sections[i]);
    g_free(sections);
}

/* Writes the bundle after reading it back as the plugin will. */
static bool write_bundle(const char *path, const char *text, char **error)
{
    qoe_model *model = qoe_model_parse(text, strlen(text), path, error);
    if (!model)
        return false;
    qoe_model_free(model);
    return output_write(path, text, strlen(text), error);
}

/* Whether each expert has something to learn from; false with *error. */
static bool check_rows(const recipe *all, const table *data, char **error)
{
    for (guint i = 0; i < all->experts->len && !*error; i++) {
        const expert_recipe *how = g_ptr_array_index(all->experts, i);
        GPtrArray *rows = rows_of(how, data);
        if (rows->len == 0)
            *error = trainer_no_rows(how, data);
        g_ptr_array_free(rows, TRUE);
    }
    return !*error;
}

/* Replaces each expert's settings by the best that the search finds. */
static bool tune_all(const recipe *all, const table *data, const fit_options *options, char **error)
{
    const crossval_plan plan = {(unsigned)options->folds, 2, options->shared.seed, options->shared.threads, true, NULL};
    const tune_plan what = {(unsigned)options->trials, options->grid, output_messages(options->output)};
    if (what.trials == 0 && !what.grid)
        return true;
    for (guint i = 0; i < all->experts->len && !*error; i++)
        tune_expert(g_ptr_array_index(all->experts, i), data, &what, &plan, error);
    return !*error;
}

static void print_notes(const recipe *all, const table *data)
{
    for (guint i = 0; i < all->experts->len; i++) {
        char *notes = trainer_notes(g_ptr_array_index(all->experts, i), data);
        fputs(notes, stderr);
        g_free(notes);
    }
}

static bool fit_all(const recipe *all, const table *data, const fit_options *options, char **error)
{
    print_notes(all, data);
    if (!check_rows(all, data, error) || !tune_all(all, data, options, error))
        return false;
    char **sections = train_all(all, data, options->shared.seed, options->shared.threads, error);
    if (!*error) {
        char *text = trainer_bundle(all, sections, all->experts->len);
        if (write_bundle(options->output, text, error))
            fprintf(stderr, "%s: %u expert%s, %zu bytes\n", options->output, all->experts->len,
                    all->experts->len == 1 ? "" : "s", strlen(text));
        g_free(text);
    }
    free_sections(sections, all->experts->len);
    return !*error;
}

static int fit(const fit_options *options)
{
    char *error = NULL;
    recipe *all = options_recipe(&options->shared, &error);
    table *data = all ? options_table(&options->shared, &error) : NULL;
    table *held = data ? options_hold_out(&options->shared, data, &error) : NULL;
    if (held)
        fit_all(all, data, options, &error);
    table_free(held);
    table_free(data);
    recipe_free(all);
    return error ? command_fail(error) : EXIT_DONE;
}

static bool check(fit_options *options)
{
    char *error = NULL;
    const tune_plan what = {0, options->grid, NULL};
    if (options->folds != OPTIONS_NOT_GIVEN && options->trials == 0 && !options->grid)
        error = g_strdup("--folds is for --tune and --grid");
    else if (options->folds == OPTIONS_NOT_GIVEN)
        options->folds = 4;
    if (!error && (options->trials < 0 || options->folds < 2))
        error = g_strdup("--tune is from 0, --folds from 2");
    if (!error)
        error = output_is_input(options->output, options->shared.files);
    if (!error && tune_check(&what, &error))
        return options_check(&options->shared);
    command_fail(error);
    return false;
}

int command_fit(int argc, char **argv)
{
    fit_options options = {.folds = OPTIONS_NOT_GIVEN};
    options_init(&options.shared);
    GOptionEntry entries[OPTIONS_SHARED + 5] = {0};
    options_entries(&options.shared, entries);
    const GOptionEntry own[] = {
        {"output", 'O', 0, G_OPTION_ARG_FILENAME, &options.output, "Bundle to write (default: model.qoemodel)", "FILE"},
        {"tune", 't', 0, G_OPTION_ARG_INT, &options.trials,
         "First try N random costs, gammas, class weights, row counts, inputs and transforms", "N"},
        {"grid", 'G', 0, G_OPTION_ARG_STRING_ARRAY, &options.grid,
         "First try these values of a recipe's key, with those of the other --grid; repeatable", "KEY=VALUE|VALUE"},
        {"folds", 'k', 0, G_OPTION_ARG_INT, &options.folds, "Folds by group that choose among the tries (default: 4)",
         "N"},
    };
    memcpy(entries + OPTIONS_SHARED, own, sizeof own);
    static const command_help help = {
        .arguments = "DATASET.csv...",
        .summary = "Trains the experts of a recipe (without one: a single general expert) on all their rows and\n"
                   "writes the bundle that the plugin loads with -o qoe.model:FILE. --tune and --grid choose by\n"
                   "macro-F1 on groups that the machine has not seen.",
        .examples = "  qoe-train fit -O my.qoemodel films.csv\n"
                    "  qoe-train fit --tune 20 --held-out film-http1 films.csv\n"
                    "  qoe-train fit --grid 'cost=0.3|1|3' --grid 'gamma=0.5|1|2' --grid 'linear=|*' films.csv\n"
                    "  qoe-train fit --recipe models/course.recipe -O netflix.qoemodel netflix_dataset.csv\n"};
    if (!command_parse(&help, entries, &argc, &argv, 1, G_MAXINT))
        return EXIT_USAGE;
    options.shared.files = argv + 1;
    if (!options.output)
        options.output = g_strdup("model.qoemodel");
    const int status = check(&options) ? fit(&options) : EXIT_USAGE;
    options_clear(&options.shared);
    g_strfreev(options.grid);
    g_free(options.output);
    return status;
}
