/* A made session for the tests of the charts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CHART_SAMPLE_H
#define CHART_SAMPLE_H

#include <glib.h>

#include "chart_data.h"

#define SAMPLE_WINDOW_US 10000000LL

/* `windows` windows of 10 s that climb and fall between 240p and 1080p; each fifth has no answer. Four segments a
 * window, each fourth of them audio. Free with qoe_chart_data_free. */
static inline qoe_chart_data *sample_session(size_t windows)
{
    static const int ladder[] = {240, 360, 480, 720, 1080, 720, 480};
    qoe_chart_data *data = g_new0(qoe_chart_data, 1);

    data->session = 3;
    data->service = g_strdup("Netflix");
    data->client = g_strdup("2001:db8:1234:5678:9abc:def0:1234:5678");
    data->start_us = 2369000;
    data->start_frame = 17;
    data->end_us = (int64_t)windows * SAMPLE_WINDOW_US - 4000000;
    data->mean_resolution = 612.3;
    data->switches = 5;
    data->startup_s = QOE_CHART_UNKNOWN;
    data->windows = g_new0(qoe_chart_window, windows + 1);
    data->segments = g_new0(qoe_chart_segment, windows * 4 + 1);
    for (size_t i = 0; i < windows; i++) {
        const bool answer = i % 5 != 0;
        data->windows[i] = (qoe_chart_window){
            .index = (uint32_t)i,
            .start_us = (int64_t)i * SAMPLE_WINDOW_US,
            .end_us = (int64_t)(i + 1) * SAMPLE_WINDOW_US,
            .resolution = answer ? ladder[i % 7] : 0,
            .downloaded = answer ? ladder[i % 7] : 0,
            .certainty = answer ? 0.3 + 0.1 * (double)(i % 7) : 0,
            .probability = answer ? 0.3 + 0.1 * (double)(i % 7) : 0,
            .reason = answer   ? ""
                      : i == 0 ? "too few segments"
                               : "outside training range",
            .bps = 1e6 * (double)(1 + i % 9),
            .closed_frame = (uint32_t)(i + 1) * 100,
            .buffer_s = QOE_CHART_UNKNOWN,
            .stalled_s = QOE_CHART_UNKNOWN,
        };
    }
    data->windows_count = windows;
    for (size_t i = 0; i < windows * 4; i++)
        data->segments[i] = (qoe_chart_segment){
            .number = (uint32_t)i + 1,
            .kind = i % 4 == 3 ? QOE_KIND_AUDIO : QOE_KIND_VIDEO,
            .complete = QOE_COMPLETE_YES,
            .request_us = (int64_t)i * SAMPLE_WINDOW_US / 4,
            .end_us = (int64_t)i * SAMPLE_WINDOW_US / 4 + 900000,
            .bytes = i % 4 == 3 ? 197000.0 : 4e5 + 1e5 * (double)(i % 11),
            .request_frame = (uint32_t)i * 25 + 1,
            .last_frame = (uint32_t)i * 25 + 20,
        };
    data->segments_count = windows * 4;
    return data;
}

/* The same with everything that a playback model would add. */
static inline qoe_chart_data *sample_session_played(size_t windows)
{
    qoe_chart_data *data = sample_session(windows);

    data->startup_s = 1.8;
    for (size_t i = 0; i < windows; i++) {
        data->windows[i].buffer_s = 5.0 * (double)(i % 13);
        data->windows[i].stalled_s = i % 6 == 2 ? 3.5 : 0;
        if (i > 0 && i % 4 == 0)
            data->windows[i].resolution = 480;
    }
    return data;
}

#endif
