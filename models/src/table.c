/* A data set in memory: labelled windows with their features, groups and origin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "table.h"

#include <string.h>

#include "output.h"
#include "packet.h"

void table_row_free(table_row *row)
{
    g_free(row->source);
    g_free(row->capture);
    g_free(row->group);
    g_free(row->service);
    g_free(row->x);
    g_free(row);
}

table *table_new(void)
{
    table *data = g_new0(table, 1);
    data->rows = g_ptr_array_new_with_free_func((GDestroyNotify)table_row_free);
    data->presents = g_ptr_array_new_with_free_func(g_free);
    return data;
}

void table_free(table *data)
{
    if (!data)
        return;
    g_ptr_array_free(data->rows, TRUE);
    g_ptr_array_free(data->presents, TRUE);
    g_free(data);
}

const bool *table_add_present(table *data, bool *present)
{
    g_ptr_array_add(data->presents, present);
    return present;
}

void table_move(table *data, table *from)
{
    g_ptr_array_extend_and_steal(data->rows, from->rows);
    g_ptr_array_extend_and_steal(data->presents, from->presents);
    g_free(from);
}

bool table_rows_have(const table_row *const *rows, size_t n, unsigned feature)
{
    const bool *checked = NULL;
    for (size_t i = 0; i < n; i++) {
        if (rows[i]->present && rows[i]->present != checked && !rows[i]->present[feature])
            return false;
        checked = rows[i]->present;
    }
    return true;
}

enum { SOURCE, CAPTURE, GROUP, SERVICE, TRANSPORT, WINDOW, START, LABEL, DISPLAYED, KEYS };

static const char *const key_names[KEYS] = {"source", "capture", "group", "service",  "transport",
                                            "window", "start_s", "label", "displayed"};

char *table_lacks(const csv_file *csv)
{
    return csv_lacks(csv, key_names, KEYS);
}

static bool find_columns(csv_file *csv, int *keys, int *features, bool *present, char **error)
{
    for (int k = 0; k < KEYS; k++)
        if ((keys[k] = csv_need(csv, key_names[k], error)) < 0)
            return false;
    unsigned found = 0;
    for (unsigned f = 0; f < qoe_features_count(); f++) {
        features[f] = csv_find(csv, qoe_features_at(f)->name);
        present[f] = features[f] >= 0;
        found += present[f];
    }
    if (found == 0)
        *error = csv_message(csv, "no column is a feature of this program");
    return found > 0;
}

static bool read_transport(csv_file *csv, const char *text, int *transport, char **error)
{
    *transport = strcmp(text, "udp") == 0 ? QOE_UDP : QOE_TCP;
    if (*transport == QOE_UDP || strcmp(text, "tcp") == 0)
        return true;
    *error = csv_message(csv, "column transport: \"%.40s\" is neither tcp nor udp", text);
    return false;
}

/* A group that is empty would be one of all such rows. */
static const char *group_of(const char *const *fields, const int *keys)
{
    return fields[*fields[keys[GROUP]] ? keys[GROUP] : keys[CAPTURE]];
}

static bool read_row(csv_file *csv, const char *const *fields, const int *keys, const int *features, table_row *row,
                     char **error)
{
    double window, label, displayed;
    if (!csv_whole(csv, fields, keys[WINDOW], &window, error) ||
        !csv_number(csv, fields, keys[START], &row->start_s, error) ||
        !csv_whole(csv, fields, keys[LABEL], &label, error) ||
        !csv_whole(csv, fields, keys[DISPLAYED], &displayed, error))
        return false;
    row->source = g_strdup(fields[keys[SOURCE]]);
    row->capture = g_strdup(fields[keys[CAPTURE]]);
    row->group = g_strdup(group_of(fields, keys));
    row->service = g_strdup(fields[keys[SERVICE]]);
    if (!read_transport(csv, fields[keys[TRANSPORT]], &row->transport, error))
        return false;
    row->window = (unsigned)CLAMP(window, 0, 1e9);
    row->label = (int)CLAMP(label, 0, 1e5);
    row->displayed = (int)CLAMP(displayed, 0, 1e5);
    row->x = g_new0(double, qoe_features_count());
    for (unsigned f = 0; f < qoe_features_count(); f++)
        if (features[f] >= 0 && !csv_number(csv, fields, features[f], &row->x[f], error))
            return false;
    return true;
}

bool table_read(table *data, csv_file *csv, table_notes *notes, char **error)
{
    unsigned groupless = 0, first = 0;
    int keys[KEYS], *features = g_new(int, qoe_features_count());
    bool *present = g_new0(bool, qoe_features_count());
    table_add_present(data, present);
    bool good = find_columns(csv, keys, features, present, error);
    for (const char *const *fields; good && (fields = csv_next(csv, error));) {
        table_row *row = g_new0(table_row, 1);
        row->present = present;
        g_ptr_array_add(data->rows, row);
        good = read_row(csv, fields, keys, features, row, error);
        if (good && !*fields[keys[GROUP]] && groupless++ == 0)
            first = csv_line(csv);
    }
    g_free(features);
    if (good && !*error && (data->rows->len == 0 || table_at(data, data->rows->len - 1)->present != present))
        *error = csv_message(csv, "no rows in it");
    if (!*error && groupless)
        notes->summary = g_strdup_printf(
            "%u rows without a group (the first in line %u): their capture takes its place\n", groupless, first);
    return !*error;
}

void table_notes_clear(table_notes *notes)
{
    g_clear_pointer(&notes->summary, g_free);
    g_clear_pointer(&notes->columns, g_free);
}

GHashTable *table_owners_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static char *owner_key(const table_row *row)
{
    return g_strdup_printf("%s\n%s", row->source, row->capture);
}

bool table_claim(const table *data, GHashTable *owners, const char *path, char **error)
{
    for (guint i = 0; i < data->rows->len && !*error; i++) {
        const table_row *row = table_at(data, i);
        char *key = owner_key(row);
        const char *owner = g_hash_table_lookup(owners, key);
        if (owner)
            *error = g_strdup_printf("%s: a capture \"%s\" has already come from %s", path, row->capture, owner);
        g_free(key);
    }
    for (guint i = 0; i < data->rows->len && !*error; i++)
        g_hash_table_insert(owners, owner_key(table_at(data, i)), g_strdup(path));
    return !*error;
}

static void append_row(GString *out, const table_row *row, const bool *written)
{
    const char *const names[] = {row->source, row->capture, row->group, row->service};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        csv_append_field(out, names[i]);
        g_string_append_c(out, ',');
    }
    g_string_append_printf(out, "%s,%u,%.6f,%d,%d", row->transport == QOE_UDP ? "udp" : "tcp", row->window,
                           row->start_s, row->label, row->displayed);
    for (unsigned f = 0; f < qoe_features_count(); f++)
        if (written[f])
            g_string_append_printf(out, ",%.9g", row->x[f]);
    g_string_append_c(out, '\n');
}

GString *table_text(const table *data)
{
    const table_row *const *rows = (const table_row *const *)data->rows->pdata;
    bool *written = g_new(bool, qoe_features_count());
    GString *out = g_string_new(NULL);
    for (int k = 0; k < KEYS; k++)
        g_string_append_printf(out, "%s%s", k ? "," : "", key_names[k]);
    for (unsigned f = 0; f < qoe_features_count(); f++)
        if ((written[f] = table_rows_have(rows, data->rows->len, f)))
            g_string_append_printf(out, ",%s", qoe_features_at(f)->name);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < data->rows->len; i++)
        append_row(out, rows[i], written);
    g_free(written);
    return out;
}

bool table_write(const table *data, const char *path, char **error)
{
    GString *out = table_text(data);
    const bool good = output_write(path, out->str, out->len, error);
    g_string_free(out, TRUE);
    return good;
}
