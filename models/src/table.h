/* A data set in memory: labelled windows with their features, groups and origin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_TABLE_H
#define QOE_TRAIN_TABLE_H

#include "csv.h"
#include "feature.h"

typedef struct {
    char *source;  /* name of the data set */
    char *capture; /* the session's file */
    char *group;   /* what must not be on both sides of a split: the video or title */
    char *service;
    int transport; /* QOE_TCP, QOE_UDP */
    unsigned window;
    double start_s;
    int label;           /* lines downloaded, or on screen where only that is known; 0: none */
    int displayed;       /* lines on screen; 0: not known */
    double *x;           /* qoe_features_count() values */
    const bool *present; /* which of them its file has, the table's; NULL: all */
} table_row;

typedef struct {
    GPtrArray *rows;     /* table_row *, owned */
    GPtrArray *presents; /* bool *, owned: what rows point at */
} table;

table *table_new(void);
void table_free(table *data);

void table_row_free(table_row *row);

/* Takes over which features (qoe_features_count()) a file has; rows may point at it as long as the table lives. */
const bool *table_add_present(table *data, bool *present);

/* Appends all rows of another table and frees it. */
void table_move(table *data, table *from);

/* Whether all rows have a feature. */
bool table_rows_have(const table_row *const *rows, size_t n, unsigned feature);

/* What columns a csv lacks to be one that `dataset` made, as csv_lacks says it. */
char *table_lacks(const csv_file *csv);

/* What was made of a file, for people. NULL: nothing to say. */
typedef struct {
    char *summary; /* a few lines: rows, features, what is odd */
    char *columns; /* every feature and where it is from, every column that is not used and why */
} table_notes;
void table_notes_clear(table_notes *notes);

/* Adds the rows of a file that `dataset` made, in the file's order; where the group is empty, it is the capture. Sets
 * notes. False with *error. load.h reads other forms too. */
bool table_read(table *data, csv_file *csv, table_notes *notes, char **error);

/* Notes in `owners` (capture -> file, from table_owners_new) that all captures of the rows come from a file. False with
 * *error if one of them has come before: two of one name would be one capture. */
GHashTable *table_owners_new(void);
bool table_claim(const table *data, GHashTable *owners, const char *path, char **error);

/* The rows with the features that all of them have, as a csv; and written to a file, false with *error. */
GString *table_text(const table *data);
bool table_write(const table *data, const char *path, char **error);

static inline const table_row *table_at(const table *data, size_t i)
{
    return g_ptr_array_index(data->rows, (guint)i);
}

#endif
