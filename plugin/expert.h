/* What Analyze > Expert Information says of video quality.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_EXPERT_H
#define QOE_EXPERT_H

#include "analysis.h"
#include "compat.h"

void qoe_expert_register(int proto);

/* Adds the expert infos of one packet's events to its item in the tree. */
void qoe_expert_add(packet_info *pinfo, proto_item *item, const qoe_event *events);

#endif
