/* Tagging: which flow belongs to which server, by address, by the name that its client gives (in a
 * ClientHello, or in an HTTP request in the open), or by port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TAGGING_H
#define QOE_TAGGING_H

#include "flow.h"

typedef struct qoe_tagging qoe_tagging;

/* rules is borrowed. untagged: flows to ports 443 and 80 of hosts that no rule names count as well.
 * flows_max and candidates_max bound the tables of tagged flows and of those that may yet name a service.
 * release is called for each tagged flow before it is forgotten. */
qoe_tagging *qoe_tagging_new(const qoe_rules *rules, bool untagged, size_t flows_max, size_t candidates_max,
                             qoe_flow_release release, void *user_data);
void qoe_tagging_free(qoe_tagging *tagging);

/* The flow of the next packet if a server claims it now, else NULL. Learns from DNS answers and ClientHellos
 * on the way. *src_end tells which end of flow->key sent the packet. */
qoe_flow *qoe_tagging_packet(qoe_tagging *tagging, const qoe_packet *packet, unsigned *src_end);

/* The flow of a packet that has been taken before, NULL if it had no tag then. */
const qoe_flow *qoe_tagging_lookup(const qoe_tagging *tagging, const qoe_packet *packet, unsigned *src_end);

qoe_servers *qoe_tagging_servers(const qoe_tagging *tagging);
uint64_t qoe_tagging_evicted(const qoe_tagging *tagging);

#endif
