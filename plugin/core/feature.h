/* The feature table: the one definition of what a model sees, for training and inference alike.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FEATURE_H
#define QOE_FEATURE_H

#include <stdint.h>

#include "history.h"

/* Raised whenever a feature of an existing name changes its meaning; a model bundle of another version is refused. */
#define QOE_FEATURES_VERSION 1

typedef struct {
    const char *name;       /* stable: export column and bundle key */
    const char *unit;       /* "B/s", "B", "s", "1" */
    const char *definition; /* one sentence */
    const char *source;     /* paper, design note or measurement that it rests on */
} qoe_feature;

/* The table; i < qoe_features_count(). */
unsigned qoe_features_count(void);
const qoe_feature *qoe_features_at(unsigned i);

/* Index of a feature by name; -1 if there is none. */
int qoe_features_find(const char *name);

/* Computes all features of the window of `history` that ends at end_us into out[qoe_features_count()].
 * Causal: only objects and traffic before end_us count. Every value is finite. Needs O(n log n) for at most
 * QOE_HISTORY_OBJECTS objects. */
void qoe_features_compute(const qoe_history *history, int64_t end_us, double *out);

#endif
