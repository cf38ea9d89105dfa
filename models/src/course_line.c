/* Lines of the course's data set and the features that they add up to along a session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "course_line.h"

#include <math.h>

/* The latest line of the same session at or before a time; NULL if there is none. */
static const course_line *line_at(const course_line *first, const course_line *now, double time_s)
{
    while (now > first && !(now->x[COURSE_ELAPSED] <= time_s))
        now--;
    return now->x[COURSE_ELAPSED] <= time_s ? now : NULL;
}

static double ratio(double x, double other)
{
    if (isnan(other))
        return NAN;
    return other > 0 ? x / other : 0;
}

static double gain(const course_line *first, const course_line *now, course_column column, double span_s)
{
    const course_line *then = line_at(first, now, now->x[COURSE_ELAPSED] - span_s);
    if (then) /* a total that falls is none */
        return now->x[column] >= then->x[column] ? now->x[column] - then->x[column] : NAN;
    /* What came before a session's first line is only known if that is its start. */
    return now->x[COURSE_ELAPSED] <= span_s ? now->x[column] : NAN;
}

static double mean(const course_line *first, const course_line *now, course_column column, double span_s)
{
    double sum = 0, count = 0;
    for (const course_line *one = now; one >= first && one->x[COURSE_ELAPSED] > now->x[COURSE_ELAPSED] - span_s;
         one--) {
        sum += one->x[column];
        count++;
    }
    return sum / count;
}

static double lag(const course_line *first, const course_line *now, course_column column, double span_s)
{
    const course_line *then = line_at(first, now, now->x[COURSE_ELAPSED] - span_s);
    return then ? then->x[column] : 0;
}

static double total(const course_line *first, const course_line *now, course_column column)
{
    double sum = 0;
    for (const course_line *one = first; one <= now; one++)
        sum += one->x[column];
    return sum;
}

double course_line_value(const course_rule *rule, const course_line *first, const course_line *now)
{
    const double span_s = rule->span * COURSE_WINDOW_S, elapsed_s = now->x[COURSE_ELAPSED], x = now->x[rule->column];
    switch (rule->how) {
    case COURSE_RATIO:
        return ratio(x, now->x[rule->other]);
    case COURSE_GAIN:
        return gain(first, now, rule->column, span_s) * rule->scale;
    case COURSE_SPEED:
        return gain(first, now, rule->column, span_s) / fmin(span_s, elapsed_s);
    case COURSE_MEAN:
        return mean(first, now, rule->column, span_s) * rule->scale;
    case COURSE_LAG:
        return lag(first, now, rule->column, span_s) * rule->scale;
    case COURSE_TOTAL:
        return total(first, now, rule->column) / elapsed_s;
    case COURSE_COPY:
        break;
    }
    return x * rule->scale;
}
