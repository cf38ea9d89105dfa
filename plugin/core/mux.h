/* Connections that carry several responses at once: cut into busy periods as packets pass.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_MUX_H
#define QOE_MUX_H

#include "detector.h"
#include "group.h"

typedef struct qoe_mux qoe_mux;

/* rtt_us: the connection's round-trip time if it is known from its handshake, else 0. */
qoe_mux *qoe_mux_new(uint8_t transport, int64_t rtt_us);
void qoe_mux_free(qoe_mux *mux);

/* The round-trip time of a connection whose handshake was not seen. */
void qoe_mux_set_rtt(qoe_mux *mux, int64_t rtt_us);

/* The first request of a connection that was not known to be shared when its response began. */
void qoe_mux_resume(qoe_mux *mux, qoe_segment *segment, const qoe_segment_sink *sink, void *user_data);

/* False while so many requests are unanswered that another would not be taken. */
bool qoe_mux_has_room(const qoe_mux *mux);

/* A request packet; segment is what the sink opened for it. */
void qoe_mux_request(qoe_mux *mux, const qoe_packet *packet, qoe_segment *segment);

/* The client sent a control frame: perhaps it has reset a response. */
void qoe_mux_control(qoe_mux *mux, const qoe_packet *packet);

/* A downlink packet that advanced the connection by so many bytes. May close segments. */
void qoe_mux_response(qoe_mux *mux, const qoe_packet *packet, uint32_t advance, const qoe_segment_sink *sink,
                      void *user_data);

/* Leaves what is outstanding as it is: what still comes is not of it. */
void qoe_mux_drop(qoe_mux *mux);

/* The connection has ended: closes what is outstanding. packet as in qoe_segment_sink.closed. */
void qoe_mux_end(qoe_mux *mux, const qoe_packet *packet, const qoe_segment_sink *sink, void *user_data);

#endif
