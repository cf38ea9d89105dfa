/* Held-out answers: every group predicted by a machine that never saw it, through the plugin's own code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_CROSSVAL_H
#define QOE_TRAIN_CROSSVAL_H

#include "metrics.h"
#include "recipe.h"

typedef struct {
    unsigned folds, partitions, seed;
    int threads;
    bool labels_only;         /* no probabilities: faster */
    const GPtrArray *support; /* const table_row *: every fold learns from them as well; NULL: none */
} crossval_plan;

/* partitions * n answers, partition by partition, in the order of rows. The answers' p are in the order of
 * how->classes. NULL with *error, also where there are fewer groups than folds, or where one class is left without a
 * fold. */
answer *crossval_run(const expert_recipe *how, const table_row *const *rows, size_t n, const crossval_plan *plan,
                     char **error);

/* Answers to test rows (test_count of them into answers) of a machine that learned from the train rows alone; p in the
 * order of how->classes. False with *error. */
bool crossval_held_out(const expert_recipe *how, const table_row *const *train, size_t train_count,
                       const table_row *const *test, size_t test_count, unsigned seed, bool sure, answer *answers,
                       char **error);

/* Answers of a finished model to n rows; p in the order of qoe_model_classes. service NULL: each row's own. */
void crossval_answer(const qoe_model *model, const char *service, const table_row *const *rows, size_t n,
                     answer *answers);

#endif
