/* Order statistics of short lists.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quantile.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void qoe_quantile_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
}

double qoe_quantile_of_sorted(const double *sorted, size_t n, double share)
{
    if (n == 0)
        return 0;
    const double at = share * (double)(n - 1);
    const size_t below = (size_t)at;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

double qoe_quantile_mean(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return n ? sum / (double)n : 0;
}

double qoe_quantile_sd(const double *values, size_t n)
{
    const double mean = qoe_quantile_mean(values, n);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return n ? sqrt(sum / (double)n) : 0;
}
