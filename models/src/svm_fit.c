/* One support vector machine on standardised inputs: libsvm's problem, its training, its text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "svm_fit.h"

#include <math.h>

#define CACHE_MB 64

static double transformed(const expert_recipe *how, size_t i, const double *features)
{
    const double x = features[how->inputs[i]];
    return how->linear[i] ? x : log1p(fmax(x, 0));
}

void svm_scale_fit(const expert_recipe *how, const table_row *const *rows, size_t n, svm_scale *scale)
{
    for (size_t i = 0; i < how->input_count; i++) {
        double sum = 0, squares = 0, low = HUGE_VAL, high = -HUGE_VAL;
        for (size_t r = 0; r < n; r++) {
            const double t = transformed(how, i, rows[r]->x);
            sum += t;
            low = fmin(low, t);
            high = fmax(high, t);
        }
        const double mean = sum / (double)n;
        for (size_t r = 0; r < n; r++) {
            const double d = transformed(how, i, rows[r]->x) - mean;
            squares += d * d;
        }
        scale->mean[i] = mean;
        scale->sd[i] = fmax(sqrt(squares / (double)n), 1e-6);
        scale->low[i] = (low - mean) / scale->sd[i];
        scale->high[i] = (high - mean) / scale->sd[i];
    }
}

void svm_scale_apply(const expert_recipe *how, const svm_scale *scale, const double *features, struct svm_node *nodes)
{
    for (size_t i = 0; i < how->input_count; i++) {
        const double z = (transformed(how, i, features) - scale->mean[i]) / scale->sd[i];
        nodes[i] = (struct svm_node){(int)i + 1, fmin(fmax(z, scale->low[i]), scale->high[i])};
    }
    nodes[how->input_count].index = -1;
}

/* libsvm numbers its classes as they come: rows go in by rising class. */
static void fill_problem(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                         svm_machine *machine, size_t *of_class)
{
    const size_t width = how->input_count + 1;
    machine->nodes = g_new(struct svm_node, n * width);
    machine->x = g_new(struct svm_node *, n);
    machine->y = g_new(double, n);
    size_t at = 0;
    for (size_t c = 0; c < how->class_count; c++) {
        of_class[c] = 0;
        for (size_t r = 0; r < n; r++) {
            if (rows[r]->label != how->classes[c])
                continue;
            machine->x[at] = machine->nodes + at * width;
            svm_scale_apply(how, scale, rows[r]->x, machine->x[at]);
            machine->y[at++] = how->classes[c];
            of_class[c]++;
        }
    }
}

svm_machine *svm_machine_train(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                               char **error)
{
    size_t of_class[QOE_MODEL_CLASSES_MAX];
    int labels[QOE_MODEL_CLASSES_MAX];
    double weights[QOE_MODEL_CLASSES_MAX];
    svm_machine *machine = g_new0(svm_machine, 1);
    fill_problem(how, scale, rows, n, machine, of_class);
    struct svm_parameter parameter = {.svm_type = C_SVC,
                                      .kernel_type = RBF,
                                      .gamma = how->gamma / (double)how->input_count,
                                      .cache_size = CACHE_MB,
                                      .eps = 1e-3,
                                      .C = how->cost,
                                      .shrinking = 1,
                                      .weight_label = labels,
                                      .weight = weights};
    for (size_t c = 0; c < how->class_count; c++)
        if (of_class[c] > 0) {
            labels[parameter.nr_weight] = how->classes[c];
            weights[parameter.nr_weight++] = pow((double)of_class[c] / (double)n, -how->weight_power);
        }
    const struct svm_problem problem = {(int)n, machine->y, machine->x};
    const char *wrong = parameter.nr_weight < 2 ? NULL : svm_check_parameter(&problem, &parameter);
    if (parameter.nr_weight < 2 || wrong) {
        *error = wrong
                     ? g_strdup_printf("%s: %s", how->name, wrong)
                     : g_strdup_printf("%s: fewer than two classes to learn: all rows are of %d", how->name, labels[0]);
        svm_machine_free(machine);
        return NULL;
    }
    machine->model = svm_train(&problem, &parameter);
    machine->model->param.weight_label = NULL; /* they were ours */
    machine->model->param.weight = NULL;
    machine->model->param.nr_weight = 0;
    return machine;
}

void svm_machine_free(svm_machine *machine)
{
    if (!machine)
        return;
    if (machine->model)
        svm_free_and_destroy_model(&machine->model);
    g_free(machine->nodes);
    g_free(machine->x);
    g_free(machine->y);
    g_free(machine);
}

/* Where the pair (i, j), i < j, of k classes stands. */
static size_t pair_of(size_t i, size_t j, size_t k)
{
    return i * k - i * (i + 1) / 2 + j - i - 1;
}

void svm_machine_decide(const expert_recipe *how, const svm_machine *machine, const struct svm_node *nodes,
                        double decisions[SVM_PAIRS_MAX], bool known[SVM_PAIRS_MAX])
{
    double values[SVM_PAIRS_MAX];
    const size_t have = (size_t)machine->model->nr_class;
    svm_predict_values(machine->model, nodes, values);
    for (size_t p = 0; p < SVM_PAIRS_MAX; p++)
        known[p] = false;
    for (size_t i = 0, at = 0; i < have; i++)
        for (size_t j = i + 1; j < have; j++, at++) {
            const size_t pair = pair_of(recipe_class_of(how, machine->model->label[i]),
                                        recipe_class_of(how, machine->model->label[j]), how->class_count);
            decisions[pair] = values[at];
            known[pair] = true;
        }
}

static void append_numbers(GString *out, const char *key, const double *values, size_t n)
{
    g_string_append(out, key);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, " %.9g", values[i]);
    g_string_append_c(out, '\n');
}

static void append_ints(GString *out, const char *key, const int *values, size_t n)
{
    g_string_append(out, key);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, " %d", values[i]);
    g_string_append_c(out, '\n');
}

void svm_machine_append(const svm_machine *machine, const svm_sigmoids *sigmoids, GString *out)
{
    const struct svm_model *model = machine->model;
    const size_t k = (size_t)model->nr_class, pairs = k * (k - 1) / 2;
    g_string_append_printf(out, "svm\nsvm_type c_svc\nkernel_type rbf\ngamma %.9g\nnr_class %d\ntotal_sv %d\n",
                           model->param.gamma, model->nr_class, model->l);
    append_numbers(out, "rho", model->rho, pairs);
    append_ints(out, "label", model->label, k);
    append_numbers(out, "probA", sigmoids->a, pairs);
    append_numbers(out, "probB", sigmoids->b, pairs);
    append_ints(out, "nr_sv", model->nSV, k);
    g_string_append(out, "SV\n");
    /* Four digits of a standardised input are finer than any difference between two windows. */
    for (int i = 0; i < model->l; i++) {
        for (size_t c = 0; c + 1 < k; c++)
            g_string_append_printf(out, "%.6g ", model->sv_coef[c][i]);
        for (const struct svm_node *node = model->SV[i]; node->index != -1; node++)
            g_string_append_printf(out, "%d:%.4g ", node->index, node->value);
        g_string_truncate(out, out->len - 1);
        g_string_append_c(out, '\n');
    }
}
