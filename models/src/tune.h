/* Search for a recipe's best settings, by a grid or at random.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_TUNE_H
#define QOE_TRAIN_TUNE_H

#include <stdio.h>

#include "crossval.h"

/* What to try: `trials` random draws (cost, gamma, class weights, number of rows, a subset of the inputs, which of them
 * without logarithm), and every combination of `grid`'s values, each "KEY=VALUE|VALUE|..." of recipe keys (NULL: none).
 */
typedef struct {
    unsigned trials;
    char **grid;
    FILE *said; /* where each trial and the best one's settings are told */
} tune_plan;

/* Whether a plan's grid is well formed and not too large; false with *error. */
bool tune_check(const tune_plan *what, char **error);

/* Tries them beside the recipe as it is, and leaves the one with the best macro-F1 on the plan's folds (by group) in
 * *how; the recipe stays where nothing is better. Says each trial, and the best one's settings as --set options. False
 * with *error. */
bool tune_expert(expert_recipe *how, const table *data, const tune_plan *what, const crossval_plan *plan, char **error);

#endif
