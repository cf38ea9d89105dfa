/* How sure a machine may be: sigmoids of decision values, and calibration of confidences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_CONFIDENCE_H
#define QOE_TRAIN_CONFIDENCE_H

#include <stdbool.h>
#include <stddef.h>

/* Fits p = 1 / (1 + exp(a * value + b)) to n held-out decision values and whether each was of the first class
 * (Platt 1999, with his smoothed targets, by Newton's method). Few or one-sided values give a flat sigmoid. */
void confidence_fit_sigmoid(const double *values, const bool *first, size_t n, double *a, double *b);

enum { CONFIDENCE_KNOTS = 8 };

/* Raw confidences and whether each answer was right -> at most CONFIDENCE_KNOTS rising knots (pool adjacent violators
 * over equal shares of the rows). Sorts nothing of the caller's. Returns their number; 0: too few rows. */
size_t confidence_fit_knots(const double *raw, const bool *right, size_t n, double *x, double *y);

#endif
