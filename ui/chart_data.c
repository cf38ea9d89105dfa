/* Knows what there is in the copy of a session, and how a window or a segment is told in a sentence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart_data.h"

#include <glib.h>

#include "format.h"

void qoe_chart_data_free(qoe_chart_data *data)
{
    if (!data)
        return;
    g_free(data->service);
    g_free(data->client);
    g_free(data->windows);
    g_free(data->segments);
    g_free(data);
}

bool qoe_chart_data_has_screen(const qoe_chart_data *data)
{
    for (size_t i = 0; i < data->windows_count; i++)
        if (data->windows[i].resolution != data->windows[i].downloaded)
            return true;
    return false;
}

bool qoe_chart_data_has_buffer(const qoe_chart_data *data)
{
    for (size_t i = 0; i < data->windows_count; i++)
        if (data->windows[i].buffer_s >= 0)
            return true;
    return false;
}

bool qoe_chart_data_has_stalls(const qoe_chart_data *data)
{
    for (size_t i = 0; i < data->windows_count; i++)
        if (data->windows[i].stalled_s > 0)
            return true;
    return false;
}

/* "720p (87 %)", or "no answer: no segments". */
static void append_answer(GString *text, const qoe_chart_window *window)
{
    if (window->downloaded > 0)
        g_string_append_printf(text, "%dp downloaded (%.0f %%)", window->downloaded, window->probability * 100);
    else
        g_string_append_printf(text, "no answer: %s", *window->reason ? window->reason : "still open");
    if (window->resolution > 0 && window->resolution != window->downloaded)
        g_string_append_printf(text, ", %dp on screen", window->resolution);
}

char *qoe_chart_window_text(const qoe_chart_data *data, size_t i)
{
    const qoe_chart_window *window = &data->windows[i];
    char from[QOE_FORMAT_LEN], to[QOE_FORMAT_LEN], number[QOE_FORMAT_LEN];
    const int decimals = qoe_step_clock_decimals(window->end_us - window->start_us);
    GString *text = g_string_new(NULL);

    g_string_printf(text, "Window %u, %s\u2013%s: ", window->index, qoe_format_clock(window->start_us, decimals, from),
                    qoe_format_clock(window->end_us, decimals, to));
    append_answer(text, window);
    g_string_append_printf(text, ", %s", qoe_format_rate(window->bps, number));
    if (window->buffer_s >= 0)
        g_string_append_printf(text, ", buffer %s s", qoe_format_short(window->buffer_s, 1, number));
    if (window->stalled_s > 0)
        g_string_append_printf(text, ", stalled %s s", qoe_format_short(window->stalled_s, 1, number));
    if (window->open)
        g_string_append(text, ", the capture ended here");
    return g_string_free(text, FALSE);
}

char *qoe_chart_segment_text(const qoe_chart_data *data, size_t i)
{
    const qoe_chart_segment *segment = &data->segments[i];
    char size[QOE_FORMAT_LEN], from[QOE_FORMAT_LEN], took[QOE_FORMAT_LEN];
    GString *text = g_string_new(NULL);

    g_string_printf(text, "Segment %u: %s, ", segment->number, qoe_kind_name(segment->kind));
    if (segment->resolution > 0)
        g_string_append_printf(text, "%dp, ", segment->resolution);
    g_string_append_printf(text, "%s at %s in %s s", qoe_format_bytes(segment->bytes, size),
                           qoe_format_clock(segment->request_us, 1, from),
                           qoe_format_short((double)(segment->end_us - segment->request_us) / 1e6, 2, took));
    if (segment->complete != QOE_COMPLETE_YES)
        g_string_append_printf(text, " (%s)", qoe_complete_name(segment->complete));
    return g_string_free(text, FALSE);
}

/* In one analysis time, segments and sessions only grow. */
uint64_t qoe_state_of(uint64_t generation, const qoe_analysis *analysis)
{
    uint64_t mixed = 1;

    if (!analysis)
        return 0;
    const uint64_t parts[] = {generation, (uint64_t)qoe_analysis_end_us(analysis), qoe_analysis_segments(analysis),
                              qoe_analysis_sessions(analysis)};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        mixed = (mixed ^ parts[i]) * 0x9e3779b97f4a7c15ULL + 1;
    return mixed != 0 ? mixed : 1;
}
