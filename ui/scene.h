/* A picture as a list of simple shapes, for any device: what the graph draws, as SVG and in a window.
 *
 * Coordinates are pixels at 100 %, y grows downwards. Shapes say what they are (an ink), not which colour.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SCENE_H
#define QOE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

typedef enum {
    QOE_INK_PAPER,      /* the background */
    QOE_INK_TEXT,       /* titles and labels */
    QOE_INK_MUTED,      /* axes' labels, units */
    QOE_INK_GRID,       /* grid lines and frames */
    QOE_INK_LANE,       /* every other lane's background */
    QOE_INK_RESOLUTION, /* the resolution's steps */
    QOE_INK_DOWNLOADED, /* the download's steps where they differ from the screen */
    QOE_INK_RATE,       /* throughput */
    QOE_INK_VIDEO,
    QOE_INK_AUDIO,
    QOE_INK_OTHER,  /* segments that are neither */
    QOE_INK_BUFFER, /* buffer level */
    QOE_INK_ALARM,  /* stalls */
    QOE_INKS
} qoe_ink;

typedef enum {
    QOE_SHAPE_RECT,  /* filled, with rounded corners if radius > 0 */
    QOE_SHAPE_HATCH, /* a rectangle filled with slanted lines */
    QOE_SHAPE_LINE,  /* an open polyline of width `stroke`, dashed if `dash` > 0 */
    QOE_SHAPE_AREA,  /* a filled polygon */
    QOE_SHAPE_TEXT,  /* at x, the baseline at y */
    QOE_SHAPE_CLIP,  /* what follows is cut at this rectangle ... */
    QOE_SHAPE_UNCLIP /* ... until here; never nested */
} qoe_shape_type;

typedef enum { QOE_ANCHOR_START, QOE_ANCHOR_MIDDLE, QOE_ANCHOR_END } qoe_anchor;

typedef struct {
    double x, y;
} qoe_point;

typedef struct {
    qoe_shape_type type;
    qoe_ink ink;
    double opacity; /* 0..1 */
    double x, y, w, h;
    double radius;
    double stroke, dash;
    size_t first_point, points; /* LINE, AREA: of scene->points */
    qoe_anchor anchor;          /* TEXT */
    double size;                /* TEXT: of the font, pixels */
    bool bold;
    const char *text; /* TEXT: what to write; else a tip or NULL. Owned by the scene. */
} qoe_shape;

/* The width of a text in pixels at a font size of `size` pixels. */
typedef double (*qoe_measure)(const char *text, double size, bool bold, void *user_data);

typedef struct {
    double width, height;
    GArray *shapes; /* of qoe_shape, in drawing order */
    GArray *points; /* of qoe_point */
    GStringChunk *texts;
    qoe_measure measure;
    void *measure_data;
} qoe_scene;

/* measure may be NULL: widths are then estimated on the safe (wide) side for common sans-serif fonts. */
qoe_scene *qoe_scene_new(double width, double height, qoe_measure measure, void *measure_data);
void qoe_scene_free(qoe_scene *scene);

static inline const qoe_shape *qoe_scene_shape(const qoe_scene *scene, size_t i)
{
    return &g_array_index(scene->shapes, qoe_shape, i);
}

static inline const qoe_point *qoe_scene_points(const qoe_scene *scene, const qoe_shape *shape)
{
    return &g_array_index(scene->points, qoe_point, shape->first_point);
}

/* Each adds a shape and returns it for changes; valid until the next shape is added. */
qoe_shape *qoe_scene_rect(qoe_scene *scene, qoe_ink ink, double x, double y, double w, double h);
qoe_shape *qoe_scene_hatch(qoe_scene *scene, qoe_ink ink, double x, double y, double w, double h);
qoe_shape *qoe_scene_line(qoe_scene *scene, qoe_ink ink, double stroke, const qoe_point *points, size_t count);
qoe_shape *qoe_scene_segment(qoe_scene *scene, qoe_ink ink, double stroke, double x1, double y1, double x2, double y2);
qoe_shape *qoe_scene_area(qoe_scene *scene, qoe_ink ink, const qoe_point *points, size_t count);
qoe_shape *qoe_scene_text(qoe_scene *scene, qoe_ink ink, qoe_anchor anchor, double size, double x, double y,
                          const char *text);
void qoe_scene_clip(qoe_scene *scene, double x, double y, double w, double h);
void qoe_scene_unclip(qoe_scene *scene);

/* Copies a text into the scene, for tips. */
const char *qoe_scene_keep(qoe_scene *scene, const char *text);

/* The width of a text as this scene measures it. */
double qoe_scene_measure(const qoe_scene *scene, const char *text, double size, bool bold);

/* The text cut with an ellipsis so that it is at most `width` wide; "" if not even that fits. */
const char *qoe_scene_fit(qoe_scene *scene, const char *text, double size, bool bold, double width);

/* Red, green, blue in the lower 24 bits. */
uint32_t qoe_ink_colour(qoe_ink ink, bool dark);
const char *qoe_ink_name(qoe_ink ink);

#endif
