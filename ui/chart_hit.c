/* Knows what lies under a point of the chart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart.h"

static bool inside(const qoe_chart_band *band, double y)
{
    return band->h > 0 && y >= band->y && y < band->y + band->h;
}

static qoe_hit hit_window(const qoe_chart_data *data, int64_t time_us)
{
    size_t low = 0, high = data->windows_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (data->windows[middle].end_us > time_us)
            high = middle;
        else
            low = middle + 1;
    }
    if (low < data->windows_count && data->windows[low].start_us <= time_us)
        return (qoe_hit){QOE_HIT_WINDOW, low};
    return (qoe_hit){QOE_HIT_NOTHING, 0};
}

/* Bars are thin: a pointer may be `slack_us` off. The nearest bar counts, of equals the later one, which is drawn
 * above the others. */
static qoe_hit hit_segment(const qoe_chart_data *data, qoe_kind kind, int64_t time_us, int64_t slack_us)
{
    qoe_hit hit = {QOE_HIT_NOTHING, 0};
    int64_t nearest_us = slack_us;

    for (size_t i = 0; i < data->segments_count; i++) {
        const qoe_chart_segment *segment = &data->segments[i];
        if (segment->kind != kind)
            continue;
        const int64_t off_us = MAX(MAX(segment->request_us - time_us, time_us - segment->end_us), 0);
        if (off_us <= nearest_us) {
            nearest_us = off_us;
            hit = (qoe_hit){QOE_HIT_SEGMENT, i};
        }
    }
    return hit;
}

qoe_hit qoe_chart_hit(const qoe_chart_data *data, const qoe_chart_geometry *geometry, double x, double y)
{
    const int64_t time_us = qoe_chart_time(geometry, x);

    if (x < geometry->x || x > geometry->x + geometry->w)
        return (qoe_hit){QOE_HIT_NOTHING, 0};
    if (inside(&geometry->steps, y) || inside(&geometry->buffer, y))
        return hit_window(data, time_us);
    for (int kind = 0; kind < QOE_KINDS; kind++)
        if (inside(&geometry->kinds[kind], y))
            return hit_segment(data, (qoe_kind)kind, time_us, qoe_chart_time(geometry, x + 2) - time_us);
    return (qoe_hit){QOE_HIT_NOTHING, 0};
}
