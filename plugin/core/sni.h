/* The server name in a TLS ClientHello (RFC 8446 4.1.2, RFC 6066 3), and what else a client says first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SNI_H
#define QOE_SNI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QOE_SNI_MAX 256 /* 253 characters and a NUL, rounded up */

typedef enum {
    QOE_SNI_FOUND,
    QOE_SNI_HOST, /* likewise a name, but that of a request in the open (see http_host.h) */
    QOE_SNI_MORE, /* a ClientHello so far, but its end or its name is not here yet */
    QOE_SNI_NONE  /* no ClientHello, or one without a usable name (ECH's outer name included) */
} qoe_sni_status;

/* Copies bytes that a client gives as its server's name, in lower case and without a final dot. False (and name
 * untouched) if they cannot be a host's name, are an address, or a public name of Encrypted ClientHello. */
bool qoe_sni_copy_name(const uint8_t *bytes, size_t len, char name[QOE_SNI_MAX]);

/* Reads the host name from a ClientHello handshake message (type, length, body) of which len bytes are
 * there; name is set (lower case) only when QOE_SNI_FOUND, which comes as soon as the name is there. In an Encrypted
 * ClientHello the visible name is the provider's, not the service's: QOE_SNI_NONE for the names that providers use for
 * that. (Browsers send a GREASE extension that looks the same with every other name; those names count: see sni.c.) */
qoe_sni_status qoe_sni_from_handshake(const uint8_t *data, size_t len, char name[QOE_SNI_MAX]);

/* Collects what the client sends at the start of a TCP connection until it has named the server: in a ClientHello or in
 * an HTTP request, either of them perhaps behind words to a proxy (see prologue.h). It may be split over packets or TLS
 * records, come out of order, be repeated or be cut by the snap length. */
typedef struct qoe_sni_stream qoe_sni_stream;

qoe_sni_stream *qoe_sni_stream_new(void);
void qoe_sni_stream_free(qoe_sni_stream *stream);

/* Adds payload from the client that starts offset bytes behind the connection's first byte. captured bytes are at data,
 * len was on the wire. After FOUND, HOST or NONE the stream needs no more data. Holds at most 16 kB. */
qoe_sni_status qoe_sni_stream_add(qoe_sni_stream *stream, uint32_t offset, const uint8_t *data, size_t captured,
                                  size_t len, char name[QOE_SNI_MAX]);

#endif
