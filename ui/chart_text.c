/* Knows how the graph of a session is set in characters.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "format.h"
#include "lanes.h"
#include "text_columns.h"
#include "text_grid.h"

enum { GUTTER = 10, NOTE = 17, NARROW = 60, RATE_ROWS = 2 };

typedef struct {
    const qoe_chart_data *data;
    const qoe_text_options *options;
    qoe_text_columns columns;
    bool notes; /* is there room for the right margin? */
    qoe_lanes lanes;
    qoe_text_grid *grid;
} text_chart;

static int lane_row(const text_chart *chart, int top, int resolution)
{
    return top + chart->lanes.count - 1 - qoe_lanes_find(&chart->lanes, resolution);
}

static qoe_glyph line_glyph(double certainty)
{
    return certainty >= 0.75 ? QOE_GLYPH_SURE : certainty >= 0.5 ? QOE_GLYPH_LIKELY : QOE_GLYPH_UNSURE;
}

/* The riser between two steps stands in the later one's first column. */
static void draw_riser(text_chart *chart, int row_from, int row_to, int x)
{
    const bool up = row_to < row_from;
    const int step = up ? -1 : 1;

    qoe_grid_put(chart->grid, row_from, x, up ? QOE_GLYPH_LEFT_UP : QOE_GLYPH_LEFT_DOWN, QOE_INK_RESOLUTION);
    for (int row = row_from + step; row != row_to; row += step)
        qoe_grid_put(chart->grid, row, x, QOE_GLYPH_RISER, QOE_INK_RESOLUTION);
    qoe_grid_put(chart->grid, row_to, x, up ? QOE_GLYPH_DOWN_RIGHT : QOE_GLYPH_UP_RIGHT, QOE_INK_RESOLUTION);
}

static void draw_steps(text_chart *chart)
{
    const int top = qoe_grid_rows(chart->grid);
    char label[QOE_FORMAT_LEN];

    for (int lane = chart->lanes.count - 1; lane >= 0; lane--) {
        snprintf(label, sizeof label, "%dp", chart->lanes.resolutions[lane]);
        qoe_grid_band(chart->grid, label);
    }
    for (int c = 0; c < chart->columns.count; c++) {
        const qoe_text_column *now = &chart->columns.at[c];
        const qoe_text_column *before = c > 0 ? &chart->columns.at[c - 1] : NULL;
        if (now->downloaded > 0 && now->downloaded != now->resolution)
            qoe_grid_put(chart->grid, lane_row(chart, top, now->downloaded), GUTTER + c, QOE_GLYPH_OTHER_LINE,
                         QOE_INK_DOWNLOADED);
        if (now->resolution <= 0)
            continue;
        const int row = lane_row(chart, top, now->resolution);
        qoe_grid_put(chart->grid, row, GUTTER + c, line_glyph(now->certainty), QOE_INK_RESOLUTION);
        if (before && before->resolution > 0 && before->resolution != now->resolution)
            draw_riser(chart, lane_row(chart, top, before->resolution), row, GUTTER + c);
    }
}

static bool gap(const qoe_text_column *at)
{
    return at->resolution <= 0 && at->downloaded <= 0;
}

static void draw_gaps(text_chart *chart)
{
    bool any = false;

    for (int c = 0; c < chart->columns.count; c++)
        any |= gap(&chart->columns.at[c]);
    if (!any)
        return;
    const int row = qoe_grid_band(chart->grid, "none");
    for (int c = 0; c < chart->columns.count; c++)
        if (gap(&chart->columns.at[c]))
            qoe_grid_put(chart->grid, row, GUTTER + c, QOE_GLYPH_GAP, QOE_INK_MUTED);
}

typedef double (*column_value)(const qoe_text_column *at);

static double rate_of(const qoe_text_column *at)
{
    return at->bps;
}

static double video_of(const qoe_text_column *at)
{
    return at->bytes[QOE_KIND_VIDEO];
}

static double audio_of(const qoe_text_column *at)
{
    return at->bytes[QOE_KIND_AUDIO];
}

static double other_of(const qoe_text_column *at)
{
    return at->bytes[QOE_KIND_OTHER];
}

static double buffer_of(const qoe_text_column *at)
{
    return at->buffer_s;
}

static double stall_of(const qoe_text_column *at)
{
    return at->stalled_s;
}

static double highest(const text_chart *chart, column_value value)
{
    double top = 0;

    for (int c = 0; c < chart->columns.count; c++)
        top = MAX(top, value(&chart->columns.at[c]));
    return top;
}

/* Bars of `rows` rows. Nothing is drawn where there is nothing, and at least the lowest bar where there is something.
 */
static void draw_bars(text_chart *chart, const char *label, column_value value, int rows, qoe_ink ink)
{
    const double top = highest(chart, value);
    const int first = qoe_grid_band(chart->grid, label);

    for (int i = 1; i < rows; i++)
        qoe_grid_band(chart->grid, "");
    for (int c = 0; c < chart->columns.count && top > 0; c++) {
        const double share = value(&chart->columns.at[c]) / top;
        int eighths = (int)lround(share * 8 * rows);
        if (share > 0 && eighths == 0)
            eighths = 1;
        for (int row = first + rows - 1; row >= first && eighths > 0; row--, eighths -= 8)
            qoe_grid_put(chart->grid, row, GUTTER + c, (qoe_glyph)(QOE_GLYPH_BAR1 + MIN(eighths, 8) - 1), ink);
    }
}

static void note(text_chart *chart, int row, const char *text)
{
    char line[2 * QOE_FORMAT_LEN];

    if (!chart->notes)
        return;
    snprintf(line, sizeof line, " max %s", text);
    qoe_grid_text(chart->grid, row, GUTTER + chart->columns.count, line, QOE_INK_MUTED);
}

static void draw_rates(text_chart *chart)
{
    static const struct {
        const char *label;
        column_value value;
        qoe_ink ink;
    } kinds[] = {{"video", video_of, QOE_INK_VIDEO}, {"audio", audio_of, QOE_INK_AUDIO}};
    char number[QOE_FORMAT_LEN];
    const int row = qoe_grid_rows(chart->grid);

    draw_bars(chart, "rate", rate_of, RATE_ROWS, QOE_INK_RATE);
    note(chart, row, qoe_format_rate(highest(chart, rate_of), number));
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (highest(chart, kinds[i].value) <= 0)
            continue;
        draw_bars(chart, kinds[i].label, kinds[i].value, 1, kinds[i].ink);
        note(chart, qoe_grid_rows(chart->grid) - 1, qoe_format_bytes(highest(chart, kinds[i].value), number));
    }
    if (highest(chart, video_of) <= 0 && highest(chart, other_of) > 0) {
        draw_bars(chart, "other", other_of, 1, QOE_INK_OTHER);
        note(chart, qoe_grid_rows(chart->grid) - 1, qoe_format_bytes(highest(chart, other_of), number));
    }
}

static void draw_playback(text_chart *chart)
{
    char number[QOE_FORMAT_LEN], text[QOE_FORMAT_LEN + 4];

    if (qoe_chart_data_has_buffer(chart->data)) {
        draw_bars(chart, "buffer", buffer_of, 1, QOE_INK_BUFFER);
        snprintf(text, sizeof text, "%s s", qoe_format_short(highest(chart, buffer_of), 0, number));
        note(chart, qoe_grid_rows(chart->grid) - 1, text);
    }
    if (qoe_chart_data_has_stalls(chart->data)) {
        draw_bars(chart, "stalled", stall_of, 1, QOE_INK_ALARM);
        snprintf(text, sizeof text, "%s s", qoe_format_short(highest(chart, stall_of), 1, number));
        note(chart, qoe_grid_rows(chart->grid) - 1, text);
    }
}

/* A ruler with a mark and a label at every step; labels never touch. */
static void draw_axis(text_chart *chart)
{
    const int64_t end_us = chart->columns.from_us + chart->columns.count * chart->columns.column_us;
    char label[QOE_FORMAT_LEN];
    const int64_t apart = (int64_t)strlen(qoe_format_clock(end_us, 0, label)) + 2;
    const int64_t step_us = qoe_step_time(chart->columns.column_us * apart);
    const int decimals = qoe_step_clock_decimals(step_us);
    const int ruler = qoe_grid_ruler(chart->grid, chart->columns.count);
    const int labels = ruler + 1;
    int free_from = 0;

    for (int64_t at_us = (chart->columns.from_us + step_us - 1) / step_us * step_us; at_us <= end_us;
         at_us += step_us) {
        const int x = GUTTER + (int)((at_us - chart->columns.from_us) / chart->columns.column_us);
        qoe_format_clock(at_us, decimals, label);
        const int width = (int)strlen(label);
        const int start = x - width / 2;
        qoe_grid_put(chart->grid, ruler, MIN(x, GUTTER + chart->columns.count - 1), QOE_GLYPH_TICK, QOE_INK_MUTED);
        if (start >= free_from && start + width <= chart->options->columns) {
            qoe_grid_text(chart->grid, labels, start, label, QOE_INK_MUTED);
            free_from = start + width + 1;
        }
    }
}

/* "0:00 is 2026-11-22 14:03:11 UTC" */
static void draw_date(text_chart *chart)
{
    char date[QOE_FORMAT_LEN], line[QOE_FORMAT_LEN + 8];

    if (!*qoe_format_date(chart->data->epoch_us, date))
        return;
    snprintf(line, sizeof line, "0:00 is %s", date);
    qoe_grid_legend_start(chart->grid);
    qoe_grid_text(chart->grid, qoe_grid_rows(chart->grid) - 1, GUTTER - 1, line, QOE_INK_MUTED);
}

/* --- words around it --- */

static char *title_of(const qoe_chart_data *data, bool utf8)
{
    char from[QOE_FORMAT_LEN], to[QOE_FORMAT_LEN];
    GString *line = g_string_new(NULL);

    g_string_printf(line, "%s %s %s, session %u, %s%s%s", data->service, utf8 ? "\u2192" : "->", data->client,
                    data->session, qoe_format_clock(data->start_us, 0, from), utf8 ? "\u2013" : "-",
                    qoe_format_clock(data->end_us, 0, to));
    if (data->mean_resolution > 0)
        g_string_append_printf(line, ", mean %.0fp, %u change%s", data->mean_resolution, data->switches,
                               data->switches == 1 ? "" : "s");
    if (data->startup_s >= 0)
        g_string_append_printf(line, ", startup ~%s s", qoe_format_short(data->startup_s, 1, from));
    return g_string_free(line, FALSE);
}

/* "no answer (no segments 3, too few segments 1)" */
static char *gaps_of(const qoe_chart_data *data)
{
    const char *reasons[8] = {0};
    unsigned counts[8] = {0};
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < data->windows_count; i++) {
        const qoe_chart_window *window = &data->windows[i];
        if (window->resolution > 0 || window->downloaded > 0)
            continue;
        const char *reason = *window->reason ? window->reason : "still open";
        size_t r = 0;
        while (r + 1 < G_N_ELEMENTS(reasons) && reasons[r] && !g_str_equal(reasons[r], reason))
            r++;
        reasons[r] = reason;
        counts[r]++;
    }
    for (size_t r = 0; r < G_N_ELEMENTS(reasons) && reasons[r]; r++)
        g_string_append_printf(text, "%s%s %u", r > 0 ? ", " : "no answer (", reasons[r], counts[r]);
    if (text->len > 0)
        g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}

static void draw_legend(text_chart *chart)
{
    static const struct {
        qoe_glyph glyph;
        const char *text;
    } signs[] = {{QOE_GLYPH_SURE, "sure (75 % and more)"},
                 {QOE_GLYPH_LIKELY, "likely (50 % and more)"},
                 {QOE_GLYPH_UNSURE, "unsure"},
                 {QOE_GLYPH_OTHER_LINE, "downloaded, not on screen"}};
    char *gaps = gaps_of(chart->data);

    qoe_grid_legend_start(chart->grid);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (qoe_grid_uses(chart->grid, signs[i].glyph))
            qoe_grid_legend(chart->grid, signs[i].glyph, signs[i].text, QOE_INK_RESOLUTION);
    if (*gaps)
        qoe_grid_legend(chart->grid, QOE_GLYPH_GAP, gaps, QOE_INK_MUTED);
    if (!chart->options->utf8 && chart->data->windows_count > 0)
        qoe_grid_legend(chart->grid, QOE_GLYPH_BAR8, "the highest bar, then * + : .", QOE_INK_MUTED);
    g_free(gaps);
}

char *qoe_chart_text(const qoe_chart_data *data, const qoe_text_options *wanted)
{
    qoe_text_options options = *wanted;
    text_chart chart = {.data = data, .options = &options};

    options.columns = CLAMP(options.columns, QOE_TEXT_COLUMNS_MIN, QOE_TEXT_COLUMNS_MAX);
    chart.notes = options.columns >= NARROW;
    chart.grid = qoe_grid_new(options.columns, GUTTER, options.utf8, options.colour);
    chart.columns = qoe_text_columns_of(data, options.columns - GUTTER - (chart.notes ? NOTE : 0));
    chart.lanes = qoe_lanes_of(data);

    char *title = title_of(data, options.utf8);
    qoe_grid_paragraph(chart.grid, title, QOE_INK_TEXT);
    g_free(title);
    draw_steps(&chart);
    draw_gaps(&chart);
    draw_rates(&chart);
    draw_playback(&chart);
    draw_axis(&chart);
    draw_date(&chart);
    draw_legend(&chart);
    g_free(chart.columns.at);
    return qoe_grid_free(chart.grid);
}
