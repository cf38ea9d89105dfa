/* How the columns of the course's data set become this program's features.
 *
 * Sizes are in bytes; relative_timestamp is in seconds, the end of the row's 10 s. A segment of theirs is whatever
 * follows an uplink packet with payload; ours counts as media from 20 or 50 kB: statistics over segments are near, not
 * the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "course_map.h"

#include <string.h>

#include "column.h"

#define COURSE_COLUMN_NAME(id, name) name,
const char *const course_column_names[COURSE_COLUMNS] = {COURSE_COLUMN_LIST(COURSE_COLUMN_NAME)};

#define A_SECOND (1 / COURSE_WINDOW_S)
#define SMALL "small segments count too: 0 to 2 % more, once the film runs"
#define SIZES "small segments count too: 5 to 9 % less, once the film runs"
#define LAYER "3 % less if they count TCP payload"

const course_rule course_rules[] = {
    {"rate_30", COURSE_SPEED, COURSE_SUM, COURSE_SUM, 3, 1, SMALL},
    {"rate_60", COURSE_SPEED, COURSE_SUM, COURSE_SUM, 6, 1, SMALL},
    {"rate_120", COURSE_SPEED, COURSE_SUM, COURSE_SUM, 12, 1, SMALL},
    {"rate_240", COURSE_SPEED, COURSE_SUM, COURSE_SUM, 24, 1, SMALL},
    {"rate_all", COURSE_RATIO, COURSE_SUM, COURSE_ELAPSED, 0, 1, SMALL},
    {"size_max", COURSE_COPY, COURSE_SIZE_MAX, COURSE_SUM, 0, 1, ""},
    {"size_p85", COURSE_COPY, COURSE_SIZE_85, COURSE_SUM, 0, 1, SIZES},
    {"elapsed", COURSE_COPY, COURSE_ELAPSED, COURSE_SUM, 0, 1, ""},
    {"media_count", COURSE_COPY, COURSE_COUNT, COURSE_SUM, 0, 1, "for telling windows without media only"},
    {"media_recent", COURSE_GAIN, COURSE_COUNT, COURSE_SUM, 6, 1, "for telling windows without media only"},
    {"window_down", COURSE_COPY, COURSE_DOWN_BYTES, COURSE_SUM, 0, A_SECOND, LAYER},
    {"window_down_packets", COURSE_COPY, COURSE_DOWN_PACKETS, COURSE_SUM, 0, A_SECOND, ""},
    {"window_up_packets", COURSE_COPY, COURSE_UP_PACKETS, COURSE_SUM, 0, A_SECOND, ""},
    {"window_packet", COURSE_RATIO, COURSE_DOWN_BYTES, COURSE_DOWN_PACKETS, 0, 1, LAYER},
    {"window_up_ratio", COURSE_RATIO, COURSE_UP_PACKETS, COURSE_DOWN_PACKETS, 0, 1, ""},
    {"window_down_3", COURSE_MEAN, COURSE_DOWN_BYTES, COURSE_SUM, 3, A_SECOND, LAYER},
    {"window_down_6", COURSE_MEAN, COURSE_DOWN_BYTES, COURSE_SUM, 6, A_SECOND, LAYER},
    {"window_down_all", COURSE_TOTAL, COURSE_DOWN_BYTES, COURSE_SUM, 0, 1, LAYER},
    {"window_down_lag1", COURSE_LAG, COURSE_DOWN_BYTES, COURSE_SUM, 1, A_SECOND, LAYER},
    {"window_down_lag2", COURSE_LAG, COURSE_DOWN_BYTES, COURSE_SUM, 2, A_SECOND, LAYER},
    {"window_down_lag3", COURSE_LAG, COURSE_DOWN_BYTES, COURSE_SUM, 3, A_SECOND, LAYER},
};
const size_t course_rule_count = G_N_ELEMENTS(course_rules);

static char *formula(const course_rule *rule)
{
    const char *column = course_column_names[rule->column], *other = course_column_names[rule->other];
    const double span_s = rule->span * COURSE_WINDOW_S;
    switch (rule->how) {
    case COURSE_RATIO:
        return g_strdup_printf("%s / %s", column, other);
    case COURSE_GAIN:
        return g_strdup_printf("%s, gain in %g s", column, span_s);
    case COURSE_SPEED:
        return g_strdup_printf("%s, gain in %g s, a second", column, span_s);
    case COURSE_MEAN:
        return g_strdup_printf("%s / 10, mean of %u rows", column, rule->span);
    case COURSE_LAG:
        return g_strdup_printf("%s / 10, %u row%s before", column, rule->span, rule->span == 1 ? "" : "s");
    case COURSE_TOTAL:
        return g_strdup_printf("%s, sum so far, a second", column);
    case COURSE_COPY:
        break;
    }
    return g_strdup_printf("%s%s", column, rule->scale < 1 ? " / 10" : "");
}

void course_map_describe(GString *out)
{
    for (size_t i = 0; i < course_rule_count; i++) {
        const course_rule *rule = &course_rules[i];
        char *how = formula(rule);
        g_string_append_printf(out, "%-20s = %-44s %s\n", rule->feature, how, *rule->note ? rule->note : "the same");
        g_free(how);
    }
}

bool course_map_uses(const char *column)
{
    for (size_t i = 0; i < COURSE_COLUMNS; i++)
        if (strcmp(course_column_names[i], column) == 0)
            return true;
    return false;
}

const char *course_map_why_not(const char *column)
{
    const char *by_name = column_reason(column);
    if (by_name)
        return by_name;
    if (g_str_has_prefix(column, "10_") || g_str_has_prefix(column, "allprev_"))
        return "over all segments, the small ones too: far from media's";
    if (strstr(column, "chunk"))
        return "of all segments, the small ones too, or of unknown definition";
    return "no feature of this program means the same";
}
