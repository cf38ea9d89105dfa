/* Knows which columns a table for people has: those of the exports that one looks at, with titles and units.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <glib.h>

#include "cells.h"

typedef struct {
    const char *title;
    qoe_cell_type type;
    const char *name; /* of the exported column that it shows, or NULL */
    void (*made)(const qoe_row *row, qoe_cell *cell);
    double unit; /* what the exported number is divided by; 0: shown as it is */
    int decimals;
} view;

static void segment_duration(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, qoe_segment_duration_us(row->segment));
}

static void segment_stream(const qoe_row *row, qoe_cell *cell)
{
    snprintf(cell->buf, sizeof cell->buf, "%s %u", row->segment->transport == QOE_UDP ? "udp" : "tcp",
             row->segment->stream);
    qoe_cell_text(cell, cell->buf);
}

/* Why there is no answer, or that the capture ended in the window. */
static void window_remark(const qoe_row *row, qoe_cell *cell)
{
    const qoe_window *window = row->window;
    const char *reason = qoe_window_reason(window);

    snprintf(cell->buf, sizeof cell->buf, "%s%s%s", reason, *reason && window->open ? ", " : "",
             window->open ? "open" : "");
    qoe_cell_text(cell, cell->buf);
}

/* Bytes are shown as MB: six decimals are exact, and Wireshark's integer columns end at 4 GB. */
static const view servers[] = {
    {"Service", QOE_CELL_TEXT, "service", NULL, 0, 0},
    {"Address", QOE_CELL_TEXT, "address", NULL, 0, 0},
    {"Name", QOE_CELL_TEXT, "name", NULL, 0, 0},
    {"Known by", QOE_CELL_TEXT, "source", NULL, 0, 0},
    {"Packets in", QOE_CELL_COUNT, "packets_in", NULL, 0, 0},
    {"Packets out", QOE_CELL_COUNT, "packets_out", NULL, 0, 0},
    {"MB in", QOE_CELL_REAL, "bytes_in", NULL, 1e6, 6},
    {"MB out", QOE_CELL_REAL, "bytes_out", NULL, 1e6, 6},
    {"First (s)", QOE_CELL_TIME, "first_s", NULL, 0, 0},
    {"Last (s)", QOE_CELL_TIME, "last_s", NULL, 0, 0},
};

static const view segments[] = {
    {"Segment", QOE_CELL_COUNT, "segment", NULL, 0, 0},
    {"Session", QOE_CELL_COUNT, "session", NULL, 0, 0},
    {"Service", QOE_CELL_TEXT, "service", NULL, 0, 0},
    {"Client", QOE_CELL_TEXT, "client", NULL, 0, 0},
    {"Server", QOE_CELL_TEXT, "server", NULL, 0, 0},
    {"Stream", QOE_CELL_TEXT, NULL, segment_stream, 0, 0},
    {"Kind", QOE_CELL_TEXT, "kind", NULL, 0, 0},
    {"Request (s)", QOE_CELL_TIME, "request_s", NULL, 0, 0},
    {"Duration (s)", QOE_CELL_TIME, NULL, segment_duration, 0, 0},
    {"MB", QOE_CELL_REAL, "bytes", NULL, 1e6, 6},
    {"Request frame", QOE_CELL_COUNT, "request_frame", NULL, 0, 0},
    {"Last frame", QOE_CELL_COUNT, "last_frame", NULL, 0, 0},
    {"Complete", QOE_CELL_TEXT, "complete", NULL, 0, 0},
    {"Answer", QOE_CELL_TEXT, "answer", NULL, 0, 0},
};

static const view windows[] = {
    {"Window", QOE_CELL_COUNT, "window", NULL, 0, 0},
    {"Session", QOE_CELL_COUNT, "session", NULL, 0, 0},
    {"Service", QOE_CELL_TEXT, "service", NULL, 0, 0},
    {"Client", QOE_CELL_TEXT, "client", NULL, 0, 0},
    {"Start (s)", QOE_CELL_TIME, "start_s", NULL, 0, 0},
    {"Resolution", QOE_CELL_COUNT, "resolution", NULL, 0, 0},
    {"Downloaded", QOE_CELL_COUNT, "downloaded", NULL, 0, 0},
    {"Probability", QOE_CELL_REAL, "probability", NULL, 1, 2},
    {"Segments", QOE_CELL_COUNT, "segments", NULL, 0, 0},
    {"Video", QOE_CELL_COUNT, "video_segments", NULL, 0, 0},
    {"Mbit/s", QOE_CELL_REAL, "throughput_kbps", NULL, 1e3, 3},
    {"Buffer (~s)", QOE_CELL_REAL, "buffer_s", NULL, 1, 1},
    {"Stalled (~s)", QOE_CELL_REAL, "stalled_s", NULL, 1, 1},
    {"Remark", QOE_CELL_TEXT, NULL, window_remark, 0, 0},
};

static const view sessions[] = {
    {"Session", QOE_CELL_COUNT, "session", NULL, 0, 0},
    {"Service", QOE_CELL_TEXT, "service", NULL, 0, 0},
    {"Client", QOE_CELL_TEXT, "client", NULL, 0, 0},
    {"Start (s)", QOE_CELL_TIME, "start_s", NULL, 0, 0},
    {"End (s)", QOE_CELL_TIME, "end_s", NULL, 0, 0},
    {"Startup (~s)", QOE_CELL_TIME, "startup_s", NULL, 0, 0},
    {"Mean resolution", QOE_CELL_REAL, "mean_resolution", NULL, 1, 1},
    {"Changes", QOE_CELL_COUNT, "switches", NULL, 0, 0},
    {"Stalls (~)", QOE_CELL_COUNT, "stalls", NULL, 0, 0},
    {"Stalled (~s)", QOE_CELL_REAL, "stall_s", NULL, 1, 1},
    {"Video MB", QOE_CELL_REAL, "video_bytes", NULL, 1e6, 6},
    {"Audio MB", QOE_CELL_REAL, "audio_bytes", NULL, 1e6, 6},
    {"Segments", QOE_CELL_COUNT, "segments", NULL, 0, 0},
};

static const struct {
    const view *columns;
    size_t count;
    const char *title;
} views[QOE_TABLES] = {
    [QOE_TABLE_SERVERS] = {servers, G_N_ELEMENTS(servers), "Video QoE Servers"},
    [QOE_TABLE_SEGMENTS] = {segments, G_N_ELEMENTS(segments), "Video QoE Segments"},
    [QOE_TABLE_WINDOWS] = {windows, G_N_ELEMENTS(windows), "Video QoE Windows"},
    [QOE_TABLE_SESSIONS] = {sessions, G_N_ELEMENTS(sessions), "Video QoE Sessions"},
    [QOE_TABLE_FEATURES] = {NULL, 0, ""},
};

size_t qoe_view_count(qoe_table table)
{
    return views[table].count;
}

const char *qoe_table_title(qoe_table table)
{
    return views[table].title;
}

qoe_view_column qoe_view_column_at(qoe_table table, size_t column)
{
    return (qoe_view_column){views[table].columns[column].title, views[table].columns[column].type};
}

void qoe_view_cell(qoe_table table, size_t column, const qoe_row *row, qoe_cell *cell)
{
    const view *shown = &views[table].columns[column];

    cell->type = QOE_CELL_NONE;
    if (shown->made) {
        shown->made(row, cell);
        return;
    }
    qoe_columns_named(table, shown->name, row, cell);
    if (shown->unit > 0 && cell->type == QOE_CELL_COUNT)
        qoe_cell_real(cell, (double)cell->value.count / shown->unit, shown->decimals);
    else if (shown->unit > 0 && cell->type == QOE_CELL_REAL)
        qoe_cell_real(cell, cell->value.real / shown->unit, shown->decimals);
}
