/* The feature table: the one definition of what a model sees, for training and inference alike.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "feature.h"

#include <math.h>
#include <string.h>

#include "feature_objects.h"
#include "feature_rungs.h"
#include "feature_window.h"

#define REQUET                                                                                                         \
    "measured on Requet (Gutterman et al., MMSys 2019); segment statistics after Bronzino et al., SIGMETRICS 2020"
#define LAB "measured on labelled sessions of real players over HTTP/1.1, 2 and 3"

/* The table's groups, in this order. */
enum {
    ALL = 0,
    VIDEO = ALL + QOE_OBJECT_FEATURES,
    WINDOW = VIDEO + QOE_OBJECT_FEATURES,
    LAGS = WINDOW + QOE_WINDOW_FEATURES,
    RUNGS = LAGS + QOE_LAGS * QOE_LAGGED_FEATURES,
    FEATURES = RUNGS + QOE_RUNG_FEATURES
};

#define ROW_ALL(id, name, unit, text) {name, unit, "of media objects of 50 kB and more: " text, REQUET},
#define ROW_TIME(id, name, unit, text) {name, unit, text, REQUET},
#define ROW_VIDEO(id, name, unit, text) {"video_" name, unit, "of video segments of 20 kB and more: " text, LAB},
#define ROW_VIDEO_TIME(id, name, unit, text) {"video_" name, unit, text, LAB},
#define ROW_WINDOW(id, name, unit, text) {name, unit, text, LAB},
#define ROW_LAG_1(id, name, unit) {name "_lag1", unit, name " one window ago", LAB},
#define ROW_LAG_2(id, name, unit) {name "_lag2", unit, name " two windows ago", LAB},
#define ROW_LAG_3(id, name, unit) {name "_lag3", unit, name " three windows ago", LAB},

static const qoe_feature table[FEATURES] = {
    QOE_OBJECT_FEATURE_LIST(ROW_ALL, ROW_TIME)         /* from ALL */
    QOE_OBJECT_FEATURE_LIST(ROW_VIDEO, ROW_VIDEO_TIME) /* from VIDEO */
    QOE_WINDOW_FEATURE_LIST(ROW_WINDOW)                /* from WINDOW */
    QOE_LAG_FEATURE_LIST(ROW_LAG_1)                    /* from LAGS */
    QOE_LAG_FEATURE_LIST(ROW_LAG_2)                    /* */
    QOE_LAG_FEATURE_LIST(ROW_LAG_3)                    /* */
    QOE_RUNG_FEATURE_LIST(ROW_WINDOW)                  /* from RUNGS */
};

unsigned qoe_features_count(void)
{
    return FEATURES;
}

const qoe_feature *qoe_features_at(unsigned i)
{
    return i < FEATURES ? &table[i] : NULL;
}

int qoe_features_find(const char *name)
{
    for (unsigned i = 0; i < FEATURES; i++)
        if (strcmp(table[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Hostile times and sizes must not put infinities into an export or a kernel. */
static void make_finite(double *values, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!isfinite(values[i]))
            values[i] = 0;
}

void qoe_features_compute(const qoe_history *history, int64_t end_us, double *out)
{
    qoe_media_list list;
    qoe_media_list_fill(&list, history, end_us, QOE_OBJECTS_ALL, QOE_MEDIA_MIN_BYTES);
    qoe_object_features(&list, out + ALL);
    qoe_media_list_fill(&list, history, end_us, QOE_OBJECTS_VIDEO, QOE_OBJECT_MIN_BYTES);
    qoe_object_features(&list, out + VIDEO);
    qoe_window_features(history, end_us, &list, out + WINDOW);
    for (unsigned lag = 1; lag <= QOE_LAGS; lag++)
        qoe_lag_features(history, end_us, lag, &list, out + LAGS + (size_t)(lag - 1) * QOE_LAGGED_FEATURES);
    qoe_rung_features(history, end_us, &list, out + RUNGS);
    make_finite(out, FEATURES);
}
