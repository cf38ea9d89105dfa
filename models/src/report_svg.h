/* Inline pictures of a measurement.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_REPORT_SVG_H
#define QOE_TRAIN_REPORT_SVG_H

#include "report.h"

void report_svg_confusion(const scores *all, GString *out);
/* These three are for answers of which some are sure. */
void report_svg_roc(const measurement *one, GString *out);
void report_svg_reliability(const scores *all, GString *out);
void report_svg_coverage(const scores *all, GString *out);

/* A bar a group by accuracy, the worst first; nothing for a single group. */
void report_svg_groups(const measurement *one, GString *out);

#endif
