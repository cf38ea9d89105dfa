/* What passed a display filter: segments, windows and sessions by their packets, and servers' traffic.
 *
 * A session, window or segment is in if one of its packets passed; of a segment these are all of its connection from
 * the request to the close, for who else was asked for meanwhile is not known of each packet. A packet that closes
 * windows or segments carries their fields: it speaks for those, and not for the ones that begin with it. A window that
 * has no packet but that goes with the window before it. Nothing is kept per packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SELECTION_H
#define QOE_SELECTION_H

#include "analysis.h"

typedef struct qoe_selection qoe_selection;

qoe_selection *qoe_selection_new(void);
void qoe_selection_free(qoe_selection *selection);

/* Forgets everything: the capture is read anew. */
void qoe_selection_clear(qoe_selection *selection);

/* Called for what comes to be in, each once. A segment may have no answer yet. */
typedef struct {
    void (*session)(void *user_data, const qoe_session *session);
    void (*window)(void *user_data, const qoe_session *session, const qoe_window *window);
    void (*segment)(void *user_data, const qoe_segment *segment);
} qoe_selection_sink;

/* A packet passed; they come in the capture's order. sink: or NULL. */
void qoe_selection_add(qoe_selection *selection, const qoe_analysis *analysis, const qoe_packet *packet,
                       const qoe_verdict *verdict, const qoe_selection_sink *sink, void *user_data);

bool qoe_selection_has_segment(const qoe_selection *selection, const qoe_segment *segment);
bool qoe_selection_has_session(const qoe_selection *selection, const qoe_session *session);

/* One that goes along is in also where the window before it is. */
bool qoe_selection_has_window(const qoe_selection *selection, const qoe_window *window);
bool qoe_window_goes_along(const qoe_session *session, const qoe_window *window);

/* The traffic of a server that passed, and when; false if none did. */
bool qoe_selection_server(const qoe_selection *selection, const qoe_server *server, qoe_traffic *traffic,
                          int64_t *first_us, int64_t *last_us);

#endif
