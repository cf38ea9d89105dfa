/* Knows how windows too many for the picture's width are taken together, so that a day is drawn as fast as an hour.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart_layout.h"

#define COLUMN_LEAST 1.5 /* pixels: a step narrower than this is no step to the eye; an hour fits a usual window */

static int value_of(const qoe_chart_window *window, size_t offset)
{
    return G_STRUCT_MEMBER(int, window, offset);
}

/* How many windows have the lowest value above `above`, and that value. 0: there is none. */
static size_t count_next(const qoe_chart_window *windows, size_t count, size_t offset, int above, int *value)
{
    size_t same = 0;

    for (size_t i = 0; i < count; i++) {
        const int other = value_of(&windows[i], offset);
        if (other <= above || (same > 0 && other > *value))
            continue;
        same = same > 0 && other == *value ? same + 1 : 1;
        *value = other;
    }
    return same;
}

/* The value that most of the windows have; of equals the lowest: rather too poor a picture than too good a one. There
 * are few values, so this is linear. */
static int most_common(const qoe_chart_window *windows, size_t count, size_t offset)
{
    int best = 0, value = -1;
    size_t most = 0, same;

    while ((same = count_next(windows, count, offset, value, &value)) > 0) {
        if (same > most) {
            most = same;
            best = value;
        }
    }
    return best;
}

/* As sure as the windows of that height on screen are on average. */
static double certainty_of(int resolution, const qoe_chart_window *windows, size_t count)
{
    double sum = 0;
    size_t shown = 0;

    for (size_t i = 0; i < count; i++) {
        if (windows[i].resolution > 0 && windows[i].resolution == resolution) {
            sum += windows[i].certainty;
            shown++;
        }
    }
    return shown > 0 ? sum / (double)shown : 0;
}

/* As sure as the windows are on average that say the same; the reason is that of the first that has none. */
static void add_answer(qoe_chart_window *column, const qoe_chart_window *windows, size_t count)
{
    double probability = 0;
    size_t answers = 0;

    column->resolution = most_common(windows, count, G_STRUCT_OFFSET(qoe_chart_window, resolution));
    column->downloaded = most_common(windows, count, G_STRUCT_OFFSET(qoe_chart_window, downloaded));
    for (size_t i = 0; i < count; i++) {
        if (windows[i].downloaded > 0 && windows[i].downloaded == column->downloaded) {
            probability += windows[i].probability;
            answers++;
        } else if (windows[i].downloaded == 0 && !*column->reason) {
            column->reason = windows[i].reason;
        }
    }
    column->certainty = certainty_of(column->resolution, windows, count);
    column->probability = answers > 0 ? probability / (double)answers : 0;
}

/* The highest throughput, the lowest buffer and all stalls: what an eye looks for. */
static qoe_chart_window take_together(const qoe_chart_window *windows, size_t count)
{
    qoe_chart_window column = windows[0];

    column.end_us = windows[count - 1].end_us;
    add_answer(&column, windows, count);
    for (size_t i = 1; i < count; i++) {
        const qoe_chart_window *window = &windows[i];
        column.bps = MAX(column.bps, window->bps);
        if (window->buffer_s >= 0)
            column.buffer_s = column.buffer_s < 0 ? window->buffer_s : MIN(column.buffer_s, window->buffer_s);
        if (window->stalled_s > 0 && !(column.stalled_s > 0))
            column.stall_us = window->stall_us;
        if (window->stalled_s >= 0)
            column.stalled_s = MAX(column.stalled_s, 0) + window->stalled_s;
    }
    return column;
}

static size_t count_in_view(const qoe_chart_layout *layout)
{
    size_t count = 0;

    for (size_t i = 0; i < layout->data->windows_count; i++) {
        const qoe_chart_window *window = &layout->data->windows[i];
        count += window->end_us > layout->at.from_us && window->start_us < layout->at.to_us;
    }
    return count;
}

void qoe_chart_thin(qoe_chart_layout *layout)
{
    const qoe_chart_data *data = layout->data;
    const double room = MAX(1, layout->at.w / COLUMN_LEAST);
    const size_t by = (size_t)((double)count_in_view(layout) / room) + 1;

    layout->taken = by;
    layout->windows = data->windows;
    layout->windows_count = data->windows_count;
    if (by == 1)
        return;
    /* From the first window of all and not from the first in view: scrolling changes no column. */
    GArray *columns = g_array_sized_new(FALSE, FALSE, sizeof(qoe_chart_window), (guint)(data->windows_count / by + 1));
    for (size_t i = 0; i < data->windows_count; i += by) {
        const qoe_chart_window column = take_together(&data->windows[i], MIN(by, data->windows_count - i));
        g_array_append_val(columns, column);
    }
    layout->windows_count = columns->len;
    layout->thinned = (qoe_chart_window *)(void *)g_array_free(columns, FALSE);
    layout->windows = layout->thinned;
}
