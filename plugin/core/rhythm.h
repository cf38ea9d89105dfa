/* The audio of a session with shared connections: how large a segment is, and how often one is asked for.
 *
 * Where audio never stands alone on the wire, no size recurs in the histogram of sizes. But only with the right size
 * and the right ratio of audio to video segments do all busy periods fall into segments of plausible sizes that were
 * asked for in step. So sizes and ratios are tried, and the pair that explains most is taken; how far a size stands out
 * in the histogram counts as well.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_RHYTHM_H
#define QOE_RHYTHM_H

#include <glib.h>

#include "audio.h"
#include "group.h"

/* All zero: nothing learned. */
typedef struct {
    double audio_size; /* bytes; 0: not known */
    double ratio;      /* video segments that play as long as one of audio */
    size_t requests;   /* that it was learned from */
} qoe_rhythm;

/* Learns from the closed ones of groups (qoe_group *, in order of time). Bounded work: of many groups the last count.
 */
void qoe_rhythm_learn(qoe_rhythm *rhythm, const GPtrArray *groups, const qoe_audio *audio);

/* Is it worth while to learn again, now that so many requests have been answered? Learning only then costs no more than
 * a constant time for each request. */
bool qoe_rhythm_is_due(const qoe_rhythm *rhythm, size_t requests);

#endif
