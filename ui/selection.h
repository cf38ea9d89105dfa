/* What passed a display filter: segments, windows and sessions by their packets, and servers' traffic.
 *
 * A segment or window is in if the packet that closed it passed; one that was open when the capture ended, if any
 * packet of its connection or session passed; a session, if any of its packets did. Nothing is kept per packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SELECTION_H
#define QOE_SELECTION_H

#include <glib.h>

#include "analysis.h"

/* A connection seen from the client; compared as bytes. */
typedef struct {
    qoe_addr client, server;
    uint16_t client_port, server_port;
    uint32_t transport;
} qoe_flow_key;

qoe_flow_key qoe_flow_of_packet(const qoe_packet *packet, bool to_client);
qoe_flow_key qoe_flow_of_segment(const qoe_segment *segment);

/* For GHashTable: keys are const qoe_flow_key *. */
guint qoe_flow_hash(gconstpointer key);
gboolean qoe_flow_equal(gconstpointer a, gconstpointer b);

typedef struct qoe_selection qoe_selection;

qoe_selection *qoe_selection_new(void);
void qoe_selection_free(qoe_selection *selection);

/* Forgets everything: the capture is read anew. */
void qoe_selection_clear(qoe_selection *selection);

/* A packet passed. Returns what it is the first to speak for, QOE_FIRST_*. */
enum { QOE_FIRST_OF_FLOW = 1, QOE_FIRST_OF_SESSION = 2, QOE_FIRST_OF_SERVER = 4 };
unsigned qoe_selection_add(qoe_selection *selection, const qoe_packet *packet, const qoe_verdict *verdict);

bool qoe_selection_has_segment(const qoe_selection *selection, const qoe_segment *segment);
bool qoe_selection_has_window(const qoe_selection *selection, const qoe_window *window);
bool qoe_selection_has_session(const qoe_selection *selection, const qoe_session *session);

/* The traffic of a server that passed, and when; false if none did. */
bool qoe_selection_server(const qoe_selection *selection, const qoe_server *server, qoe_traffic *traffic,
                          int64_t *first_us, int64_t *last_us);

#endif
