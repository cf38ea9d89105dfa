/* Writing tables: CSV and JSON for programs, aligned text for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_WRITE_H
#define QOE_WRITE_H

#include <stdio.h>

#include "columns.h"

typedef enum { QOE_FORMAT_CSV, QOE_FORMAT_JSON, QOE_FORMATS } qoe_format;

/* The format of a name ("csv", "json"); QOE_FORMATS if there is none. */
qoe_format qoe_format_find(const char *name);

/* Writes a whole table of a settled analysis. CSV: a header line, then a line a row, quoted after RFC 4180, what is
 * not known empty. JSON: an array of objects, null for what is not known. Times in seconds with 6 decimals. UTF-8,
 * decimal points in every locale. False if the stream reports an error. */
bool qoe_write_table(FILE *out, qoe_table table, qoe_format format, const qoe_analysis *analysis);

/* Writes the table for people: columns as wide as they need, numbers to the right, "-" for what is not known.
 * selection and filter (its text) may be NULL: everything. */
bool qoe_write_text(FILE *out, qoe_table table, const qoe_analysis *analysis, const qoe_selection *selection,
                    const char *filter);

#endif
