/* What the dissector offers to the statistics in ui/.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PACKET_QOE_H
#define QOE_PACKET_QOE_H

#include "analysis.h"

/* The tap "qoe" is called for every packet of a tagged server with this. Borrowed for the call. */
typedef struct {
    const qoe_packet *packet;
    const qoe_verdict *verdict;
    bool known; /* the packet has been visited before, so the analysis has taken all packets of the capture. (In a tap
                   the frame's own mark says so always.) */
} qoe_tap_info;

/* The analysis of the open capture; NULL while none is open. Statistics may settle it and read its tables;
 * only the dissector feeds it. */
qoe_analysis *qoe_current_analysis(void);

/* Another number for each analysis, so also when a capture is read anew with other preferences: an analysis may lie
 * where an older one lay. */
uint64_t qoe_current_generation(void);

/* The loaded model (NULL: none) and what was said when it was loaded (NULL: nothing). */
const qoe_model *qoe_current_model(void);
const char *qoe_current_model_message(void);

/* For statistics that tell resolutions: says once that there is no model, if so. False where the user has named one
 * that cannot be used. */
bool qoe_tell_missing_model(void);

/* The protocol's id, for menus. */
int qoe_proto_id(void);

/* What plugin.c hands to Wireshark: fields, preferences, routines; then the statistics. */
void qoe_proto_register(void);
void qoe_proto_handoff(void);

#endif
