/* Reads the IP and TCP or UDP headers out of a frame's bytes, whatever lies before them. Knows no Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FRAME_PARSE_H
#define QOE_FRAME_PARSE_H

#include "packet.h"

/* IP headers are looked for in so many first bytes: enough for any stack of tunnels that a network carries, and a
 * bound on the work for frames that hold none. */
#define QOE_FRAME_SEARCH_MAX 512

/* A frame and the two addresses of its innermost IP header, as a dissector that knows the link layer found them. */
typedef struct {
    const uint8_t *bytes;
    uint32_t captured;        /* bytes there */
    uint32_t wire;            /* bytes that were on the wire, at least `captured` */
    const uint8_t *src, *dst; /* network order */
    uint8_t addr_len;         /* 4 or 16 */
} qoe_frame;

/* Fills all of packet but frame and time_us. False for anything but the first (or only) fragment of TCP or UDP and for
 * frames that were cut within these headers. *hint is where the last IP header was found (0 at first): frames of one
 * capture mostly look alike. */
bool qoe_frame_parse(const qoe_frame *frame, uint32_t *hint, qoe_packet *packet);

#endif
