/* Rows of segments, windows and sessions as they become known to a listener of the tap.
 *
 * Where the capture has been read before (Wireshark, sharkd, tshark -2) a row is told at the packet that gives it, with
 * its final figures; in a first pass all are told when it is over. Either way each row is told once, and the same rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FOLLOW_H
#define QOE_FOLLOW_H

#include "columns.h"

typedef struct qoe_follow qoe_follow;

typedef void (*qoe_follow_cb)(qoe_table table, const qoe_row *row, void *user_data);

qoe_follow *qoe_follow_new(qoe_follow_cb tell, void *user_data);
void qoe_follow_free(qoe_follow *follow);

/* The capture is read, or tapped, anew. */
void qoe_follow_reset(qoe_follow *follow);

/* A packet passed the listener's filter. known: the analysis has taken the whole capture already. */
void qoe_follow_packet(qoe_follow *follow, qoe_analysis *analysis, const qoe_packet *packet, const qoe_verdict *verdict,
                       bool known);

/* The capture ends here: tells what is left. May be called again; what was told is not told again. */
void qoe_follow_finish(qoe_follow *follow, qoe_analysis *analysis);

#endif
