/* Knows how windows and segments are gathered into the columns of a text chart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text_columns.h"

#include <glib.h>

#include "lanes.h"

/* Columns a window, such that windows begin where columns do. */
static int columns_each(int64_t window_us, int most)
{
    static const int choices[] = {8, 5, 4, 2};

    for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
        if (choices[i] <= most && window_us % choices[i] == 0)
            return choices[i];
    return 1;
}

static void find_columns(qoe_text_columns *columns, const qoe_chart_data *data, int room)
{
    const size_t windows = MAX(data->windows_count, 1);
    const int64_t length_us =
        data->windows_count > 0 ? data->windows[0].end_us - data->windows[0].start_us : data->end_us - data->start_us;

    columns->from_us = data->windows_count > 0 ? data->windows[0].start_us : data->start_us;
    if (windows <= (size_t)room) {
        const int each = columns_each(length_us, room / (int)windows);
        columns->count = (int)windows * each;
        columns->column_us = MAX(length_us / each, 1);
    } else {
        const size_t group = (windows + (size_t)room - 1) / (size_t)room;
        columns->count = (int)((windows + group - 1) / group);
        columns->column_us = MAX(length_us * (int64_t)group, 1);
    }
    columns->at = g_new0(qoe_text_column, (gsize)columns->count);
}

static int column_of(const qoe_text_columns *columns, int64_t time_us)
{
    return (int)CLAMP((time_us - columns->from_us) / columns->column_us, 0, columns->count - 1);
}

/* Of equally common ones the later; no answer counts only where there is nothing else. */
static int commonest(const qoe_lanes *lanes, const qoe_chart_window *windows, size_t count, bool screen)
{
    size_t seen[QOE_LANES_MAX] = {0};
    int best = 0;
    size_t best_count = 0;

    for (size_t i = 0; i < count; i++) {
        const int value = screen ? windows[i].resolution : windows[i].downloaded;
        if (value <= 0)
            continue;
        const size_t now = ++seen[qoe_lanes_find(lanes, value)];
        if (now >= best_count) {
            best = value;
            best_count = now;
        }
    }
    return best;
}

static void fill_column(qoe_text_column *to, const qoe_lanes *lanes, const qoe_chart_window *windows, size_t count)
{
    size_t known = 0;

    to->resolution = commonest(lanes, windows, count, true);
    to->downloaded = commonest(lanes, windows, count, false);
    to->buffer_s = to->stalled_s = QOE_CHART_UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        to->bps = MAX(to->bps, windows[i].bps);
        to->buffer_s = MAX(to->buffer_s, windows[i].buffer_s);
        to->stalled_s = MAX(to->stalled_s, windows[i].stalled_s);
        if (windows[i].resolution > 0) {
            to->certainty += windows[i].certainty;
            known++;
        }
    }
    if (known > 0)
        to->certainty /= (double)known;
}

static void fill_columns(qoe_text_columns *columns, const qoe_chart_data *data)
{
    const qoe_lanes lanes = qoe_lanes_of(data);
    size_t first = 0;

    for (int c = 0; c < columns->count && data->windows_count > 0; c++) {
        const int64_t start_us = columns->from_us + c * columns->column_us;
        while (first + 1 < data->windows_count && data->windows[first].end_us <= start_us)
            first++;
        size_t end = first + 1;
        while (end < data->windows_count && data->windows[end].start_us < start_us + columns->column_us)
            end++;
        fill_column(&columns->at[c], &lanes, &data->windows[first], end - first);
    }
    for (size_t i = 0; i < data->segments_count; i++)
        columns->at[column_of(columns, data->segments[i].end_us)].bytes[data->segments[i].kind] +=
            data->segments[i].bytes;
}

qoe_text_columns qoe_text_columns_of(const qoe_chart_data *data, int room)
{
    qoe_text_columns columns = {.at = NULL};

    find_columns(&columns, data, room);
    fill_columns(&columns, data);
    return columns;
}
