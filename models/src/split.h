/* Splits by group, never by row: windows of one video resemble each other, and a score from mixed ones lies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_SPLIT_H
#define QOE_TRAIN_SPLIT_H

#include "table.h"

/* Assigns each of n rows a fold 0..folds-1 into out, all rows of a group to one fold: groups in random order (seed),
 * each to the fold that has the fewest rows. Returns the number of groups. */
unsigned split_groups(const table_row *const *rows, size_t n, unsigned folds, unsigned seed, unsigned *out);

/* "without the group x only 360 is left" (g_free) if all rows outside a fold, and those of support (NULL: none), have
 * one label; NULL if there is something to tell apart. */
char *split_lone_label(const table_row *const *rows, size_t n, const unsigned *folds, unsigned fold,
                       const GPtrArray *support);

#endif
