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
    answer *answers;       /* of this partition */
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
        answers[i] = (answer){row, row->label, out.resolution, out.probability, out.reason, {0}};
        memcpy(answers[i].p, out.p, sizeof out.p);
    }
}

static void run_job(gpointer data, gpointer user_data)
{
    job *work = data;
    (void)user_data;
    const table_row **train = g_new(const table_row *, work->n), **test = g_new(const table_row *, work->n);
    answer *answers = g_new(answer, work->n);
    size_t train_count = 0, test_count = 0;
    for (size_t i = 0; i < work->n; i++)
        if (work->folds[i] == work->fold)
            test[test_count++] = work->rows[i];
        else
            train[train_count++] = work->rows[i];
    char *section = trainer_expert(work->how, train, train_count, work->seed, work->sure, &work->error);
    qoe_model *model = section ? trainer_load(section, &work->error) : NULL;
    if (model) {
        /* The section names its services; any of them, or any name for a general one, reaches it. */
        crossval_answer(model, *work->how->services ? *work->how->services : "", test, test_count, answers);
        for (size_t i = 0, t = 0; i < work->n; i++)
            if (work->folds[i] == work->fold)
                work->answers[i] = answers[t++];
    }
    qoe_model_free(model);
    g_free(section);
    g_free(answers);
    g_free(train);
    g_free(test);
    progress_step(work->bar);
}

static job *make_jobs(const expert_recipe *how, const table_row *const *rows, size_t n, const crossval_plan *plan,
                      unsigned *folds, answer *answers, progress *bar)
{
    job *jobs = g_new0(job, plan->partitions * plan->folds);
    for (unsigned p = 0; p < plan->partitions; p++) {
        split_groups(rows, n, plan->folds, plan->seed + p, folds + p * n);
        for (unsigned f = 0; f < plan->folds; f++)
            jobs[p * plan->folds + f] =
                (job){how, rows, n, f, plan->seed + p, !plan->labels_only, folds + p * n, answers + p * n, bar, NULL};
    }
    return jobs;
}

answer *crossval_run(const expert_recipe *how, const table_row *const *rows, size_t n, const crossval_plan *plan,
                     char **error)
{
    const unsigned count = plan->partitions * plan->folds;
    unsigned *folds = g_new(unsigned, plan->partitions *n);
    answer *answers = g_new0(answer, plan->partitions * n);
    progress bar;
    job *jobs = make_jobs(how, rows, n, plan, folds, answers, &bar);
    GThreadPool *pool = g_thread_pool_new(run_job, NULL, plan->threads, FALSE, NULL);
    progress_start(&bar, how->name, count);
    for (unsigned i = 0; i < count; i++)
        g_thread_pool_push(pool, &jobs[i], NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    progress_end(&bar);
    for (unsigned i = 0; i < count; i++) {
        if (jobs[i].error && !*error)
            *error = g_strdup(jobs[i].error);
        g_free(jobs[i].error);
    }
    g_free(jobs);
    g_free(folds);
    if (!*error)
        return answers;
    g_free(answers);
    return NULL;
}
