/* One support vector machine on standardised inputs: libsvm's problem, its training, its text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_SVM_FIT_H
#define QOE_TRAIN_SVM_FIT_H

#include <libsvm/svm.h>

#include "recipe.h"
#include "table.h"

enum { SVM_PAIRS_MAX = QOE_MODEL_CLASSES_MAX * (QOE_MODEL_CLASSES_MAX - 1) / 2 };

/* z = (t(x) - mean) / sd, and the training rows' range of z. */
typedef struct {
    double mean[RECIPE_INPUTS_MAX], sd[RECIPE_INPUTS_MAX], low[RECIPE_INPUTS_MAX], high[RECIPE_INPUTS_MAX];
} svm_scale;

/* Sigmoids of the pairs i < j of classes in rising order: p(i) = 1 / (1 + exp(a * decision + b)). */
typedef struct {
    double a[SVM_PAIRS_MAX], b[SVM_PAIRS_MAX];
} svm_sigmoids;

/* A trained machine with the nodes that its vectors point into. */
typedef struct {
    struct svm_model *model;
    struct svm_node *nodes;
    struct svm_node **x;
    double *y;
} svm_machine;

void svm_scale_fit(const expert_recipe *how, const table_row *const *rows, size_t n, svm_scale *scale);

/* Fills input_count + 1 nodes. */
void svm_scale_apply(const expert_recipe *how, const svm_scale *scale, const double *features, struct svm_node *nodes);

/* Rows in any order; they are grouped by rising class for libsvm. NULL with *error. */
svm_machine *svm_machine_train(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                               char **error);
void svm_machine_free(svm_machine *machine);

/* The decision value of each pair of the recipe's classes; `known` false for pairs that training did not have. */
void svm_machine_decide(const expert_recipe *how, const svm_machine *machine, const struct svm_node *nodes,
                        double decisions[SVM_PAIRS_MAX], bool known[SVM_PAIRS_MAX]);

/* Appends libsvm's text, sigmoids included. */
void svm_machine_append(const svm_machine *machine, const svm_sigmoids *sigmoids, GString *out);

#endif
