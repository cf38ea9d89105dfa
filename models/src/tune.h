/* Random search over a recipe's numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_TUNE_H
#define QOE_TRAIN_TUNE_H

#include "crossval.h"

/* Tries `trials` draws of cost, gamma, weight power and number of rows beside the recipe as it is, and leaves the one
 * with the best macro-F1 on the plan's folds (by group) in *how. Says each trial on the standard output. The recipe
 * stays where nothing is better. False with *error. */
bool tune_expert(expert_recipe *how, const table *data, unsigned trials, const crossval_plan *plan, char **error);

#endif
