/* Knows when a listener of the tap may be told a row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "follow.h"

struct qoe_follow {
    qoe_follow_cb tell;
    void *user_data;
    qoe_selection *selection;
    GHashTable *open; /* in a known capture: qoe_flow_key -> GArray of size_t, segments without a closing packet */
    bool known;       /* rows are told at their packets */
    bool finished;
};

qoe_follow *qoe_follow_new(qoe_follow_cb tell, void *user_data)
{
    qoe_follow *follow = g_new0(qoe_follow, 1);

    follow->tell = tell;
    follow->user_data = user_data;
    follow->selection = qoe_selection_new();
    return follow;
}

static void forget_open(qoe_follow *follow)
{
    g_clear_pointer(&follow->open, g_hash_table_destroy);
}

void qoe_follow_free(qoe_follow *follow)
{
    if (!follow)
        return;
    forget_open(follow);
    qoe_selection_free(follow->selection);
    g_free(follow);
}

void qoe_follow_reset(qoe_follow *follow)
{
    forget_open(follow);
    qoe_selection_clear(follow->selection);
    follow->known = follow->finished = false;
}

static void free_indices(gpointer indices)
{
    g_array_free(indices, TRUE);
}

/* Segments that no packet closed, by connection: told when a packet of the connection passes. */
static void find_open(qoe_follow *follow, const qoe_analysis *analysis)
{
    const size_t count = qoe_analysis_segments(analysis);

    follow->open = g_hash_table_new_full(qoe_flow_hash, qoe_flow_equal, g_free, free_indices);
    for (size_t i = 0; i < count; i++) {
        const qoe_segment *segment = qoe_analysis_segment(analysis, i);
        if (segment->closed_frame != 0 || segment->packets == 0)
            continue;
        const qoe_flow_key key = qoe_flow_of_segment(segment);
        GArray *indices = g_hash_table_lookup(follow->open, &key);
        if (!indices) {
            indices = g_array_new(FALSE, FALSE, sizeof(size_t));
            g_hash_table_insert(follow->open, g_memdup2(&key, sizeof key), indices);
        }
        g_array_append_val(indices, i);
    }
}

static void tell_segment(const qoe_follow *follow, const qoe_analysis *analysis, const qoe_segment *segment)
{
    const qoe_row row = {.analysis = analysis, .segment = segment};
    if (segment->packets > 0)
        follow->tell(QOE_TABLE_SEGMENTS, &row, follow->user_data);
}

static void tell_window(const qoe_follow *follow, const qoe_analysis *analysis, const qoe_session *session,
                        const qoe_window *window)
{
    const qoe_row row = {.analysis = analysis, .session = session, .window = window, .traffic = window->traffic};
    follow->tell(QOE_TABLE_WINDOWS, &row, follow->user_data);
}

static void tell_events(const qoe_follow *follow, const qoe_analysis *analysis, const qoe_event *event)
{
    for (; event; event = event->next) {
        if (event->type == QOE_EVENT_SEGMENT_CLOSED)
            tell_segment(follow, analysis, event->segment);
        if (event->type == QOE_EVENT_WINDOW_CLOSED)
            tell_window(follow, analysis, event->session, event->window);
    }
}

static void tell_flow(const qoe_follow *follow, const qoe_analysis *analysis, const qoe_packet *packet, bool to_client)
{
    const qoe_flow_key key = qoe_flow_of_packet(packet, to_client);
    const GArray *indices = g_hash_table_lookup(follow->open, &key);

    for (guint i = 0; indices && i < indices->len; i++)
        tell_segment(follow, analysis, qoe_analysis_segment(analysis, g_array_index(indices, size_t, i)));
}

static void tell_session(const qoe_follow *follow, const qoe_analysis *analysis, const qoe_session *session)
{
    const qoe_row row = {.analysis = analysis, .session = session};

    follow->tell(QOE_TABLE_SESSIONS, &row, follow->user_data);
    for (uint32_t w = 0; w < session->window_count; w++)
        if (session->windows[w] && session->windows[w]->closed_frame == 0)
            tell_window(follow, analysis, session, session->windows[w]);
}

void qoe_follow_packet(qoe_follow *follow, qoe_analysis *analysis, const qoe_packet *packet, const qoe_verdict *verdict,
                       bool known)
{
    const unsigned first = qoe_selection_add(follow->selection, packet, verdict);

    if (!known)
        return;
    if (!follow->open) {
        qoe_analysis_settle(analysis);
        find_open(follow, analysis);
        follow->known = true;
    }
    if (first & QOE_FIRST_OF_SESSION)
        tell_session(follow, analysis, verdict->session);
    if (first & QOE_FIRST_OF_FLOW)
        tell_flow(follow, analysis, packet, verdict->to_client);
    tell_events(follow, analysis, verdict->events);
}

typedef struct {
    const qoe_follow *follow;
    qoe_table table;
} telling;

static void tell_row(const qoe_row *row, void *user_data)
{
    const telling *now = user_data;
    now->follow->tell(now->table, row, now->follow->user_data);
}

void qoe_follow_finish(qoe_follow *follow, qoe_analysis *analysis)
{
    static const qoe_table tables[] = {QOE_TABLE_SESSIONS, QOE_TABLE_SEGMENTS, QOE_TABLE_WINDOWS};

    if (follow->known || follow->finished || !analysis)
        return;
    follow->finished = true;
    qoe_analysis_settle(analysis);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        telling now = {follow, tables[i]};
        qoe_rows_each(tables[i], analysis, follow->selection, tell_row, &now);
    }
}
