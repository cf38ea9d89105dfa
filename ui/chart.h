/* The graph of one session: resolution as steps over time, throughput behind it, segments below.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CHART_H
#define QOE_CHART_H

#include "chart_data.h"
#include "scene.h"

enum {
    QOE_LAYER_RATE = 1 << 0,
    QOE_LAYER_VIDEO = 1 << 1,
    QOE_LAYER_AUDIO = 1 << 2,
    QOE_LAYER_OTHER = 1 << 3,
    QOE_LAYER_BUFFER = 1 << 4, /* buffer level, where it was estimated */
    QOE_LAYER_STALLS = 1 << 5, /* stalls and the startup, where they were estimated */
    QOE_LAYERS_DEFAULT = QOE_LAYER_RATE | QOE_LAYER_VIDEO | QOE_LAYER_AUDIO | QOE_LAYER_BUFFER | QOE_LAYER_STALLS
};

#define QOE_CHART_WIDTH_MIN 320.0
#define QOE_CHART_WIDTH_DEFAULT 960.0

typedef struct {
    double width;           /* pixels; at least QOE_CHART_WIDTH_MIN */
    double height;          /* pixels; 0 or too little: what the chart needs */
    int64_t from_us, to_us; /* the time to show; from_us >= to_us: all */
    unsigned layers;        /* QOE_LAYER_* */
    qoe_measure measure;    /* or NULL, see qoe_scene_new */
    void *measure_data;
} qoe_chart_options;

/* A band of the picture. h == 0: not shown. */
typedef struct {
    double y, h;
} qoe_chart_band;

/* Where things are: for pointers and zooming. */
typedef struct {
    double x, w; /* of the plots */
    int64_t from_us, to_us;
    qoe_chart_band steps, kinds[QOE_KINDS], buffer;
    double kind_top_bytes[QOE_KINDS]; /* what the full height of a kind's band stands for */
} qoe_chart_geometry;

/* Lays the chart out. geometry may be NULL. Free the scene with qoe_scene_free. */
qoe_scene *qoe_chart_scene(const qoe_chart_data *data, const qoe_chart_options *options, qoe_chart_geometry *geometry);

/* The whole time of a session, as shown when nothing is zoomed. */
void qoe_chart_range(const qoe_chart_data *data, int64_t *from_us, int64_t *to_us);

double qoe_chart_x(const qoe_chart_geometry *geometry, int64_t time_us);
int64_t qoe_chart_time(const qoe_chart_geometry *geometry, double x);

typedef enum { QOE_HIT_NOTHING, QOE_HIT_WINDOW, QOE_HIT_SEGMENT } qoe_hit_type;

typedef struct {
    qoe_hit_type type;
    size_t index; /* into data->windows or data->segments */
} qoe_hit;

/* What is drawn at a point; segments also just beside it, for their bars are thin. */
qoe_hit qoe_chart_hit(const qoe_chart_data *data, const qoe_chart_geometry *geometry, double x, double y);

#endif
