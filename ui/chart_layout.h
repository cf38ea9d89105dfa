/* What the parts of the chart's layout share; nobody else includes it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CHART_LAYOUT_H
#define QOE_CHART_LAYOUT_H

#include "chart.h"
#include "lanes.h"

#define QOE_FONT 12.0
#define QOE_FONT_SMALL 11.0
#define QOE_FONT_TITLE 15.0

typedef struct {
    const qoe_chart_data *data;
    const qoe_chart_options *options;
    qoe_scene *scene;
    qoe_chart_geometry at;
    qoe_lanes lanes;
    double rate_top_bps; /* what the full height of the steps' band stands for */
    double rate_unit;    /* bit/s of the axis' unit */
    double buffer_top_s; /* the same of the buffer's band */
    int64_t step_us;     /* between time ticks */
    /* What is drawn: the data's windows, or where those are too many, columns of `taken` windows each. */
    const qoe_chart_window *windows;
    size_t windows_count, taken;
    qoe_chart_window *thinned; /* owned; NULL: these are the data's own */
} qoe_chart_layout;

/* True if a layer is wanted and there is something in it. */
bool qoe_chart_shows(const qoe_chart_layout *layout, unsigned layer);

/* The middle of the lane of a resolution, and half a lane's height. */
double qoe_chart_lane_y(const qoe_chart_layout *layout, int resolution);
double qoe_chart_lane_h(const qoe_chart_layout *layout);

/* 0..1: how strongly a window's answer is drawn. In few steps, so that neighbours join. */
double qoe_chart_strength(double certainty);

/* Chooses the windows to draw, once the geometry's time and width are known. chart_thin.c */
void qoe_chart_thin(qoe_chart_layout *layout);

/* The bands' contents, chart_bands.c. The clip is the band. */
void qoe_chart_draw_rate(qoe_chart_layout *layout);
void qoe_chart_draw_gaps(qoe_chart_layout *layout);
void qoe_chart_draw_steps(qoe_chart_layout *layout);
void qoe_chart_draw_stalls(qoe_chart_layout *layout);
void qoe_chart_draw_segments(qoe_chart_layout *layout, qoe_kind kind);
void qoe_chart_draw_buffer(qoe_chart_layout *layout);

/* The legend from y downwards; returns the y below it. With draw == false it is only measured. chart_legend.c */
double qoe_chart_legend(qoe_chart_layout *layout, double y, bool draw);

qoe_ink qoe_chart_kind_ink(qoe_kind kind);

#endif
