/* qoe-train clean: drops rows and columns that must not be learned from, and says why.
 *
 * Works on any csv, not only on those of `dataset`: also on published data sets with columns of truth.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "column.h"
#include "commands.h"
#include "output.h"
#include "sheet.h"

typedef struct {
    sheet table;
    char **reasons; /* of columns that go; NULL: stays */
    int label, group;
} cleaning;

/* Columns that only join and split the rows, or that training counts objects by. */
static bool is_key(const cleaning *work, unsigned c)
{
    static const char *const keys[] = {"source",  "capture", "group",     "service",     "transport",   "window",
                                       "start_s", "label",   "displayed", "media_count", "media_recent"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (strcmp(csv_name(work->table.csv, c), keys[i]) == 0)
            return true;
    return false;
}

static bool is_kept(const cleaning *work, unsigned c, bool keep_keys)
{
    return (int)c == work->label || (int)c == work->group || (keep_keys && is_key(work, c));
}

static char *duplicate_of_earlier(const cleaning *work, const bool *candidate, const guint64 *hashes, unsigned c)
{
    for (unsigned o = 0; o < c; o++)
        if (candidate[o] && hashes[o] == hashes[c] && sheet_same_columns(&work->table, o, c))
            return g_strdup_printf("duplicate of %s", csv_name(work->table.csv, o));
    return NULL;
}

static char *reason_of(const cleaning *work, unsigned c)
{
    const char *by_name = column_reason(csv_name(work->table.csv, c));
    if (by_name)
        return g_strdup(by_name);
    if (sheet_is_constant(&work->table, c))
        return g_strdup_printf("constant: it is \"%.20s\" in every row", sheet_cell(&work->table, 0, c));
    return sheet_not_numbers(&work->table, c);
}

static void judge_columns(cleaning *work, bool keep_keys)
{
    const unsigned columns = csv_columns(work->table.csv);
    guint64 *hashes = g_new0(guint64, columns);
    bool *candidate = g_new0(bool, columns);
    work->reasons = g_new0(char *, columns);
    for (unsigned c = 0; c < columns; c++) {
        if (is_kept(work, c, keep_keys))
            continue;
        work->reasons[c] = reason_of(work, c);
        if (work->reasons[c])
            continue;
        hashes[c] = sheet_hash(&work->table, c);
        work->reasons[c] = duplicate_of_earlier(work, candidate, hashes, c);
        candidate[c] = !work->reasons[c];
    }
    g_free(hashes);
    g_free(candidate);
}

static bool label_is_valid(const char *text, char *const *classes)
{
    char *end = NULL;
    const double lines = g_ascii_strtod(text, &end);
    for (; end != text && *classes; classes++)
        if (lines == g_ascii_strtod(*classes, NULL))
            return true;
    return false;
}

/* Takes the rows with a valid label; counts the others by label. */
static bool read_rows(cleaning *work, char *const *classes, GHashTable *dropped, char **error)
{
    for (const char *const *fields; (fields = csv_next(work->table.csv, error));) {
        const char *label = fields[work->label];
        if (label_is_valid(label, classes)) {
            sheet_add(&work->table, fields);
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

static void print_report(const cleaning *work, GHashTable *dropped)
{
    unsigned gone = 0;
    GList *labels = g_list_sort(g_hash_table_get_keys(dropped), (GCompareFunc)strcmp);
    for (const GList *label = labels; label; label = label->next)
        printf("rows dropped: %u with the label \"%s\"\n", GPOINTER_TO_UINT(g_hash_table_lookup(dropped, label->data)),
               (const char *)label->data);
    g_list_free(labels);
    for (unsigned c = 0; c < csv_columns(work->table.csv); c++)
        if (work->reasons[c]) {
            printf("column dropped: %-28s %s\n", csv_name(work->table.csv, c), work->reasons[c]);
            gone++;
        }
    printf("%zu rows and %u columns remain (%u columns dropped)\n", sheet_rows(&work->table),
           csv_columns(work->table.csv) - gone, gone);
}

static bool write_clean(const cleaning *work, const char *output, char **error)
{
    GString *out = to_text(work);
    const bool written = output_write(output, out->str, out->len, error);
    g_string_free(out, TRUE);
    return written;
}

static bool find_label_and_group(cleaning *work, const char *label, const char *group, char **error)
{
    work->label = csv_need(work->table.csv, label, error);
    work->group = group && !*error ? csv_need(work->table.csv, group, error) : csv_find(work->table.csv, "group");
    return !*error;
}

static void clear(cleaning *work)
{
    for (unsigned c = 0; work->reasons && c < csv_columns(work->table.csv); c++)
        g_free(work->reasons[c]);
    g_free(work->reasons);
    sheet_close(&work->table);
}

static int clean(const char *path, const char *label, const char *group, char *const *classes, bool strict,
                 const char *output)
{
    char *error = NULL;
    cleaning work = {0};
    if (!sheet_open(&work.table, path, &error))
        return command_fail(error);
    GHashTable *dropped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (find_label_and_group(&work, label, group, &error) && read_rows(&work, classes, dropped, &error)) {
        judge_columns(&work, !strict);
        if (write_clean(&work, output, &error))
            print_report(&work, dropped);
    }
    g_hash_table_destroy(dropped);
    clear(&work);
    return error ? command_fail(error) : EXIT_DONE;
}

int command_clean(int argc, char **argv)
{
    char *label = NULL, *group = NULL, *classes = NULL, *output = NULL;
    gboolean strict = FALSE;
    const GOptionEntry entries[] = {
        {"label", 'l', 0, G_OPTION_ARG_STRING, &label, "Column with the truth (default: label)", "COLUMN"},
        {"group", 'g', 0, G_OPTION_ARG_STRING, &group, "Column to split by, kept (default: group)", "COLUMN"},
        {"classes", 'c', 0, G_OPTION_ARG_STRING, &classes, "Valid labels (default: 240,360,480,720,1080)", "LIST"},
        {"strict", 'x', 0, G_OPTION_ARG_NONE, &strict, "Also drop the columns that only join and split rows", NULL},
        {"output", 'O', 0, G_OPTION_ARG_FILENAME, &output, "csv to write (default: clean.csv)", "FILE"},
        G_OPTION_ENTRY_NULL};
    static const command_help help = {
        .arguments = "DATASET.csv",
        .summary = "Drops rows without a valid label and columns that are constant, duplicated, identities or\n"
                   "truth, each named with its reason.",
        .examples = "  qoe-train clean -O clean.csv films.csv\n"
                    "  qoe-train clean -l resolution -g video_id netflix_dataset.csv\n"};
    if (!command_parse(&help, entries, &argc, &argv, 1, 1))
        return EXIT_USAGE;
    char **list = g_strsplit_set(classes ? classes : "240,360,480,720,1080", ",; ", -1);
    const int status = clean(argv[1], label ? label : "label", group, list, strict, output ? output : "clean.csv");
    g_strfreev(list);
    g_free(label);
    g_free(group);
    g_free(classes);
    g_free(output);
    return status;
}
