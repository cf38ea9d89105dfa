/* When a player had something under way, and when it had not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_STRETCHES_H
#define QOE_STRETCHES_H

#include <glib.h>

#include "durations.h"

/* From a moment to another, in microseconds of the capture's clock. */
typedef struct {
    int64_t from_us, to_us;
} qoe_stretch;

/* Stretches in which something of either kind was under way, but for gaps of up to rest_us between what had come and
 * the next request: qoe_stretch in order of time, none overlap. g_array_free it. */
GArray *qoe_stretches_busy(const qoe_downloads *downloads, int64_t rest_us);

/* The gaps between those: each is longer than rest_us, and the next request ends it. Likewise. */
GArray *qoe_stretches_quiet(const qoe_downloads *downloads, int64_t rest_us);

#endif
