/* IP addresses and address prefixes: one shape for IPv4 and IPv6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_ADDR_H
#define QOE_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* An address in network order; IPv4 as its IPv4-mapped form ::ffff:a.b.c.d (RFC 4291, 2.5.5.2),
 * so that comparing and hashing need no case for the family. All zero is "no address". */
typedef struct {
    uint8_t bytes[16];
} qoe_addr;

typedef struct {
    qoe_addr addr; /* host bits cleared */
    uint8_t bits;  /* 0..128, counted on the mapped form: an IPv4 /19 is 115 */
} qoe_prefix;

#define QOE_ADDR_STRLEN 46 /* INET6_ADDRSTRLEN */

qoe_addr qoe_addr_from_v4(const uint8_t bytes[4]);
qoe_addr qoe_addr_from_v6(const uint8_t bytes[16]);
bool qoe_addr_is_v4(const qoe_addr *addr);

/* Parses dotted or colon notation; false (and *addr untouched) on anything else. */
bool qoe_addr_parse(const char *text, qoe_addr *addr);

/* Writes the usual notation into buf and returns buf. */
const char *qoe_addr_format(const qoe_addr *addr, char buf[QOE_ADDR_STRLEN]);

static inline bool qoe_addr_equal(const qoe_addr *a, const qoe_addr *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* For GHashTable: keys are const qoe_addr *. */
unsigned qoe_addr_hash(const void *addr);
int qoe_addr_equal_keys(const void *a, const void *b);

/* Parses CIDR notation ("198.38.96.0/19", "2620:10c:7000::/44"); a bare address is a host prefix.
 * False on a bad address or length. Host bits that are set are cleared. */
bool qoe_prefix_parse(const char *text, qoe_prefix *prefix);

/* An IPv6 prefix that is shorter than the 96 bits in front of a mapped address ("::/0") speaks of IPv6 only. */
bool qoe_prefix_contains(const qoe_prefix *prefix, const qoe_addr *addr);

#endif
