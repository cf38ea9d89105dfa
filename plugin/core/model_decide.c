/* An expert's decision: libsvm's, from values of its kernel that are computed here.
 *
 * libsvm goes through sparse vectors one by one, 650 instructions for each; of a dense matrix the compiler takes
 * several at a time. Everything else (coefficients, pairs, votes) is svm_predict_values on a precomputed kernel. The
 * sum has libsvm's order, so that its result is the same to the last bit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "model_internal.h"

/* squares[i] += (z - column[i])^2 */
static void add_squares(double z, const double *restrict column, size_t n, double *restrict squares)
{
    for (size_t i = 0; i < n; i++) {
        const double apart = z - column[i];
        squares[i] += apart * apart;
    }
}

int qoe_model_decide(const qoe_expert *expert, const double *z, double *decisions)
{
    const size_t vectors = (size_t)expert->svm.l;
    double *squares = g_new0(double, vectors);
    struct svm_node *kernel = g_new0(struct svm_node, vectors);
    for (size_t input = 0; input < expert->input_count; input++)
        add_squares(z[input], expert->components + input * vectors, vectors, squares);
    for (size_t i = 0; i < vectors; i++)
        kernel[i].value = exp(-expert->svm.param.gamma * squares[i]);
    const double vote = svm_predict_values(&expert->svm, kernel, decisions);
    g_free(kernel);
    g_free(squares);
    return (int)vote;
}
