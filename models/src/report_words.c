/* What the figures of a report mean. models/README.md has the same lines: a test compares them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

const report_word report_words[] = {
    {"accuracy", "right answers: of the windows answered, and of all windows (no answer counts as wrong). The latter "
                 "stands for parts of the data, by partition and for baselines."},
    {"precision", "right answers of all answers with this class; - if it was never the answer."},
    {"recall", "right answers of all windows of this class, where no answer is a miss; - if it has no windows."},
    {"F1",
     "harmonic mean of precision and recall: 2 hits / (windows + answers) of this class; - if it has no windows."},
    {"macro-F1",
     "mean of F1 over the classes that have windows. sklearn counts classes that are only answered as well, with 0."},
    {"within one class",
     "of the windows answered: the answer is the true class or next to it among the classes listed."},
    {"AUC", "area under the ROC of this class against the rest, by its probability, of the windows answered; - without "
            "any or without a rest."},
    {"commonest class", "baseline: accuracy of always saying the class with most windows."},
    {"throughput only", "baseline: accuracy / macro-F1 of the same kind of machine that sees nothing but the bytes per "
                        "second, in one partition."},
    {"coverage", "accuracy if only a share of the answers is given, the most probable first (most confident share)."},
    {"said/right",
     "0.20/0.25 (8): eight answers with probabilities around .2 (0.20 in the mean), of which 0.25 are right."},
    {"calibration error", "mean distance between said and right, each weighted by its answers."},
};
const size_t report_word_count = G_N_ELEMENTS(report_words);
