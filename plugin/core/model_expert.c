/* One expert of a bundle: whom it speaks for, its inputs, its calibration and its filter over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <string.h>

#include "feature.h"
#include "model_internal.h"

#define TEXT_CHARS_MAX 200
#define INPUT_MAX 1e15

static bool read_text(qoe_reader *reader, const char *key, char **out)
{
    const char *text = qoe_reader_value(reader, key);
    if (!text)
        return false;
    if (*text == '\0' || strlen(text) > TEXT_CHARS_MAX)
        return qoe_reader_fail(reader, "%s: 1 to %d characters are expected", key, TEXT_CHARS_MAX);
    *out = g_strdup(text);
    return true;
}

static bool read_services(qoe_reader *reader, qoe_expert *expert)
{
    while (qoe_reader_peek(reader, "service")) {
        char *service = NULL;
        if (!read_text(reader, "service", &service))
            return false;
        g_ptr_array_add(expert->services, service);
    }
    if (qoe_reader_peek(reader, "general")) {
        qoe_reader_line(reader);
        expert->general = true;
    }
    if (!expert->general && expert->services->len == 0)
        return qoe_reader_fail(reader, "an expert needs a \"service\" or \"general\"");
    return true;
}

static bool read_transports(qoe_reader *reader, qoe_expert *expert)
{
    char *rest = qoe_reader_value(reader, "transports");
    if (!rest)
        return false;
    for (const char *word; (word = qoe_reader_word(&rest));) {
        if (strcmp(word, "tcp") == 0)
            expert->tcp = true;
        else if (strcmp(word, "udp") == 0)
            expert->udp = true;
        else
            return qoe_reader_fail(reader, "transports: tcp and udp are known");
    }
    return expert->tcp || expert->udp ? true : qoe_reader_fail(reader, "transports: none");
}

static bool read_classes(qoe_reader *reader, qoe_expert *expert)
{
    char *rest = qoe_reader_value(reader, "classes");
    if (!rest)
        return false;
    size_t last = 0;
    for (char *word; (word = qoe_reader_word(&rest));) {
        if (expert->class_count == QOE_MODEL_CLASSES_MAX)
            return qoe_reader_fail(reader, "classes: more than %d", QOE_MODEL_CLASSES_MAX);
        if (!qoe_reader_count(reader, word, "classes", last + 1, 20000, &last))
            return false;
        expert->classes[expert->class_count++] = (int)last;
    }
    return expert->class_count >= 2 ? true : qoe_reader_fail(reader, "classes: at least two are needed");
}

static bool read_limit(qoe_reader *reader, const char *key, double high, double *out)
{
    char *rest = qoe_reader_value(reader, key);
    return rest && qoe_reader_numbers(reader, rest, key, 0, high, 1, out);
}

static bool read_rules(qoe_reader *reader, qoe_expert *expert)
{
    const char *label = qoe_reader_value(reader, "label");
    if (!label)
        return false;
    expert->by_vote = strcmp(label, "vote") == 0;
    if (!expert->by_vote && strcmp(label, "probability") != 0)
        return qoe_reader_fail(reader, "label: vote or probability is expected");
    size_t objects = 0;
    char *value = qoe_reader_value(reader, "minimum_objects");
    if (!value || !qoe_reader_count(reader, value, "minimum_objects", 0, 1000, &objects))
        return false;
    expert->minimum_objects = objects;
    return read_limit(reader, "minimum_probability", 1, &expert->minimum_probability) &&
           read_limit(reader, "silence_limit_s", 86400, &expert->silence_limit_s) &&
           read_limit(reader, "outside_share", 1, &expert->outside_share);
}

/* NAME TRANSFORM MEAN SD LOW HIGH */
static bool read_input(qoe_reader *reader, qoe_input *input)
{
    char *rest = qoe_reader_line(reader);
    if (!rest)
        return false;
    const char *name = qoe_reader_word(&rest);
    const int feature = name ? qoe_features_find(name) : -1;
    if (feature < 0)
        return qoe_reader_fail(reader, "there is no feature \"%.60s\"", name ? name : "");
    const char *transform = qoe_reader_word(&rest);
    const bool log1p_wanted = transform && strcmp(transform, "log1p") == 0;
    if (!transform || (!log1p_wanted && strcmp(transform, "none") != 0))
        return qoe_reader_fail(reader, "%s: the transform must be none or log1p", name);
    double row[4];
    if (!qoe_reader_numbers(reader, rest, name, -INPUT_MAX, INPUT_MAX, 4, row))
        return false;
    *input = (qoe_input){
        (unsigned)feature, log1p_wanted ? QOE_TRANSFORM_LOG1P : QOE_TRANSFORM_NONE, row[0], row[1], row[2], row[3]};
    if (input->sd < 1e-12 || input->low > input->high)
        return qoe_reader_fail(reader, "%s: sd must be above 0 and low at most high", name);
    return true;
}

static bool read_inputs(qoe_reader *reader, qoe_expert *expert)
{
    char *value = qoe_reader_value(reader, "inputs");
    size_t count = 0;
    if (!value ||
        !qoe_reader_count(reader, value, "inputs", 1, MIN(qoe_features_count(), QOE_MODEL_INPUTS_MAX), &count))
        return false;
    expert->inputs = g_new0(qoe_input, count);
    for (; expert->input_count < count; expert->input_count++) {
        qoe_input *input = &expert->inputs[expert->input_count];
        if (!read_input(reader, input))
            return false;
        for (size_t i = 0; i < expert->input_count; i++)
            if (expert->inputs[i].feature == input->feature)
                return qoe_reader_fail(reader, "%s is there twice", qoe_features_at(input->feature)->name);
    }
    return true;
}

static bool read_calibration(qoe_reader *reader, qoe_expert *expert)
{
    char *value = qoe_reader_value(reader, "calibration");
    if (!value || !qoe_reader_count(reader, value, "calibration", 0, QOE_MODEL_KNOTS_MAX, &expert->knot_count))
        return false;
    for (size_t i = 0; i < expert->knot_count; i++) {
        char *line = qoe_reader_line(reader);
        double knot[2];
        if (!line || !qoe_reader_numbers(reader, line, "calibration", 0, 1, 2, knot))
            return false;
        if (i > 0 && (knot[0] <= expert->knot_x[i - 1] || knot[1] < expert->knot_y[i - 1]))
            return qoe_reader_fail(reader, "calibration: knots must rise");
        expert->knot_x[i] = knot[0];
        expert->knot_y[i] = knot[1];
    }
    return true;
}

static bool read_transitions(qoe_reader *reader, qoe_expert *expert)
{
    for (size_t from = 0; from < expert->class_count; from++) {
        char *line = qoe_reader_line(reader);
        if (!line || !qoe_reader_numbers(reader, line, "filter", 0, 1, expert->class_count, expert->transition[from]))
            return false;
        double sum = 0;
        for (size_t to = 0; to < expert->class_count; to++)
            sum += expert->transition[from][to];
        if (fabs(sum - 1) > .01)
            return qoe_reader_fail(reader, "filter: the row's sum is %g instead of 1", sum);
    }
    return true;
}

/* "filter none", or "filter forward WEIGHT" and a row of the transition matrix per class. */
static bool read_filter(qoe_reader *reader, qoe_expert *expert)
{
    char *rest = qoe_reader_value(reader, "filter");
    const char *kind = rest ? qoe_reader_word(&rest) : NULL;
    if (kind && strcmp(kind, "none") == 0)
        return true;
    if (!kind || strcmp(kind, "forward") != 0)
        return qoe_reader_fail(reader, "filter: none or forward is expected");
    expert->filter = true;
    return qoe_reader_numbers(reader, rest, "filter", 0, 1, 1, &expert->filter_weight) &&
           read_transitions(reader, expert);
}

static bool read_end(qoe_reader *reader)
{
    const char *rest = qoe_reader_value(reader, "end");
    return rest && (strcmp(rest, "expert") == 0 || qoe_reader_fail(reader, "\"end expert\" is expected here"));
}

qoe_expert *qoe_model_read_expert(qoe_reader *reader)
{
    qoe_expert *expert = g_new0(qoe_expert, 1);
    expert->services = g_ptr_array_new_with_free_func(g_free);
    if (read_text(reader, "expert", &expert->name) && read_services(reader, expert) &&
        read_transports(reader, expert) && read_classes(reader, expert) && read_rules(reader, expert) &&
        read_inputs(reader, expert) && read_calibration(reader, expert) && read_filter(reader, expert) &&
        qoe_model_read_svm(reader, expert) && read_end(reader))
        return expert;
    qoe_model_free_expert(expert);
    return NULL;
}

void qoe_model_free_expert(qoe_expert *expert)
{
    struct svm_model *svm = &expert->svm;
    for (size_t c = 0; svm->sv_coef && c + 1 < expert->class_count; c++)
        g_free(svm->sv_coef[c]);
    g_free(svm->sv_coef);
    g_free(svm->SV);
    g_free(svm->rho);
    g_free(svm->probA);
    g_free(svm->probB);
    g_free(svm->label);
    g_free(svm->nSV);
    g_free(expert->places);
    g_free(expert->components);
    g_free(expert->vectors.error);
    g_free(expert->inputs);
    g_ptr_array_free(expert->services, TRUE);
    g_free(expert->name);
    g_free(expert);
}
