/* Turns the frame in Wireshark's hands into a packet for the analysis.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FRAME_H
#define QOE_FRAME_H

#include "compat.h"
#include "packet.h"

/* Where a capture's frames stand: one per open capture, all zero at its start. */
typedef struct {
    uint32_t hint;          /* where the last IP header was found */
    bool started;           /* origin is set */
    nstime_t origin;        /* time of the first frame */
    int64_t last_us;        /* of the last frame with a time that was visited first */
    uint32_t frames_before; /* frames in the files before this one, of a live capture into several */
    uint32_t frames;        /* of this one, so far */
} qoe_frame_state;

/* Takes note of the first frame's time; call for every frame on its first visit. True at the one that has it. */
bool qoe_frame_start(qoe_frame_state *state, const packet_info *pinfo);

/* That time, in microseconds since 1970 began. */
int64_t qoe_frame_epoch_us(const qoe_frame_state *state);

/* The capture goes on in another file, whose frames are numbered anew. */
void qoe_frame_next_file(qoe_frame_state *state);

/* Fills packet from the frame, whose number counts the files before. False for anything but TCP and UDP over IP.
 * packet->payload is borrowed from tvb, which is the whole frame, or from another of the packet's data sources. */
bool qoe_frame_read(qoe_frame_state *state, tvbuff_t *tvb, packet_info *pinfo, qoe_packet *packet);

/* Wireshark's number of the stream (tcp.stream, udp.stream) that the packet in hand belongs to: in_hand is the
 * packet_info ** where it can be found. Fits qoe_config.stream_of. */
uint32_t qoe_frame_stream(void *in_hand);

#endif
