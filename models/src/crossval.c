/* Held-out answers: every group predicted by a machine that never saw it, through the plugin's own code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "crossval.h"

#include <string.h>

#include "progress.h"
#include "split.h"
#include "trainer.h"

typedef struct {
    const expert_recipe *how;
    const table_row *const *rows;
    size_t n;
    unsigned fold, seed;
    bool sure;
    const unsigned *folds; /* of each row in this partition */
    const GPtrArray *support;
    answer *answers; /* of this partition */
    progress *bar;
    char *error;
} job;

void crossval_answer(const qoe_model *model, const char *service, const table_row *const *rows, size_t n,
                     answer *answers)
{
    const int count = qoe_features_find("media_count"), recent = qoe_features_find("media_recent");
    qoe_filter filter = {0};
    for (size_t i = 0; i < n; i++) {
        const table_row *row = rows[i];
        if (i > 0 && strcmp(row->capture, rows[i - 1]->capture) != 0)
            memset(&filter, 0, sizeof filter);
        qoe_prediction out;
        qoe_predict(model, service ? service : row->service, row->transport, row->x, (uint64_t)row->x[count],
                    (uint64_t)row->x[recent], &filter, &out);
        answers[i] = (answer){row, row->label, out.resolution, out.probability, out.reason, {0}, 0, true};
        memcpy(answers[i].p, out.p, sizeof out.p);
    }
}

/* From the order of the model's classes to that of the recipe's, which may be more. */
static void spread_classes(const qoe_model *model, const expert_recipe *how, answer *answers, size_t n)
{
    int known[QOE_MODEL_CLASSES_MAX];
    const size_t count = qoe_model_classes(model, known);
    for (size_t i = 0; i < n; i++) {
        double p[QOE_MODEL_CLASSES_MAX + 1] = {0};
        for (size_t c = 0; c < count; c++)
            p[recipe_class_of(how, known[c])] = answers[i].p[c];
        memcpy(answers[i].p, p, sizeof answers[i].p);
    }
}

bool crossval_held_out(const expert_recipe *how, const table_row *const *train, size_t train_count,
                       const table_row *const *test, size_t test_count, unsigned seed, bool sure, answer *answers,
                       char **error)
{
    char *section = trainer_expert(how, train, train_count, seed, sure, error);
    qoe_model *model = section ? trainer_load(section, error) : NULL;
    if (model) {
        /* The section names its services; any of them, or any name for a general one, reaches it. */
        crossval_answer(model, *how->services ? *how->services : "", test, test_count, answers);
        spread_classes(model, how, answers, test_count);
        for (size_t i = 0; i < test_count; i++)
            answers[i].sure = trainer_is_sure(how, sure);
    }
    qoe_model_free(model);
    g_free(section);
    return !*error;
}

static void run_job(gpointer data, gpointer user_data)
{
    job *work = data;
    (void)user_data;
    const guint supports = work->support ? work->support->len : 0;
    const table_row **train = g_new(const table_row *, work->n + supports), **test = g_new(const table_row *, work->n);
    answer *answers = g_new(answer, work->n);
    size_t train_count = 0, test_count = 0;
    for (size_t i = 0; i < work->n; i++)
        if (work->folds[i] == work->fold)
            test[test_count++] = work->rows[i];
        else
            train[train_count++] = work->rows[i];
    for (guint i = 0; i < supports; i++)
        train[train_count++] = g_ptr_array_index(work->support, i);
    if (crossval_held_out(work->how, train, train_count, test, test_count, work->seed, work->sure, answers,
                          &work->error))
        for (size_t i = 0, t = 0; i < work->n; i++)
            if (work->folds[i] == work->fold) {
                work->answers[i] = answers[t++];
                work->answers[i].fold = work->fold;
            }
    g_free(answers);
    g_free(train);
    g_free(test);
    progress_step(work->bar);
}

/* Whether a machine can learn without each of a partition's folds; false with *error. */
static bool check_folds(const expert_recipe *how, const table_row *const *rows, size_t n, const crossval_plan *plan,
                        const unsigned *folds, unsigned groups, char **error)
{
    if (groups < plan->folds)
        *error = g_strdup_printf("%s: %u groups cannot be split into %u folds", how->name, groups, plan->folds);
    for (unsigned f = 0; f < plan->folds && !*error; f++) {
        char *lone = split_lone_label(rows, n, folds, f, plan->support);
        if (lone)
            *error = g_strdup_printf("%s: %s: every class must occur in two groups that are not in one fold (--folds "
                                     "and --seed change that)",
                                     how->name, lone);
        g_free(lone);
    }
    return !*error;
}

/* NULL with *error if the rows cannot be split so. */
static job *make_jobs(const expert_recipe *how, const table_row *const *rows, size_t n, const crossval_plan *plan,
                      unsigned *folds, answer *answers, progress *bar, char **error)
{
    job *jobs = g_new0(job, (gsize)plan->partitions * plan->folds);
    for (unsigned p = 0; p < plan->partitions; p++) {
        const unsigned groups = split_groups(rows, n, plan->folds, plan->seed + p, folds + p * n);
        if (!check_folds(how, rows, n, plan, folds + p * n, groups, error)) {
            g_free(jobs);
            return NULL;
        }
        for (unsigned f = 0; f < plan->folds; f++)
            jobs[p * plan->folds + f] = (job){
                how, rows, n, f, plan->seed + p, !plan->labels_only, folds + p * n, plan->support, answers + p * n,
                bar, NULL};
    }
    return jobs;
}

static void run_jobs(const char *name, job *jobs, unsigned count, int threads, char **error)
{
    GThreadPool *pool = g_thread_pool_new(run_job, NULL, threads, FALSE, NULL);
    progress_start(jobs->bar, name, count);
    for (unsigned i = 0; i < count; i++)
        g_thread_pool_push(pool, &jobs[i], NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    progress_end(jobs->bar);
    for (unsigned i = 0; i < count; i++) {
        if (jobs[i].error && !*error)
            *error = g_strdup(jobs[i].error);
        g_free(jobs[i].error);
    }
}

answer *crossval_run(const expert_recipe *how, const table_row *const *rows, size_t n, const crossval_plan *plan,
                     char **error)
{
    unsigned *folds = g_new(unsigned, plan->partitions *n);
    answer *answers = g_new0(answer, plan->partitions * n);
    progress bar;
    job *jobs = make_jobs(how, rows, n, plan, folds, answers, &bar, error);
    if (jobs)
        run_jobs(how->name, jobs, plan->partitions * plan->folds, plan->threads, error);
    g_free(jobs);
    g_free(folds);
    if (!*error)
        return answers;
    g_free(answers);
    return NULL;
}
