/* A csv as a sheet of texts in memory: what its columns hold, whatever they are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_SHEET_H
#define QOE_TRAIN_SHEET_H

#include "csv.h"

/* Fill by sheet_open and sheet_add; the cells stay in the csv's own text. */
typedef struct {
    csv_file *csv;
    GPtrArray *rows; /* const char **, owned */
    GArray *lines;   /* unsigned, of each row */
} sheet;

/* Takes the csv over, of which the header is read. */
void sheet_open(sheet *table, csv_file *csv);
void sheet_close(sheet *table);

/* Adds the row that csv_next gave last. */
void sheet_add(sheet *table, const char *const *fields);

/* Changes a cell of the row that was added last; the text is borrowed. */
void sheet_set_last(sheet *table, unsigned column, const char *text);
size_t sheet_rows(const sheet *table);

/* Drops the rows that are marked. */
void sheet_drop(sheet *table, const bool *marked);
const char *sheet_cell(const sheet *table, size_t row, unsigned column);

/* Values are compared as numbers where both are ("1" and "1.0"), else as texts. */
bool sheet_is_constant(const sheet *table, unsigned column);
bool sheet_same_columns(const sheet *table, unsigned a, unsigned b);

/* Equal columns have equal hashes. */
guint64 sheet_hash(const sheet *table, unsigned column);

/* Marks the rows whose cell is no finite number ("True" and "False" are); returns how many are newly marked. */
size_t sheet_mark_bad(const sheet *table, unsigned column, bool *marked);

/* What of a column is no finite number, for people (g_free); NULL: all are. */
char *sheet_not_numbers(const sheet *table, unsigned column);

#endif
