/* Knows the frame of the chart: which bands there are, their axes, ticks and titles.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_layout.h"
#include "format.h"

enum { PAD = 14, GAP = 10, ROW_VIDEO = 48, ROW_AUDIO = 28, ROW_OTHER = 24, ROW_BUFFER = 48, LANE = 29, LANE_MIN = 15 };

void qoe_chart_range(const qoe_chart_data *data, int64_t *from_us, int64_t *to_us)
{
    *from_us = data->start_us;
    *to_us = data->end_us;
    if (data->windows_count > 0) {
        *from_us = MIN(*from_us, data->windows[0].start_us);
        *to_us = MAX(*to_us, data->windows[data->windows_count - 1].end_us);
    }
    if (*to_us <= *from_us)
        *to_us = *from_us + 1000000;
}

double qoe_chart_x(const qoe_chart_geometry *geometry, int64_t time_us)
{
    const double range = (double)(geometry->to_us - geometry->from_us);
    return geometry->x + (double)(time_us - geometry->from_us) / range * geometry->w;
}

int64_t qoe_chart_time(const qoe_chart_geometry *geometry, double x)
{
    const double range = (double)(geometry->to_us - geometry->from_us);
    return geometry->from_us + llround((x - geometry->x) / geometry->w * range);
}

static bool any_segment(const qoe_chart_data *data, qoe_kind kind)
{
    for (size_t i = 0; i < data->segments_count; i++)
        if (data->segments[i].kind == kind)
            return true;
    return false;
}

bool qoe_chart_shows(const qoe_chart_layout *layout, unsigned layer)
{
    const qoe_chart_data *data = layout->data;

    /* Where no kind could be told, the segments are all there is to see. */
    if (layer == QOE_LAYER_OTHER && !any_segment(data, QOE_KIND_VIDEO))
        return any_segment(data, QOE_KIND_OTHER);
    if (!(layout->options->layers & layer))
        return false;
    switch (layer) {
    case QOE_LAYER_VIDEO:
        return any_segment(data, QOE_KIND_VIDEO);
    case QOE_LAYER_AUDIO:
        return any_segment(data, QOE_KIND_AUDIO);
    case QOE_LAYER_OTHER:
        return any_segment(data, QOE_KIND_OTHER);
    case QOE_LAYER_BUFFER:
        return qoe_chart_data_has_buffer(data);
    case QOE_LAYER_STALLS:
        return qoe_chart_data_has_stalls(data);
    default:
        return true;
    }
}

double qoe_chart_lane_h(const qoe_chart_layout *layout)
{
    return layout->at.steps.h / layout->lanes.count;
}

double qoe_chart_lane_y(const qoe_chart_layout *layout, int resolution)
{
    const int lane = qoe_lanes_find(&layout->lanes, resolution);
    return layout->at.steps.y + layout->at.steps.h - (lane + 0.5) * qoe_chart_lane_h(layout);
}

/* The scale of the throughput: the highest window that is shown, on a round number of ticks. */
static void find_rate_scale(qoe_chart_layout *layout)
{
    double highest = 0;

    for (size_t i = 0; i < layout->data->windows_count; i++) {
        const qoe_chart_window *window = &layout->data->windows[i];
        if (window->end_us > layout->at.from_us && window->start_us < layout->at.to_us)
            highest = MAX(highest, window->bps);
    }
    layout->rate_unit = highest >= 1e6 ? 1e6 : 1e3;
    const double step = qoe_step_decimal(MAX(highest, 1e3) / layout->rate_unit / 4);
    layout->rate_top_bps = ceil(MAX(highest, 1e3) / layout->rate_unit / step) * step * layout->rate_unit;
}

static void find_segment_scale(qoe_chart_layout *layout, qoe_kind kind)
{
    double largest = 0;

    for (size_t i = 0; i < layout->data->segments_count; i++) {
        const qoe_chart_segment *segment = &layout->data->segments[i];
        if (segment->kind == kind && segment->end_us >= layout->at.from_us && segment->request_us <= layout->at.to_us)
            largest = MAX(largest, segment->bytes);
    }
    const double step = qoe_step_decimal(MAX(largest, 1000) / 4);
    layout->at.kind_top_bytes[kind] = ceil(MAX(largest, 1000) / step) * step;
}

static void find_buffer_scale(qoe_chart_layout *layout)
{
    double highest = 10;

    for (size_t i = 0; i < layout->data->windows_count; i++)
        highest = MAX(highest, layout->data->windows[i].buffer_s);
    const double step = qoe_step_decimal(highest / 4);
    layout->buffer_top_s = ceil(highest / step) * step;
}

static double take_band(qoe_chart_band *band, double y, double h, bool shown)
{
    *band = (qoe_chart_band){y, shown ? h : 0};
    return shown ? y + h + GAP : y;
}

/* Bands from top to bottom. The steps take what height is left. */
static void find_bands(qoe_chart_layout *layout, double top)
{
    static const struct {
        unsigned layer;
        qoe_kind kind;
        double h;
    } rows[] = {{QOE_LAYER_VIDEO, QOE_KIND_VIDEO, ROW_VIDEO},
                {QOE_LAYER_AUDIO, QOE_KIND_AUDIO, ROW_AUDIO},
                {QOE_LAYER_OTHER, QOE_KIND_OTHER, ROW_OTHER}};
    const bool buffer = qoe_chart_shows(layout, QOE_LAYER_BUFFER);
    double below = 2 * QOE_FONT + PAD + GAP + (buffer ? ROW_BUFFER + GAP : 0);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        below += qoe_chart_shows(layout, rows[i].layer) ? rows[i].h + GAP : 0;
    const double lanes = layout->lanes.count;
    const double left = layout->options->height - top - below;
    double y = take_band(&layout->at.steps, top, left >= lanes * LANE_MIN ? left : lanes * LANE, true);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        find_segment_scale(layout, rows[i].kind);
        y = take_band(&layout->at.kinds[rows[i].kind], y, rows[i].h, qoe_chart_shows(layout, rows[i].layer));
    }
    y = take_band(&layout->at.buffer, y, ROW_BUFFER, buffer);
    layout->scene->height = y + 2 * QOE_FONT + PAD;
}

static void draw_title(qoe_chart_layout *layout)
{
    const qoe_chart_data *data = layout->data;
    qoe_scene *scene = layout->scene;
    const double room = scene->width - 2 * PAD;
    char from[QOE_FORMAT_LEN], to[QOE_FORMAT_LEN];
    GString *line = g_string_new(NULL);

    g_string_printf(line, "%s \u2192 %s", data->service, data->client);
    const char *title = qoe_scene_fit(scene, line->str, QOE_FONT_TITLE, true, room);
    qoe_scene_text(scene, QOE_INK_TEXT, QOE_ANCHOR_START, QOE_FONT_TITLE, PAD, PAD + QOE_FONT_TITLE - 2, title)->bold =
        true;
    g_string_printf(line, "Session %u, %s\u2013%s", data->session, qoe_format_clock(data->start_us, 0, from),
                    qoe_format_clock(data->end_us, 0, to));
    if (data->mean_resolution > 0)
        g_string_append_printf(line, " \u00b7 mean %.0fp \u00b7 %u change%s", data->mean_resolution, data->switches,
                               data->switches == 1 ? "" : "s");
    if (data->startup_s >= 0)
        g_string_append_printf(line, " \u00b7 startup ~%s s", qoe_format_short(data->startup_s, 1, from));
    const char *subtitle = qoe_scene_fit(scene, line->str, QOE_FONT, false, room);
    qoe_scene_text(scene, QOE_INK_MUTED, QOE_ANCHOR_START, QOE_FONT, PAD, PAD + QOE_FONT_TITLE + 16, subtitle);
    g_string_free(line, TRUE);
}

static void draw_lanes(qoe_chart_layout *layout)
{
    const double h = qoe_chart_lane_h(layout);
    char label[QOE_FORMAT_LEN];

    for (int i = 0; i < layout->lanes.count; i++) {
        const double y = qoe_chart_lane_y(layout, layout->lanes.resolutions[i]);
        if (i % 2 == 0)
            qoe_scene_rect(layout->scene, QOE_INK_LANE, layout->at.x, y - h / 2, layout->at.w, h);
        snprintf(label, sizeof label, "%dp", layout->lanes.resolutions[i]);
        qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_END, QOE_FONT_SMALL, layout->at.x - 8, y + 4, label);
    }
}

/* The right axis: throughput. */
static void draw_rate_axis(qoe_chart_layout *layout)
{
    const qoe_chart_geometry *at = &layout->at;
    const double top = layout->rate_top_bps / layout->rate_unit;
    const double step = qoe_step_decimal(top / MAX(2, floor(at->steps.h / 42)));
    char label[QOE_FORMAT_LEN];

    for (double value = 0; value <= top * 1.0001; value += step) {
        const double y = at->steps.y + at->steps.h * (1 - value / top);
        qoe_scene_segment(layout->scene, QOE_INK_GRID, 1, at->x + at->w, y, at->x + at->w + 4, y);
        qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_START, QOE_FONT_SMALL, at->x + at->w + 8, y + 4,
                       qoe_format_short(value, 3, label));
    }
    qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_START, QOE_FONT_SMALL, at->x + at->w + 4, at->steps.y - 12,
                   layout->rate_unit >= 1e6 ? "Mbit/s" : "kbit/s");
}

static void draw_band_axis(qoe_chart_layout *layout, const qoe_chart_band *band, const char *name, const char *top)
{
    const double bottom = band->y + band->h;

    qoe_scene_segment(layout->scene, QOE_INK_GRID, 1, layout->at.x, bottom, layout->at.x + layout->at.w, bottom);
    qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_END, QOE_FONT_SMALL, layout->at.x - 8,
                   band->y + band->h / 2 + 4, name);
    qoe_scene_segment(layout->scene, QOE_INK_GRID, 1, layout->at.x + layout->at.w, band->y + 0.5,
                      layout->at.x + layout->at.w + 4, band->y + 0.5);
    qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_START, QOE_FONT_SMALL, layout->at.x + layout->at.w + 8,
                   band->y + 8, top);
}

static double bottom_of_bands(const qoe_chart_geometry *at)
{
    double bottom = at->steps.y + at->steps.h;

    for (int kind = 0; kind < QOE_KINDS; kind++)
        bottom = MAX(bottom, at->kinds[kind].y + at->kinds[kind].h);
    return MAX(bottom, at->buffer.y + at->buffer.h);
}

/* "m:ss since the first packet, 2026-11-22 14:03:11 UTC" */
static char *time_caption(const qoe_chart_layout *layout)
{
    GString *text = g_string_new(layout->at.to_us >= 3600 * 1000000LL ? "h:mm:ss" : "m:ss");
    char date[QOE_FORMAT_LEN];

    g_string_append(text, " since the first packet");
    if (*qoe_format_date(layout->data->epoch_us, date))
        g_string_append_printf(text, ", %s", date);
    if (layout->taken > 1)
        g_string_append_printf(text, "; each step the most common of %zu windows", layout->taken);
    return g_string_free(text, FALSE);
}

static void draw_time_caption(qoe_chart_layout *layout, double y)
{
    const qoe_chart_geometry *at = &layout->at;
    char *caption = time_caption(layout);
    const char *fitted = qoe_scene_fit(layout->scene, caption, QOE_FONT_SMALL, false, at->w);

    qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_MIDDLE, QOE_FONT_SMALL, at->x + at->w / 2, y, fitted);
    g_free(caption);
}

/* Ticks far enough apart for their labels, with a line through all bands. */
static void draw_time_axis(qoe_chart_layout *layout)
{
    const qoe_chart_geometry *at = &layout->at;
    const double bottom = bottom_of_bands(at);
    const int decimals = qoe_step_clock_decimals(layout->step_us);
    int64_t time_us = (at->from_us / layout->step_us - 1) * layout->step_us;
    char label[QOE_FORMAT_LEN];

    for (; time_us <= at->to_us; time_us += layout->step_us) {
        if (time_us < at->from_us)
            continue;
        const double x = qoe_chart_x(at, time_us);
        qoe_scene_segment(layout->scene, QOE_INK_GRID, 1, x, at->steps.y, x, bottom + 4)->opacity = 0.7;
        qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_MIDDLE, QOE_FONT_SMALL, x, bottom + 17,
                       qoe_format_clock(time_us, decimals, label));
    }
    draw_time_caption(layout, bottom + 33);
}

static void find_time_step(qoe_chart_layout *layout)
{
    const qoe_chart_geometry *at = &layout->at;
    const double range = (double)(at->to_us - at->from_us);
    char label[QOE_FORMAT_LEN];

    layout->step_us = 1;
    /* Finer steps have longer labels: the second round knows them. */
    for (int round = 0; round < 2; round++) {
        qoe_format_clock(at->to_us, qoe_step_clock_decimals(layout->step_us), label);
        const double apart = qoe_scene_measure(layout->scene, label, QOE_FONT_SMALL, false) + 28;
        layout->step_us = qoe_step_time((int64_t)(range * apart / at->w));
    }
}

static double left_margin(const qoe_chart_layout *layout)
{
    double widest = qoe_scene_measure(layout->scene, "buffer", QOE_FONT_SMALL, false);
    char label[QOE_FORMAT_LEN];

    for (int i = 0; i < layout->lanes.count; i++) {
        snprintf(label, sizeof label, "%dp", layout->lanes.resolutions[i]);
        widest = MAX(widest, qoe_scene_measure(layout->scene, label, QOE_FONT_SMALL, false));
    }
    return PAD + widest + 8;
}

static double right_margin(const qoe_chart_layout *layout)
{
    return PAD + 8 + qoe_scene_measure(layout->scene, "500 kB", QOE_FONT_SMALL, false);
}

static void draw_axes(qoe_chart_layout *layout)
{
    static const qoe_kind kinds[] = {QOE_KIND_VIDEO, QOE_KIND_AUDIO, QOE_KIND_OTHER};
    char top[QOE_FORMAT_LEN], number[QOE_FORMAT_LEN];

    draw_lanes(layout);
    if (qoe_chart_shows(layout, QOE_LAYER_RATE))
        draw_rate_axis(layout);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const double bytes = layout->at.kind_top_bytes[kinds[i]];
        if (layout->at.kinds[kinds[i]].h <= 0)
            continue;
        snprintf(top, sizeof top, "%s %s", qoe_format_short(bytes >= 1e6 ? bytes / 1e6 : bytes / 1e3, 2, number),
                 bytes >= 1e6 ? "MB" : "kB");
        draw_band_axis(layout, &layout->at.kinds[kinds[i]], qoe_kind_name(kinds[i]), top);
    }
    if (layout->at.buffer.h > 0) {
        snprintf(top, sizeof top, "%s s", qoe_format_short(layout->buffer_top_s, 0, number));
        draw_band_axis(layout, &layout->at.buffer, "buffer", top);
    }
}

static void draw_bands(qoe_chart_layout *layout)
{
    const qoe_chart_geometry *at = &layout->at;

    qoe_scene_clip(layout->scene, at->x, at->steps.y, at->w, bottom_of_bands(at) - at->steps.y + 1);
    if (qoe_chart_shows(layout, QOE_LAYER_RATE))
        qoe_chart_draw_rate(layout);
    qoe_chart_draw_gaps(layout);
    qoe_chart_draw_steps(layout);
    qoe_chart_draw_stalls(layout);
    for (int kind = 0; kind < QOE_KINDS; kind++)
        if (at->kinds[kind].h > 0)
            qoe_chart_draw_segments(layout, (qoe_kind)kind);
    if (at->buffer.h > 0)
        qoe_chart_draw_buffer(layout);
    qoe_scene_unclip(layout->scene);
}

static void find_geometry(qoe_chart_layout *layout)
{
    qoe_chart_geometry *at = &layout->at;

    at->from_us = layout->options->from_us;
    at->to_us = layout->options->to_us;
    if (at->from_us >= at->to_us)
        qoe_chart_range(layout->data, &at->from_us, &at->to_us);
    layout->lanes = qoe_lanes_of(layout->data);
    find_rate_scale(layout);
    find_buffer_scale(layout);
    at->x = left_margin(layout);
    at->w = layout->scene->width - at->x - right_margin(layout);
    find_time_step(layout);
    qoe_chart_thin(layout);
    const double legend_bottom = qoe_chart_legend(layout, PAD + QOE_FONT_TITLE + 22, false);
    find_bands(layout, legend_bottom + (qoe_chart_shows(layout, QOE_LAYER_RATE) ? 22 : 6));
}

qoe_scene *qoe_chart_scene(const qoe_chart_data *data, const qoe_chart_options *options, qoe_chart_geometry *geometry)
{
    const double width = MAX(options->width, QOE_CHART_WIDTH_MIN);
    qoe_chart_layout layout = {.data = data, .options = options};

    layout.scene = qoe_scene_new(width, 0, options->measure, options->measure_data);
    find_geometry(&layout);
    qoe_scene_rect(layout.scene, QOE_INK_PAPER, 0, 0, width, layout.scene->height);
    draw_title(&layout);
    qoe_chart_legend(&layout, PAD + QOE_FONT_TITLE + 22, true);
    draw_axes(&layout);
    draw_time_axis(&layout);
    draw_bands(&layout);
    if (geometry)
        *geometry = layout.at;
    g_free(layout.thinned);
    return layout.scene;
}
