/* Comma-separated values: lines, quoted fields, any line end, errors with file and line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_CSV_H
#define QOE_TRAIN_CSV_H

#include <glib.h>
#include <stdbool.h>

typedef struct csv_file csv_file;

/* Opens a file and reads its header line; NULL with *error (g_free). "-" is the standard input. */
csv_file *csv_open(const char *path, char **error);

/* The same for text in memory, which is taken over (g_free). */
csv_file *csv_open_text(const char *name, char *text, char **error);
void csv_close(csv_file *csv);

/* Column by name, -1 if there is none; columns and their names. */
int csv_find(const csv_file *csv, const char *name);
int csv_need(csv_file *csv, const char *name, char **error); /* -1 with *error */
unsigned csv_columns(const csv_file *csv);
const char *csv_name(const csv_file *csv, unsigned column);

/* The next row's fields, NULL at the end or, with *error, on a row of another length. The array is borrowed until the
 * next call, the texts in it until csv_close. */
const char *const *csv_next(csv_file *csv, char **error);

/* The line where the row that was read last begins. */
unsigned csv_line(const csv_file *csv);

/* A finite number; false with *error naming file, line and column. */
bool csv_number(const csv_file *csv, const char *const *fields, int column, double *out, char **error);

/* Whether a cell is what pandas writes where there is no number. */
bool csv_is_missing(const char *text);

/* The same as csv_number for a whole number from 0. */
bool csv_whole(const csv_file *csv, const char *const *fields, int column, double *out, char **error);

/* Those of the names that are no columns, quoted and separated by commas (g_free); NULL: all are. */
char *csv_lacks(const csv_file *csv, const char *const *names, size_t count);

/* "FILE:LINE: message" for the row that was read last; the line is its first one. */
char *csv_message(const csv_file *csv, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Writes a field, quoted where it must be. */
void csv_append_field(GString *out, const char *field);

#endif
