/* DNS answers: which addresses a question's name resolved to (RFC 1035; AAAA RFC 3596; SVCB and HTTPS
 * address hints RFC 9460).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_DNS_H
#define QOE_DNS_H

#include <stddef.h>

#include "addr.h"

#define QOE_DNS_NAME_MAX 256   /* 253 characters and a NUL, rounded up */
#define QOE_DNS_CHAIN_MAX 16   /* CNAMEs followed from one question */
#define QOE_DNS_ANSWERS_MAX 64 /* addresses reported from one message */

/* One address: chain[0] is the question's name, the rest are the CNAMEs that led from it to the record
 * with the address. Names are lower case, dotted, without the final dot; bytes outside [-_a-z0-9] are
 * shown as '?'. Everything is borrowed for the call. */
typedef struct {
    const char *const *chain;
    size_t chain_len; /* 1..QOE_DNS_CHAIN_MAX */
    qoe_addr addr;
} qoe_dns_answer;

typedef void (*qoe_dns_answer_cb)(const qoe_dns_answer *answer, void *user_data);

/* Parses one message (without the length prefix of DNS over TCP) of which len bytes were captured and
 * calls back for each address that is reached from the first question, in any record order. A message
 * that is cut (snap length, TC bit) gives what could be read. Queries, error responses and malformed
 * messages give nothing. Returns the number of addresses reported. */
size_t qoe_dns_parse(const uint8_t *message, size_t len, qoe_dns_answer_cb report, void *user_data);

#endif
