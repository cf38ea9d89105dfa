/* Knows how a session of the analysis becomes the plain copy that the graph is drawn from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart_data.h"

#include <glib.h>

static qoe_chart_window copy_window(const qoe_window *window, int64_t capture_end_us)
{
    return (qoe_chart_window){
        .index = window->index,
        .start_us = window->start_us,
        .end_us = window->end_us,
        .resolution = window->resolution,
        .certainty = window->probability,
        .downloaded = window->downloaded.resolution,
        .probability = window->downloaded.probability,
        .reason = qoe_window_reason(window),
        .bps = qoe_window_bps(window, capture_end_us),
        .open = window->open,
        .closed_frame = window->closed_frame,
        .buffer_s = window->buffer_s,
        .stalled_s = window->stalled_s,
        .stall_us = window->stall_us,
    };
}

static qoe_chart_segment copy_segment(const qoe_segment *segment)
{
    return (qoe_chart_segment){
        .number = segment->number,
        .kind = segment->kind,
        .complete = segment->complete,
        .request_us = segment->request_us,
        .end_us = MAX(segment->request_us, segment->last_byte_us),
        .bytes = (double)segment->bytes,
        .resolution = segment->resolution,
        .request_frame = segment->request_frame,
        .last_frame = segment->last_frame,
        .closed_frame = segment->closed_frame,
        .stream = segment->stream,
        .transport = segment->transport,
    };
}

static void copy_segments(qoe_chart_data *data, const qoe_analysis *analysis)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(qoe_chart_segment));
    const size_t count = qoe_analysis_segments(analysis);

    for (size_t i = 0; i < count; i++) {
        const qoe_segment *segment = qoe_analysis_segment(analysis, i);
        if (segment->session == data->session && segment->bytes > 0) {
            const qoe_chart_segment copy = copy_segment(segment);
            g_array_append_val(kept, copy);
        }
    }
    data->segments_count = kept->len;
    data->segments = (qoe_chart_segment *)(void *)g_array_free(kept, FALSE);
}

/* A service's name may come from a user's table: valid UTF-8 without control characters, which XML forbids. */
static char *readable(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);

    for (char *at = valid; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    return valid;
}

qoe_chart_data *qoe_chart_data_new(const qoe_analysis *analysis, size_t i)
{
    const qoe_session *session = qoe_analysis_session(analysis, i);
    const int64_t end_us = qoe_analysis_end_us(analysis);
    char client[QOE_ADDR_STRLEN];
    qoe_chart_data *data = g_new0(qoe_chart_data, 1);

    data->session = session->number;
    data->service = readable(session->service);
    data->client = g_strdup(qoe_addr_format(&session->client, client));
    data->epoch_us = qoe_analysis_epoch_us(analysis);
    data->start_us = session->start_us;
    data->end_us = session->last_us;
    data->start_frame = session->start_frame;
    data->last_frame = session->last_frame;
    data->mean_resolution = session->mean_resolution;
    data->switches = session->switches;
    data->startup_s = session->startup_us >= 0 ? (double)session->startup_us / 1e6 : QOE_CHART_UNKNOWN;
    data->windows = g_new(qoe_chart_window, session->window_count);
    for (uint32_t w = 0; w < session->window_count; w++)
        if (session->windows[w])
            data->windows[data->windows_count++] = copy_window(session->windows[w], end_us);
    copy_segments(data, analysis);
    return data;
}

double qoe_window_bps(const qoe_window *window, int64_t end_us)
{
    const int64_t until_us = window->open ? CLAMP(end_us, window->start_us, window->end_us) : window->end_us;
    const int64_t covered_us = MAX(until_us - window->start_us, 1000000);

    return (double)window->traffic.bytes_in * 8e6 / (double)covered_us;
}
