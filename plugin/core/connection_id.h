/* QUIC connections that go on from another port: their clients' packets keep the ID by which the server is called
 * (RFC 9000 5.1 and 9: the usual reason is a NAT that has forgotten a silent connection).
 *
 * A short header does not say how long its ID is (RFC 9000 17.3.1), so that only IDs of 8 bytes and more are known
 * again; of a shorter one the bytes behind it differ from packet to packet. A client that moves of its own will takes a
 * new ID (9.5): nobody can follow it then but by the server's address.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CONNECTION_ID_H
#define QOE_CONNECTION_ID_H

#include "packet.h"
#include "server.h"

/* A cache of fixed size: of many connections the last ones are remembered. */
typedef struct qoe_connection_ids qoe_connection_ids;

qoe_connection_ids *qoe_connection_ids_new(void);
void qoe_connection_ids_free(qoe_connection_ids *ids);

/* A client's packet belongs to a connection with that server (borrowed). Packets without a short header or with less
 * than an ID in the capture teach nothing. */
void qoe_connection_ids_learn(qoe_connection_ids *ids, const qoe_packet *packet, qoe_server *server);

/* The server of the connection to which a client's packet belongs; NULL: not known. */
qoe_server *qoe_connection_ids_find(const qoe_connection_ids *ids, const qoe_packet *packet);

#endif
