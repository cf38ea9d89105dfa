/* Truth files: resolution per second, or per window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "labels.h"

#include <math.h>

#include "csv.h"

#define LABEL_WINDOW_S 10.0

static void add_label(GHashTable *labels, unsigned window, label truth)
{
    g_hash_table_insert(labels, GUINT_TO_POINTER(window), g_memdup2(&truth, sizeof truth));
}

/* Times that no capture reaches, such as 1e300, become one that fits into the type. */
static unsigned to_window(double index)
{
    return (unsigned)fmin(index, 1e9);
}

/* A whole number, or 0 for an empty cell. */
static bool read_resolution(csv_file *csv, const char *const *fields, int column, int *lines, char **error)
{
    double number = 0;
    const bool good = csv_is_missing(fields[column]) || csv_whole(csv, fields, column, &number, error);
    *lines = (int)fmin(number, 1e5);
    return good;
}

/* Takes the commonest of the window's seconds; the smaller one of equals, so that the order does not matter. 0 only
 * where there is no other. */
static int commonest(GHashTable *counts)
{
    GHashTableIter iter;
    gpointer lines, count;
    int best = 0;
    unsigned most = 0;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &lines, &count)) {
        const unsigned n = GPOINTER_TO_INT(lines) > 0 ? GPOINTER_TO_UINT(count) : 0;
        if (n > most || (n == most && GPOINTER_TO_INT(lines) < best)) {
            most = n;
            best = GPOINTER_TO_INT(lines);
        }
    }
    return best;
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
        double at;
        int lines;
        if (!csv_number(csv, fields, second, &at, error) || !read_resolution(csv, fields, resolution, &lines, error))
            break;
        if (at >= 0)
            count_second(windows, to_window(at / window_s), lines);
    }
    GHashTableIter iter;
    gpointer window, counts;
    g_hash_table_iter_init(&iter, windows);
    while (g_hash_table_iter_next(&iter, &window, &counts)) {
        const int lines = commonest(counts);
        add_label(labels, GPOINTER_TO_UINT(window), (label){lines, lines, 0});
    }
    g_hash_table_destroy(windows);
    return !*error;
}

/* Columns of a file by window; -1: not there. */
typedef struct {
    int window, resolution, downloaded, valid;
} places;

/* False with *error; *index is negative for a row that does not count. */
static bool read_window(csv_file *csv, const char *const *fields, const places *at, double *index, label *truth,
                        char **error)
{
    double valid = 1;
    truth->line = csv_line(csv);
    if (!csv_number(csv, fields, at->window, index, error) ||
        !read_resolution(csv, fields, at->resolution, &truth->displayed, error) ||
        !read_resolution(csv, fields, at->downloaded >= 0 ? at->downloaded : at->resolution, &truth->downloaded,
                         error) ||
        (at->valid >= 0 && !csv_number(csv, fields, at->valid, &valid, error)))
        return false;
    if (valid == 0)
        *index = -1;
    return true;
}

/* False with *error if an earlier line has given the window another label. */
static bool agrees(const csv_file *csv, GHashTable *labels, unsigned window, const label *now, char **error)
{
    const label *first = g_hash_table_lookup(labels, GUINT_TO_POINTER(window));
    if (first && first->downloaded != now->downloaded)
        *error = csv_message(csv, "window %u is %d here, but %d in line %u", window, now->downloaded, first->downloaded,
                             first->line);
    else if (first && first->displayed != now->displayed)
        *error = csv_message(csv, "window %u shows %d here, but %d in line %u", window, now->displayed,
                             first->displayed, first->line);
    return !*error;
}

static bool read_windows(csv_file *csv, GHashTable *labels, double window_s, char **error)
{
    if (window_s != LABEL_WINDOW_S) {
        *error = csv_message(csv, "its rows are windows of %g s, not of %g", LABEL_WINDOW_S, window_s);
        return false;
    }
    const places at = {csv_find(csv, "window"), csv_need(csv, "resolution", error), csv_find(csv, "dl_resolution"),
                       csv_find(csv, "valid")};
    for (const char *const *fields; !*error && (fields = csv_next(csv, error));) {
        double index;
        label truth;
        if (!read_window(csv, fields, &at, &index, &truth, error))
            break;
        if (index >= 0 && agrees(csv, labels, to_window(index), &truth, error))
            add_label(labels, to_window(index), truth);
    }
    return !*error;
}

static gboolean is_label(gpointer window, gpointer value, gpointer unused)
{
    (void)window;
    (void)unused;
    return ((const label *)value)->downloaded > 0;
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
    if (good && !g_hash_table_find(labels, is_label, NULL))
        *error = csv_message(csv, "no labels in it");
    csv_close(csv);
    if (!*error)
        return labels;
    g_hash_table_destroy(labels);
    return NULL;
}
