/* Made traffic of any size: clients who watch films, many at once, and floods beside them.
 *
 * Nothing is kept between packets but a position, so that a capture of any length is made in no memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_LOAD_H
#define QOE_LOAD_H

#include "packet.h"

typedef enum {
    LOAD_NO_FLOOD,
    LOAD_FLOOD_SYN,       /* SYNs from invented addresses to a server of the films */
    LOAD_FLOOD_UDP,       /* datagrams from such, as of QUIC */
    LOAD_FLOOD_DNS,       /* answers that give invented names outside all rules invented addresses */
    LOAD_FLOOD_DNS_FILMS, /* the same with names of the films' service */
} load_flood;

/* Each client watches one film: connections one after the other, each with its segments. Groups of `at_once` clients
 * follow one another. */
typedef struct {
    uint32_t clients, at_once;
    uint32_t flows;    /* connections of a film */
    uint32_t segments; /* of a connection */
    uint32_t packets;  /* of a segment's response, even; half as many acknowledgements */
    uint32_t film_s;
    uint32_t together; /* requests at a time, whose responses share the segment's bytes (as HTTP/2 has it) */
    load_flood flood;
    uint32_t flood_rate; /* packets of the flood for each packet of a film */
} load_plan;

enum { LOAD_PAYLOAD = 1448 }; /* of each packet of a response */

typedef void (*load_sink)(void *user_data, const qoe_packet *packet);

/* Gives all packets of the plan to the sink, in the order of time. Returns how many. */
uint64_t load_make(const load_plan *plan, load_sink sink, void *user_data);

/* The packets that it will make. */
uint64_t load_packets(const load_plan *plan);

#endif
