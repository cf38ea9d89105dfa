/* The sessions of a capture: which client watches which service, its windows as they open and close.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SESSION_TABLE_H
#define QOE_SESSION_TABLE_H

#include "group.h"
#include "packet.h"
#include "session.h"

typedef struct qoe_session_table qoe_session_table;

/* All sessions of one client with one service, one after the other. */
typedef struct qoe_session_list qoe_session_list;

/* What happens to sessions while a packet is in hand. before: the last one with an answer, NULL for none. */
typedef struct {
    void (*started)(void *user_data, const qoe_session *session);
    void (*window_closed)(void *user_data, const qoe_session *session, const qoe_window *window,
                          const qoe_window *before);
    /* The picture has started, as was found when the window closed; after window_closed. */
    void (*playback_started)(void *user_data, const qoe_session *session, const qoe_window *window);
} qoe_session_sink;

typedef struct {
    const qoe_model *model; /* borrowed; may be NULL */
    int64_t window_us, idle_us;
    int64_t step_back_us; /* of the clock, that ends a session as silence does */
    double confidence;    /* least probability of an answer; 0: always an answer */
    size_t sessions_max, windows_max;
    size_t living_max; /* sessions that go on; of more, the longest silent one ends */
} qoe_session_config;

qoe_session_table *qoe_session_table_new(const qoe_session_config *config);
void qoe_session_table_free(qoe_session_table *table);
void qoe_session_table_set_model(qoe_session_table *table, const qoe_model *model);

/* The list of a client and a service (compared by pointer: interned by the rules). When there is none it is made if
 * asked for; NULL otherwise, or when the table is full. */
qoe_session_list *qoe_session_table_list(qoe_session_table *table, const qoe_addr *client, const char *service,
                                         bool make);
const qoe_session_list *qoe_session_table_find(const qoe_session_table *table, const qoe_addr *client,
                                               const char *service);

/* Ends the sessions that have been silent too long at now_us. Constant work when there are none. */
void qoe_session_table_expire(qoe_session_table *table, int64_t now_us);

/* Whether a packet may be a session's first. A SYN or RST alone may not: a flood of them comes from addresses that are
 * invented, and would fill the table with clients that never watched. Floods of other packets fill no more than half of
 * it: from then on the server must have answered in the packet's flow. */
bool qoe_session_table_may_start(const qoe_session_table *table, const qoe_packet *packet, bool answered);

/* Counts a packet of a tagged server for its session: a new one if the list has none that goes on and it may start one.
 * Closes the windows that the packet has left behind. NULL when the table is full (list may then be NULL, too). */
const qoe_session *qoe_session_table_packet(qoe_session_table *table, qoe_session_list *list, const qoe_packet *packet,
                                            bool from_client, bool may_start, const qoe_session_sink *sink,
                                            void *user_data);

/* A segment of the list's current session was opened: it is the session's from now on. */
void qoe_session_table_opened(qoe_session_list *list, qoe_segment *segment);

/* It has ended: judges its kind, counts it in its window and remembers it for features. */
void qoe_session_table_closed(qoe_session_table *table, qoe_segment *segment);

/* For shared connections, see qoe_segment_sink. */
qoe_group_prior *qoe_session_table_prior(qoe_session_list *list);
bool qoe_session_table_group_opened(qoe_session_list *list, qoe_group *group);
void qoe_session_table_group_closed(qoe_session_list *list, const qoe_group *group);

/* The session and window to which a packet at that frame and time belongs; NULL if none. */
const qoe_session *qoe_session_list_at(const qoe_session_list *list, uint32_t frame);
const qoe_window *qoe_session_window_at(const qoe_session *session, int64_t time_us, int64_t window_us);

/* Brings open windows and session summaries up to date; more_comes: what takes long may be a little behind. To be taken
 * back before the next packet. */
void qoe_session_table_settle(qoe_session_table *table, bool more_comes);
void qoe_session_table_unsettle(qoe_session_table *table);

size_t qoe_session_table_count(const qoe_session_table *table);
const qoe_session *qoe_session_table_at(const qoe_session_table *table, size_t i);
uint64_t qoe_session_table_refused(const qoe_session_table *table);

#endif
