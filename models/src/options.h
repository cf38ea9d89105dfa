/* Options that training and measuring share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_OPTIONS_H
#define QOE_TRAIN_OPTIONS_H

#include "recipe.h"
#include "table.h"

typedef struct {
    char *recipe;            /* file; NULL: the default recipe */
    char **set;              /* "key=value" for every expert, or "expert.key=value" */
    char *expert;            /* only this one */
    char **files;            /* data sets, borrowed */
    char *held_out;          /* groups, separated by commas; NULL: none */
    int seed_given, threads; /* seed_given: OPTIONS_NOT_GIVEN until it is */
    unsigned seed;
} train_options;

enum { OPTIONS_SHARED = 6, OPTIONS_NOT_GIVEN = G_MININT };

void options_init(train_options *options);
void options_entries(train_options *options, GOptionEntry entries[OPTIONS_SHARED]);

/* Says what is wrong and returns false. */
bool options_check(train_options *options);
void options_clear(train_options *options);

recipe *options_recipe(const train_options *options, char **error);

/* All rows of the files. Says on stderr what was made of a file in another form than `dataset` writes. */
table *options_table(const train_options *options, char **error);

/* Moves the rows of the groups that are held out into a table of their own, which lives no longer than `data`; empty if
 * none are. NULL with *error if a group has no rows. */
table *options_hold_out(const train_options *options, table *data, char **error);

#endif
