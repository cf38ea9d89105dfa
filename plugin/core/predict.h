/* Prediction: class, probability, and the reason where there is no answer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PREDICT_H
#define QOE_PREDICT_H

#include "feature.h"
#include "model.h"

/* Why a window has no resolution. */
typedef enum {
    QOE_REASON_NONE,        /* there is an answer */
    QOE_REASON_NO_MODEL,    /* no bundle, or none for this service */
    QOE_REASON_NO_SEGMENTS, /* nothing that looks like media so far, or for long */
    QOE_REASON_TOO_FEW,     /* too few segments to judge yet */
    QOE_REASON_OUTSIDE,     /* the features lie outside what the model was trained on */
    QOE_REASON_NOT_FILM,    /* speed test, call, upload, plain download */
    QOE_REASON_ONE_WAY,     /* the capture has nothing of what the client sent */
    QOE_REASON_UNSURE       /* the probability is below the model's or user's limit */
} qoe_reason;

const char *qoe_reason_name(qoe_reason reason); /* "", "no model", "no segments", "too few segments", ... */

typedef struct {
    int resolution;     /* lines; 0: no answer */
    double probability; /* of that answer, 0..1; 0 without one */
    qoe_reason reason;
    size_t classes; /* as many as the model has, in the order of qoe_model_classes; 0: it was not asked */
    double p[QOE_MODEL_CLASSES_MAX];
} qoe_prediction;

/* What the filter over time carries from window to window; all zero at a session's start. */
typedef struct {
    bool started;
    double p[QOE_MODEL_CLASSES_MAX];
} qoe_filter;

/* Predicts from features[qoe_features_count()]. model may be NULL. filter is advanced. `media_objects` is the number
 * of media objects since the session's start, `recent_objects` in about the last minute.
 * Deterministic; allocates nothing that stays; under 100 microseconds. */
void qoe_predict(const qoe_model *model, const char *service, int transport, const double *features,
                 uint64_t media_objects, uint64_t recent_objects, qoe_filter *filter, qoe_prediction *out);

/* Takes back an answer that is less probable than that; the classes' probabilities stay. */
void qoe_prediction_limit(qoe_prediction *prediction, double least_probability);

#endif
