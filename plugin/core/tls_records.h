/* Where the records of one direction of a TLS connection end: their heads are read (RFC 8446 5.1), their contents are
 * not, and nothing is copied.
 *
 * The head of a record says where the next one begins, so only the packets that hold a head are looked at. While it is
 * not known where a head is (the capture began in the middle, a packet is missing) heads are told by their looks, and
 * remembered until two of them meet: the first one's record ends where the second one begins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TLS_RECORDS_H
#define QOE_TLS_RECORDS_H

#include <stdbool.h>

#include "packet.h"

enum { QOE_TLS_APPLICATION_DATA = 23, QOE_TLS_HEAD = 5 };

/* Beyond a hole, rows of records of one length that are remembered: at a server that writes 32 kB at once 1 MB. */
enum { QOE_TLS_AHEAD_MAX = 64 };

typedef struct {
    uint32_t seq; /* of the first head */
    uint16_t len;
    uint16_t count;
} qoe_tls_row;

typedef struct {
    uint8_t type;
    bool torn;    /* records before it were missed */
    uint16_t len; /* behind the head */
    uint32_t end; /* sequence number behind it */
} qoe_tls_record;

/* All zero at a direction's start, or anywhere within it. */
typedef struct {
    bool found;   /* next is where the next head is */
    bool torn;    /* for the next record */
    bool waiting; /* `current` has not been told yet: its end has not come */
    bool begun;   /* reached is known */
    bool given_up;
    uint8_t have; /* bytes of a head that lies in two packets */
    uint8_t head[QOE_TLS_HEAD];
    uint8_t ahead_count;
    uint32_t next;
    uint32_t reached;  /* behind the highest byte seen */
    uint32_t headless; /* bytes since a head was read */
    qoe_tls_record current;
    uint32_t tail_end; /* sequence number behind the last packet that was searched, and its last bytes */
    uint8_t tail[QOE_TLS_HEAD - 1];
    qoe_tls_row ahead[QOE_TLS_AHEAD_MAX]; /* what looks like heads of application data */
} qoe_tls_records;

/* Takes a packet with payload: calls take(user_data, record) for each record of which the end has come, in order.
 * A packet of which the capture holds only a part, or a payload that is not TLS, ends it all: see given_up. */
void qoe_tls_records_packet(qoe_tls_records *records, const qoe_packet *packet,
                            void (*take)(void *user_data, const qoe_tls_record *record), void *user_data);

#endif
