/* A session in as many columns of characters as there is room for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEXT_COLUMNS_H
#define QOE_TEXT_COLUMNS_H

#include "chart_data.h"

/* A column stands for one window, for a part of one, or for several where the session is long. */
typedef struct {
    int resolution, downloaded; /* the commonest answer; 0: none */
    double certainty;           /* of the screen: mean over the windows with an answer */
    double bps;                 /* highest */
    double bytes[QOE_KINDS];    /* of the segments that ended in it */
    double buffer_s, stalled_s; /* highest, or QOE_CHART_UNKNOWN */
} qoe_text_column;

typedef struct {
    qoe_text_column *at; /* g_free */
    int count;           /* at least 1 */
    int64_t from_us, column_us;
} qoe_text_columns;

/* At most `room` columns, room >= 1. */
qoe_text_columns qoe_text_columns_of(const qoe_chart_data *data, int room);

#endif
