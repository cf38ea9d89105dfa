/* Knows which heights of video a chart gives a lane to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "lanes.h"

#include <string.h>

#include <glib.h>

static void add(qoe_lanes *lanes, int resolution)
{
    int i = 0;

    while (i < lanes->count && lanes->resolutions[i] < resolution)
        i++;
    if (resolution <= 0 || lanes->count == QOE_LANES_MAX || (i < lanes->count && lanes->resolutions[i] == resolution))
        return;
    memmove(&lanes->resolutions[i + 1], &lanes->resolutions[i],
            (size_t)(lanes->count - i) * sizeof lanes->resolutions[0]);
    lanes->resolutions[i] = resolution;
    lanes->count++;
}

qoe_lanes qoe_lanes_of(const qoe_chart_data *data)
{
    static const int usual[] = {144, 240, 360, 480, 720, 1080};
    qoe_lanes lanes = {.count = 0};

    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
        add(&lanes, usual[i]);
    for (size_t i = 0; i < data->windows_count; i++) {
        add(&lanes, data->windows[i].resolution);
        add(&lanes, data->windows[i].downloaded);
    }
    return lanes;
}

int qoe_lanes_find(const qoe_lanes *lanes, int resolution)
{
    int lane = 0;

    while (lane + 1 < lanes->count && lanes->resolutions[lane] < resolution)
        lane++;
    return lane;
}
