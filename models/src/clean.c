/* qoe-train clean: drops rows and columns that must not be learned from, and says why.
 *
 * Works on any csv, not only on those of `dataset`: also on published data sets with columns of truth.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "csv.h"
#include "feature.h"

typedef struct {
    csv_file *csv;
    GPtrArray *rows; /* char **, owned */
    char **reasons;  /* of columns that go; NULL: stays */
    int label, group;
} sheet;

/* What tells the answer, and what tells the session instead of its traffic. Parts of names, lower case. */
static const char *const leaks[] = {"bitrate",  "quality", "switch", "rebuffer", "stall",     "startup",
                                    "position", "frozen",  "buffer", "playing",  "displayed", "resolution"};
static const char *const identities[] = {"session", "capture", "source", "address", "ip_",    "_ip",    "port",
                                         "stamp",   "date",    "_id",    "id_",     "window", "start_s"};

static bool contains_any(const char *name, const char *const *parts, size_t count)
{
    char *lower = g_ascii_strdown(name, -1);
    bool found = false;
    for (size_t i = 0; i < count && !found; i++)
        found = strstr(lower, parts[i]) != NULL;
    g_free(lower);
    return found;
}

static const char *by_name(const sheet *data, unsigned c)
{
    const char *name = csv_name(data->csv, c);
    if ((int)c == data->label || (int)c == data->group || qoe_features_find(name) >= 0)
        return NULL;
    if (contains_any(name, leaks, G_N_ELEMENTS(leaks)))
        return "truth: it tells the answer";
    if (contains_any(name, identities, G_N_ELEMENTS(identities)) || strcmp(name, "id") == 0)
        return "identity: it tells the session, not its traffic";
    return NULL;
}

static const char *cell(const sheet *data, size_t row, unsigned column)
{
    return ((char **)g_ptr_array_index(data->rows, (guint)row))[column];
}

static bool same_columns(const sheet *data, unsigned a, unsigned b)
{
    for (size_t r = 0; r < data->rows->len; r++)
        if (strcmp(cell(data, r, a), cell(data, r, b)) != 0)
            return false;
    return true;
}

static bool constant(const sheet *data, unsigned c)
{
    for (size_t r = 1; r < data->rows->len; r++)
        if (strcmp(cell(data, r, c), cell(data, 0, c)) != 0)
            return false;
    return true;
}

/* Columns that only carry the split or the join are not looked at further. */
static bool is_key(const sheet *data, unsigned c)
{
    static const char *const keys[] = {"source", "capture", "group", "service",  "transport",
                                       "window", "start_s", "label", "displayed"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (strcmp(csv_name(data->csv, c), keys[i]) == 0)
            return true;
    return (int)c == data->label || (int)c == data->group;
}

static void judge_columns(sheet *data, bool keep_keys)
{
    const unsigned columns = csv_columns(data->csv);
    data->reasons = g_new0(char *, columns);
    for (unsigned c = 0; c < columns; c++) {
        if (is_key(data, c) && (keep_keys || (int)c == data->label || (int)c == data->group))
            continue;
        const char *reason = by_name(data, c);
        if (!reason && constant(data, c))
            reason = "constant: it tells nothing";
        if (reason) {
            data->reasons[c] = g_strdup(reason);
            continue;
        }
        for (unsigned o = 0; o < c && !data->reasons[c]; o++)
            if (!data->reasons[o] && !is_key(data, o) && same_columns(data, o, c))
                data->reasons[c] = g_strdup_printf("duplicate of %s", csv_name(data->csv, o));
    }
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
static bool read_rows(sheet *data, char *const *classes, GHashTable *dropped, char **error)
{
    for (const char *const *fields; (fields = csv_next(data->csv, error));) {
        if (label_is_valid(fields[data->label], classes)) {
            char **row = g_new0(char *, csv_columns(data->csv) + 1);
            for (unsigned c = 0; c < csv_columns(data->csv); c++)
                row[c] = g_strdup(fields[c]);
            g_ptr_array_add(data->rows, row);
        } else {
            const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(dropped, fields[data->label]));
            g_hash_table_insert(dropped, g_strdup(fields[data->label]), GUINT_TO_POINTER(count + 1));
        }
    }
    if (!*error && data->rows->len == 0)
        *error = csv_message(data->csv, "no row has a valid label");
    return !*error;
}

static GString *to_text(const sheet *data)
{
    GString *out = g_string_new(NULL);
    for (size_t r = 0; r <= data->rows->len; r++) {
        bool first = true;
        for (unsigned c = 0; c < csv_columns(data->csv); c++) {
            if (data->reasons[c])
                continue;
            g_string_append(out, first ? "" : ",");
            csv_append_field(out, r ? cell(data, r - 1, c) : csv_name(data->csv, c));
            first = false;
        }
        g_string_append_c(out, '\n');
    }
    return out;
}

static void print_report(const sheet *data, GHashTable *dropped)
{
    GHashTableIter iter;
    gpointer label, count;
    unsigned gone = 0;
    g_hash_table_iter_init(&iter, dropped);
    while (g_hash_table_iter_next(&iter, &label, &count))
        printf("rows dropped: %u with the label \"%s\"\n", GPOINTER_TO_UINT(count), (const char *)label);
    for (unsigned c = 0; c < csv_columns(data->csv); c++)
        if (data->reasons[c]) {
            printf("column dropped: %-28s %s\n", csv_name(data->csv, c), data->reasons[c]);
            gone++;
        }
    printf("%u rows and %u columns remain (%u columns dropped)\n", data->rows->len, csv_columns(data->csv) - gone,
           gone);
}

static int write_clean(sheet *data, GHashTable *dropped, const char *output)
{
    GError *failure = NULL;
    GString *out = to_text(data);
    const bool written = g_file_set_contents(output, out->str, (gssize)out->len, &failure);
    g_string_free(out, TRUE);
    if (written) {
        print_report(data, dropped);
        return EXIT_DONE;
    }
    char *message = g_strdup_printf("%s: %s", output, failure->message);
    g_error_free(failure);
    return command_fail(message);
}

static int clean(const char *path, const char *label, const char *group, char *const *classes, bool strict,
                 const char *output)
{
    char *error = NULL;
    sheet data = {.csv = csv_open(path, &error), .label = -1, .group = -1};
    if (!data.csv)
        return command_fail(error);
    data.rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    GHashTable *dropped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    data.label = csv_need(data.csv, label, &error);
    data.group = group && !error ? csv_need(data.csv, group, &error) : csv_find(data.csv, "group");
    int status = EXIT_FAILED;
    if (!error && read_rows(&data, classes, dropped, &error)) {
        judge_columns(&data, !strict);
        status = write_clean(&data, dropped, output);
    }
    for (unsigned c = 0; data.reasons && c < csv_columns(data.csv); c++)
        g_free(data.reasons[c]);
    g_free(data.reasons);
    g_hash_table_destroy(dropped);
    g_ptr_array_free(data.rows, TRUE);
    csv_close(data.csv);
    return error ? command_fail(error) : status;
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
    if (!command_parse("DATASET.csv",
                       "Drops rows without a valid label and columns that are constant, duplicated, identities or\n"
                       "truth, each named with its reason.",
                       entries, &argc, &argv, 1, 1))
        return EXIT_USAGE;
    char **list = g_strsplit(classes ? classes : "240,360,480,720,1080", ",", -1);
    const int status = clean(argv[1], label ? label : "label", group, list, strict, output ? output : "clean.csv");
    g_strfreev(list);
    g_free(label);
    g_free(group);
    g_free(classes);
    g_free(output);
    return status;
}
