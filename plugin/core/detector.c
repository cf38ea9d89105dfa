/* Segments of one flow: requests open them, the responses' bytes fill them, what comes next closes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "detector.h"

#include <glib.h>

#include "quic.h"
#include "uplink.h"

/* A client that closes the connection this soon after a payload byte has not waited for the end (measured:
 * any limit up to 150 ms tells aborted from finished downloads, 3 s begins to lose finished ones). */
#define ABORT_US 150000

/* A short payload this long after the response is the server's close_notify or ping, not its tail. */
#define TAIL_US 1000000
enum { TAIL_BYTES = 100 };

struct qoe_detector {
    qoe_uplink uplink;
    qoe_sequence downlink;
    qoe_segment *current;  /* open: asked for, or being downloaded */
    qoe_segment *finished; /* closed by the client's FIN: what still comes after it was not wanted */
};

qoe_detector *qoe_detector_new(uint8_t transport)
{
    (void)transport;
    return g_new0(qoe_detector, 1);
}

void qoe_detector_free(qoe_detector *detector)
{
    g_free(detector);
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

/* Two uplink packets without a response between them are one request. */
static void take_request(qoe_detector *detector, const qoe_packet *packet, const qoe_segment_sink *sink,
                         void *user_data)
{
    if (detector->current != NULL && detector->current->packets == 0)
        return;
    close_current(detector, QOE_COMPLETE_YES, packet, sink, user_data);
    detector->finished = NULL;
    detector->current = sink->opened(user_data, packet);
}

static void take_response(qoe_detector *detector, const qoe_packet *packet)
{
    const uint32_t advance = packet->transport == QOE_TCP
                                 ? qoe_sequence_advance(&detector->downlink, packet->seq, packet->payload_len)
                                 : packet->payload_len;
    if (detector->finished != NULL && packet->payload_len > TAIL_BYTES) {
        detector->finished->complete = QOE_COMPLETE_ABORTED;
        detector->finished = NULL;
    }
    qoe_segment *segment = detector->current;
    if (segment == NULL)
        return;
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
    qoe_segment *segment = detector->current;
    if (segment == NULL)
        return;
    const bool aborted = from_client && segment->packets > 0 && packet->time_us - segment->last_byte_us < ABORT_US;
    close_current(detector, aborted ? QOE_COMPLETE_ABORTED : QOE_COMPLETE_YES, packet, sink, user_data);
    detector->finished = from_client && segment->packets > 0 ? segment : NULL;
}

void qoe_detector_packet(qoe_detector *detector, const qoe_packet *packet, bool from_client,
                         const qoe_segment_sink *sink, void *user_data)
{
    if (from_client) {
        if (qoe_uplink_packet(&detector->uplink, packet) == QOE_UPLINK_REQUEST)
            take_request(detector, packet, sink, user_data);
    } else {
        if (packet->flags & QOE_TCP_SYN)
            qoe_sequence_start(&detector->downlink, packet->seq + 1);
        const bool handshake =
            packet->transport == QOE_UDP && qoe_quic_is_long_header(packet->payload, packet->captured_len);
        if (packet->payload_len > 0 && !handshake)
            take_response(detector, packet);
    }
    if (packet->flags & (QOE_TCP_FIN | QOE_TCP_RST))
        take_end(detector, packet, from_client, sink, user_data);
}

void qoe_detector_finish(qoe_detector *detector, const qoe_segment_sink *sink, void *user_data)
{
    close_current(detector, QOE_COMPLETE_YES, NULL, sink, user_data);
    detector->finished = NULL;
}
