/* Segments: one media object each, from its request to the last byte of its response.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SEGMENT_H
#define QOE_SEGMENT_H

#include "server.h"

typedef enum { QOE_KIND_OTHER, QOE_KIND_VIDEO, QOE_KIND_AUDIO } qoe_kind;
enum { QOE_KINDS = 3 };

typedef enum {
    QOE_COMPLETE_OPEN,    /* still being downloaded where the capture stands (or ended) */
    QOE_COMPLETE_YES,     /* the next request or a FIN ended it */
    QOE_COMPLETE_ABORTED, /* the client closed the connection in mid-download: bytes so far */
    QOE_COMPLETE_GROUP,   /* several overlapping responses of one connection that could not be told apart */
    QOE_COMPLETE_PUSH     /* bounded by gaps in the downlink, for there was no request */
} qoe_complete;

/* What the packet that closed a segment said of it, in one pass. */
typedef struct {
    bool known; /* false: no packet has closed it */
    qoe_kind kind;
    qoe_complete complete;
    uint16_t resolution; /* as the packet that closed its window told it; 0 while the segment has none */
    int64_t first_byte_us, last_byte_us;
    uint32_t last_frame;
    uint64_t bytes;
} qoe_segment_saying;

/* Public to read; only the core writes. Numbers count from 1 in the order of requests. Times: microseconds from the
 * capture's first packet. */
typedef struct {
    uint32_t number;
    uint32_t session; /* its session's number */
    uint32_t stream;  /* the TCP or UDP stream index of the caller, else the flow's number */
    uint8_t transport;
    /* Its connection carries several responses at once (HTTP/2, HTTP/3): bytes, times and kind are the best guess. */
    bool shared;
    bool begun;    /* its connection's handshake is in the capture */
    qoe_kind kind; /* may be judged anew while the session goes on */
    qoe_complete complete;
    const qoe_server *server;
    qoe_addr client;
    uint16_t client_port, server_port;
    int64_t request_us;    /* the request packet; the first byte where there was none (push) */
    int64_t first_byte_us; /* first downlink payload; = request_us while there is none */
    int64_t last_byte_us;
    /* Transport payload of the response, counted once (TCP: advance of the sequence number, so that holes in the
     * capture count too; QUIC: less the packets' own overhead). TLS and HTTP heads are in it: about 0.5 % and 350 B. */
    uint64_t bytes;
    uint32_t packets; /* downlink packets with payload; 0: not answered (yet) */
    uint32_t request_frame;
    uint32_t last_frame; /* of the last payload */
    /* The packet that told that it had ended; 0 while open or when only the capture's end told. */
    uint32_t closed_frame;
    uint16_t resolution; /* lines, video only; 0: not known */
    qoe_segment_saying said;
} qoe_segment;

/* Takes down what its closing packet, in hand now, says. */
void qoe_segment_say(qoe_segment *segment);

/* Is it still what its closing packet said, and its window's of the resolution? False: later traffic has revised it, or
 * none but the capture's end told that it was over. */
bool qoe_segment_is_causal(const qoe_segment *segment);

/* From the request to the last byte, and to the first; 0 where clocks disagree and the answer seems to be older. */
int64_t qoe_segment_duration_us(const qoe_segment *segment);
int64_t qoe_segment_ttfb_us(const qoe_segment *segment);

const char *qoe_kind_name(qoe_kind kind);             /* "video", "audio", "other" */
const char *qoe_complete_name(qoe_complete complete); /* "open", "yes", "aborted", "group", "push" */

#endif
