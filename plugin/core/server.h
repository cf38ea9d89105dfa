/* Servers: which address speaks for which service, why, and since when.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SERVER_H
#define QOE_SERVER_H

#include <stddef.h>

#include "dns.h"
#include "service.h"

typedef enum {
    QOE_SOURCE_DNS,    /* a DNS answer named it */
    QOE_SOURCE_SNI,    /* a connection's ClientHello named it */
    QOE_SOURCE_PREFIX, /* only its address speaks for the service */
    QOE_SOURCE_PORT,   /* no rule names it; analysed because of its port (service "untagged") */
    QOE_SOURCE_HOST    /* an HTTP request in the open named it */
} qoe_source;

/* Traffic of one server, in: to the client. Bytes at the IP layer; payload behind TCP or UDP headers. */
typedef struct {
    uint64_t packets_in, packets_out;
    uint64_t bytes_in, bytes_out;
    uint64_t payload_in, payload_out;
} qoe_traffic;

/* An address in the role of one service. An address that serves two services has two of these.
 * Kept until the table is freed; traffic, first_us and last_us are the analysis' to keep. */
typedef struct {
    qoe_addr addr;
    const char *service; /* interned by the rules */
    const char *name;    /* host name that named it first, "" if none did */
    qoe_source source;   /* how it became known; a name replaces a mere prefix or port */
    /* The service's own machine: in its prefix, or the address of one of its own names. Others are edges of a content
     * network, reached through a CNAME to a name of that network's, and serve other people's names as well. */
    bool own;
    uint32_t since_frame; /* the frame that first told: the DNS answer, the ClientHello, else its first packet */
    qoe_traffic traffic;
    int64_t first_us, last_us; /* of its packets; first_us > last_us: none yet */
} qoe_server;

typedef struct qoe_servers qoe_servers;

#define QOE_SERVERS_MAX 65536 /* server records; beyond it new ones are refused and counted */
#define QOE_NAMES_MAX 65536   /* addresses that DNS tagged; beyond it the oldest that no flow used makes room */

/* rules is borrowed and must outlive the table. */
qoe_servers *qoe_servers_new(const qoe_rules *rules);
void qoe_servers_free(qoe_servers *servers);

/* Takes the addresses of a DNS message (frame: where it was seen). Of a chain of names the question's is asked first,
 * then each CNAME; the first that a rule knows names the server. The newest answer decides: an address
 * that now resolves from another service's name changes its service, one that a name outside all
 * rules resolved to loses the tag for flows that start from now on (content networks share addresses). A tag by
 * prefix stays: the prefix is the service's own network, whatever names lead into it. Names outside all rules
 * are not kept.
 * Returns the number of addresses in the message that a rule's name led to. They get their records at once while the
 * table is less than half full, else when a flow asks. */
size_t qoe_servers_learn_dns(qoe_servers *servers, const uint8_t *message, size_t len, uint32_t frame);

/* The service tag of an address now: by the newest DNS answer, else by prefix; NULL if none. Makes the record if
 * the address has none in this role yet. */
qoe_server *qoe_servers_by_addr(qoe_servers *servers, const qoe_addr *addr, uint32_t frame);

/* The tag of an address by the name that a flow's client gave (source: SNI or HOST); NULL if no rule names it. */
qoe_server *qoe_servers_by_name(qoe_servers *servers, const qoe_addr *addr, qoe_source source, const char *name,
                                uint32_t frame);

/* The tag of a host that no rule names (service "untagged"). NULL only when the table is full. */
qoe_server *qoe_servers_untagged(qoe_servers *servers, const qoe_addr *addr, uint32_t frame);

/* Rises whenever qoe_servers_by_addr may answer differently than before. */
uint32_t qoe_servers_generation(const qoe_servers *servers);

/* All records, in the order in which they became known. i < qoe_servers_count. */
size_t qoe_servers_count(const qoe_servers *servers);
const qoe_server *qoe_servers_at(const qoe_servers *servers, size_t i);

/* Records and names that were refused or forgotten because a table was full. */
uint64_t qoe_servers_refused(const qoe_servers *servers);

const char *qoe_source_name(qoe_source source); /* "dns", "sni", "prefix", "port", "host" */

#endif
