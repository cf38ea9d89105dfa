/* qoe-train fit: trains every expert of a recipe on all its rows and writes the bundle.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "options.h"
#include "progress.h"
#include "trainer.h"
#include "tune.h"

typedef struct {
    const expert_recipe *how;
    GPtrArray *rows;
    unsigned seed;
    char *section, *error;
    progress *bar;
} job;

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
        jobs[i] = (job){how, trainer_select(how, data), seed, NULL, NULL, &bar};
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
    for (guint i = 0; sections && i < count; i++)
        g_free(sections[i]);
    g_free(sections);
}

/* Writes the bundle after reading it back as the plugin will. */
static bool write_bundle(const char *path, const char *text, char **error)
{
    GError *failure = NULL;
    qoe_model *model = qoe_model_parse(text, strlen(text), path, error);
    if (!model)
        return false;
    qoe_model_free(model);
    if (g_file_set_contents(path, text, -1, &failure))
        return true;
    *error = g_strdup_printf("%s: %s", path, failure->message);
    g_error_free(failure);
    return false;
}

/* Replaces each expert's numbers by the best of some random ones. */
static bool tune_all(const recipe *all, const table *data, const train_options *options, int trials, char **error)
{
    const crossval_plan plan = {4, 2, options->seed, options->threads, true};
    for (guint i = 0; trials > 0 && i < all->experts->len && !*error; i++)
        tune_expert(g_ptr_array_index(all->experts, i), data, (unsigned)trials, &plan, error);
    return !*error;
}

static int fit(const train_options *options, int trials, const char *output)
{
    char *error = NULL;
    recipe *all = options_recipe(options, &error);
    table *data = all ? options_table(options, &error) : NULL;
    char **sections = data && tune_all(all, data, options, trials, &error)
                          ? train_all(all, data, options->seed, options->threads, &error)
                          : NULL;
    if (sections && !error) {
        char *text = trainer_bundle(all, sections, all->experts->len);
        if (write_bundle(output, text, &error))
            fprintf(stderr, "%s: %u experts, %zu bytes\n", output, all->experts->len, strlen(text));
        g_free(text);
    }
    free_sections(sections, all ? all->experts->len : 0);
    table_free(data);
    recipe_free(all);
    return error ? command_fail(error) : EXIT_DONE;
}

int command_fit(int argc, char **argv)
{
    char *output = NULL;
    int trials = 0;
    train_options options;
    options_init(&options);
    GOptionEntry entries[OPTIONS_SHARED + 3] = {0};
    options_entries(&options, entries);
    entries[OPTIONS_SHARED] =
        (GOptionEntry){"output", 'O', 0, G_OPTION_ARG_FILENAME, &output, "Bundle to write", "FILE"};
    entries[OPTIONS_SHARED + 1] = (GOptionEntry){
        "tune", 't', 0, G_OPTION_ARG_INT, &trials, "First try N random costs, gammas and weights by group", "N"};
    if (!command_parse("DATASET.csv...",
                       "Trains the experts of a recipe (without one: a single general expert) on all their rows and\n"
                       "writes the bundle that the plugin loads with -o qoe.model:FILE.",
                       entries, &argc, &argv, 1, G_MAXINT))
        return EXIT_USAGE;
    options.files = argv + 1;
    if (trials < 0)
        fprintf(stderr, "qoe-train: --tune is from 0\n");
    const int status =
        trials >= 0 && options_check(&options) ? fit(&options, trials, output ? output : "model.qoemodel") : EXIT_USAGE;
    options_clear(&options);
    g_free(output);
    return status;
}
