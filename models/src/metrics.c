/* What answers are worth: accuracy, F1, confusions, ROC, calibration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "metrics.h"

#include <math.h>
#include <string.h>

const double metrics_coverages[METRICS_COVERAGES] = {1, .9, .8, .7, .5};

size_t metrics_class_of(const scores *all, int lines)
{
    for (size_t c = 0; c < all->class_count; c++)
        if (all->classes[c] == lines)
            return c;
    return all->class_count;
}

static void count_answers(const answer *answers, size_t n, scores *out)
{
    size_t near = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t truth = metrics_class_of(out, answers[i].truth), said = metrics_class_of(out, answers[i].said);
        if (truth == out->class_count)
            continue;
        out->rows++;
        out->confusion[truth][said]++;
        out->reasons[answers[i].reason]++;
        if (said == out->class_count)
            continue;
        out->answered++;
        near += truth + 1 >= said && said + 1 >= truth;
        if (!answers[i].sure)
            continue;
        out->sure++;
        const size_t bin = MIN((size_t)(answers[i].confidence * METRICS_BINS), METRICS_BINS - 1);
        out->bin_rows[bin]++;
        out->bin_confidence[bin] += answers[i].confidence;
        out->bin_right[bin] += truth == said;
    }
    out->within_one = out->answered ? (double)near / (double)out->answered : 0;
}

size_t metrics_windows(const scores *all, size_t c)
{
    size_t sum = 0;
    for (size_t o = 0; o <= all->class_count; o++)
        sum += all->confusion[c][o];
    return sum;
}

static void score_classes(scores *out)
{
    double f1_sum = 0, right = 0;
    size_t occurring = 0;
    for (size_t c = 0; c < out->class_count; c++) {
        const double truth = (double)metrics_windows(out, c);
        double said = 0;
        for (size_t o = 0; o < out->class_count; o++)
            said += (double)out->confusion[o][c];
        const double hits = (double)out->confusion[c][c];
        right += hits;
        out->precision[c] = said > 0 ? hits / said : NAN;
        out->recall[c] = truth > 0 ? hits / truth : NAN;
        out->f1[c] = truth > 0 ? 2 * hits / (truth + said) : NAN;
        f1_sum += truth > 0 ? out->f1[c] : 0;
        occurring += truth > 0;
    }
    out->macro_f1 = occurring ? f1_sum / (double)occurring : 0;
    out->accuracy = out->answered ? right / (double)out->answered : 0;
    out->accuracy_all = out->rows ? right / (double)out->rows : 0;
}

static void score_calibration(scores *out)
{
    out->calibration_error = out->sure ? 0 : NAN;
    for (size_t b = 0; b < METRICS_BINS; b++) {
        if (out->bin_rows[b] == 0)
            continue;
        out->calibration_error += fabs(out->bin_confidence[b] - out->bin_right[b]) / (double)out->sure;
        out->bin_confidence[b] /= (double)out->bin_rows[b];
        out->bin_right[b] /= (double)out->bin_rows[b];
    }
}

static int by_confidence(const void *a, const void *b)
{
    const answer *x = *(const answer *const *)a, *y = *(const answer *const *)b;
    return (x->confidence < y->confidence) - (x->confidence > y->confidence);
}

static void score_coverage(const answer *answers, size_t n, scores *out)
{
    const answer **sorted = g_new(const answer *, n);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (answers[i].said && answers[i].sure && metrics_class_of(out, answers[i].truth) < out->class_count)
            sorted[count++] = &answers[i];
    qsort(sorted, count, sizeof *sorted, by_confidence);
    for (size_t k = 0; k < METRICS_COVERAGES; k++) {
        const size_t take = (size_t)(metrics_coverages[k] * (double)count);
        size_t right = 0;
        for (size_t i = 0; i < take; i++)
            right += sorted[i]->said == sorted[i]->truth;
        out->accuracy_at[k] = take ? (double)right / (double)take : 0;
    }
    g_free(sorted);
}

typedef struct {
    double p;
    bool positive;
} scored;

static int by_score(const void *a, const void *b)
{
    const scored *x = a, *y = b;
    return (x->p < y->p) - (x->p > y->p);
}

double metrics_roc(const answer *answers, size_t n, const int *classes, size_t c, double fpr[METRICS_ROC_POINTS],
                   double tpr[METRICS_ROC_POINTS])
{
    scored *sorted = g_new(scored, n);
    size_t count = 0;
    double positives = 0;
    for (size_t i = 0; i < n; i++) {
        if (!answers[i].said || !answers[i].sure)
            continue;
        sorted[count] = (scored){answers[i].p[c], answers[i].truth == classes[c]};
        positives += sorted[count++].positive;
    }
    qsort(sorted, count, sizeof *sorted, by_score);
    const double negatives = (double)count - positives;
    double area = 0, hits = 0, alarms = 0;
    size_t point = 0;
    for (size_t i = 0; i < count;) {
        const double hits_before = hits, alarms_before = alarms, p = sorted[i].p;
        for (; i < count && sorted[i].p == p; i++) {
            hits += sorted[i].positive;
            alarms += !sorted[i].positive;
        }
        area += (alarms - alarms_before) * (hits + hits_before) / 2;
        for (; point < METRICS_ROC_POINTS && (double)point / (METRICS_ROC_POINTS - 1) * negatives <= alarms; point++) {
            fpr[point] = (double)point / (METRICS_ROC_POINTS - 1);
            tpr[point] = positives > 0 ? hits / positives : 0;
        }
    }
    for (; point < METRICS_ROC_POINTS; point++)
        fpr[point] = (double)point / (METRICS_ROC_POINTS - 1), tpr[point] = 1;
    g_free(sorted);
    return positives > 0 && negatives > 0 ? area / (positives * negatives) : NAN;
}

void metrics_score(const answer *answers, size_t n, const int *classes, size_t class_count, scores *out)
{
    double fpr[METRICS_ROC_POINTS], tpr[METRICS_ROC_POINTS];
    memset(out, 0, sizeof *out);
    out->class_count = class_count;
    memcpy(out->classes, classes, class_count * sizeof *classes);
    count_answers(answers, n, out);
    score_classes(out);
    score_calibration(out);
    score_coverage(answers, n, out);
    for (size_t c = 0; c < class_count; c++)
        out->auc[c] = metrics_roc(answers, n, classes, c, fpr, tpr);
}
