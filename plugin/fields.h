/* What the packet tree says of video quality: every qoe.* field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FIELDS_H
#define QOE_FIELDS_H

#include "analysis.h"
#include "compat.h"

void qoe_fields_register(int proto);

/* Adds the fields of a packet of a tagged server. `later`: the packet has been visited before, so what came after it is
 * known too. frames_before: frames in the files before this one, of a live capture into several; segments' frames count
 * them. Returns the item of the whole. */
proto_item *qoe_fields_add(proto_tree *tree, tvbuff_t *tvb, const qoe_verdict *verdict, bool later,
                           uint32_t frames_before);

/* Adds the servers of services that a DNS message names, if there are any. */
void qoe_fields_add_dns(proto_tree *tree, tvbuff_t *tvb, const qoe_packet *packet, const qoe_rules *rules);

#endif
