/* What answers are worth: accuracy, F1, confusions, ROC, calibration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_METRICS_H
#define QOE_TRAIN_METRICS_H

#include "predict.h"
#include "table.h"

/* One window's truth and answer. */
typedef struct {
    const table_row *row;
    int truth, said; /* lines; said 0: no answer */
    double confidence;
    qoe_reason reason;
    double p[QOE_MODEL_CLASSES_MAX]; /* in the order of the classes that are scored; all 0: the model was not asked */
    unsigned fold;                   /* that it was held out in, from 0 */
    bool sure;                       /* confidence and p were learned; else they mean nothing */
} answer;

enum { METRICS_BINS = 10, METRICS_COVERAGES = 5 };
extern const double metrics_coverages[METRICS_COVERAGES];

typedef struct {
    size_t class_count, rows, answered, sure; /* sure: answers with a learned confidence */
    int classes[QOE_MODEL_CLASSES_MAX];
    double accuracy;     /* right of answered */
    double accuracy_all; /* right of all: no answer counts as wrong */
    double macro_f1;     /* over the classes that occur; no answer counts as a miss */
    double within_one;   /* at most one class off, of answered */
    /* NAN: of a class that was never said (precision), of one without rows (recall, F1) */
    double precision[QOE_MODEL_CLASSES_MAX], recall[QOE_MODEL_CLASSES_MAX], f1[QOE_MODEL_CLASSES_MAX];
    double auc[QOE_MODEL_CLASSES_MAX]; /* one class against the rest; NAN where there is but one of both */
    size_t confusion[QOE_MODEL_CLASSES_MAX][QOE_MODEL_CLASSES_MAX + 1]; /* truth, said; last: no answer */
    size_t bin_rows[METRICS_BINS];                                      /* by confidence: [0, .1) ... [.9, 1] */
    double bin_confidence[METRICS_BINS], bin_right[METRICS_BINS];
    double calibration_error;              /* mean |confidence - share right|, weighted by rows; NAN: none is sure */
    double accuracy_at[METRICS_COVERAGES]; /* of the most confident share */
    size_t reasons[QOE_REASON_UNSURE + 1];
} scores;

void metrics_score(const answer *answers, size_t n, const int *classes, size_t class_count, scores *out);

/* Where a class stands among those scored; class_count if it is none of them. */
size_t metrics_class_of(const scores *all, int lines);

/* The windows of a class. */
size_t metrics_windows(const scores *all, size_t c);

/* One-against-rest ROC of a class: `points` false and true positive rates for rising rates; returns the AUC. */
enum { METRICS_ROC_POINTS = 101 };
double metrics_roc(const answer *answers, size_t n, const int *classes, size_t c, double fpr[METRICS_ROC_POINTS],
                   double tpr[METRICS_ROC_POINTS]);

#endif
