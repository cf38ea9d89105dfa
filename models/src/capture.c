/* One capture through tshark and the plugin: the features of its main session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include <string.h>

#include "packet.h"

/* What the segments say of a session. */
typedef struct {
    double bytes, bytes_udp;
    char *service;
} session_sum;

static void free_sum(void *data)
{
    session_sum *sum = data;
    g_free(sum->service);
    g_free(sum);
}

/* What went wrong with tshark, in a line where that is possible: where it does not know a -z, it lists all that it
 * knows. What would be the same for every capture does not name this one. */
static char *explain(const char *path, const char *failure, char *messages)
{
    if (strstr(messages, "Invalid -z argument \"qoe,"))
        return g_strdup("tshark does not know the plugin qoe: WIRESHARK_PLUGIN_DIR has to name its folder, and root's "
                        "tshark takes no plugins from there");
    return g_strdup_printf("%s: %s: %s", path, failure, g_strstrip(messages));
}

static char *run(const capture_tool *tool, const char *path, char **error)
{
    GPtrArray *args = g_ptr_array_new_with_free_func(g_free);
    for (char **word = tool->command; *word; word++)
        g_ptr_array_add(args, g_strdup(*word));
    const char *const fixed[] = {
        "-r", path, "-q", "-z", "qoe,export,segments,csv,-", "-z", "qoe,export,features,csv,-"};
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_ptr_array_add(args, g_strdup(fixed[i]));
    for (char **preference = tool->preferences; preference && *preference; preference++) {
        g_ptr_array_add(args, g_strdup("-o"));
        g_ptr_array_add(args, g_strdup(*preference));
    }
    g_ptr_array_add(args, g_strdup("-o"));
    g_ptr_array_add(args, g_strdup_printf("qoe.window:%g", tool->window_s));
    g_ptr_array_add(args, NULL);

    char *out = NULL, *messages = NULL;
    int status = 0;
    GError *failure = NULL;
    if (!g_spawn_sync(NULL, (char **)args->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &messages, &status,
                      &failure) ||
        !g_spawn_check_wait_status(status, &failure)) {
        char none[] = "";
        *error = explain(path, failure->message, messages ? messages : none);
        g_error_free(failure);
        g_clear_pointer(&out, g_free);
    }
    g_free(messages);
    g_ptr_array_free(args, TRUE);
    return out;
}

/* The lines from the one that starts with `header` up to the next header; NULL if there is none. */
static char *section(const char *text, const char *header, const char *other)
{
    const char *from = g_str_has_prefix(text, header) ? text : NULL;
    if (!from) {
        char *wanted = g_strconcat("\n", header, NULL);
        from = strstr(text, wanted);
        g_free(wanted);
        if (!from)
            return NULL;
        from++;
    }
    char *next = g_strconcat("\n", other, NULL);
    const char *to = strstr(from, next);
    g_free(next);
    return to ? g_strndup(from, (gsize)(to + 1 - from)) : g_strdup(from);
}

static void add_segment(GHashTable *sums, unsigned session, const char *service, bool udp, double bytes)
{
    session_sum *sum = g_hash_table_lookup(sums, GUINT_TO_POINTER(session));
    if (!sum) {
        sum = g_new0(session_sum, 1);
        sum->service = g_strdup(service);
        g_hash_table_insert(sums, GUINT_TO_POINTER(session), sum);
    }
    sum->bytes += bytes;
    sum->bytes_udp += udp ? bytes : 0;
}

static GHashTable *sum_segments(csv_file *csv, char **error)
{
    const int session = csv_need(csv, "session", error), service = csv_need(csv, "service", error);
    const int transport = csv_need(csv, "transport", error), bytes = csv_need(csv, "bytes", error);
    if (*error)
        return NULL;
    GHashTable *sums = g_hash_table_new_full(NULL, NULL, NULL, free_sum);
    for (const char *const *fields; (fields = csv_next(csv, error));) {
        double number, size;
        if (!csv_number(csv, fields, session, &number, error) || !csv_number(csv, fields, bytes, &size, error))
            break;
        const bool udp = g_ascii_strcasecmp(fields[transport], "udp") == 0 ||
                         g_ascii_strcasecmp(fields[transport], "quic") == 0 || strcmp(fields[transport], "17") == 0;
        add_segment(sums, (unsigned)number, fields[service], udp, size);
    }
    return sums;
}

/* The session that downloaded most; the first one of equals. */
static unsigned main_session(GHashTable *sums)
{
    GHashTableIter iter;
    gpointer key, value;
    unsigned best = 0;
    double most = -1;
    g_hash_table_iter_init(&iter, sums);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const session_sum *sum = value;
        const unsigned session = GPOINTER_TO_UINT(key);
        if (sum->bytes > most || (sum->bytes >= most && session < best)) {
            most = sum->bytes;
            best = session;
        }
    }
    return best;
}

static bool add_rows(csv_file *csv, unsigned wanted, const session_sum *sum, table *data, char **error)
{
    const int session = csv_need(csv, "session", error), window = csv_need(csv, "window", error);
    const int start = csv_need(csv, "start_s", error);
    int *features = g_new(int, qoe_features_count());
    for (unsigned f = 0; f < qoe_features_count() && !*error; f++)
        features[f] = csv_need(csv, qoe_features_at(f)->name, error);
    for (const char *const *fields; !*error && (fields = csv_next(csv, error));) {
        double number, index, at;
        if (!csv_number(csv, fields, session, &number, error) || !csv_number(csv, fields, window, &index, error) ||
            !csv_number(csv, fields, start, &at, error))
            break;
        if ((unsigned)number != wanted)
            continue;
        table_row *row = g_new0(table_row, 1);
        row->service = g_strdup(sum->service);
        row->transport = sum->bytes_udp > sum->bytes / 2 ? QOE_UDP : QOE_TCP;
        row->window = (unsigned)index;
        row->start_s = at;
        row->x = g_new0(double, qoe_features_count());
        g_ptr_array_add(data->rows, row);
        for (unsigned f = 0; f < qoe_features_count(); f++)
            if (!csv_number(csv, fields, features[f], &row->x[f], error))
                break;
    }
    g_free(features);
    return !*error;
}

static bool read_sections(const char *path, const char *text, table *data, char **error)
{
    static const char segments_head[] = "session,segment,", features_head[] = "session,window,start_s,";
    char *segments_text = section(text, segments_head, features_head);
    char *features_text = section(text, features_head, segments_head);
    if (!segments_text || !features_text) {
        *error = g_strdup_printf("%s: no %s came out of tshark: is the plugin loaded?", path,
                                 segments_text ? "features" : "segments");
        g_free(segments_text);
        g_free(features_text);
        return false;
    }
    csv_file *segments = csv_open_text(path, segments_text, error);
    csv_file *features = csv_open_text(path, features_text, error);
    GHashTable *sums = segments && features ? sum_segments(segments, error) : NULL;
    bool good = sums && !*error;
    if (good && g_hash_table_size(sums) > 0) {
        const unsigned session = main_session(sums);
        good = add_rows(features, session, g_hash_table_lookup(sums, GUINT_TO_POINTER(session)), data, error);
    }
    if (good && data->rows->len == 0) {
        *error = g_strdup_printf("%s: no session of a known service (-o uat:qoe_services makes one known)", path);
        good = false;
    }
    if (sums)
        g_hash_table_destroy(sums);
    csv_close(segments);
    csv_close(features);
    return good;
}

bool capture_read(const capture_tool *tool, const char *path, table *data, char **error)
{
    char *text = run(tool, path, error);
    const bool good = text && read_sections(path, text, data, error);
    g_free(text);
    return good;
}
