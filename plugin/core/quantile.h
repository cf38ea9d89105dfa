/* Order statistics of short lists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QUANTILE_H
#define QOE_QUANTILE_H

#include <stddef.h>

/* Sorts n values in rising order. */
void qoe_quantile_sort(double *values, size_t n);

/* The share-quantile (0..1) of n sorted values, linear between neighbours (numpy's default); 0 for n == 0. */
double qoe_quantile_of_sorted(const double *sorted, size_t n, double share);

/* Mean, and standard deviation with 1/n; 0 for n == 0. */
double qoe_quantile_mean(const double *values, size_t n);
double qoe_quantile_sd(const double *values, size_t n);

#endif
