/* Training of one expert: standardise, fit, learn how sure it may be, write.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_TRAINER_H
#define QOE_TRAIN_TRAINER_H

#include "model.h"
#include "recipe.h"
#include "table.h"

/* Whether a row is of the expert's own sources and groups. */
bool trainer_is_own(const expert_recipe *how, const table_row *row);

/* The rows that an expert may learn from: of its sources, with one of its classes and enough media objects.
 * Free with g_ptr_array_free; rows are borrowed. */
GPtrArray *trainer_select(const expert_recipe *how, const table *data);

/* The same of the data sets that only support it, after those in rows. */
void trainer_add_support(const expert_recipe *how, const table *data, GPtrArray *rows);

/* Draws how->rows_max of *n such rows without order, all if there are fewer; *n becomes their number. The array is the
 * caller's to g_free, the rows are borrowed. */
const table_row **trainer_draw(const expert_recipe *how, const table_row *const *rows, size_t *n, unsigned seed);

/* Leaves out of a recipe what its rows cannot teach: inputs that not all of them have, classes without rows. */
void trainer_narrow(expert_recipe *how, const table_row *const *rows, size_t n);

/* What of the recipe and of the data will not be used, a line each, for people (g_free): rows that trainer_select
 * leaves out of the expert's own, and what trainer_narrow does. Empty if all is. */
char *trainer_notes(const expert_recipe *how, const table *data);

/* The former alone, each line beginning with a name. */
void trainer_note_rows(const expert_recipe *how, const table *data, const char *name, GString *out);

/* Why trainer_select found none, for people (g_free). */
char *trainer_no_rows(const expert_recipe *how, const table *data);

/* Whether probabilities are learned: where they are wanted, or where labels come from them. */
static inline bool trainer_is_sure(const expert_recipe *how, bool wanted)
{
    return wanted || !how->by_vote || how->filter_weight > 0;
}

/* Trains on n rows (not none), by the narrowed recipe, and gives the expert's section of a bundle. The pairs'
 * probabilities and the calibration come from folds by group inside these rows; without `sure` there are none of them,
 * which is six times as fast and leaves the votes as they are (labels that need them have them nevertheless). NULL with
 * *error. Deterministic for a seed; any thread. */
char *trainer_expert(const expert_recipe *how, const table_row *const *rows, size_t n, unsigned seed, bool sure,
                     char **error);

/* The bundle of some experts' sections. */
char *trainer_bundle(const recipe *all, char *const *sections, size_t count);

/* A bundle of one section, read by the same code as the plugin does. NULL with *error. */
qoe_model *trainer_load(const char *section, char **error);

#endif
