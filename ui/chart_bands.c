/* Knows how each band of the chart is filled: throughput, resolution steps, segments, buffer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "chart_layout.h"

#define BAR_H 6.0               /* thickness of a resolution step */
#define NARROW 1.5              /* a segment's bar is at least so wide */
#define TIPS_MAX ((size_t)3000) /* shapes that carry a text for the pointer */

qoe_ink qoe_chart_kind_ink(qoe_kind kind)
{
    return kind == QOE_KIND_VIDEO ? QOE_INK_VIDEO : kind == QOE_KIND_AUDIO ? QOE_INK_AUDIO : QOE_INK_OTHER;
}

double qoe_chart_strength(double certainty)
{
    return certainty >= 0.85 ? 1.0 : certainty >= 0.65 ? 0.75 : certainty >= 0.45 ? 0.55 : 0.38;
}

/* The windows that the picture shows: from the first whose end lies behind its left edge. */
static size_t first_window(const qoe_chart_layout *layout)
{
    size_t low = 0, high = layout->windows_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (layout->windows[middle].end_us > layout->at.from_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool in_view(const qoe_chart_layout *layout, size_t i)
{
    return i < layout->windows_count && layout->windows[i].start_us < layout->at.to_us;
}

static void add_point(GArray *points, double x, double y)
{
    const qoe_point point = {x, y};
    g_array_append_val(points, point);
}

static const qoe_point *points_of(const GArray *points)
{
    return (const qoe_point *)(const void *)points->data;
}

void qoe_chart_draw_rate(qoe_chart_layout *layout)
{
    const qoe_chart_band *band = &layout->at.steps;
    const double bottom = band->y + band->h;
    GArray *points = g_array_new(FALSE, FALSE, sizeof(qoe_point));

    for (size_t i = first_window(layout); in_view(layout, i); i++) {
        const qoe_chart_window *window = &layout->windows[i];
        const double left = qoe_chart_x(&layout->at, window->start_us);
        const double right = qoe_chart_x(&layout->at, window->end_us);
        const double y = bottom - band->h * window->bps / layout->rate_top_bps;
        if (points->len == 0)
            add_point(points, left, bottom);
        add_point(points, left, y);
        add_point(points, right, y);
    }
    if (points->len > 0) {
        add_point(points, g_array_index(points, qoe_point, points->len - 1).x, bottom);
        qoe_scene_area(layout->scene, QOE_INK_RATE, points_of(points), points->len)->opacity = 0.45;
    }
    g_array_free(points, TRUE);
}

static bool answered(const qoe_chart_window *window)
{
    return window->resolution > 0 || window->downloaded > 0;
}

static void draw_gap(qoe_chart_layout *layout, double left, double right, const char *reason)
{
    const qoe_chart_band *band = &layout->at.steps;
    const double width = qoe_scene_measure(layout->scene, reason, QOE_FONT_SMALL, false);

    qoe_scene_hatch(layout->scene, QOE_INK_MUTED, left, band->y, right - left, band->h)->opacity = 0.5;
    if (width + 20 > right - left)
        return;
    const double x = (left + right) / 2;
    const double y = band->y + band->h / 2;
    qoe_shape *paper = qoe_scene_rect(layout->scene, QOE_INK_PAPER, x - width / 2 - 6, y - 9, width + 12, 18);
    paper->radius = 3;
    paper->opacity = 0.9;
    qoe_scene_text(layout->scene, QOE_INK_MUTED, QOE_ANCHOR_MIDDLE, QOE_FONT_SMALL, x, y + 4, reason);
}

/* Neighbouring windows without an answer for the same reason are one hatched field with the reason in it. */
void qoe_chart_draw_gaps(qoe_chart_layout *layout)
{
    const qoe_chart_window *windows = layout->windows;

    for (size_t i = first_window(layout); in_view(layout, i); i++) {
        if (answered(&windows[i]))
            continue;
        const size_t first = i;
        while (in_view(layout, i + 1) && !answered(&windows[i + 1]) &&
               g_str_equal(windows[i + 1].reason, windows[first].reason))
            i++;
        const double left = MAX(qoe_chart_x(&layout->at, windows[first].start_us), layout->at.x);
        const double right = MIN(qoe_chart_x(&layout->at, windows[i].end_us), layout->at.x + layout->at.w);
        draw_gap(layout, left, right, *windows[first].reason ? windows[first].reason : "still open");
    }
}

/* Where the download differs from the screen it shows as a thin line beside the broad steps. */
static void draw_downloaded(qoe_chart_layout *layout)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(qoe_point));

    for (size_t i = first_window(layout); in_view(layout, i); i++) {
        const qoe_chart_window *window = &layout->windows[i];
        if (window->downloaded > 0) {
            const double y = qoe_chart_lane_y(layout, window->downloaded);
            add_point(points, qoe_chart_x(&layout->at, window->start_us), y);
            add_point(points, qoe_chart_x(&layout->at, window->end_us), y);
        }
        if (points->len > 0 && (window->downloaded <= 0 || !in_view(layout, i + 1))) {
            qoe_shape *line = qoe_scene_line(layout->scene, QOE_INK_DOWNLOADED, 1.6, points_of(points), points->len);
            line->dash = 5;
            g_array_set_size(points, 0);
        }
    }
    g_array_free(points, TRUE);
}

/* A pale bar lies on paper, so that what is behind it does not make it darker. */
static void draw_bar(qoe_chart_layout *layout, double x, double y, double w, double h, double strength)
{
    if (strength < 1)
        qoe_scene_rect(layout->scene, QOE_INK_PAPER, x, y, w, h);
    qoe_scene_rect(layout->scene, QOE_INK_RESOLUTION, x, y, w, h)->opacity = strength;
}

static void draw_riser(qoe_chart_layout *layout, const qoe_chart_window *from, const qoe_chart_window *to)
{
    const double x = qoe_chart_x(&layout->at, to->start_us);
    const double a = qoe_chart_lane_y(layout, from->resolution), b = qoe_chart_lane_y(layout, to->resolution);
    const double strength = MIN(qoe_chart_strength(from->certainty), qoe_chart_strength(to->certainty));

    draw_bar(layout, x - 1, MIN(a, b) + BAR_H / 2, 2, fabs(a - b) - BAR_H, strength);
}

static void draw_tips(qoe_chart_layout *layout)
{
    const qoe_chart_band *band = &layout->at.steps;

    if (layout->taken > 1)
        return;
    for (size_t i = first_window(layout); in_view(layout, i); i++) {
        const qoe_chart_window *window = &layout->windows[i];
        const double x = qoe_chart_x(&layout->at, window->start_us);
        char *text = qoe_chart_window_text(layout->data, i);
        qoe_shape *field = qoe_scene_rect(layout->scene, QOE_INK_PAPER, x, band->y,
                                          qoe_chart_x(&layout->at, window->end_us) - x, band->h);
        field->opacity = 0;
        field->text = qoe_scene_keep(layout->scene, text);
        g_free(text);
    }
}

void qoe_chart_draw_steps(qoe_chart_layout *layout)
{
    const qoe_chart_window *windows = layout->windows;

    if (qoe_chart_data_has_screen(layout->data))
        draw_downloaded(layout);
    for (size_t i = first_window(layout); in_view(layout, i); i++) {
        if (windows[i].resolution <= 0)
            continue;
        if (i > 0 && windows[i - 1].resolution > 0 && windows[i - 1].resolution != windows[i].resolution)
            draw_riser(layout, &windows[i - 1], &windows[i]);
        const size_t first = i;
        const double strength = qoe_chart_strength(windows[i].certainty);
        while (in_view(layout, i + 1) && windows[i + 1].resolution == windows[first].resolution &&
               qoe_chart_strength(windows[i + 1].certainty) >= strength &&
               qoe_chart_strength(windows[i + 1].certainty) <= strength)
            i++;
        const double x = qoe_chart_x(&layout->at, windows[first].start_us);
        const double y = qoe_chart_lane_y(layout, windows[first].resolution);
        draw_bar(layout, x, y - BAR_H / 2, qoe_chart_x(&layout->at, windows[i].end_us) - x, BAR_H, strength);
    }
    draw_tips(layout);
}

static void draw_startup(qoe_chart_layout *layout)
{
    const qoe_chart_band *band = &layout->at.steps;
    const double x = qoe_chart_x(&layout->at, layout->data->start_us + (int64_t)(layout->data->startup_s * 1e6));

    qoe_scene_segment(layout->scene, QOE_INK_TEXT, 1.2, x, band->y, x, band->y + band->h)->dash = 3;
}

static void draw_stall(qoe_chart_layout *layout, const qoe_chart_window *window)
{
    const qoe_chart_band *band = &layout->at.steps;
    const int64_t length_us = MIN((int64_t)(window->stalled_s * 1e6), window->end_us - window->start_us);
    const int64_t from_us = CLAMP(window->stall_us, window->start_us, window->end_us - length_us);
    const double x = qoe_chart_x(&layout->at, from_us);

    qoe_scene_rect(layout->scene, QOE_INK_ALARM, x, band->y + band->h - 8,
                   MAX(qoe_chart_x(&layout->at, from_us + length_us) - x, NARROW), 8);
}

/* A red bar a window at the foot of the steps, from its first stall on and as long as all of them together. */
void qoe_chart_draw_stalls(qoe_chart_layout *layout)
{
    if (!(layout->options->layers & QOE_LAYER_STALLS))
        return;
    if (layout->data->startup_s >= 0)
        draw_startup(layout);
    for (size_t i = first_window(layout); in_view(layout, i); i++)
        if (layout->windows[i].stalled_s > 0)
            draw_stall(layout, &layout->windows[i]);
}

static void draw_segment(qoe_chart_layout *layout, size_t i, double left, double width, double h)
{
    const qoe_chart_segment *segment = &layout->data->segments[i];
    const qoe_chart_band *band = &layout->at.kinds[segment->kind];
    qoe_shape *bar =
        qoe_scene_rect(layout->scene, qoe_chart_kind_ink(segment->kind), left, band->y + band->h - h, width, h);

    bar->opacity = segment->complete == QOE_COMPLETE_YES ? 0.85 : 0.45;
    if (layout->data->segments_count <= TIPS_MAX) {
        char *text = qoe_chart_segment_text(layout->data, i);
        bar->text = qoe_scene_keep(layout->scene, text);
        g_free(text);
    }
}

static void draw_columns(qoe_chart_layout *layout, qoe_kind kind, const double *columns, size_t count)
{
    const qoe_chart_band *band = &layout->at.kinds[kind];

    for (size_t i = 0; i < count; i++)
        if (columns[i] > 0)
            qoe_scene_rect(layout->scene, qoe_chart_kind_ink(kind), layout->at.x + (double)i,
                           band->y + band->h - columns[i], 1, columns[i])
                ->opacity = 0.85;
}

/* One bar a segment, from its request to its last byte, as high as it is large. Where there are more segments than
 * a picture can tell apart, those narrower than a pixel are drawn as the highest of each column. */
void qoe_chart_draw_segments(qoe_chart_layout *layout, qoe_kind kind)
{
    const qoe_chart_data *data = layout->data;
    const qoe_chart_band *band = &layout->at.kinds[kind];
    const size_t width = (size_t)ceil(layout->at.w);
    const bool crowded = data->segments_count > width;
    double *columns = g_new0(double, width + 1);

    for (size_t i = 0; i < data->segments_count; i++) {
        const qoe_chart_segment *segment = &data->segments[i];
        if (segment->kind != kind || segment->end_us < layout->at.from_us || segment->request_us > layout->at.to_us)
            continue;
        const double left = qoe_chart_x(&layout->at, segment->request_us);
        const double w = qoe_chart_x(&layout->at, segment->end_us) - left;
        const double h = MAX(1.5, band->h * segment->bytes / layout->at.kind_top_bytes[kind]);
        if (crowded && w < 1) {
            const size_t column = (size_t)CLAMP(left - layout->at.x, 0, (double)width);
            columns[column] = MAX(columns[column], h);
        } else {
            draw_segment(layout, i, left, MAX(w - 0.5, NARROW), h);
        }
    }
    draw_columns(layout, kind, columns, width);
    g_free(columns);
}

/* Joins what is known of the buffer from window i on: a line, and a pale area below it. Returns the last window of it.
 */
static size_t draw_level(qoe_chart_layout *layout, size_t i)
{
    const qoe_chart_window *windows = layout->windows;
    const qoe_chart_band *band = &layout->at.buffer;
    const double bottom = band->y + band->h;
    GArray *points = g_array_new(FALSE, FALSE, sizeof(qoe_point));

    add_point(points, qoe_chart_x(&layout->at, windows[i].end_us), bottom);
    for (;; i++) {
        const double level = MIN(1, windows[i].buffer_s / layout->buffer_top_s);
        add_point(points, qoe_chart_x(&layout->at, windows[i].end_us), bottom - band->h * level);
        if (!in_view(layout, i + 1) || windows[i + 1].buffer_s < 0)
            break;
    }
    add_point(points, qoe_chart_x(&layout->at, windows[i].end_us), bottom);
    qoe_scene_area(layout->scene, QOE_INK_BUFFER, points_of(points), points->len)->opacity = 0.18;
    qoe_scene_line(layout->scene, QOE_INK_BUFFER, 1.8, points_of(points) + 1, points->len - 2);
    g_array_free(points, TRUE);
    return i;
}

/* Seconds of media ahead, told at each window's end; the line breaks where nobody knows. */
void qoe_chart_draw_buffer(qoe_chart_layout *layout)
{
    const size_t first = first_window(layout);

    /* From the window before the first one, so that the line enters the picture at its edge. */
    for (size_t i = first > 0 ? first - 1 : 0; i < layout->windows_count && (i < first || in_view(layout, i)); i++)
        if (layout->windows[i].buffer_s >= 0)
            i = draw_level(layout, i);
}
