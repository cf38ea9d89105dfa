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
    int label;     /* lines downloaded, or on screen where only that is known; 0: none */
    int displayed; /* lines on screen; 0: not known */
    double *x;     /* qoe_features_count() values */
} table_row;

typedef struct {
    GPtrArray *rows; /* table_row *, owned */
    bool *present;   /* features that the file has, qoe_features_count() */
} table;

table *table_new(void);
void table_free(table *data);

/* Adds the rows of a file that `dataset` made, in the file's order. False with *error. */
bool table_read(table *data, const char *path, char **error);
bool table_write(const table *data, const char *path, char **error);

static inline const table_row *table_at(const table *data, size_t i)
{
    return g_ptr_array_index(data->rows, (guint)i);
}

#endif
