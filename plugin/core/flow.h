/* Flows: one TCP or UDP conversation between a client and a server, and the table that finds it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FLOW_H
#define QOE_FLOW_H

#include "packet.h"
#include "quic.h"
#include "segment.h"
#include "sequence.h"

/* The five-tuple without a direction: end 0 is the one whose address and port compare lower. */
typedef struct {
    qoe_addr addr[2];
    uint16_t port[2];
    uint8_t transport;
    uint8_t unused[3]; /* zero: keys are compared as bytes */
} qoe_flow_key;

/* The key of a packet's flow; *src_end says which of its ends sent the packet. */
qoe_flow_key qoe_flow_key_of(const qoe_packet *packet, unsigned *src_end);

/* For tables of qoe_flow_key: GLib's GHashFunc and GEqualFunc. Every bit of the hash depends on all of the key. */
unsigned qoe_flow_key_hash(const void *key);
int qoe_flow_key_equal(const void *a, const void *b);

struct qoe_detector;
struct qoe_session_list;

/* From this frame on the flow belongs to this server; NULL: to none (its ClientHello said so). */
typedef struct {
    uint32_t frame;
    qoe_server *server;
} qoe_flow_tag;

/* By its address first, then perhaps by the name in its ClientHello. */
enum { QOE_FLOW_TAGS = 2 };

/* Conversations of one five-tuple that are remembered; of more, the oldest is forgotten: finding one walks them. */
enum { QOE_FLOW_REUSE_MAX = 256 };

/* A packet of the handshake that went by before the flow had its tag, with the first bytes of its payload. */
enum { QOE_OPENING_PAYLOAD = 8 };
typedef struct {
    qoe_packet packet; /* its payload: see qoe_flow_opening_packet */
    bool from_client;
    uint8_t payload[QOE_OPENING_PAYLOAD];
} qoe_opening_packet;

/* SYN, SYN-ACK and a ClientHello in pieces; of more, the first ones. */
enum { QOE_OPENING_MAX = 6 };
typedef struct {
    unsigned count;
    qoe_opening_packet packets[QOE_OPENING_MAX];
} qoe_opening;

/* Written by the tagging room. */
typedef struct qoe_flow {
    qoe_flow_key key;
    unsigned client_end;                      /* 0 or 1: index into key */
    struct qoe_flow *older;                   /* an earlier conversation with the same five-tuple, or NULL */
    struct qoe_flow *newer_used, *older_used; /* the table's list in order of last use */
    uint32_t stream;                          /* the caller's name for it, e.g. Wireshark's tcp.stream */
    uint32_t number;                          /* from 1 in order of appearance */
    uint32_t first_frame;
    int64_t last_us;
    uint32_t generation;              /* of the server table when its address was last asked for */
    qoe_flow_tag tags[QOE_FLOW_TAGS]; /* in order of time */
    unsigned tag_count;               /* 0: a candidate */
    bool fin_seen;                    /* FIN or RST from either end */
    bool answered;                    /* the server has sent something; written by the analysis */
    bool name_settled;                /* no ClientHello is to be expected any more */
    bool hello_begun;                 /* while a candidate: its ClientHello's first packet has been kept */
    bool isn_known;
    uint32_t isn_up;     /* the client's initial sequence number */
    qoe_sni_stream *tls; /* while a ClientHello is being collected */
    qoe_quic_stream *quic;
    qoe_traffic early;                 /* traffic before any tag: the handshake that led to the name */
    int64_t early_us;                  /* time of the first such packet */
    qoe_opening *opening;              /* the handshake in it, for the detector; NULL: none, or given already */
    struct qoe_detector *detector;     /* segments; NULL until tagged */
    struct qoe_session_list *sessions; /* of its client and service; NULL until tagged */
    uint32_t session;                  /* number of its last packet's session; 0: none; written by the analysis */
} qoe_flow;

static inline const qoe_addr *qoe_flow_client(const qoe_flow *flow)
{
    return &flow->key.addr[flow->client_end];
}

static inline const qoe_addr *qoe_flow_server_addr(const qoe_flow *flow)
{
    return &flow->key.addr[1 - flow->client_end];
}

/* The tag that a packet of the flow carries at a frame; NULL for none. */
qoe_server *qoe_flow_tag_at(const qoe_flow *flow, uint32_t frame);

/* Keeps a packet of the handshake. */
void qoe_flow_keep_opening(qoe_flow *flow, const qoe_packet *packet, bool from_client);

/* The i-th kept packet, i < opening->count; its payload is borrowed from opening. */
qoe_packet qoe_flow_opening_packet(const qoe_opening *opening, unsigned i);

typedef struct qoe_flow_table qoe_flow_table;

/* Called for a flow before it is freed, to let go of what it owns beyond the SNI streams. */
typedef void (*qoe_flow_release)(qoe_flow *flow, void *user_data);

/* A table of at most max flows (1 or more): when it is full the longest unused one makes room. */
qoe_flow_table *qoe_flow_table_new(size_t max, qoe_flow_release release, void *user_data);
void qoe_flow_table_free(qoe_flow_table *table);

/* The newest flow of a key, or NULL. */
qoe_flow *qoe_flow_table_find(const qoe_flow_table *table, const qoe_flow_key *key);

/* A new flow, zero but for its key. A flow of the same key becomes its `older`. */
qoe_flow *qoe_flow_table_add(qoe_flow_table *table, const qoe_flow_key *key);

/* Takes a flow (without older ones) out of the table without freeing it, for qoe_flow_table_adopt. */
void qoe_flow_table_take(qoe_flow_table *table, qoe_flow *flow);
void qoe_flow_table_adopt(qoe_flow_table *table, qoe_flow *flow);

/* Forgets a flow. */
void qoe_flow_table_remove(qoe_flow_table *table, qoe_flow *flow);

/* Marks a flow as used now. */
void qoe_flow_table_touch(qoe_flow_table *table, qoe_flow *flow);

/* Flows that had to make room since the table was made. */
uint64_t qoe_flow_table_evicted(const qoe_flow_table *table);

#endif
