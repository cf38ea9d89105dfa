/* Comma-separated values: lines, quoted fields, any line end, errors with file and line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct csv_file {
    char *name, *text, *next;
    unsigned line, line_after; /* where the row begins, and where the next one does: quoted fields may hold line ends */
    bool open_quote;
    GPtrArray *header; /* char *, owned */
    GPtrArray *fields; /* char *, into text */
};

char *csv_message(const csv_file *csv, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *what = g_strdup_vprintf(format, args), *message = g_strdup_printf("%s:%u: %s", csv->name, csv->line, what);
    va_end(args);
    g_free(what);
    return message;
}

/* Cuts the next field off, unquoting in place, and returns what ended it: ',', '\n' (for any line end) or '\0'. */
static char cut_field(csv_file *csv, char **field)
{
    char *from = csv->next, *to = from;
    bool quoted = *from == '"';
    *field = to;
    from += quoted;
    while (*from != '\0' && (quoted || (*from != ',' && *from != '\r' && *from != '\n'))) {
        if (quoted && *from == '"' && *++from != '"') {
            quoted = false;
            continue;
        }
        csv->line_after += *from == '\n';
        *to++ = *from++;
    }
    csv->open_quote = csv->open_quote || quoted;
    const char end = *from;
    if (end == '\r' && from[1] == '\n')
        from++;
    csv->next = end == '\0' ? from : from + 1;
    csv->line_after += end == '\r' || end == '\n';
    *to = '\0';
    return end == '\r' ? '\n' : end;
}

/* Cuts the next line that is not empty into fields; false at the end. */
static bool cut_line(csv_file *csv)
{
    do {
        csv->line = csv->line_after;
        g_ptr_array_set_size(csv->fields, 0);
        if (*csv->next == '\0')
            return false;
        for (char end = ','; end == ',';) {
            char *field;
            end = cut_field(csv, &field);
            g_ptr_array_add(csv->fields, field);
        }
    } while (csv->fields->len == 1 && *(char *)g_ptr_array_index(csv->fields, 0) == '\0');
    return true;
}

csv_file *csv_open_text(const char *name, char *text, char **error)
{
    csv_file *csv = g_new0(csv_file, 1);
    csv->name = g_strdup(name);
    csv->text = csv->next = text;
    csv->line_after = 1;
    csv->header = g_ptr_array_new_with_free_func(g_free);
    csv->fields = g_ptr_array_new();
    if (g_str_has_prefix(text, "\xef\xbb\xbf")) /* a byte order mark, as spreadsheets write it */
        csv->next += 3;
    if (!cut_line(csv))
        *error = csv_message(csv, "empty: a header line is expected");
    else if (csv->open_quote)
        *error = csv_message(csv, "a quote is not closed");
    if (*error) {
        csv_close(csv);
        return NULL;
    }
    for (guint i = 0; i < csv->fields->len; i++)
        g_ptr_array_add(csv->header, g_strdup(g_ptr_array_index(csv->fields, i)));
    return csv;
}

static char *read_stdin(gsize *length)
{
    GString *text = g_string_new(NULL);
    char buffer[65536];
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, stdin)) > 0;)
        g_string_append_len(text, buffer, (gssize)got);
    *length = text->len;
    return g_string_free(text, FALSE);
}

static unsigned lines_in(const char *text)
{
    unsigned lines = 1;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

csv_file *csv_open(const char *path, char **error)
{
    char *text = NULL;
    gsize length = 0;
    GError *failure = NULL;
    if (strcmp(path, "-") == 0) {
        text = read_stdin(&length);
    } else if (!g_file_get_contents(path, &text, &length, &failure)) {
        *error = g_strdup_printf("%s: %s", path, failure->message);
        g_error_free(failure);
        return NULL;
    }
    if (strlen(text) != length) { /* behind it nothing would be read, and nobody would know */
        *error = g_strdup_printf("%s:%u: a zero byte: this is no text file", path, lines_in(text));
        g_free(text);
        return NULL;
    }
    return csv_open_text(path, text, error);
}

void csv_close(csv_file *csv)
{
    if (!csv)
        return;
    g_ptr_array_free(csv->header, TRUE);
    g_ptr_array_free(csv->fields, TRUE);
    g_free(csv->text);
    g_free(csv->name);
    g_free(csv);
}

int csv_find(const csv_file *csv, const char *name)
{
    for (guint i = 0; i < csv->header->len; i++)
        if (strcmp(g_ptr_array_index(csv->header, i), name) == 0)
            return (int)i;
    return -1;
}

int csv_need(csv_file *csv, const char *name, char **error)
{
    const int column = csv_find(csv, name);
    if (column < 0)
        *error = g_strdup_printf("%s:1: there is no column \"%s\"", csv->name, name);
    return column;
}

unsigned csv_columns(const csv_file *csv)
{
    return csv->header->len;
}

const char *csv_name(const csv_file *csv, unsigned column)
{
    return g_ptr_array_index(csv->header, column);
}

const char *const *csv_next(csv_file *csv, char **error)
{
    if (!cut_line(csv))
        return NULL;
    if (csv->open_quote)
        *error = csv_message(csv, "a quote is not closed");
    else if (csv->fields->len != csv->header->len)
        *error = csv_message(csv, "%u fields instead of %u", csv->fields->len, csv->header->len);
    return *error ? NULL : (const char *const *)csv->fields->pdata;
}

unsigned csv_line(const csv_file *csv)
{
    return csv->line;
}

bool csv_number(const csv_file *csv, const char *const *fields, int column, double *out, char **error)
{
    char *end = NULL;
    *out = g_ascii_strtod(fields[column], &end);
    if (end != fields[column] && *end == '\0' && isfinite(*out))
        return true;
    *error = csv_message(csv, "column %s: \"%.40s\" is not a number", csv_name(csv, (unsigned)column), fields[column]);
    return false;
}

bool csv_whole(const csv_file *csv, const char *const *fields, int column, double *out, char **error)
{
    if (!csv_number(csv, fields, column, out, error))
        return false;
    if (*out < 0 || *out != floor(*out))
        *error = csv_message(csv, "column %s: \"%.40s\" is no whole number from 0", csv_name(csv, (unsigned)column),
                             fields[column]);
    return !*error;
}

bool csv_is_missing(const char *text)
{
    static const char *const nones[] = {"", "nan", "NaN", "inf", "-inf", "None", "NaT", "<NA>", NULL};
    return g_strv_contains(nones, text);
}

char *csv_lacks(const csv_file *csv, const char *const *names, size_t count)
{
    GString *lacking = g_string_new(NULL);
    for (size_t i = 0; i < count; i++)
        if (csv_find(csv, names[i]) < 0)
            g_string_append_printf(lacking, "%s\"%s\"", lacking->len ? ", " : "", names[i]);
    return g_string_free(lacking, lacking->len == 0);
}

void csv_append_field(GString *out, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        g_string_append(out, field);
        return;
    }
    g_string_append_c(out, '"');
    for (; *field; field++)
        g_string_append_printf(out, *field == '"' ? "\"\"" : "%c", *field);
    g_string_append_c(out, '"');
}
