/* Where a shared connection's busy periods begin and end, and when one of its responses has ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "mux.h"

#include <glib.h>

#include "server_writes.h"

/* A response to a request is not to be expected before this share of the round-trip time. */
static const double rtt_share_tcp = 0.75, rtt_share_quic = 0.6;

/* A player sends its next request about so long after the response that it waited for (3 to 15 ms work alike). */
#define TURNAROUND_US 6000

/* A client that resets a response asks for another one at once (measured: 113 of 114 resets within 30 ms; of finished
 * responses 2 % have a control frame there). */
#define RESET_US 30000

#define RTT_US_MAX 300000 /* where it is guessed from the first request */
static const double spacing_pace = 0.1;

/* QUIC servers acknowledge at any time, in datagrams that hold nothing else: the response has not gone on with them
 * (measured: 22 to 30 B; a stream's data come in larger ones but for a tail in thousands). */
enum { QUIC_ACK_MAX = 60 };

enum { OUTSTANDING_MAX = 64, RECENT = 64 };

typedef struct {
    qoe_segment *segment;
    int64_t time_us;
} outstanding_request;

struct qoe_mux {
    uint8_t transport;
    int64_t rtt_us; /* 0: not known yet */
    int64_t first_request_us;
    uint64_t bytes;  /* downlink so far */
    int64_t last_us; /* of the last downlink packet */
    uint32_t last_frame;
    uint32_t payload_max;                         /* largest downlink packet */
    double spacing_us;                            /* between full packets, as long as they flow */
    outstanding_request waiting[OUTSTANDING_MAX]; /* oldest first */
    unsigned waiting_count;
    unsigned asked_before; /* how many of them were sent before the ones not yet in the group */
    int64_t control_us;    /* of the client's last control frame */
    bool pending_reset;    /* one came just before the pending requests */
    int64_t pending_us;    /* time of the first request since the last downlink packet; -1: none */
    qoe_group *group;      /* the busy period; NULL before the first */
    bool owns_group;       /* no session keeps it */
    struct {
        int64_t time_us;
        uint64_t bytes;
    } recent[RECENT]; /* ring of downlink packets */
    unsigned recent_next;
    qoe_server_writes *writes; /* over TLS, while packets are whole */
    uint32_t seq;              /* sequence number behind `bytes` */
    uint32_t piece;            /* what they show where responses begin and end; 0: nothing */
    unsigned begun;            /* of the waiting ones, as they show */
    bool drained;              /* the last one has ended */
    int64_t asked_us;          /* of the first request during the write under way, -1: none */
    uint64_t asked_bytes;      /* downlink count when the player turned to it */
};

qoe_mux *qoe_mux_new(uint8_t transport, int64_t rtt_us)
{
    qoe_mux *mux = g_new0(qoe_mux, 1);
    mux->transport = transport;
    mux->rtt_us = rtt_us;
    mux->pending_us = -1;
    mux->first_request_us = -1;
    mux->control_us = -RESET_US - 1;
    mux->asked_us = -1;
    if (transport == QOE_TCP)
        mux->writes = g_new0(qoe_server_writes, 1);
    return mux;
}

void qoe_mux_free(qoe_mux *mux)
{
    if (mux == NULL)
        return;
    if (mux->owns_group)
        qoe_group_free(mux->group);
    g_free(mux->writes);
    g_free(mux);
}

void qoe_mux_set_rtt(qoe_mux *mux, int64_t rtt_us)
{
    mux->rtt_us = rtt_us;
}

bool qoe_mux_has_room(const qoe_mux *mux)
{
    return mux->waiting_count < OUTSTANDING_MAX;
}

void qoe_mux_request(qoe_mux *mux, const qoe_packet *packet, qoe_segment *segment)
{
    if (segment == NULL || !qoe_mux_has_room(mux))
        return;
    if (mux->first_request_us < 0)
        mux->first_request_us = packet->time_us;
    if (mux->pending_us < 0) {
        mux->pending_us = packet->time_us;
        mux->pending_reset = mux->transport == QOE_TCP && packet->time_us - mux->control_us <= RESET_US;
        mux->asked_before = mux->waiting_count;
    }
    mux->waiting[mux->waiting_count++] = (outstanding_request){segment, packet->time_us};
}

void qoe_mux_control(qoe_mux *mux, const qoe_packet *packet)
{
    mux->control_us = packet->time_us;
}

static int64_t response_delay_us(const qoe_mux *mux)
{
    const double share = mux->transport == QOE_TCP ? rtt_share_tcp : rtt_share_quic;
    return (int64_t)(share * (double)mux->rtt_us);
}

static void adopt_group(qoe_mux *mux, qoe_group *group, const qoe_segment_sink *sink, void *user_data)
{
    mux->group = group;
    qoe_group_set_delay(group, response_delay_us(mux));
    mux->owns_group = !sink->group_opened(user_data, group);
}

void qoe_mux_resume(qoe_mux *mux, qoe_segment *segment, const qoe_segment_sink *sink, void *user_data)
{
    qoe_group *group = qoe_group_new(mux->transport, 0, segment->first_byte_us, segment->request_frame);
    qoe_group_request(group, segment);
    qoe_group_progress(group, segment->last_byte_us, segment->bytes, segment->last_frame);
    mux->waiting[mux->waiting_count++] = (outstanding_request){segment, segment->request_us};
    mux->first_request_us = segment->request_us;
    mux->bytes = segment->bytes;
    mux->last_us = segment->last_byte_us;
    adopt_group(mux, group, sink, user_data);
}

/* The downlink count at a time just before now. */
static uint64_t bytes_at(const qoe_mux *mux, int64_t time_us)
{
    for (unsigned i = 1; i <= RECENT; i++) {
        const unsigned at = (mux->recent_next + RECENT - i) % RECENT;
        if (mux->recent[at].time_us <= time_us)
            return mux->recent[at].bytes;
    }
    return mux->recent[mux->recent_next].bytes;
}

/* How many of the older requests can have been answered by what has come so far. */
static unsigned answerable(const qoe_mux *mux)
{
    unsigned count = 0;
    while (count < mux->asked_before && mux->waiting[count].time_us + response_delay_us(mux) <= mux->last_us)
        count++;
    return count;
}

static void forget_waiting(qoe_mux *mux, unsigned n)
{
    mux->waiting_count -= n;
    mux->asked_before -= MIN(n, mux->asked_before);
    for (unsigned i = 0; i < mux->waiting_count; i++)
        mux->waiting[i] = mux->waiting[i + n];
}

static void open_group(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    qoe_group *group = qoe_group_new(mux->transport, mux->bytes, packet->time_us, packet->frame);
    qoe_group_set_piece(group, mux->piece);
    mux->begun = 0;
    mux->drained = false;
    for (unsigned i = 0; i < mux->asked_before; i++)
        qoe_group_request(group, mux->waiting[i].segment);
    adopt_group(mux, group, sink, user_data);
}

static void report(qoe_segment *segment, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    segment->closed_frame = packet != NULL && segment->packets > 0 ? packet->frame : 0;
    sink->closed(user_data, segment, packet);
}

/* All of the group's requests have been answered: solves it, reports what is still unreported and hands it over. */
static void close_group(qoe_mux *mux, unsigned waiting, const qoe_packet *packet, const qoe_segment_sink *sink,
                        void *user_data)
{
    qoe_group_prior unknown = {0};
    qoe_group_close(mux->group);
    sink->group_closed(user_data, mux->group);
    qoe_group_prior *prior = sink->prior(user_data);
    qoe_group_solve(mux->group, prior != NULL ? prior : &unknown, true);
    for (unsigned i = 0; i < waiting; i++)
        report(mux->waiting[i].segment, packet, sink, user_data);
    forget_waiting(mux, waiting);
    if (mux->owns_group)
        qoe_group_free(mux->group);
    mux->group = NULL;
    mux->owns_group = false;
}

/* The busy period was over before the pending requests: those of the older requests that could not have been
 * answered belong to the next one. */
static void start_next_group(qoe_mux *mux, unsigned answered, const qoe_packet *packet, const qoe_segment_sink *sink,
                             void *user_data)
{
    qoe_segment *back[OUTSTANDING_MAX];
    qoe_group_take_back(mux->group, mux->asked_before - answered, back);
    close_group(mux, answered, packet, sink, user_data);
    open_group(mux, packet, sink, user_data);
}

/* One response has ended: the first guess at it. */
static void report_one(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    qoe_segment *segment = mux->waiting[0].segment;
    qoe_group_prior *known = sink->prior(user_data);
    qoe_group_prior prior = known != NULL ? *known : (qoe_group_prior){0};
    qoe_group_solve(mux->group, &prior, false);
    forget_waiting(mux, 1);
    report(segment, packet, sink, user_data);
}

/* One response has ended, since the player asks again while two or more were under way. */
static void end_one(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    const int64_t end_us = mux->pending_us - TURNAROUND_US;
    qoe_group_response_end(mux->group, end_us, bytes_at(mux, end_us));
    report_one(mux, packet, sink, user_data);
}

/* The downlink count at a sequence number. */
static uint64_t bytes_behind(const qoe_mux *mux, uint32_t seq)
{
    const uint32_t ago = mux->seq - seq;
    return ago <= mux->bytes ? mux->bytes - ago : 0;
}

/* Nothing shows any more where responses begin: all that are waiting may have done so. */
static void unmark(qoe_mux *mux)
{
    mux->piece = 0;
    mux->drained = false;
    if (mux->group == NULL)
        return;
    for (unsigned i = mux->begun; i < mux->waiting_count; i++)
        qoe_group_response_begin(mux->group, mux->last_us, mux->bytes, mux->bytes);
    mux->begun = 0;
    qoe_group_set_piece(mux->group, 0);
}

typedef struct {
    qoe_mux *mux;
    const qoe_packet *packet;
    const qoe_segment_sink *sink;
    void *user_data;
} write_listener;

/* A slow connection with several responses writes for seconds at a time: that a player asked during a write shows where
 * in it the response ended. */
static void log_end(qoe_mux *mux, const qoe_packet *packet, uint64_t from, uint64_t to)
{
    const uint32_t rest = (uint32_t)((to - from) % mux->piece);
    const bool asked = mux->asked_us >= 0 && mux->asked_bytes > from && mux->asked_bytes < to;
    qoe_group_marked_end(mux->group, asked ? mux->asked_us - TURNAROUND_US : packet->time_us, from,
                         asked ? mux->asked_bytes : to, rest);
}

static void take_mark(const write_listener *on, const qoe_write *write)
{
    qoe_mux *mux = on->mux;
    const uint64_t from = bytes_behind(mux, write->from), to = bytes_behind(mux, write->to);
    if (write->mark == QOE_WRITE_BEGINS && mux->begun < mux->waiting_count) {
        mux->begun++;
        mux->drained = false;
        qoe_group_response_begin(mux->group, on->packet->time_us, from, to);
        return;
    }
    mux->begun -= mux->begun > 0;
    mux->drained = mux->waiting_count == 1;
    if (mux->drained)
        return;
    log_end(mux, on->packet, from, to);
    report_one(mux, on->packet, on->sink, on->user_data);
}

static void take_write(void *user_data, const qoe_write *write)
{
    const write_listener *on = user_data;
    qoe_mux *mux = on->mux;
    if (write->mark == QOE_WRITE_UNKNOWN) {
        unmark(mux);
        return;
    }
    if (mux->group == NULL || mux->waiting_count == 0)
        return;
    mux->piece = qoe_server_writes_piece(mux->writes);
    qoe_group_set_piece(mux->group, mux->piece);
    if (write->mark != QOE_WRITE_PART)
        take_mark(on, write);
    mux->asked_us = -1;
}

static void read_writes(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    write_listener on = {mux, packet, sink, user_data};
    qoe_server_writes_packet(mux->writes, packet, take_write, &on);
    if (mux->piece > 0 && qoe_server_writes_piece(mux->writes) == 0)
        unmark(mux);
    if (mux->writes->records.given_up)
        g_clear_pointer(&mux->writes, g_free);
}

/* The first downlink packet after requests tells what they meant. */
static void judge_requests(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    const bool drained = mux->drained && mux->asked_before == 1;
    const unsigned answered = drained ? 1 : answerable(mux);
    if (mux->pending_reset && mux->group != NULL)
        qoe_group_reset(mux->group);
    mux->pending_reset = false;
    const bool idle = drained || (mux->rtt_us > 0 && packet->time_us - mux->pending_us >= response_delay_us(mux) &&
                                  (double)(packet->time_us - mux->last_us) >= 2 * mux->spacing_us);
    if (mux->asked_before == 0 && mux->group != NULL)
        close_group(mux, 0, packet, sink, user_data);
    if (mux->group == NULL)
        open_group(mux, packet, sink, user_data);
    else if (answered > 0 && (idle || qoe_group_requests(mux->group) >= QOE_GROUP_REQUESTS_MAX))
        start_next_group(mux, answered, packet, sink, user_data);
    else if (mux->piece == 0 && answered > 0 && mux->asked_before >= 2)
        end_one(mux, packet, sink, user_data);
    if (mux->asked_us < 0 && mux->asked_before >= 2) {
        mux->asked_us = mux->pending_us;
        mux->asked_bytes = bytes_at(mux, mux->pending_us - TURNAROUND_US);
    }
    for (unsigned i = mux->asked_before; i < mux->waiting_count; i++)
        qoe_group_request(mux->group, mux->waiting[i].segment);
    mux->pending_us = -1;
    mux->drained = false;
}

static void measure(qoe_mux *mux, const qoe_packet *packet)
{
    if (mux->transport == QOE_UDP && mux->rtt_us == 0 && mux->first_request_us >= 0)
        mux->rtt_us = MIN(packet->time_us - mux->first_request_us, RTT_US_MAX);
    mux->payload_max = MAX(mux->payload_max, packet->payload_len);
    const int64_t gap_us = packet->time_us - mux->last_us;
    if (packet->payload_len * 10 >= mux->payload_max * 9 && gap_us < 4 * mux->rtt_us + 100000)
        mux->spacing_us += spacing_pace * ((double)gap_us - mux->spacing_us);
}

void qoe_mux_response(qoe_mux *mux, const qoe_packet *packet, uint32_t advance, const qoe_segment_sink *sink,
                      void *user_data)
{
    if (mux->transport == QOE_UDP && packet->payload_len <= QUIC_ACK_MAX)
        return;
    measure(mux, packet);
    if (mux->pending_us >= 0)
        judge_requests(mux, packet, sink, user_data);
    mux->bytes += advance;
    if (advance > 0)
        mux->seq = packet->seq + packet->payload_len;
    mux->last_us = packet->time_us;
    mux->recent[mux->recent_next].time_us = packet->time_us;
    mux->recent[mux->recent_next].bytes = mux->bytes;
    mux->recent_next = (mux->recent_next + 1) % RECENT;
    if (mux->group != NULL)
        qoe_group_progress(mux->group, packet->time_us, mux->bytes, packet->frame);
    if (mux->writes != NULL)
        read_writes(mux, packet, sink, user_data);
}

void qoe_mux_drop(qoe_mux *mux)
{
    if (mux->owns_group)
        qoe_group_free(mux->group);
    mux->group = NULL;
    mux->owns_group = false;
    forget_waiting(mux, mux->waiting_count);
    mux->pending_us = mux->asked_us = -1;
    mux->begun = 0;
    mux->drained = false;
}

void qoe_mux_end(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    const unsigned unanswered = mux->pending_us >= 0 ? mux->waiting_count - mux->asked_before : 0;
    const unsigned answered = mux->waiting_count - unanswered;
    if (mux->group != NULL)
        close_group(mux, answered, packet, sink, user_data);
    for (unsigned i = 0; i < mux->waiting_count; i++)
        sink->closed(user_data, mux->waiting[i].segment, NULL);
    forget_waiting(mux, mux->waiting_count);
    mux->pending_us = -1;
}
