/* How sure a machine may be: sigmoids of decision values, and calibration of confidences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "confidence.h"

#include <glib.h>
#include <math.h>

#define ROUNDS 100
#define RIDGE 1e-9
#define ROWS_MIN 40 /* a share of rights below this tells nothing */

/* Negative log likelihood, computed so that no exponential overflows. */
static double loss(const double *values, const bool *first, size_t n, double hit, double miss, double a, double b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double z = a * values[i] + b, target = first[i] ? hit : miss;
        sum += z >= 0 ? target * z + log1p(exp(-z)) : (target - 1) * z + log1p(exp(z));
    }
    return sum;
}

/* One Newton step with halving; false when it no longer improves. */
static bool newton_step(const double *values, const bool *first, size_t n, double hit, double miss, double *a,
                        double *b)
{
    double ga = 0, gb = 0, haa = RIDGE, hab = 0, hbb = RIDGE;
    for (size_t i = 0; i < n; i++) {
        const double p = 1 / (1 + exp(*a * values[i] + *b)), d = (first[i] ? hit : miss) - p, w = p * (1 - p);
        ga += d * values[i];
        gb += d;
        haa += w * values[i] * values[i];
        hab += w * values[i];
        hbb += w;
    }
    const double det = haa * hbb - hab * hab;
    if (!(det > 0))
        return false;
    const double da = -(hbb * ga - hab * gb) / det, db = -(haa * gb - hab * ga) / det;
    const double before = loss(values, first, n, hit, miss, *a, *b);
    for (double step = 1; step > 1e-8; step /= 2)
        if (loss(values, first, n, hit, miss, *a + step * da, *b + step * db) < before - 1e-10) {
            *a += step * da;
            *b += step * db;
            return true;
        }
    return false;
}

void confidence_fit_sigmoid(const double *values, const bool *first, size_t n, double *a, double *b)
{
    double yes = 0;
    for (size_t i = 0; i < n; i++)
        yes += first[i];
    const double no = (double)n - yes;
    const double hit = (yes + 1) / (yes + 2), miss = 1 / (no + 2);
    *a = 0;
    *b = log((no + 1) / (yes + 1));
    for (int round = 0; n > 0 && round < ROUNDS; round++)
        if (!newton_step(values, first, n, hit, miss, a, b))
            break;
    /* A machine whose votes point the wrong way on held-out rows must not be trusted backwards either. */
    if (*a > 0) {
        *a = 0;
        *b = log((no + 1) / (yes + 1));
    }
}

typedef struct {
    double raw;
    bool right;
} answer;

static int compare_answers(const void *one, const void *other)
{
    const answer *a = one, *b = other;
    if (a->raw != b->raw)
        return a->raw < b->raw ? -1 : 1;
    return (int)a->right - (int)b->right;
}

size_t confidence_fit_knots(const double *raw, const bool *right, size_t n, double *x, double *y)
{
    double weight[CONFIDENCE_KNOTS];
    if (n < ROWS_MIN)
        return 0;
    answer *sorted = g_new(answer, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = (answer){raw[i], right[i]};
    qsort(sorted, n, sizeof *sorted, compare_answers);
    size_t knots = 0;
    for (size_t k = 0; k < CONFIDENCE_KNOTS; k++) {
        const size_t from = k * n / CONFIDENCE_KNOTS, to = (k + 1) * n / CONFIDENCE_KNOTS;
        double sum = 0, hits = 0;
        for (size_t i = from; i < to; i++) {
            sum += sorted[i].raw;
            hits += sorted[i].right;
        }
        x[knots] = sum / (double)(to - from);
        y[knots] = (hits + 1) / ((double)(to - from) + 2);
        weight[knots++] = (double)(to - from);
        while (knots > 1 && (y[knots - 2] >= y[knots - 1] || x[knots - 1] - x[knots - 2] < 1e-6)) {
            const double w = weight[knots - 2] + weight[knots - 1];
            x[knots - 2] = (x[knots - 2] * weight[knots - 2] + x[knots - 1] * weight[knots - 1]) / w;
            y[knots - 2] = (y[knots - 2] * weight[knots - 2] + y[knots - 1] * weight[knots - 1]) / w;
            weight[--knots - 1] = w;
        }
    }
    g_free(sorted);
    return knots;
}
