/* The analysis: packets in, verdicts and events out. The one façade of the core.
 *
 * Every packet is given once, in capture order, to qoe_analysis_packet. Afterwards the same packet may be
 * looked up any number of times, in any order, with the same answer (values may have become richer,
 * which packets carry which events never changes; the server of a flow that had to make room is forgotten). Memory
 * grows with flows, segments and windows, not with packets. One thread at a time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_ANALYSIS_H
#define QOE_ANALYSIS_H

#include "packet.h"
#include "session.h"

typedef struct qoe_analysis qoe_analysis;

#define QOE_WINDOW_US_DEFAULT (10 * 1000000LL)
#define QOE_IDLE_US_DEFAULT (120 * 1000000LL)

/* A clock that steps back by more has been set, or captures were joined out of order: sessions begin anew, and what
 * lies before the capture's first packet by more is left out, since windows count from that one. */
#define QOE_STEP_BACK_US (10 * 1000000LL)

#define QOE_FLOWS_MAX 131072     /* tagged flows; the longest silent one makes room */
#define QOE_CANDIDATES_MAX 16384 /* flows that may yet name a service; the oldest makes room */
#define QOE_SESSIONS_MAX 65536   /* sessions; beyond it packets stay without one */
#define QOE_LIVING_MAX 8192      /* sessions that go on at once; the longest silent one ends */
#define QOE_WINDOWS_MAX 524288   /* windows of all sessions; beyond it sessions end and none start */
#define QOE_SEGMENTS_MAX 2097152 /* segments; beyond it none are opened */

/* How many of each are kept; 0: the number above. */
typedef struct {
    size_t flows, candidates, sessions, living, windows, segments;
} qoe_limits;

/* Borrowed things must outlive the analysis. */
typedef struct {
    const qoe_rules *rules; /* required */
    const qoe_model *model; /* or NULL: windows then carry the reason "no model" */
    int64_t window_us;      /* 0: the default */
    int64_t idle_us;        /* silence that ends a session; 0: the default */
    double confidence;      /* least probability of an answer, 0..1; 0: always an answer */
    bool untagged;          /* also take flows to ports 443 and 80 of hosts that no rule names */
    /* Names the stream of the packet in hand when a flow is new (e.g. Wireshark's tcp.stream); NULL: the
     * flow's own number is used. */
    uint32_t (*stream_of)(void *user_data);
    void *stream_of_data;
    qoe_limits limits;
} qoe_config;

typedef enum {
    QOE_EVENT_SEGMENT_REQUEST,    /* this packet asks for `segment` */
    QOE_EVENT_SEGMENT_CLOSED,     /* this packet told that `segment` had ended */
    QOE_EVENT_WINDOW_CLOSED,      /* the session's first packet behind the end of `window` */
    QOE_EVENT_SESSION_STARTED,    /* the first packet of `session` */
    QOE_EVENT_RESOLUTION_CHANGED, /* what `window` downloaded is not that of the last answered window */
    QOE_EVENT_PLAYBACK_STARTED,   /* the session's startup_us is known (an estimate) */
    QOE_EVENT_TABLE_FULL,         /* for the first time something was refused or forgotten, see qoe_analysis_losses */
    QOE_EVENT_TIME_BACK           /* for the first time time went back, by more than QOE_STEP_BACK_US */
} qoe_event_type;

/* A list per frame; kept until the analysis is freed. */
typedef struct qoe_event {
    const struct qoe_event *next; /* the frame's next event, in order of their happening; NULL: the last */
    qoe_event_type type;
    const qoe_session *session; /* set for all but TABLE_FULL and TIME_BACK */
    const qoe_segment *segment; /* for SEGMENT_* */
    const qoe_window *window;   /* for WINDOW_CLOSED and RESOLUTION_CHANGED */
    const qoe_window *before;   /* for RESOLUTION_CHANGED: the last answered window */
    int64_t startup_us;         /* for PLAYBACK_STARTED: as known when it happened; see qoe_event_startup_us */
} qoe_event;

/* Lines gained (above 0) or lost by a RESOLUTION_CHANGED, as both windows are known by now; 0: later traffic has
 * revised the change away. */
int qoe_event_change(const qoe_event *event);

/* The startup delay of a PLAYBACK_STARTED: the session's, unless later passes could not follow its playback. */
int64_t qoe_event_startup_us(const qoe_event *event);

/* What is known of one packet. All NULL/0 when it belongs to no tagged server. */
typedef struct {
    const qoe_server *server;
    const qoe_session *session;
    const qoe_window *window; /* the packet's own window; its prediction exists once it is closed or settled */
    bool to_client;           /* direction, meaningful with a server */
    const qoe_event *events;
} qoe_verdict;

/* A new analysis of one capture. */
qoe_analysis *qoe_analysis_new(const qoe_config *config);

/* Gives config.model late, so that a capture without a film need not load one. Windows that are closed already stay
 * without: call it no later than at the first session's start. */
void qoe_analysis_set_model(qoe_analysis *analysis, const qoe_model *model);
void qoe_analysis_free(qoe_analysis *analysis);

/* Takes the next packet. DNS messages (UDP or TCP port 53) are learned from here as well. */
void qoe_analysis_packet(qoe_analysis *analysis, const qoe_packet *packet, qoe_verdict *verdict);

/* What was said of a packet that has been taken before. */
void qoe_analysis_lookup(const qoe_analysis *analysis, const qoe_packet *packet, qoe_verdict *verdict);

/* Brings the figures of open windows, segments and sessions up to the last packet taken (predictions included), so that
 * the tables below are whole in the midst of a capture. Changes no event; packets may follow. */
void qoe_analysis_settle(qoe_analysis *analysis);

/* The same at the end of a capture: the figures do not depend on whether and when they were settled before. */
void qoe_analysis_finish(qoe_analysis *analysis);

/* The tables, oldest first; i below the count. Open segments and windows are in them, marked so. Segments come in the
 * order of their requests, segment i has number i + 1. A request that got no answer (yet) is in the table with packets
 * == 0: leave it out of what a user is shown. */
size_t qoe_analysis_segments(const qoe_analysis *analysis);
const qoe_segment *qoe_analysis_segment(const qoe_analysis *analysis, size_t i);
size_t qoe_analysis_sessions(const qoe_analysis *analysis);
const qoe_session *qoe_analysis_session(const qoe_analysis *analysis, size_t i);
size_t qoe_analysis_servers(const qoe_analysis *analysis);
const qoe_server *qoe_analysis_server(const qoe_analysis *analysis, size_t i);

/* Time of the last packet taken, microseconds. */
int64_t qoe_analysis_end_us(const qoe_analysis *analysis);

/* When the capture's first packet was, in microseconds since 1970 began: for people and for joining tables, nothing is
 * computed from it. 0: not known. */
void qoe_analysis_set_epoch_us(qoe_analysis *analysis, int64_t epoch_us);
int64_t qoe_analysis_epoch_us(const qoe_analysis *analysis);

/* What the caps cost: flows, sessions, segments and servers that were refused or forgotten. */
typedef struct {
    uint64_t flows, sessions, segments, servers;
} qoe_losses;
qoe_losses qoe_analysis_losses(const qoe_analysis *analysis);

const qoe_config *qoe_analysis_config(const qoe_analysis *analysis);

#endif
