/* Truth files: resolution per second, or per window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "labels.h"

#include "csv.h"

#define LABEL_WINDOW_S 10.0

static label *label_at(GHashTable *labels, unsigned window)
{
    label *found = g_hash_table_lookup(labels, GUINT_TO_POINTER(window));
    if (!found) {
        found = g_new0(label, 1);
        g_hash_table_insert(labels, GUINT_TO_POINTER(window), found);
    }
    return found;
}

/* Takes the commonest of the window's seconds; the smaller one of equals, so that the order does not matter. */
static int commonest(GHashTable *counts)
{
    GHashTableIter iter;
    gpointer lines, count;
    int best = 0;
    unsigned most = 0;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &lines, &count)) {
        const unsigned n = GPOINTER_TO_UINT(count);
        if (n > most || (n == most && GPOINTER_TO_INT(lines) < best)) {
            most = n;
            best = GPOINTER_TO_INT(lines);
        }
    }
    return best;
}

static void settle_window(GHashTable *labels, unsigned window, GHashTable *counts)
{
    const int lines = commonest(counts);
    if (lines > 0)
        *label_at(labels, window) = (label){lines, lines};
}

static void count_second(GHashTable *windows, unsigned window, int lines)
{
    GHashTable *counts = g_hash_table_lookup(windows, GUINT_TO_POINTER(window));
    if (!counts) {
        counts = g_hash_table_new(NULL, NULL);
        g_hash_table_insert(windows, GUINT_TO_POINTER(window), counts);
    }
    const unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, GINT_TO_POINTER(lines)));
    g_hash_table_insert(counts, GINT_TO_POINTER(lines), GUINT_TO_POINTER(n + 1));
}

static bool read_seconds(csv_file *csv, GHashTable *labels, double window_s, char **error)
{
    const int second = csv_find(csv, "second"), resolution = csv_need(csv, "resolution", error);
    if (resolution < 0)
        return false;
    GHashTable *windows = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_destroy);
    for (const char *const *fields; (fields = csv_next(csv, error));) {
        double at, lines;
        if (!csv_number(csv, fields, second, &at, error) || !csv_whole(csv, fields, resolution, &lines, error))
            break;
        if (at >= 0 && lines > 0)
            count_second(windows, (unsigned)(at / window_s), (int)lines);
    }
    GHashTableIter iter;
    gpointer window, counts;
    g_hash_table_iter_init(&iter, windows);
    while (g_hash_table_iter_next(&iter, &window, &counts))
        settle_window(labels, GPOINTER_TO_UINT(window), counts);
    g_hash_table_destroy(windows);
    return !*error;
}

static bool read_windows(csv_file *csv, GHashTable *labels, double window_s, char **error)
{
    if (window_s != LABEL_WINDOW_S) {
        *error = csv_message(csv, "its rows are windows of %g s, not of %g", LABEL_WINDOW_S, window_s);
        return false;
    }
    const int window = csv_find(csv, "window"), resolution = csv_need(csv, "resolution", error);
    const int downloaded = csv_find(csv, "dl_resolution"), valid = csv_find(csv, "valid");
    if (resolution < 0)
        return false;
    for (const char *const *fields; (fields = csv_next(csv, error));) {
        double index, shown, fetched = 0, good = 1;
        if (!csv_number(csv, fields, window, &index, error) || !csv_whole(csv, fields, resolution, &shown, error) ||
            (downloaded >= 0 && !csv_whole(csv, fields, downloaded, &fetched, error)) ||
            (valid >= 0 && !csv_number(csv, fields, valid, &good, error)))
            return false;
        if (good != 0 && index >= 0)
            *label_at(labels, (unsigned)index) = (label){(int)(downloaded >= 0 ? fetched : shown), (int)shown};
    }
    return !*error;
}

GHashTable *labels_read(const char *path, double window_s, char **error)
{
    csv_file *csv = csv_open(path, error);
    if (!csv)
        return NULL;
    GHashTable *labels = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    bool good = false;
    if (csv_find(csv, "second") >= 0)
        good = read_seconds(csv, labels, window_s, error);
    else if (csv_find(csv, "window") >= 0)
        good = read_windows(csv, labels, window_s, error);
    else
        *error = csv_message(csv, "neither a column \"second\" nor \"window\"");
    if (good && g_hash_table_size(labels) == 0)
        *error = csv_message(csv, "no labels in it");
    csv_close(csv);
    if (!*error)
        return labels;
    g_hash_table_destroy(labels);
    return NULL;
}
