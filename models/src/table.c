/* A data set in memory: labelled windows with their features, groups and origin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "table.h"

#include <string.h>

#include "packet.h"

static void free_row(void *data)
{
    table_row *row = data;
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
    data->rows = g_ptr_array_new_with_free_func(free_row);
    data->present = g_new0(bool, qoe_features_count());
    return data;
}

void table_free(table *data)
{
    if (!data)
        return;
    g_ptr_array_free(data->rows, TRUE);
    g_free(data->present);
    g_free(data);
}

enum { SOURCE, CAPTURE, GROUP, SERVICE, TRANSPORT, WINDOW, START, LABEL, DISPLAYED, KEYS };

static const char *const key_names[KEYS] = {"source", "capture", "group", "service",  "transport",
                                            "window", "start_s", "label", "displayed"};

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

static bool read_row(csv_file *csv, const char *const *fields, const int *keys, const int *features, table_row *row,
                     char **error)
{
    double window, label, displayed;
    if (!csv_number(csv, fields, keys[WINDOW], &window, error) ||
        !csv_number(csv, fields, keys[START], &row->start_s, error) ||
        !csv_number(csv, fields, keys[LABEL], &label, error) ||
        !csv_number(csv, fields, keys[DISPLAYED], &displayed, error))
        return false;
    row->source = g_strdup(fields[keys[SOURCE]]);
    row->capture = g_strdup(fields[keys[CAPTURE]]);
    row->group = g_strdup(fields[keys[GROUP]]);
    row->service = g_strdup(fields[keys[SERVICE]]);
    row->transport = strcmp(fields[keys[TRANSPORT]], "udp") == 0 ? QOE_UDP : QOE_TCP;
    row->window = (unsigned)CLAMP(window, 0, 1e9);
    row->label = (int)CLAMP(label, 0, 1e5);
    row->displayed = (int)CLAMP(displayed, 0, 1e5);
    row->x = g_new0(double, qoe_features_count());
    for (unsigned f = 0; f < qoe_features_count(); f++)
        if (features[f] >= 0 && !csv_number(csv, fields, features[f], &row->x[f], error))
            return false;
    return true;
}

bool table_read(table *data, const char *path, char **error)
{
    csv_file *csv = csv_open(path, error);
    if (!csv)
        return false;
    int keys[KEYS], *features = g_new(int, qoe_features_count());
    bool good = find_columns(csv, keys, features, data->present, error);
    for (const char *const *fields; good && (fields = csv_next(csv, error));) {
        table_row *row = g_new0(table_row, 1);
        g_ptr_array_add(data->rows, row);
        good = read_row(csv, fields, keys, features, row, error);
    }
    good = good && !*error;
    g_free(features);
    csv_close(csv);
    return good;
}

static void append_row(GString *out, const table_row *row)
{
    const char *const names[] = {row->source, row->capture, row->group, row->service};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        csv_append_field(out, names[i]);
        g_string_append_c(out, ',');
    }
    g_string_append_printf(out, "%s,%u,%.6f,%d,%d", row->transport == QOE_UDP ? "udp" : "tcp", row->window,
                           row->start_s, row->label, row->displayed);
    for (unsigned f = 0; f < qoe_features_count(); f++)
        g_string_append_printf(out, ",%.9g", row->x[f]);
    g_string_append_c(out, '\n');
}

bool table_write(const table *data, const char *path, char **error)
{
    GString *out = g_string_new(NULL);
    for (int k = 0; k < KEYS; k++)
        g_string_append_printf(out, "%s%s", k ? "," : "", key_names[k]);
    for (unsigned f = 0; f < qoe_features_count(); f++)
        g_string_append_printf(out, ",%s", qoe_features_at(f)->name);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < data->rows->len; i++)
        append_row(out, table_at(data, i));
    GError *failure = NULL;
    const bool good = g_file_set_contents(path, out->str, (gssize)out->len, &failure);
    if (!good) {
        *error = g_strdup_printf("%s: %s", path, failure->message);
        g_error_free(failure);
    }
    g_string_free(out, TRUE);
    return good;
}
