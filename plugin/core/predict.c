/* Prediction: class, probability, and the reason where there is no answer.
 *
 * The label is the vote of the one-against-one machines, which was measured to be right more often than the
 * class of the highest probability; the probability says how sure that vote is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "predict.h"

#include <math.h>
#include <string.h>

#include "model_internal.h"
#include "service.h"

#define TINY 1e-7 /* no pair is certain: bounds the sum of odds below */

const char *qoe_reason_name(qoe_reason reason)
{
    switch (reason) {
    case QOE_REASON_NONE:
        return "";
    case QOE_REASON_NO_MODEL:
        return "no model";
    case QOE_REASON_NO_SEGMENTS:
        return "no segments";
    case QOE_REASON_TOO_FEW:
        return "too few segments";
    case QOE_REASON_OUTSIDE:
        return "outside training range";
    case QOE_REASON_NOT_FILM:
        return "not a film";
    case QOE_REASON_ONE_WAY:
        return "one direction only";
    case QOE_REASON_UNSURE:
        return "unsure";
    }
    return "";
}

/* Fills inputs[input_count]; returns the share of inputs outside the training range. */
static double standardise(const qoe_expert *expert, const double *features, double *inputs)
{
    size_t outside = 0;
    for (size_t i = 0; i < expert->input_count; i++) {
        const qoe_input *input = &expert->inputs[i];
        double x = features[input->feature];
        if (input->transform == QOE_TRANSFORM_LOG1P)
            x = log1p(fmax(x, 0));
        double z = (x - input->mean) / input->sd;
        outside += !(z >= input->low && z <= input->high);
        inputs[i] = fmin(fmax(z, input->low), input->high); /* far away an RBF kernel knows nothing; NaN becomes low */
    }
    return (double)outside / (double)expert->input_count;
}

/* Class probabilities from those of the pairs: 1 / (sum over j of 1 / r_ij, less k - 2), normalised
 * (Price, Knerr, Personnaz and Dreyfus, NIPS 1994). By the expert's class order. */
static void couple(const qoe_expert *expert, const double *decisions, double *p)
{
    double odds[QOE_MODEL_CLASSES_MAX] = {0}, sum = 0;
    const size_t k = expert->class_count;
    for (size_t i = 0, pair = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++, pair++) {
            const double line = expert->svm.probA[pair] * decisions[pair] + expert->svm.probB[pair];
            const double r = fmin(fmax(1 / (1 + exp(line)), TINY), 1 - TINY);
            odds[i] += 1 / r;
            odds[j] += 1 / (1 - r);
        }
    for (size_t i = 0; i < k; i++)
        sum += 1 / (odds[i] - (double)(k - 2));
    for (size_t i = 0; i < k; i++)
        p[expert->from_svm[i]] = 1 / (odds[i] - (double)(k - 2)) / sum;
}

/* The share of right answers that a raw confidence stood for in held-out data. Knots are means of many answers, so the
 * least sure ones lie below the first: towards a raw confidence of one in as many as there are classes, a guess. */
static double calibrate(const qoe_expert *expert, double raw)
{
    if (expert->knot_count == 0)
        return raw;
    const double guess = 1.0 / (double)expert->class_count;
    double x = fmin(guess, expert->knot_x[0]), y = fmin(guess, expert->knot_y[0]);
    for (size_t i = 0; i < expert->knot_count; i++) {
        const double next_x = expert->knot_x[i], next_y = expert->knot_y[i];
        if (raw <= next_x)
            return next_x > x ? y + fmax(raw - x, 0) / (next_x - x) * (next_y - y) : next_y;
        x = next_x;
        y = next_y;
    }
    return y;
}

static size_t likeliest(const double *p, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (p[i] > p[best])
            best = i;
    return best;
}

/* Sets p[label] to its calibrated value and shares the rest among the others as before. */
static void set_confidence(const qoe_expert *expert, size_t label, double *p)
{
    const double before = p[label], after = calibrate(expert, before);
    const double others = before < 1 - TINY ? (1 - after) / (1 - before) : 0;
    for (size_t i = 0; i < expert->class_count; i++)
        p[i] = i == label ? after : p[i] * others;
}

/* One step of the forward algorithm. The observation counts by a weight below 1, for neighbouring windows see
 * much the same objects. Returns the likeliest class; p becomes the filtered one. */
static size_t filter_step(const qoe_expert *expert, qoe_filter *filter, double *p)
{
    const size_t k = expert->class_count;
    double next[QOE_MODEL_CLASSES_MAX], sum = 0;
    for (size_t to = 0; to < k; to++) {
        double prior = filter->started ? 0 : 1;
        for (size_t from = 0; filter->started && from < k; from++)
            prior += filter->p[expert->in_model[from]] * expert->transition[from][to];
        next[to] = fmax(prior, TINY) * pow(fmax(p[to], TINY), filter->started ? expert->filter_weight : 1);
        sum += next[to];
    }
    memset(filter->p, 0, sizeof filter->p);
    for (size_t i = 0; i < k; i++)
        filter->p[expert->in_model[i]] = p[i] = next[i] / sum;
    filter->started = true;
    return likeliest(p, k);
}

static size_t vote_of(const qoe_expert *expert, int lines)
{
    for (size_t i = 0; i < expert->class_count; i++)
        if (expert->classes[i] == lines)
            return i;
    return 0;
}

void qoe_prediction_limit(qoe_prediction *prediction, double least_probability)
{
    if (prediction->resolution == 0 || prediction->probability >= least_probability)
        return;
    prediction->resolution = 0;
    prediction->probability = 0;
    prediction->reason = QOE_REASON_UNSURE;
}

static void answer(const qoe_expert *expert, const double *inputs, qoe_filter *filter, qoe_prediction *out)
{
    double decisions[QOE_MODEL_PAIRS_MAX], p[QOE_MODEL_CLASSES_MAX] = {0};
    const int vote = qoe_model_decide(expert, inputs, decisions);
    couple(expert, decisions, p);
    size_t label = expert->by_vote ? vote_of(expert, vote) : likeliest(p, expert->class_count);
    set_confidence(expert, label, p);
    if (expert->filter)
        label = filter_step(expert, filter, p);
    for (size_t i = 0; i < expert->class_count; i++)
        out->p[expert->in_model[i]] = p[i];
    out->resolution = expert->classes[label];
    out->probability = p[label];
    qoe_prediction_limit(out, expert->minimum_probability);
}

static bool silent_for_long(const qoe_expert *expert, const double *features, uint64_t recent_objects)
{
    const int silence = qoe_features_find("silence");
    return recent_objects == 0 && silence >= 0 && !(features[silence] <= expert->silence_limit_s);
}

void qoe_predict(const qoe_model *model, const char *service, int transport, const double *features,
                 uint64_t media_objects, uint64_t recent_objects, qoe_filter *filter, qoe_prediction *out)
{
    bool general = false;
    memset(out, 0, sizeof *out);
    const qoe_expert *expert = model ? qoe_model_expert(model, service, transport, &general) : NULL;
    out->reason = QOE_REASON_NONE;
    if (service && !qoe_service_is_film(service)) {
        out->reason = QOE_REASON_NOT_FILM;
    } else if (!expert) {
        out->reason = QOE_REASON_NO_MODEL;
    } else if (media_objects == 0 || silent_for_long(expert, features, recent_objects)) {
        out->reason = QOE_REASON_NO_SEGMENTS;
    } else if (media_objects < expert->minimum_objects) {
        out->reason = QOE_REASON_TOO_FEW;
    } else {
        double inputs[QOE_MODEL_INPUTS_MAX];
        if (standardise(expert, features, inputs) > expert->outside_share)
            out->reason = QOE_REASON_OUTSIDE;
        else
            answer(expert, inputs, filter, out);
        out->classes = out->reason == QOE_REASON_OUTSIDE ? 0 : model->class_count;
    }
}
