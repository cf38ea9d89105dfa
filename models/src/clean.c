/* qoe-train clean: drops rows and columns that must not be learned from, and says why.
 *
 * Works on any csv, not only on those of `dataset`: also on published data sets with columns of truth.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "column.h"
#include "commands.h"
#include "course.h"
#include "output.h"
#include "sheet.h"

typedef struct {
    char *label, *group, *output; /* label, group: NULL: not given */
    GArray *classes;              /* double */
    gboolean strict;
} clean_options;

/* Of the rows, as many may go for cells that are no numbers; what would cost more goes as a column. */
enum { BAD_ROWS_PERCENT = 5 };

typedef struct {
    sheet table;
    char **reasons;     /* of columns that go; NULL: stays */
    GString *rows_gone; /* a line for each column that cost rows */
    GHashTable *seen;   /* what told the rows so far apart */
    GString *doubled;   /* names the first row that was there before */
    unsigned doubles, groupless, first_groupless;
    int label, group, capture, window, source; /* capture, window, source: -1: not there */
    bool keep_keys;
} cleaning;

/* Columns that only join and split the rows, or that training counts objects by. */
static const char *const text_keys[] = {"source", "capture", "group", "service", "transport", "label", NULL};
static const char *const number_keys[] = {"window", "start_s", "displayed", "media_count", "media_recent", NULL};

static bool is_number_key(const cleaning *work, unsigned c)
{
    return work->keep_keys && g_strv_contains(number_keys, csv_name(work->table.csv, c));
}

static bool is_kept(const cleaning *work, unsigned c)
{
    return (int)c == work->label || (int)c == work->group || is_number_key(work, c) ||
           (work->keep_keys && g_strv_contains(text_keys, csv_name(work->table.csv, c)));
}

static char *duplicate_of_earlier(const cleaning *work, const bool *candidate, const guint64 *hashes, unsigned c)
{
    for (unsigned o = 0; o < c; o++)
        if (candidate[o] && hashes[o] == hashes[c] && sheet_same_columns(&work->table, o, c))
            return g_strdup_printf("duplicate of %s", csv_name(work->table.csv, o));
    return NULL;
}

static void judge_alone(cleaning *work)
{
    for (unsigned c = 0; c < csv_columns(work->table.csv); c++) {
        const char *by_name = column_reason(csv_name(work->table.csv, c));
        if (is_kept(work, c) || work->reasons[c])
            continue;
        if (by_name)
            work->reasons[c] = g_strdup(by_name);
        else if (sheet_is_constant(&work->table, c))
            work->reasons[c] =
                g_strdup_printf("constant: it is \"%.20s\" in every row", sheet_cell(&work->table, 0, c));
    }
}

/* A column with cells that are no numbers. */
typedef struct {
    unsigned column;
    size_t cells;
} bad_column;

static int compare_bad(const void *a, const void *b)
{
    const bad_column *x = a, *y = b;
    return x->cells != y->cells ? (x->cells > y->cells) - (x->cells < y->cells) : (int)x->column - (int)y->column;
}

/* Those with the fewest first: what they cost is little. */
static GArray *find_bad(const cleaning *work)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(bad_column));
    for (unsigned c = 0; c < csv_columns(work->table.csv); c++) {
        if (work->reasons[c] || (is_kept(work, c) && !is_number_key(work, c)))
            continue;
        bool *marked = g_new0(bool, sheet_rows(&work->table));
        const bad_column one = {c, sheet_mark_bad(&work->table, c, marked)};
        if (one.cells > 0)
            g_array_append_val(found, one);
        g_free(marked);
    }
    g_array_sort(found, compare_bad);
    return found;
}

/* Marks a column's bad rows, if no more than *left would go anew; else the column goes. */
static void settle_bad(cleaning *work, unsigned c, bool *gone, size_t *left)
{
    const size_t rows = sheet_rows(&work->table);
    bool *marked = g_new(bool, rows);
    memcpy(marked, gone, rows);
    const size_t more = sheet_mark_bad(&work->table, c, marked);
    char *what = sheet_not_numbers(&work->table, c);
    if (more <= *left) {
        *left -= more;
        memcpy(gone, marked, rows);
        g_string_append_printf(work->rows_gone, "rows dropped: %zu for %s: %s\n", more, csv_name(work->table.csv, c),
                               what);
    } else if (!is_kept(work, c)) {
        work->reasons[c] = g_strdup(what);
    }
    g_free(what);
    g_free(marked);
}

static void drop_bad(cleaning *work)
{
    bool *gone = g_new0(bool, sheet_rows(&work->table));
    size_t left = sheet_rows(&work->table) * BAD_ROWS_PERCENT / 100;
    GArray *bad = find_bad(work);
    for (guint i = 0; i < bad->len; i++)
        settle_bad(work, g_array_index(bad, bad_column, i).column, gone, &left);
    sheet_drop(&work->table, gone);
    g_array_free(bad, TRUE);
    g_free(gone);
}

static void judge_duplicates(cleaning *work)
{
    const unsigned columns = csv_columns(work->table.csv);
    guint64 *hashes = g_new0(guint64, columns);
    bool *candidate = g_new0(bool, columns);
    for (unsigned c = 0; c < columns; c++) {
        if (is_kept(work, c) || work->reasons[c])
            continue;
        hashes[c] = sheet_hash(&work->table, c);
        work->reasons[c] = duplicate_of_earlier(work, candidate, hashes, c);
        candidate[c] = !work->reasons[c];
    }
    g_free(hashes);
    g_free(candidate);
}

static void judge(cleaning *work)
{
    work->reasons = g_new0(char *, csv_columns(work->table.csv));
    work->rows_gone = g_string_new(NULL);
    judge_alone(work);
    drop_bad(work);
    judge_alone(work); /* fewer rows may be all the same */
    judge_duplicates(work);
}

static bool has_keys(const cleaning *work)
{
    return work->capture >= 0 && work->window >= 0;
}

static bool label_is_valid(const char *text, const GArray *classes)
{
    char *end = NULL;
    const double lines = g_ascii_strtod(text, &end);
    for (guint i = 0; end != text && *end == '\0' && i < classes->len; i++)
        if (lines == g_array_index(classes, double, i))
            return true;
    return false;
}

/* What tells a row from others: its capture and window, or else the whole of it, as a short text (g_free). */
static char *row_key(const cleaning *work, const char *const *fields)
{
    if (has_keys(work))
        return g_strdup_printf("%s\n%s\n%s", work->source < 0 ? "" : fields[work->source], fields[work->capture],
                               fields[work->window]);
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
    for (unsigned c = 0; c < csv_columns(work->table.csv); c++)
        g_checksum_update(sum, (const guchar *)fields[c], (gssize)strlen(fields[c]) + 1);
    char *key = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return key;
}

/* Whether a row is there for the second time; counted if so. */
static bool is_double(cleaning *work, const char *const *fields)
{
    if (g_hash_table_add(work->seen, row_key(work, fields)))
        return false;
    if (work->doubles++ == 0 && has_keys(work))
        g_string_printf(work->doubled, "of a capture and window that an earlier row has: %s, window %s",
                        fields[work->capture], fields[work->window]);
    else if (work->doubles == 1)
        g_string_printf(work->doubled, "that equal an earlier row: line %u", csv_line(work->table.csv));
    return true;
}

/* Rows of an empty group would be one group of them all: they are of their capture's, if there is one. */
static void add_row(cleaning *work, const char *const *fields)
{
    sheet_add(&work->table, fields);
    if (*fields[work->group])
        return;
    if (work->groupless++ == 0)
        work->first_groupless = csv_line(work->table.csv);
    if (work->capture >= 0)
        sheet_set_last(&work->table, (unsigned)work->group, fields[work->capture]);
}

/* Takes the rows with a valid label that were not there before; counts the others by label. */
static bool read_rows(cleaning *work, const GArray *classes, GHashTable *dropped, char **error)
{
    for (const char *const *fields; (fields = csv_next(work->table.csv, error));) {
        const char *label = fields[work->label];
        if (label_is_valid(label, classes)) {
            if (!is_double(work, fields))
                add_row(work, fields);
        } else {
            const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(dropped, label));
            g_hash_table_insert(dropped, g_strdup(label), GUINT_TO_POINTER(count + 1));
        }
    }
    if (!*error && sheet_rows(&work->table) == 0)
        *error = csv_message(work->table.csv, "no row has a valid label (--classes says which are)");
    return !*error;
}

static GString *to_text(const cleaning *work)
{
    GString *out = g_string_new(NULL);
    for (size_t r = 0; r <= sheet_rows(&work->table); r++) {
        bool first = true;
        for (unsigned c = 0; c < csv_columns(work->table.csv); c++) {
            if (work->reasons[c])
                continue;
            g_string_append(out, first ? "" : ",");
            csv_append_field(out, r ? sheet_cell(&work->table, r - 1, c) : csv_name(work->table.csv, c));
            first = false;
        }
        g_string_append_c(out, '\n');
    }
    return out;
}

static void print_report(const cleaning *work, GHashTable *dropped, FILE *to)
{
    unsigned gone = 0;
    GList *labels = g_list_sort(g_hash_table_get_keys(dropped), (GCompareFunc)strcmp);
    for (const GList *label = labels; label; label = label->next)
        fprintf(to, "rows dropped: %u with the label \"%s\"\n",
                GPOINTER_TO_UINT(g_hash_table_lookup(dropped, label->data)), (const char *)label->data);
    g_list_free(labels);
    if (work->doubles)
        fprintf(to, "rows dropped: %u %s\n", work->doubles, work->doubled->str);
    if (work->groupless)
        fprintf(to, "%u rows without a group (the first in line %u): %s\n", work->groupless, work->first_groupless,
                work->capture < 0 ? "they are one group" : "their capture takes its place");
    fputs(work->rows_gone->str, to);
    for (unsigned c = 0; c < csv_columns(work->table.csv); c++)
        if (work->reasons[c]) {
            fprintf(to, "column dropped: %-28s %s\n", csv_name(work->table.csv, c), work->reasons[c]);
            gone++;
        }
    fprintf(to, "%zu rows and %u columns remain (%u columns dropped)\n", sheet_rows(&work->table),
            csv_columns(work->table.csv) - gone, gone);
}

static bool write_clean(const cleaning *work, const char *output, char **error)
{
    GString *out = to_text(work);
    const bool written = output_write(output, out->str, out->len, error);
    g_string_free(out, TRUE);
    return written;
}

static bool find_columns(cleaning *work, const char *label, const char *group, char **error)
{
    csv_file *csv = work->table.csv;
    work->label = csv_need(csv, label, error);
    work->group = *error ? -1 : csv_need(csv, group, error);
    work->source = csv_find(csv, "source");
    work->capture = csv_find(csv, "capture");
    work->window = csv_find(csv, "window");
    return !*error;
}

static void clear(cleaning *work)
{
    for (unsigned c = 0; work->reasons && c < csv_columns(work->table.csv); c++)
        g_free(work->reasons[c]);
    g_free(work->reasons);
    if (work->rows_gone)
        g_string_free(work->rows_gone, TRUE);
    g_string_free(work->doubled, TRUE);
    g_hash_table_destroy(work->seen);
    sheet_close(&work->table);
}

static int clean(csv_file *csv, const clean_options *options, const char *label, const char *group)
{
    char *error = NULL;
    const char *output = options->output;
    cleaning work = {.keep_keys = !options->strict,
                     .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                     .doubled = g_string_new(NULL)};
    sheet_open(&work.table, csv);
    GHashTable *dropped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (find_columns(&work, label, group, &error) && read_rows(&work, options->classes, dropped, &error)) {
        judge(&work);
        if (write_clean(&work, output, &error))
            print_report(&work, dropped, output_messages(output));
    }
    g_hash_table_destroy(dropped);
    clear(&work);
    return error ? command_fail(error) : EXIT_DONE;
}

/* The course's csv as `dataset` would write it, which is taken over; NULL with *error. Its features add up along a
 * session's rows: they must be made before rows go. */
static csv_file *features_of_course(csv_file *csv, const char *path, const clean_options *options, char **error)
{
    table_notes notes = {0};
    table *data = table_new();
    csv_file *features = NULL;
    if (course_read(csv, options->group, data, &notes, error)) {
        fprintf(output_messages(options->output), "%s: %s", path, notes.summary);
        features = csv_open_text(path, g_string_free(table_text(data), FALSE), error);
    }
    table_notes_clear(&notes);
    table_free(data);
    csv_close(csv);
    return features;
}

static int clean_file(const char *path, const clean_options *options)
{
    char *error = NULL;
    csv_file *csv = csv_open(path, &error);
    const bool course = csv && course_is(csv);
    if (course && options->label)
        fprintf(stderr,
                "%s: attention: what is left of the course's own columns is not for fit. "
                "Without --label they become features first\n",
                path);
    else if (course)
        csv = features_of_course(csv, path, options, &error);
    if (!csv)
        return command_fail(error);
    if (course && !options->label)
        return clean(csv, options, "label", "group");
    return clean(csv, options, options->label ? options->label : "label", options->group ? options->group : "group");
}

/* Says what is wrong with a list of classes and returns false. */
static bool read_classes(const char *list, GArray *classes)
{
    bool good = true;
    char **texts = g_strsplit_set(list, ",; ", -1);
    for (char **text = texts; *text && good; text++) {
        char *end = NULL;
        const double lines = g_ascii_strtod(*text, &end);
        if (!**text)
            continue;
        good = *end == '\0' && isfinite(lines);
        g_array_append_val(classes, lines);
        if (!good)
            fprintf(stderr, "qoe-train: --classes: \"%s\" is not a number\n", *text);
    }
    g_strfreev(texts);
    return good;
}

int command_clean(int argc, char **argv)
{
    char *classes = NULL;
    clean_options options = {0};
    const GOptionEntry entries[] = {
        {"label", 'l', 0, G_OPTION_ARG_STRING, &options.label, "Column with the truth (default: label)", "COLUMN"},
        {"group", 'g', 0, G_OPTION_ARG_STRING, &options.group, "Column to split by, kept (default: group)", "COLUMN"},
        {"classes", 'c', 0, G_OPTION_ARG_STRING, &classes, "Valid labels (default: 240,360,480,720,1080)", "LIST"},
        {"strict", 'x', 0, G_OPTION_ARG_NONE, &options.strict, "Also drop the columns that only join and split rows",
         NULL},
        {"output", 'O', 0, G_OPTION_ARG_FILENAME, &options.output, "csv to write (default: clean.csv)", "FILE"},
        G_OPTION_ENTRY_NULL};
    static const command_help help = {
        .arguments = "DATASET.csv",
        .summary = "Drops rows without a valid label, rows that are there twice, and columns that are constant,\n"
                   "duplicated, identities or truth, each named with its reason. Rows with cells that are no\n"
                   "numbers go as long as all of them are no more than 5 in 100; columns that would cost more go\n"
                   "instead. A csv of the course's data set becomes features first (as by qoe-train dataset),\n"
                   "unless --label names one of its own columns: what is then left is not for fit.",
        .examples = "  qoe-train clean -O clean.csv films.csv\n"
                    "  qoe-train clean -O clean.csv netflix_dataset.csv\n"
                    "  qoe-train clean -l resolution -g video_id netflix_dataset.csv\n"};
    if (!command_parse(&help, entries, &argc, &argv, 1, 1))
        return EXIT_USAGE;
    options.classes = g_array_new(FALSE, FALSE, sizeof(double));
    if (!options.output)
        options.output = g_strdup("clean.csv");
    const bool good = read_classes(classes ? classes : "240,360,480,720,1080", options.classes);
    const int status = good ? clean_file(argv[1], &options) : EXIT_USAGE;
    g_array_free(options.classes, TRUE);
    g_free(options.label);
    g_free(options.group);
    g_free(options.output);
    g_free(classes);
    return status;
}
