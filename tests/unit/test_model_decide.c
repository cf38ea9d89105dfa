/* An expert's decision against libsvm's own kernel.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "model_internal.h"

enum { CLASSES = 3, INPUTS = 7, VECTORS = 61, PAIRS = 3 };

/* The same machine twice: as text of a bundle, and as libsvm would have loaded it. */
typedef struct {
    char *text;
    qoe_reader reader;
    qoe_expert *expert;
    struct svm_model libsvm;
    struct svm_node nodes[VECTORS][INPUTS + 1], *vectors[VECTORS];
    double coefficients[CLASSES - 1][VECTORS], *rows[CLASSES - 1], rho[PAIRS];
    int labels[CLASSES], counts[CLASSES];
} machine;

static double draw(GRand *rand)
{
    return round(g_rand_double_range(rand, -3, 3) * 1000) / 1000;
}

/* A third of the components is 0, which libsvm's files leave out. */
static void draw_vector(machine *m, size_t i, GRand *rand, GString *text)
{
    size_t n = 0;
    for (size_t c = 0; c + 1 < CLASSES; c++)
        g_string_append_printf(text, "%.3f ", m->coefficients[c][i] = draw(rand));
    for (int input = 1; input <= INPUTS; input++) {
        if (g_rand_int_range(rand, 0, 3) == 0)
            continue;
        m->nodes[i][n] = (struct svm_node){input, draw(rand)};
        g_string_append_printf(text, "%d:%.3f ", input, m->nodes[i][n].value);
        n++;
    }
    m->nodes[i][n].index = -1;
    m->vectors[i] = m->nodes[i];
    g_string_append_c(text, '\n');
}

static void fill_libsvm(machine *m)
{
    static const int labels[CLASSES] = {480, 240, 1080}, counts[CLASSES] = {20, 30, VECTORS - 50};
    memcpy(m->labels, labels, sizeof labels);
    memcpy(m->counts, counts, sizeof counts);
    for (size_t c = 0; c + 1 < CLASSES; c++)
        m->rows[c] = m->coefficients[c];
    m->rho[0] = .05;
    m->rho[1] = -.25;
    m->libsvm = (struct svm_model){
        .param = {.svm_type = C_SVC, .kernel_type = RBF, .gamma = .2},
        .nr_class = CLASSES,
        .l = VECTORS,
        .SV = m->vectors,
        .sv_coef = m->rows,
        .rho = m->rho,
        .label = m->labels,
        .nSV = m->counts,
    };
}

static machine *machine_new(GRand *rand)
{
    machine *m = g_new0(machine, 1);
    GString *text =
        g_string_new("svm\nsvm_type c_svc\nkernel_type rbf\ngamma 0.2\nnr_class 3\ntotal_sv 61\n"
                     "rho 0.05 -0.25 0\nlabel 480 240 1080\nprobA 0 0 0\nprobB 0 0 0\nnr_sv 20 30 11\nSV\n");
    for (size_t i = 0; i < VECTORS; i++)
        draw_vector(m, i, rand, text);
    fill_libsvm(m);
    m->text = g_string_free(text, FALSE);
    m->reader = (qoe_reader){.origin = "drawn", .next = m->text};
    m->expert = g_new0(qoe_expert, 1);
    *m->expert = (qoe_expert){.class_count = CLASSES, .classes = {240, 480, 1080}, .input_count = INPUTS};
    m->expert->services = g_ptr_array_new();
    assert_true(qoe_model_read_svm(&m->reader, m->expert) && qoe_model_read_vectors(m->expert));
    return m;
}

static void machine_free(machine *m)
{
    qoe_model_free_expert(m->expert);
    g_free(m->text);
    g_free(m);
}

static void votes_and_decisions_are_those_of_libsvms_own_kernel(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(11);
    machine *m = machine_new(rand);
    bool seen[1081] = {false};
    for (int round = 0; round < 200; round++) {
        double z[INPUTS], ours[PAIRS], theirs[PAIRS];
        struct svm_node nodes[INPUTS + 1] = {[INPUTS] = {.index = -1}};
        for (int i = 0; i < INPUTS; i++) {
            z[i] = draw(rand);
            nodes[i] = (struct svm_node){i + 1, z[i]};
        }
        const int vote = qoe_model_decide(m->expert, z, ours);
        assert_int_equal(vote, (int)svm_predict_values(&m->libsvm, nodes, theirs));
        for (int pair = 0; pair < PAIRS; pair++)
            assert_true(fabs(ours[pair] - theirs[pair]) < 1e-12);
        seen[vote] = true;
    }
    assert_true(seen[240] && seen[480] && seen[1080]);
    machine_free(m);
    g_rand_free(rand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(votes_and_decisions_are_those_of_libsvms_own_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
