/* The detector: finds the segments of one flow as its packets pass.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_DETECTOR_H
#define QOE_DETECTOR_H

#include "audio.h"
#include "group.h"
#include "packet.h"

typedef struct qoe_detector qoe_detector;

/* Where segments are kept. Both are called while the packet that caused them is in hand. */
typedef struct {
    /* A request was seen: gives the segment that it opens, request_us and request_frame set; NULL if there is no room.
     */
    qoe_segment *(*opened)(void *user_data, const qoe_packet *packet);
    /* The packet told that the segment had ended; its figures are final but for the richer judgement of later packets.
     */
    void (*closed)(void *user_data, qoe_segment *segment, const qoe_packet *packet);
    /* What the flow's session knows; NULL if it has no session. */
    qoe_group_prior *(*prior)(void *user_data);
    /* A busy period of a shared connection begins. The receiver keeps the group (and frees it after the detector), so
     * that it can be solved again when more is known. False: it has no place for it and the detector keeps it. */
    bool (*group_opened)(void *user_data, qoe_group *group);
    /* It is over; not solved yet. */
    void (*group_closed)(void *user_data, const qoe_group *group);
} qoe_segment_sink;

qoe_detector *qoe_detector_new(uint8_t transport);

/* Forgets the flow; segments that are still open stay so. */
void qoe_detector_free(qoe_detector *detector);

/* Was the connection's handshake seen? If not, the capture began in the middle of it. */
bool qoe_detector_begun(const qoe_detector *detector);

/* The session that the segments belong to has ended. What is under way is over where the client asks anew; what still
 * comes of it before belongs to no segment. */
void qoe_detector_leave_session(qoe_detector *detector);

/* Takes the flow's next packet. */
void qoe_detector_packet(qoe_detector *detector, const qoe_packet *packet, bool from_client,
                         const qoe_segment_sink *sink, void *user_data);

/* Closes what is open without a packet that tells it: the flow is being forgotten. */
void qoe_detector_finish(qoe_detector *detector, const qoe_segment_sink *sink, void *user_data);

#endif
