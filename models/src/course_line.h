/* Lines of the course's data set and the features that they add up to along a session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_COURSE_LINE_H
#define QOE_TRAIN_COURSE_LINE_H

#include "course_map.h"

/* One line of the csv. Texts are the csv's. */
typedef struct {
    const char *session, *group, *service;
    bool udp;
    unsigned number; /* of the session, in order of appearance */
    double label, x[COURSE_COLUMNS];
} course_line;

/* What a rule makes of a line: `first` is the first one of its session, all from there to `now` lie one behind the
 * other by rising time. NaN if a value that it needs is missing. */
double course_line_value(const course_rule *rule, const course_line *first, const course_line *now);

#endif
