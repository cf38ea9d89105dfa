/* The lanes of a chart: one for each height of video, rising.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_LANES_H
#define QOE_LANES_H

#include "chart_data.h"

#define QOE_LANES_MAX 24

typedef struct {
    int resolutions[QOE_LANES_MAX]; /* lines */
    int count;
} qoe_lanes;

/* The usual ladder (144 to 1080) and whatever else a session shows: a model may have other classes. */
qoe_lanes qoe_lanes_of(const qoe_chart_data *data);

/* The lane of a resolution, 0 the lowest; of one that has none the next higher. */
int qoe_lanes_find(const qoe_lanes *lanes, int resolution);

#endif
