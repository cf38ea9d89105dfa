/* libsvm's own text inside a bundle, read strictly into libsvm's own structure.
 *
 * svm_load_model trusts its file (it crashes on wrong counts and indices) and reads only from files, so
 * it is not used: struct svm_model is public, and filling it here leaves nothing unchecked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <string.h>

#include "model_internal.h"

#define VALUE_MAX 1e6 /* standardised inputs and coefficients are far smaller */

static bool expect_word(qoe_reader *reader, const char *key, const char *value)
{
    const char *found = qoe_reader_value(reader, key);
    if (!found)
        return false;
    return strcmp(found, value) == 0 ? true : qoe_reader_fail(reader, "%s must be %s", key, value);
}

static bool read_row(qoe_reader *reader, const char *key, double low, double high, size_t n, double *out)
{
    char *rest = qoe_reader_value(reader, key);
    return rest && qoe_reader_numbers(reader, rest, key, low, high, n, out);
}

static bool read_pairs(qoe_reader *reader, struct svm_model *svm)
{
    const size_t k = (size_t)svm->nr_class, pairs = k * (k - 1) / 2;
    svm->rho = g_new0(double, pairs);
    return read_row(reader, "rho", -VALUE_MAX, VALUE_MAX, pairs, svm->rho);
}

static bool read_sigmoids(qoe_reader *reader, struct svm_model *svm)
{
    const size_t k = (size_t)svm->nr_class, pairs = k * (k - 1) / 2;
    svm->probA = g_new0(double, pairs);
    svm->probB = g_new0(double, pairs);
    return read_row(reader, "probA", -VALUE_MAX, VALUE_MAX, pairs, svm->probA) &&
           read_row(reader, "probB", -VALUE_MAX, VALUE_MAX, pairs, svm->probB);
}

static bool find_class(const qoe_expert *expert, double lines, size_t *at)
{
    for (size_t i = 0; i < expert->class_count; i++)
        if ((double)expert->classes[i] == lines) {
            *at = i;
            return true;
        }
    return false;
}

/* The labels must be the expert's classes, each once, in any order. */
static bool read_labels(qoe_reader *reader, qoe_expert *expert)
{
    double labels[QOE_MODEL_CLASSES_MAX];
    bool seen[QOE_MODEL_CLASSES_MAX] = {false};
    if (!read_row(reader, "label", 1, 100000, expert->class_count, labels))
        return false;
    expert->svm.label = g_new0(int, expert->class_count);
    for (size_t i = 0; i < expert->class_count; i++) {
        size_t at = 0;
        if (!find_class(expert, labels[i], &at) || seen[at])
            return qoe_reader_fail(reader, "label: %g is not a class of this expert, or is there twice", labels[i]);
        seen[at] = true;
        expert->from_svm[i] = at;
        expert->svm.label[i] = (int)labels[i];
    }
    return true;
}

static bool read_counts(qoe_reader *reader, struct svm_model *svm)
{
    double counts[QOE_MODEL_CLASSES_MAX];
    const size_t k = (size_t)svm->nr_class;
    if (!read_row(reader, "nr_sv", 0, QOE_MODEL_SVS_MAX, k, counts))
        return false;
    svm->nSV = g_new0(int, k);
    int sum = 0;
    for (size_t i = 0; i < k; i++) {
        svm->nSV[i] = (int)counts[i];
        if ((double)svm->nSV[i] != counts[i])
            return qoe_reader_fail(reader, "nr_sv: %g is not a whole number", counts[i]);
        sum += svm->nSV[i];
    }
    if (sum != svm->l)
        return qoe_reader_fail(reader, "nr_sv: the sum is %d, but total_sv is %d", sum, svm->l);
    return true;
}

/* What read_component reads, if it is valid and plainly written: a bundle has 400,000 of them, and cutting each into
 * words cost a twentieth of a short film's dissection. Else false, with nothing read: read_component tells what is
 * wrong. */
static bool read_usual_component(char **rest, size_t inputs, size_t *index, double *value)
{
    enum { DIGITS_MAX = 4 };
    const char *at = *rest;
    size_t number = 0;
    while (*at >= '0' && *at <= '9' && at - *rest < DIGITS_MAX)
        number = number * 10 + (size_t)(*at++ - '0');
    if (*at++ != ':' || !qoe_reader_decimal(&at, value) || (*at != ' ' && *at != '\0'))
        return false;
    if (number <= *index || number > inputs || fabs(*value) > VALUE_MAX)
        return false;
    *rest += at - *rest + (*at == ' ');
    *index = number;
    return true;
}

/* "index:value", the index above *index and at most `inputs`. */
static bool read_component(qoe_reader *reader, char *word, size_t inputs, size_t *index, double *value)
{
    char *colon = strchr(word, ':');
    if (!colon)
        return qoe_reader_fail(reader, "support vector: index:value is expected");
    *colon = '\0';
    return qoe_reader_count(reader, word, "support vector: index", *index + 1, inputs, index) &&
           qoe_reader_number(reader, colon + 1, "support vector: value", -VALUE_MAX, VALUE_MAX, value);
}

/* One line: k - 1 coefficients, then the components that are not 0, by rising index. */
static bool read_vector(qoe_reader *reader, qoe_expert *expert, size_t i)
{
    struct svm_model *svm = &expert->svm;
    char *rest = qoe_reader_line(reader);
    if (!rest)
        return false;
    for (size_t c = 0; c + 1 < expert->class_count; c++)
        if (!qoe_reader_number(reader, qoe_reader_word(&rest), "support vector: coefficient", -VALUE_MAX, VALUE_MAX,
                               &svm->sv_coef[c][i]))
            return false;
    size_t index = 0;
    for (double value = 0;;) {
        if (!read_usual_component(&rest, expert->input_count, &index, &value)) {
            char *word = qoe_reader_word(&rest);
            if (!word)
                return true;
            if (!read_component(reader, word, expert->input_count, &index, &value))
                return false;
        }
        expert->components[(index - 1) * (size_t)svm->l + i] = value;
    }
}

/* To libsvm a support vector is its place among the kernel's values (qoe_model_decide). */
static void make_room(qoe_expert *expert)
{
    struct svm_model *svm = &expert->svm;
    const size_t l = (size_t)svm->l;
    svm->SV = g_new0(struct svm_node *, l);
    expert->places = g_new0(struct svm_node, l);
    for (size_t i = 0; i < l; i++) {
        expert->places[i].value = (double)i;
        svm->SV[i] = &expert->places[i];
    }
    svm->sv_coef = g_new0(double *, expert->class_count - 1);
    for (size_t c = 0; c + 1 < expert->class_count; c++)
        svm->sv_coef[c] = g_new0(double, l);
    expert->components = g_new0(double, l * expert->input_count);
}

bool qoe_model_read_vectors(qoe_expert *expert)
{
    if (expert->components)
        return expert->vectors.error == NULL;
    make_room(expert);
    for (int i = 0; i < expert->svm.l; i++)
        if (!read_vector(&expert->vectors, expert, (size_t)i))
            return false;
    return true;
}

static bool leave_vectors(qoe_reader *reader, qoe_expert *expert)
{
    if (!expect_word(reader, "SV", ""))
        return false;
    expert->vectors = *reader;
    return qoe_reader_skip(reader, (size_t)expert->svm.l);
}

bool qoe_model_read_svm(qoe_reader *reader, qoe_expert *expert)
{
    struct svm_model *svm = &expert->svm;
    size_t classes = 0, vectors = 0;
    if (!expect_word(reader, "svm", "") || !expect_word(reader, "svm_type", "c_svc") ||
        !expect_word(reader, "kernel_type", "rbf") || !read_row(reader, "gamma", 1e-9, 1e6, 1, &svm->param.gamma))
        return false;
    if (!qoe_reader_count(reader, qoe_reader_value(reader, "nr_class"), "nr_class", expert->class_count,
                          expert->class_count, &classes) ||
        !qoe_reader_count(reader, qoe_reader_value(reader, "total_sv"), "total_sv", 1, QOE_MODEL_SVS_MAX, &vectors))
        return false;
    svm->param.svm_type = C_SVC;
    svm->param.kernel_type = PRECOMPUTED; /* the values of the RBF kernel: qoe_model_decide */
    svm->nr_class = (int)classes;
    svm->l = (int)vectors;
    return read_pairs(reader, svm) && read_labels(reader, expert) && read_sigmoids(reader, svm) &&
           read_counts(reader, svm) && leave_vectors(reader, expert);
}
