/* Knows how tables are written as CSV, JSON and aligned text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "format.h"

qoe_format qoe_format_find(const char *name)
{
    return strcmp(name, "csv") == 0 ? QOE_FORMAT_CSV : strcmp(name, "json") == 0 ? QOE_FORMAT_JSON : QOE_FORMATS;
}

/* A cell's value as text; "" for none. Points into the cell or into buf. */
static const char *cell_text(const qoe_cell *cell, char buf[QOE_FORMAT_LEN])
{
    switch (cell->type) {
    case QOE_CELL_COUNT:
        snprintf(buf, QOE_FORMAT_LEN, "%" PRIu64, cell->value.count);
        return buf;
    case QOE_CELL_TIME:
        return qoe_format_seconds(cell->value.time_us, buf);
    case QOE_CELL_REAL:
        if (cell->decimals == QOE_CELL_EXACT)
            return g_ascii_formatd(buf, QOE_FORMAT_LEN, "%.9g", isfinite(cell->value.real) ? cell->value.real : 0);
        return qoe_format_fixed(cell->value.real, cell->decimals, buf);
    case QOE_CELL_TEXT:
        return cell->value.text;
    case QOE_CELL_BOOL:
        return cell->value.flag ? "true" : "false";
    case QOE_CELL_NONE:
        break;
    }
    return "";
}

/* RFC 4180, 2: fields with commas, quotes or line breaks stand in quotes, quotes are doubled. */
static void put_csv(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', out);
        putc(*text, out);
    }
    putc('"', out);
}

/* RFC 8259, 7. Text that is no UTF-8 (a user's own table) is made so. */
static void put_json(FILE *out, const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);

    putc('"', out);
    for (const char *at = valid; *at; at++) {
        if (*at == '"' || *at == '\\')
            fprintf(out, "\\%c", *at);
        else if ((unsigned char)*at < 0x20)
            fprintf(out, "\\u%04x", (unsigned)*at);
        else
            putc(*at, out);
    }
    putc('"', out);
    g_free(valid);
}

typedef struct {
    FILE *out;
    qoe_table table;
    const qoe_model *model;
    size_t columns, rows;
} writer;

static void write_csv_row(const qoe_row *row, void *user_data)
{
    const writer *to = user_data;
    char buf[QOE_FORMAT_LEN];
    qoe_cell cell;

    for (size_t i = 0; i < to->columns; i++) {
        qoe_columns_cell(to->table, to->model, i, row, &cell);
        if (i > 0)
            putc(',', to->out);
        put_csv(to->out, cell_text(&cell, buf));
    }
    putc('\n', to->out);
}

static void write_csv_head(const writer *to)
{
    char buf[QOE_ADDR_STRLEN];

    for (size_t i = 0; i < to->columns; i++) {
        if (i > 0)
            putc(',', to->out);
        put_csv(to->out, qoe_columns_name(to->table, to->model, i, buf));
    }
    putc('\n', to->out);
}

static void write_json_row(const qoe_row *row, void *user_data)
{
    writer *to = user_data;
    char name[QOE_ADDR_STRLEN], buf[QOE_FORMAT_LEN];
    qoe_cell cell;

    fputs(to->rows++ > 0 ? ",\n{" : "\n{", to->out);
    for (size_t i = 0; i < to->columns; i++) {
        qoe_columns_cell(to->table, to->model, i, row, &cell);
        fputs(i > 0 ? ", " : "", to->out);
        put_json(to->out, qoe_columns_name(to->table, to->model, i, name));
        fputs(": ", to->out);
        if (cell.type == QOE_CELL_TEXT)
            put_json(to->out, cell.value.text);
        else
            fputs(cell.type == QOE_CELL_NONE ? "null" : cell_text(&cell, buf), to->out);
    }
    putc('}', to->out);
}

bool qoe_write_table(FILE *out, qoe_table table, qoe_format format, const qoe_analysis *analysis)
{
    const qoe_model *model = qoe_analysis_config(analysis)->model;
    writer to = {out, table, model, qoe_columns_count(table, model), 0};

    if (format == QOE_FORMAT_CSV) {
        write_csv_head(&to);
        qoe_rows_each(table, analysis, NULL, write_csv_row, &to);
    } else {
        putc('[', out);
        qoe_rows_each(table, analysis, NULL, write_json_row, &to);
        fputs(to.rows > 0 ? "\n]\n" : "]\n", out);
    }
    return fflush(out) == 0 && !ferror(out);
}

/* --- text --- */

#define VIEW_COLUMNS_MAX 24

typedef struct {
    FILE *out;
    qoe_table table;
    size_t columns, rows;
    int widths[VIEW_COLUMNS_MAX];
} text_writer;

/* What people see: times to the millisecond, sizes to the kilobyte. */
static const char *view_text(const text_writer *to, size_t column, const qoe_row *row, qoe_cell *cell,
                             char buf[QOE_FORMAT_LEN])
{
    qoe_view_cell(to->table, column, row, cell);
    if (cell->type == QOE_CELL_NONE)
        return "-";
    if (cell->type == QOE_CELL_TIME)
        return qoe_format_fixed((double)cell->value.time_us / 1e6, 3, buf);
    if (cell->type == QOE_CELL_REAL)
        return qoe_format_fixed(cell->value.real, MIN(cell->decimals, 3), buf);
    return cell_text(cell, buf);
}

static int width_of(const char *text)
{
    return g_utf8_validate(text, -1, NULL) ? (int)g_utf8_strlen(text, -1) : (int)strlen(text);
}

static void measure_row(const qoe_row *row, void *user_data)
{
    text_writer *to = user_data;
    char buf[QOE_FORMAT_LEN];
    qoe_cell cell;

    for (size_t i = 0; i < to->columns; i++)
        to->widths[i] = MAX(to->widths[i], width_of(view_text(to, i, row, &cell, buf)));
    to->rows++;
}

/* The last column of texts is not padded: no blanks at a line's end. */
static void put_padded(const text_writer *to, size_t column, const char *text)
{
    const bool left = qoe_view_column_at(to->table, column).type == QOE_CELL_TEXT;
    const int blanks = to->widths[column] - width_of(text);
    const bool last = column + 1 == to->columns;

    fprintf(to->out, "%s%*s%s%*s", column > 0 ? "  " : "", left ? 0 : blanks, "", text, left && !last ? blanks : 0, "");
}

static void write_text_row(const qoe_row *row, void *user_data)
{
    const text_writer *to = user_data;
    char buf[QOE_FORMAT_LEN];
    qoe_cell cell;

    for (size_t i = 0; i < to->columns; i++)
        put_padded(to, i, view_text(to, i, row, &cell, buf));
    putc('\n', to->out);
}

static void put_rule(const text_writer *to, char character)
{
    int width = 2 * (int)(to->columns - 1);

    for (size_t i = 0; i < to->columns; i++)
        width += to->widths[i];
    while (width-- > 0)
        putc(character, to->out);
    putc('\n', to->out);
}

bool qoe_write_text(FILE *out, qoe_table table, const qoe_analysis *analysis, const qoe_selection *selection,
                    const char *filter)
{
    text_writer to = {.out = out, .table = table, .columns = MIN(qoe_view_count(table), VIEW_COLUMNS_MAX)};

    for (size_t i = 0; i < to.columns; i++)
        to.widths[i] = width_of(qoe_view_column_at(table, i).title);
    if (analysis)
        qoe_rows_each(table, analysis, selection, measure_row, &to);

    put_rule(&to, '=');
    fprintf(out, "%s: %zu\n", qoe_table_title(table), to.rows);
    if (filter && *filter)
        fprintf(out, "Filter: %s\n", filter);
    put_rule(&to, '-');
    for (size_t i = 0; i < to.columns; i++)
        put_padded(&to, i, qoe_view_column_at(table, i).title);
    putc('\n', out);
    if (analysis)
        qoe_rows_each(table, analysis, selection, write_text_row, &to);
    put_rule(&to, '=');
    return fflush(out) == 0 && !ferror(out);
}
