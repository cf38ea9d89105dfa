/* Service rules: which name suffixes and address prefixes belong to which streaming service.
 *
 * A rule's match is a domain suffix (matched on label borders, case-insensitively: "nflxvideo.net"
 * matches "ipv4-c071.1.nflxvideo.net", never "notnflxvideo.net") or an address prefix in CIDR.
 * Rules added later are asked before the built-in ones; among the added ones, as among the built-in ones, the longest
 * match wins, and of two rules with the same match the one added last.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SERVICE_H
#define QOE_SERVICE_H

#include "addr.h"

typedef struct qoe_rules qoe_rules;

/* The service of hosts that no rule names, where they are analysed all the same. */
#define QOE_SERVICE_UNTAGGED "untagged"

/* A new set with the built-in rules. Free with qoe_rules_free. */
qoe_rules *qoe_rules_new(void);
void qoe_rules_free(qoe_rules *rules);

/* Adds a rule. Blanks around service and match do not count; a service that differs from a known one only in capital
 * letters is the known one. False on an empty or malformed service or match, with *error (g_free) saying what is
 * wrong in words for the user; the set is then unchanged. error may be NULL. */
bool qoe_rules_add(qoe_rules *rules, const char *service, const char *match, char **error);

/* True if service and match would make a rule; else *error as above. */
bool qoe_rule_check(const char *service, const char *match, char **error);

/* The service of a host name or an address; NULL if no rule matches. The string lives as long as
 * the set. A name that rules call "not a film" (a speed test on a streaming service's servers, such as
 * fast.com) is answered with that rule's own service name, see qoe_service_is_film. */
const char *qoe_rules_by_name(const qoe_rules *rules, const char *name);
const char *qoe_rules_by_addr(const qoe_rules *rules, const qoe_addr *addr);

/* False for services that are known not to show films: speed tests, uploads. */
bool qoe_service_is_film(const char *service);

/* True for a speed test whose bytes come from a film service's servers. */
bool qoe_service_is_speed_test(const char *service);

#endif
