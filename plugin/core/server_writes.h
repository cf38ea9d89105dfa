/* What a server writes at once on a TLS connection with several responses, and what that tells of them.
 *
 * A write is a run of full records and one shorter record. Servers that read a response in pieces of one size write as
 * much at once, or a multiple where the connection is fast: nginx 32,804 bytes, that is four frames (RFC 9113 4.1) of
 * 8192 B and their heads. With that known, a longer write that holds a HEADERS frame more begins a response, and one of
 * any other length ends one. What is usual is learned on the connection; a server that writes otherwise is never
 * believed, and says nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SERVER_WRITES_H
#define QOE_SERVER_WRITES_H

#include "tls_records.h"

typedef enum {
    QOE_WRITE_PART,   /* of what is under way, or of no response: settings, acknowledgements */
    QOE_WRITE_BEGINS, /* a response */
    QOE_WRITE_ENDS,   /* one; it may also be all of a small one, or begin the next one as well */
    QOE_WRITE_UNKNOWN /* some of it was missed */
} qoe_write_mark;

typedef struct {
    qoe_write_mark mark;
    uint32_t from, to; /* sequence numbers */
    uint32_t plain;    /* bytes before encryption */
} qoe_write;

/* All zero at first. */
typedef struct {
    qoe_tls_records records;
    uint32_t full;          /* length of the longest record */
    uint32_t usual;         /* bytes of a write; 0: not known */
    unsigned alike, unlike; /* writes of more than one record that are a multiple of it, and that are not */
    uint32_t from, plain;   /* of the write that goes on */
    bool torn;              /* some of it was missed */
} qoe_server_writes;

/* Takes a packet with payload from the server: calls take(user_data, write) for each write of which the end has
 * come. */
void qoe_server_writes_packet(qoe_server_writes *writes, const qoe_packet *packet,
                              void (*take)(void *user_data, const qoe_write *write), void *user_data);

/* The usual write in bytes of the TCP stream; 0 while writes do not show where responses begin and end. */
uint32_t qoe_server_writes_piece(const qoe_server_writes *writes);

#endif
