/* Segments of one flow: requests open them, the responses' bytes fill them, what comes next closes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "detector.h"

#include <glib.h>

#include "gquic.h"
#include "mux.h"
#include "push.h"
#include "quic.h"
#include "uplink.h"

/* A client that closes the connection this soon after a payload byte has not waited for the end (measured:
 * any limit up to 150 ms tells aborted from finished downloads, 3 s begins to lose finished ones). */
#define ABORT_US 150000

/* A short payload this long after the response is the server's close_notify or ping, not its tail. */
#define TAIL_US 1000000
enum { TAIL_BYTES = 100 };

enum { SHARED_REQUEST_MAX = 350 };

/* What a QUIC packet holds besides its stream's bytes: header, frame header and AEAD tag (RFC 9000 17.3, 19.8). */
enum { QUIC_OVERHEAD = 28 };

struct qoe_detector {
    qoe_uplink uplink;
    qoe_sequence downlink;
    int64_t syn_us;        /* of the client's SYN; -1: not seen */
    int64_t rtt_us;        /* from the handshake, else the shortest from a request to its acknowledgement; 0: unknown */
    bool begun;            /* the handshake was seen: the capture did not begin in the middle */
    uint32_t asked_seq;    /* behind a request that waits for its acknowledgement */
    int64_t asked_us;      /* when it was sent; -1: none waits */
    qoe_push push;         /* does the server send without requests? */
    bool pushing;          /* it does: pauses bound segments until the next request */
    bool requested;        /* a request has been seen */
    bool left;             /* what is under way is of a session that has ended */
    qoe_mux *mux;          /* takes over once the connection shows that it carries several responses at once */
    qoe_segment *current;  /* open: asked for, or being downloaded */
    qoe_segment *finished; /* closed by the client's FIN: what still comes after it was not wanted */
};

qoe_detector *qoe_detector_new(uint8_t transport)
{
    qoe_detector *detector = g_new0(qoe_detector, 1);
    detector->syn_us = detector->asked_us = -1;
    if (transport == QOE_UDP)
        detector->mux = qoe_mux_new(transport, 0);
    return detector;
}

void qoe_detector_free(qoe_detector *detector)
{
    if (detector == NULL)
        return;
    qoe_mux_free(detector->mux);
    g_free(detector);
}

void qoe_detector_leave_session(qoe_detector *detector)
{
    detector->left = true;
}

bool qoe_detector_begun(const qoe_detector *detector)
{
    return detector->begun;
}

static void close_current(qoe_detector *detector, qoe_complete complete, const qoe_packet *packet,
                          const qoe_segment_sink *sink, void *user_data)
{
    qoe_segment *segment = detector->current;
    detector->current = NULL;
    if (segment == NULL)
        return;
    segment->complete = complete;
    segment->closed_frame = packet != NULL && segment->packets > 0 ? packet->frame : 0;
    sink->closed(user_data, segment, packet);
}

/* HTTP/1.1 clients send nothing small between requests; HTTP/2 clients acknowledge settings and open windows
 * all the time. What has been asked for goes on as the first request of a shared connection. */
static void share_connection(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                             void *user_data)
{
    qoe_segment *segment = detector->current;
    detector->current = NULL;
    detector->mux = qoe_mux_new(packet->transport, detector->rtt_us);
    if (segment == NULL)
        return;
    segment->shared = true;
    const qoe_packet request = {.time_us = segment->request_us};
    if (segment->packets > 0)
        qoe_mux_resume(detector->mux, segment, sink, user_data);
    else
        qoe_mux_request(detector->mux, &request, segment);
}

/* Where the capture began in the middle, the control frames of an HTTP/2 connection's start are missing. But browsers'
 * requests take 600 B and more in HTTP/1.1, 105 to 280 B in HTTP/2. */
static bool looks_shared(const qoe_detector *detector, const qoe_packet *packet)
{
    return packet->transport == QOE_TCP && !detector->begun && !detector->requested &&
           packet->payload_len < SHARED_REQUEST_MAX;
}

static void expect_acknowledgement(qoe_detector *detector, const qoe_packet *packet)
{
    if (packet->transport != QOE_TCP || detector->begun || detector->asked_us >= 0)
        return;
    detector->asked_us = packet->time_us;
    detector->asked_seq = packet->seq + packet->payload_len;
}

/* A request on a shared connection. */
static void take_shared_request(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                                void *user_data)
{
    qoe_segment *segment = qoe_mux_has_room(detector->mux) ? sink->opened(user_data, packet) : NULL;
    if (segment == NULL)
        return;
    segment->shared = true;
    qoe_mux_request(detector->mux, packet, segment);
}

/* Google's QUIC before the IETF's. Its players asked for one thing after another; telling overlapping responses apart
 * there only loses chunks (measured on YouTube of 2018: .61 for .83 of windows right). */
static bool is_gquic(const qoe_packet *packet)
{
    return packet->transport == QOE_UDP && qoe_gquic_is_short(packet->payload, packet->captured_len);
}

/* Google's clients name the version until the server has answered; the IETF's have long headers in the handshake. */
static bool opens_quic(const qoe_packet *packet, bool from_client)
{
    return packet->transport == QOE_UDP &&
           (qoe_quic_is_long_header(packet->payload, packet->captured_len) ||
            (from_client && qoe_gquic_has_version(packet->payload, packet->captured_len)));
}

/* Nobody asks, yet one burst after another comes: what is open is the bursts so far, that cannot be told apart. */
static void start_pushing(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                          void *user_data)
{
    detector->pushing = true;
    if (detector->mux != NULL)
        qoe_mux_end(detector->mux, packet, sink, user_data);
    close_current(detector, QOE_COMPLETE_GROUP, packet, sink, user_data);
}

/* The first packet of a pushed burst opens a segment and shows that the one before is over. */
static void take_burst(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    close_current(detector, QOE_COMPLETE_PUSH, packet, sink, user_data);
    detector->current = sink->opened(user_data, packet);
}

/* The client asks again: the last burst is over. */
static void stop_pushing(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                         void *user_data)
{
    if (detector->pushing)
        close_current(detector, QOE_COMPLETE_PUSH, packet, sink, user_data);
    detector->pushing = false;
    qoe_push_request(&detector->push);
}

/* The client asks anew in another session: what was under way is over, and what the capture missed between is of none.
 */
static void end_left(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    if (!detector->left)
        return;
    if (detector->mux != NULL)
        qoe_mux_end(detector->mux, packet, sink, user_data);
    if (!detector->pushing)
        close_current(detector, QOE_COMPLETE_YES, packet, sink, user_data);
    detector->downlink = (qoe_sequence){0};
    detector->left = false;
}

/* An answer goes on in another session than that of its segment, which stays as it was. A burst has ended, though. */
static void cut_left(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    if (!detector->left)
        return;
    detector->left = false;
    if (detector->pushing)
        close_current(detector, QOE_COMPLETE_PUSH, packet, sink, user_data);
    detector->current = detector->finished = NULL;
    if (detector->mux != NULL)
        qoe_mux_drop(detector->mux);
}

/* Two uplink packets without a response between them are one request. */
static void take_request(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                         void *user_data)
{
    if (!detector->requested && is_gquic(packet))
        g_clear_pointer(&detector->mux, qoe_mux_free);
    if (looks_shared(detector, packet))
        share_connection(detector, packet, sink, user_data);
    detector->requested = true;
    end_left(detector, packet, sink, user_data);
    stop_pushing(detector, packet, sink, user_data);
    expect_acknowledgement(detector, packet);
    if (detector->mux != NULL) {
        take_shared_request(detector, packet, sink, user_data);
        return;
    }
    if (detector->current != NULL && detector->current->packets == 0)
        return;
    close_current(detector, QOE_COMPLETE_YES, packet, sink, user_data);
    detector->finished = NULL;
    detector->current = sink->opened(user_data, packet);
}

static uint32_t downlink_advance(qoe_detector *detector, const qoe_packet *packet)
{
    if (packet->transport == QOE_TCP)
        return qoe_sequence_advance(&detector->downlink, packet->seq, packet->payload_len);
    return packet->payload_len > QUIC_OVERHEAD ? packet->payload_len - QUIC_OVERHEAD : 0;
}

static void take_response(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                          void *user_data)
{
    const uint32_t advance = downlink_advance(detector, packet);
    if (detector->left && packet->payload_len <= TAIL_BYTES)
        return;
    cut_left(detector, packet, sink, user_data);
    const bool burst = qoe_push_packet(&detector->push, packet, advance);
    if (!detector->pushing && qoe_push_is_certain(&detector->push))
        start_pushing(detector, packet, sink, user_data);
    if (detector->pushing && burst)
        take_burst(detector, packet, sink, user_data);
    if (detector->mux != NULL && !detector->pushing) {
        qoe_mux_response(detector->mux, packet, advance, sink, user_data);
        return;
    }
    if (detector->finished != NULL && packet->payload_len > TAIL_BYTES) {
        detector->finished->complete = QOE_COMPLETE_ABORTED;
        detector->finished = NULL;
    }
    qoe_segment *segment = detector->current;
    if (segment == NULL)
        return;
    if (segment->packets == 0 && advance == 0)
        return; /* an earlier response's bytes once more */
    if (segment->packets == 0)
        segment->first_byte_us = packet->time_us;
    else if (packet->payload_len <= TAIL_BYTES && packet->time_us - segment->last_byte_us > TAIL_US)
        return;
    segment->bytes += advance;
    segment->packets++;
    segment->last_byte_us = packet->time_us;
    segment->last_frame = packet->frame;
}

static void take_end(qoe_detector *detector, const qoe_packet *packet, bool from_client, const qoe_segment_sink *sink,
                     void *user_data)
{
    stop_pushing(detector, packet, sink, user_data);
    if (detector->mux != NULL) {
        qoe_mux_end(detector->mux, packet, sink, user_data);
        return;
    }
    qoe_segment *segment = detector->current;
    if (segment == NULL)
        return;
    const bool aborted = from_client && segment->packets > 0 && packet->time_us - segment->last_byte_us < ABORT_US;
    close_current(detector, aborted ? QOE_COMPLETE_ABORTED : QOE_COMPLETE_YES, packet, sink, user_data);
    detector->finished = from_client && segment->packets > 0 ? segment : NULL;
}

static void take_uplink(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data)
{
    if (packet->flags & QOE_TCP_SYN) {
        detector->syn_us = packet->time_us;
        detector->begun = true;
    }
    switch (qoe_uplink_packet(&detector->uplink, packet)) {
    case QOE_UPLINK_REQUEST:
        take_request(detector, packet, sink, user_data);
        break;
    case QOE_UPLINK_CONTROL:
        if (detector->mux != NULL)
            qoe_mux_control(detector->mux, packet);
        else if (packet->transport == QOE_TCP && detector->requested && !detector->pushing &&
                 !(packet->flags & (QOE_TCP_FIN | QOE_TCP_RST)))
            share_connection(detector, packet, sink, user_data);
        break;
    case QOE_UPLINK_NOTHING:
        break;
    }
}

/* Where the handshake is missing, acknowledgements of requests tell the round-trip time. */
static void take_acknowledgement(qoe_detector *detector, const qoe_packet *packet)
{
    if (detector->asked_us < 0 || (int32_t)(packet->ack - detector->asked_seq) < 0)
        return;
    const int64_t rtt_us = MAX(packet->time_us - detector->asked_us, 1);
    detector->asked_us = -1;
    if (detector->rtt_us == 0 || rtt_us < detector->rtt_us)
        detector->rtt_us = rtt_us;
    if (detector->mux != NULL)
        qoe_mux_set_rtt(detector->mux, detector->rtt_us);
}

static void take_downlink(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                          void *user_data)
{
    if (packet->flags & QOE_TCP_SYN) {
        qoe_sequence_start(&detector->downlink, packet->seq + 1);
        detector->begun = true;
        if (detector->syn_us >= 0)
            detector->rtt_us = MAX(packet->time_us - detector->syn_us, 0);
    }
    if (packet->flags & QOE_TCP_ACK)
        take_acknowledgement(detector, packet);
    const bool handshake =
        packet->transport == QOE_UDP && qoe_quic_is_long_header(packet->payload, packet->captured_len);
    if (packet->payload_len > 0 && !handshake)
        take_response(detector, packet, sink, user_data);
}

void qoe_detector_packet(qoe_detector *detector, const qoe_packet *packet, bool from_client,
                         const qoe_segment_sink *sink, void *user_data)
{
    detector->begun = detector->begun || opens_quic(packet, from_client);
    if (from_client)
        take_uplink(detector, packet, sink, user_data);
    else
        take_downlink(detector, packet, sink, user_data);
    if (packet->flags & (QOE_TCP_FIN | QOE_TCP_RST))
        take_end(detector, packet, from_client, sink, user_data);
}

void qoe_detector_finish(qoe_detector *detector, const qoe_segment_sink *sink, void *user_data)
{
    stop_pushing(detector, NULL, sink, user_data);
    if (detector->mux != NULL)
        qoe_mux_end(detector->mux, NULL, sink, user_data);
    else
        close_current(detector, QOE_COMPLETE_YES, NULL, sink, user_data);
    detector->finished = NULL;
}
