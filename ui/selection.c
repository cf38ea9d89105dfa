/* Knows which segments, windows, sessions and servers the packets that passed a filter speak for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "selection.h"

#include <glib.h>

#include "flow.h"

typedef struct {
    qoe_traffic traffic;
    int64_t first_us, last_us;
} server_figures;

/* A packet that closed a segment carries its fields, and speaks for no other: a filter for fields of a segment leaves
 * that segment, not the next one, which the same packet asks for. Of the next, other packets pass, or it is never
 * closed. */
typedef enum { OUT, IN_IF_NEVER_CLOSED, IN } standing;

enum { OPEN_MAX = 64 }; /* segments of a connection; as many are asked for at once at most, older ones have no answer */

struct qoe_selection {
    GHashTable *segments; /* numbers -> standing */
    GHashTable *windows;  /* addresses, never looked into */
    GHashTable *sessions; /* numbers */
    GHashTable *servers;  /* the record's address, never looked into -> server_figures */
    /* qoe_flow_key -> GArray of size_t: segments asked for, of whose connection no packet has passed since */
    GHashTable *waiting;
    size_t asked; /* how many of the analysis' segments have come to be there */
    /* Of the packet before: most packets follow one of the same connection. */
    qoe_flow_key last_flow;
    const qoe_window *last_window;
    const qoe_server *last_server;
    server_figures *last_figures;
};

/* Where what comes to be in is told. */
typedef struct {
    qoe_selection *selection;
    const qoe_selection_sink *sink; /* or NULL */
    void *user_data;
} adding;

/* Of the packets of the connection on which the segment came. */
static qoe_flow_key flow_of_segment(const qoe_segment *segment)
{
    unsigned client_end;

    return qoe_flow_key_of(&(qoe_packet){.src = segment->client,
                                         .dst = segment->server->addr,
                                         .src_port = segment->client_port,
                                         .dst_port = segment->server_port,
                                         .transport = segment->transport},
                           &client_end);
}

static void free_indices(gpointer indices)
{
    g_array_free(indices, TRUE);
}

qoe_selection *qoe_selection_new(void)
{
    qoe_selection *selection = g_new0(qoe_selection, 1);

    selection->segments = g_hash_table_new(NULL, NULL);
    selection->windows = g_hash_table_new(NULL, NULL);
    selection->sessions = g_hash_table_new(NULL, NULL);
    selection->servers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    selection->waiting = g_hash_table_new_full(qoe_flow_key_hash, qoe_flow_key_equal, g_free, free_indices);
    return selection;
}

void qoe_selection_free(qoe_selection *selection)
{
    if (!selection)
        return;
    g_hash_table_destroy(selection->segments);
    g_hash_table_destroy(selection->windows);
    g_hash_table_destroy(selection->sessions);
    g_hash_table_destroy(selection->servers);
    g_hash_table_destroy(selection->waiting);
    g_free(selection);
}

void qoe_selection_clear(qoe_selection *selection)
{
    g_hash_table_remove_all(selection->segments);
    g_hash_table_remove_all(selection->windows);
    g_hash_table_remove_all(selection->sessions);
    g_hash_table_remove_all(selection->servers);
    g_hash_table_remove_all(selection->waiting);
    selection->asked = 0;
    selection->last_flow = (qoe_flow_key){.transport = 0};
    selection->last_window = NULL;
    selection->last_server = NULL;
}

static server_figures *figures_of(qoe_selection *selection, const qoe_server *server, int64_t time_us)
{
    server_figures *figures = g_hash_table_lookup(selection->servers, server);

    if (!figures) {
        figures = g_new0(server_figures, 1);
        figures->first_us = figures->last_us = time_us;
        g_hash_table_insert(selection->servers, (gpointer)(uintptr_t)server, figures);
    }
    return figures;
}

static void add_traffic(qoe_selection *selection, const qoe_packet *packet, const qoe_verdict *verdict)
{
    if (selection->last_server != verdict->server) {
        selection->last_figures = figures_of(selection, verdict->server, packet->time_us);
        selection->last_server = verdict->server;
    }
    server_figures *figures = selection->last_figures;
    figures->first_us = MIN(figures->first_us, packet->time_us);
    figures->last_us = MAX(figures->last_us, packet->time_us);
    qoe_traffic *traffic = &figures->traffic;
    *(verdict->to_client ? &traffic->packets_in : &traffic->packets_out) += 1;
    *(verdict->to_client ? &traffic->bytes_in : &traffic->bytes_out) += packet->ip_len;
    *(verdict->to_client ? &traffic->payload_in : &traffic->payload_out) += packet->payload_len;
}

static void add_session(const adding *to, const qoe_session *session)
{
    if (g_hash_table_add(to->selection->sessions, GUINT_TO_POINTER(session->number)) && to->sink)
        to->sink->session(to->user_data, session);
}

bool qoe_window_goes_along(const qoe_session *session, const qoe_window *window)
{
    return window->index != session->first_window && window->traffic.packets_in + window->traffic.packets_out <= 1;
}

/* Where the sink is told, the windows behind are known, too. */
static void add_window(const adding *to, const qoe_session *session, const qoe_window *window)
{
    uint32_t i = window->index - session->first_window;

    do {
        const qoe_window *next = session->windows[i];
        if (!g_hash_table_add(to->selection->windows, (gpointer)(uintptr_t)next) || !to->sink)
            return;
        to->sink->window(to->user_data, session, next);
        i++;
    } while (i < session->window_count && qoe_window_goes_along(session, session->windows[i]));
}

/* The packets that close windows carry their fields, and speak for no other. */
static void add_windows(const adding *to, const qoe_verdict *verdict)
{
    bool closing = false;

    for (const qoe_event *event = verdict->events; event; event = event->next) {
        if (event->type != QOE_EVENT_WINDOW_CLOSED)
            continue;
        closing = true;
        add_window(to, event->session, event->window);
    }
    if (closing || !verdict->window || verdict->window == to->selection->last_window)
        return;
    to->selection->last_window = verdict->window;
    add_window(to, verdict->session, verdict->window);
}

static bool is_in(standing how, const qoe_segment *segment)
{
    return how == IN || (how == IN_IF_NEVER_CLOSED && segment->closed_frame == 0);
}

static standing standing_of(const qoe_selection *selection, const qoe_segment *segment)
{
    return (standing)GPOINTER_TO_UINT(g_hash_table_lookup(selection->segments, GUINT_TO_POINTER(segment->number)));
}

static void add_segment(const adding *to, const qoe_segment *segment, standing how)
{
    const standing before = standing_of(to->selection, segment);

    if (how <= before)
        return;
    g_hash_table_insert(to->selection->segments, GUINT_TO_POINTER(segment->number), GUINT_TO_POINTER(how));
    if (to->sink && is_in(how, segment) && !is_in(before, segment))
        to->sink->segment(to->user_data, segment);
}

static bool add_closed(const adding *to, const qoe_event *event)
{
    bool any = false;

    for (; event; event = event->next) {
        if (event->type != QOE_EVENT_SEGMENT_CLOSED)
            continue;
        any = true;
        add_segment(to, event->segment, IN);
    }
    return any;
}

static void wait_for(qoe_selection *selection, const qoe_segment *segment)
{
    const qoe_flow_key key = flow_of_segment(segment);
    const size_t index = segment->number - 1;
    GArray *indices = g_hash_table_lookup(selection->waiting, &key);

    if (!indices) {
        indices = g_array_new(FALSE, FALSE, sizeof(size_t));
        g_hash_table_insert(selection->waiting, g_memdup2(&key, sizeof key), indices);
    }
    g_array_append_val(indices, index);
}

/* Whether there were segments that had been asked for since the packet before. */
static bool find_asked(qoe_selection *selection, const qoe_analysis *analysis, uint32_t frame)
{
    const size_t count = qoe_analysis_segments(analysis), before = selection->asked;

    for (; selection->asked < count; selection->asked++) {
        const qoe_segment *segment = qoe_analysis_segment(analysis, selection->asked);
        if (segment->request_frame > frame)
            break;
        wait_for(selection, segment);
    }
    return selection->asked > before;
}

/* Removes from the connection's segments those that were over before the packet in hand, and those that are in. */
static void add_waiting(const adding *to, const qoe_analysis *analysis, GArray *indices, uint32_t frame, standing how)
{
    guint kept = 0;

    for (guint i = 0; i < indices->len; i++) {
        const size_t index = g_array_index(indices, size_t, i);
        const qoe_segment *segment = qoe_analysis_segment(analysis, index);
        if (segment->closed_frame != 0 && segment->closed_frame < frame)
            continue;
        add_segment(to, segment, how);
        if (how != IN)
            g_array_index(indices, size_t, kept++) = index;
    }
    g_array_set_size(indices, kept);
    if (kept > OPEN_MAX)
        g_array_remove_range(indices, 0, kept - OPEN_MAX);
}

static void add_segments(const adding *to, const qoe_analysis *analysis, const qoe_packet *packet,
                         const qoe_verdict *verdict)
{
    unsigned sender;
    const qoe_flow_key key = qoe_flow_key_of(packet, &sender), none = {.transport = 0};
    const bool more = find_asked(to->selection, analysis, packet->frame);
    const bool closing = add_closed(to, verdict->events);

    if (!more && !closing && qoe_flow_key_equal(&key, &to->selection->last_flow))
        return;
    to->selection->last_flow = closing ? none : key;
    GArray *indices = g_hash_table_lookup(to->selection->waiting, &key);
    if (indices)
        add_waiting(to, analysis, indices, packet->frame, closing ? IN_IF_NEVER_CLOSED : IN);
    if (indices && indices->len == 0)
        g_hash_table_remove(to->selection->waiting, &key);
}

void qoe_selection_add(qoe_selection *selection, const qoe_analysis *analysis, const qoe_packet *packet,
                       const qoe_verdict *verdict, const qoe_selection_sink *sink, void *user_data)
{
    const adding to = {selection, sink, user_data};

    if (!verdict->server)
        return;
    add_traffic(selection, packet, verdict);
    add_segments(&to, analysis, packet, verdict);
    if (!verdict->session)
        return;
    add_session(&to, verdict->session);
    add_windows(&to, verdict);
}

bool qoe_selection_has_segment(const qoe_selection *selection, const qoe_segment *segment)
{
    return is_in(standing_of(selection, segment), segment);
}

bool qoe_selection_has_window(const qoe_selection *selection, const qoe_window *window)
{
    return g_hash_table_contains(selection->windows, window);
}

bool qoe_selection_has_session(const qoe_selection *selection, const qoe_session *session)
{
    return g_hash_table_contains(selection->sessions, GUINT_TO_POINTER(session->number));
}

bool qoe_selection_server(const qoe_selection *selection, const qoe_server *server, qoe_traffic *traffic,
                          int64_t *first_us, int64_t *last_us)
{
    const server_figures *figures = g_hash_table_lookup(selection->servers, server);

    if (!figures)
        return false;
    *traffic = figures->traffic;
    *first_us = figures->first_us;
    *last_us = figures->last_us;
    return true;
}
