/* A csv as a sheet of texts in memory: what its columns hold, whatever they are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sheet.h"

#include <math.h>
#include <string.h>

void sheet_open(sheet *table, csv_file *csv)
{
    *table = (sheet){.csv = csv};
    table->rows = g_ptr_array_new_with_free_func(g_free);
    table->lines = g_array_new(FALSE, FALSE, sizeof(unsigned));
}

void sheet_close(sheet *table)
{
    g_ptr_array_free(table->rows, TRUE);
    g_array_free(table->lines, TRUE);
    csv_close(table->csv);
}

void sheet_add(sheet *table, const char *const *fields)
{
    const char **row = g_new(const char *, csv_columns(table->csv));
    const unsigned line = csv_line(table->csv);
    memcpy(row, fields, csv_columns(table->csv) * sizeof *row);
    g_ptr_array_add(table->rows, row);
    g_array_append_val(table->lines, line);
}

void sheet_set_last(sheet *table, unsigned column, const char *text)
{
    ((const char **)g_ptr_array_index(table->rows, table->rows->len - 1))[column] = text;
}

void sheet_drop(sheet *table, const bool *marked)
{
    guint kept = 0;
    for (guint r = 0; r < table->rows->len; r++) {
        if (marked[r])
            continue;
        gpointer row = table->rows->pdata[r];
        table->rows->pdata[r] = table->rows->pdata[kept];
        table->rows->pdata[kept] = row;
        g_array_index(table->lines, unsigned, kept++) = g_array_index(table->lines, unsigned, r);
    }
    g_ptr_array_set_size(table->rows, (gint)kept);
    g_array_set_size(table->lines, kept);
}

size_t sheet_rows(const sheet *table)
{
    return table->rows->len;
}

const char *sheet_cell(const sheet *table, size_t row, unsigned column)
{
    return ((const char **)g_ptr_array_index(table->rows, (guint)row))[column];
}

static bool to_number(const char *text, double *out)
{
    char *end = NULL;
    if (strcmp(text, "True") == 0 || strcmp(text, "False") == 0) {
        *out = *text == 'T';
        return true;
    }
    *out = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

static bool same(const char *a, const char *b)
{
    double x, y;
    return strcmp(a, b) == 0 || (to_number(a, &x) && to_number(b, &y) && x == y);
}

bool sheet_is_constant(const sheet *table, unsigned column)
{
    for (size_t r = 1; r < table->rows->len; r++)
        if (!same(sheet_cell(table, r, column), sheet_cell(table, 0, column)))
            return false;
    return true;
}

bool sheet_same_columns(const sheet *table, unsigned a, unsigned b)
{
    for (size_t r = 0; r < table->rows->len; r++)
        if (!same(sheet_cell(table, r, a), sheet_cell(table, r, b)))
            return false;
    return true;
}

guint64 sheet_hash(const sheet *table, unsigned column)
{
    guint64 hash = 14695981039346656037u; /* FNV-1a over the values' own hashes */
    for (size_t r = 0; r < table->rows->len; r++) {
        double number;
        const char *text = sheet_cell(table, r, column);
        hash = (hash ^ (to_number(text, &number) ? g_double_hash(&number) : g_str_hash(text))) * 1099511628211u;
    }
    return hash;
}

size_t sheet_mark_bad(const sheet *table, unsigned column, bool *marked)
{
    size_t count = 0;
    double number;
    for (size_t r = 0; r < table->rows->len; r++)
        if (!marked[r] && !to_number(sheet_cell(table, r, column), &number)) {
            marked[r] = true;
            count++;
        }
    return count;
}

char *sheet_not_numbers(const sheet *table, unsigned column)
{
    size_t count = 0, first = 0;
    double number;
    for (size_t r = 0; r < table->rows->len; r++)
        if (!to_number(sheet_cell(table, r, column), &number) && count++ == 0)
            first = r;
    if (count == 0)
        return NULL;
    return g_strdup_printf("no number in %zu of %u rows: \"%.20s\" in line %u", count, table->rows->len,
                           sheet_cell(table, first, column), g_array_index(table->lines, unsigned, first));
}
