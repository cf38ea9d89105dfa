/* Knows which segments, windows, sessions and servers the packets that passed a filter speak for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "selection.h"

#include <string.h>

#include <glib.h>

typedef struct {
    qoe_traffic traffic;
    int64_t first_us, last_us;
} server_figures;

struct qoe_selection {
    GHashTable *segments; /* numbers of closed ones */
    GHashTable *windows;  /* (session << 32 | index) of closed ones, int64 */
    GHashTable *sessions; /* numbers */
    GHashTable *flows;    /* qoe_flow_key */
    GHashTable *servers;  /* the record's address, never looked into -> server_figures */
    /* Of the packet before: most packets follow one of the same connection. */
    qoe_flow_key last_flow;
    const qoe_server *last_server;
    server_figures *last_figures;
};

guint qoe_flow_hash(gconstpointer key)
{
    const qoe_flow_key *flow = key;
    const guint hash = qoe_addr_hash(&flow->client) * 31 + qoe_addr_hash(&flow->server);

    return (hash * 31 + flow->client_port) * 31 + flow->server_port + flow->transport;
}

gboolean qoe_flow_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(qoe_flow_key)) == 0;
}

G_STATIC_ASSERT(sizeof(qoe_flow_key) == 2 * 16 + 2 * 2 + 4); /* no padding, or it could not be compared so */

qoe_flow_key qoe_flow_of_packet(const qoe_packet *packet, bool to_client)
{
    return (qoe_flow_key){
        .client = to_client ? packet->dst : packet->src,
        .server = to_client ? packet->src : packet->dst,
        .client_port = to_client ? packet->dst_port : packet->src_port,
        .server_port = to_client ? packet->src_port : packet->dst_port,
        .transport = packet->transport,
    };
}

qoe_flow_key qoe_flow_of_segment(const qoe_segment *segment)
{
    return (qoe_flow_key){
        .client = segment->client,
        .server = segment->server->addr,
        .client_port = segment->client_port,
        .server_port = segment->server_port,
        .transport = segment->transport,
    };
}

qoe_selection *qoe_selection_new(void)
{
    qoe_selection *selection = g_new0(qoe_selection, 1);

    selection->segments = g_hash_table_new(NULL, NULL);
    selection->windows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    selection->sessions = g_hash_table_new(NULL, NULL);
    selection->flows = g_hash_table_new_full(qoe_flow_hash, qoe_flow_equal, g_free, NULL);
    selection->servers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return selection;
}

void qoe_selection_free(qoe_selection *selection)
{
    if (!selection)
        return;
    g_hash_table_destroy(selection->segments);
    g_hash_table_destroy(selection->windows);
    g_hash_table_destroy(selection->sessions);
    g_hash_table_destroy(selection->flows);
    g_hash_table_destroy(selection->servers);
    g_free(selection);
}

void qoe_selection_clear(qoe_selection *selection)
{
    g_hash_table_remove_all(selection->segments);
    g_hash_table_remove_all(selection->windows);
    g_hash_table_remove_all(selection->sessions);
    g_hash_table_remove_all(selection->flows);
    g_hash_table_remove_all(selection->servers);
    selection->last_flow = (qoe_flow_key){.transport = 0};
    selection->last_server = NULL;
}

static gint64 window_key(uint32_t session, uint32_t window)
{
    return (gint64)((uint64_t)session << 32 | window);
}

static void add_window(qoe_selection *selection, const qoe_window *window)
{
    const gint64 key = window_key(window->session, window->index);
    g_hash_table_add(selection->windows, g_memdup2(&key, sizeof key));
}

static bool add_flow(qoe_selection *selection, const qoe_packet *packet, bool to_client)
{
    const qoe_flow_key key = qoe_flow_of_packet(packet, to_client);

    if (qoe_flow_equal(&key, &selection->last_flow))
        return false;
    selection->last_flow = key;
    return !g_hash_table_contains(selection->flows, &key) &&
           g_hash_table_add(selection->flows, g_memdup2(&key, sizeof key));
}

static server_figures *figures_of(qoe_selection *selection, const qoe_server *server, int64_t time_us, bool *first)
{
    server_figures *figures = g_hash_table_lookup(selection->servers, server);

    *first = !figures;
    if (*first) {
        figures = g_new0(server_figures, 1);
        figures->first_us = figures->last_us = time_us;
        g_hash_table_insert(selection->servers, (gpointer)(uintptr_t)server, figures);
    }
    return figures;
}

/* True at the first packet of the server. */
static bool add_traffic(qoe_selection *selection, const qoe_packet *packet, const qoe_verdict *verdict)
{
    bool first = false;

    if (selection->last_server != verdict->server) {
        selection->last_figures = figures_of(selection, verdict->server, packet->time_us, &first);
        selection->last_server = verdict->server;
    }
    server_figures *figures = selection->last_figures;
    figures->first_us = MIN(figures->first_us, packet->time_us);
    figures->last_us = MAX(figures->last_us, packet->time_us);
    qoe_traffic *traffic = &figures->traffic;
    *(verdict->to_client ? &traffic->packets_in : &traffic->packets_out) += 1;
    *(verdict->to_client ? &traffic->bytes_in : &traffic->bytes_out) += packet->ip_len;
    *(verdict->to_client ? &traffic->payload_in : &traffic->payload_out) += packet->payload_len;
    return first;
}

static void add_events(qoe_selection *selection, const qoe_event *event)
{
    for (; event; event = event->next) {
        if (event->type == QOE_EVENT_SEGMENT_CLOSED)
            g_hash_table_add(selection->segments, GUINT_TO_POINTER(event->segment->number));
        if (event->type == QOE_EVENT_WINDOW_CLOSED)
            add_window(selection, event->window);
    }
}

unsigned qoe_selection_add(qoe_selection *selection, const qoe_packet *packet, const qoe_verdict *verdict)
{
    unsigned first = 0;

    if (!verdict->server)
        return first;
    if (add_traffic(selection, packet, verdict))
        first |= QOE_FIRST_OF_SERVER;
    if (add_flow(selection, packet, verdict->to_client))
        first |= QOE_FIRST_OF_FLOW;
    if (verdict->session && g_hash_table_add(selection->sessions, GUINT_TO_POINTER(verdict->session->number)))
        first |= QOE_FIRST_OF_SESSION;
    add_events(selection, verdict->events);
    return first;
}

bool qoe_selection_has_segment(const qoe_selection *selection, const qoe_segment *segment)
{
    const qoe_flow_key key = qoe_flow_of_segment(segment);

    if (segment->closed_frame != 0)
        return g_hash_table_contains(selection->segments, GUINT_TO_POINTER(segment->number));
    return g_hash_table_contains(selection->flows, &key);
}

bool qoe_selection_has_window(const qoe_selection *selection, const qoe_window *window)
{
    const gint64 key = window_key(window->session, window->index);

    if (window->closed_frame != 0)
        return g_hash_table_contains(selection->windows, &key);
    return g_hash_table_contains(selection->sessions, GUINT_TO_POINTER(window->session));
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
