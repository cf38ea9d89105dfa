/* Knows how a scene is written as SVG.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart_svg.h"

#include <math.h>
#include <string.h>

#include "format.h"

/* Fonts that are there on Linux, Windows, macOS; the layout leaves room for the widest of them. */
#define FONTS "'Segoe UI','Noto Sans','Helvetica Neue',Arial,'DejaVu Sans','Liberation Sans',sans-serif"

static void append_escaped(GString *out, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_string_append(out, escaped);
    g_free(escaped);
}

/* " name="1.5"", with two decimals at most: enough at any zoom, and small files. */
static void append_number(GString *out, const char *name, double value)
{
    char number[QOE_FORMAT_LEN];
    g_string_append_printf(out, " %s=\"%s\"", name, qoe_format_short(value, 2, number));
}

static void append_box(GString *out, const qoe_shape *shape)
{
    append_number(out, "x", shape->x);
    append_number(out, "y", shape->y);
    append_number(out, "width", MAX(shape->w, 0));
    append_number(out, "height", MAX(shape->h, 0));
}

static void append_opacity(GString *out, const qoe_shape *shape)
{
    if (shape->opacity < 1)
        append_number(out, "opacity", shape->opacity);
}

/* Closes an element, with the tip as its title: browsers show it under the pointer. */
static void append_end(GString *out, const qoe_shape *shape, const char *element)
{
    if (!shape->text) {
        g_string_append(out, "/>\n");
        return;
    }
    g_string_append(out, "><title>");
    append_escaped(out, shape->text);
    g_string_append_printf(out, "</title></%s>\n", element);
}

static void append_rect(GString *out, const qoe_shape *shape)
{
    g_string_append_printf(out, "<rect class=\"%s\"", qoe_ink_name(shape->ink));
    append_box(out, shape);
    if (shape->radius > 0)
        append_number(out, "rx", shape->radius);
    append_opacity(out, shape);
    append_end(out, shape, "rect");
}

static void append_hatch(GString *out, const qoe_shape *shape)
{
    g_string_append(out, "<rect fill=\"url(#hatch)\"");
    append_box(out, shape);
    append_opacity(out, shape);
    append_end(out, shape, "rect");
}

static void append_points(GString *out, const qoe_scene *scene, const qoe_shape *shape)
{
    const qoe_point *points = qoe_scene_points(scene, shape);
    char x[QOE_FORMAT_LEN], y[QOE_FORMAT_LEN];

    g_string_append(out, " points=\"");
    for (size_t i = 0; i < shape->points; i++)
        g_string_append_printf(out, "%s%s,%s", i > 0 ? " " : "", qoe_format_short(points[i].x, 2, x),
                               qoe_format_short(points[i].y, 2, y));
    g_string_append_c(out, '"');
}

static void append_line(GString *out, const qoe_scene *scene, const qoe_shape *shape)
{
    g_string_append_printf(out, "<polyline class=\"l-%s\"", qoe_ink_name(shape->ink));
    append_points(out, scene, shape);
    append_number(out, "stroke-width", shape->stroke);
    if (shape->dash > 0)
        append_number(out, "stroke-dasharray", shape->dash);
    append_opacity(out, shape);
    g_string_append(out, "/>\n");
}

static void append_area(GString *out, const qoe_scene *scene, const qoe_shape *shape)
{
    g_string_append_printf(out, "<polygon class=\"%s\"", qoe_ink_name(shape->ink));
    append_points(out, scene, shape);
    append_opacity(out, shape);
    append_end(out, shape, "polygon");
}

static void append_text(GString *out, const qoe_shape *shape)
{
    static const char *const anchors[] = {"start", "middle", "end"};

    g_string_append_printf(out, "<text class=\"%s\"", qoe_ink_name(shape->ink));
    append_number(out, "x", shape->x);
    append_number(out, "y", shape->y);
    append_number(out, "font-size", shape->size);
    if (shape->anchor != QOE_ANCHOR_START)
        g_string_append_printf(out, " text-anchor=\"%s\"", anchors[shape->anchor]);
    if (shape->bold)
        g_string_append(out, " font-weight=\"bold\"");
    g_string_append_c(out, '>');
    append_escaped(out, shape->text);
    g_string_append(out, "</text>\n");
}

/* Clips have numbers that are unique in the document. */
static void append_clip(GString *out, const qoe_shape *shape, unsigned *clips)
{
    (*clips)++;
    g_string_append_printf(out, "<clipPath id=\"clip%u\"><rect", *clips);
    append_box(out, shape);
    g_string_append_printf(out, "/></clipPath>\n<g clip-path=\"url(#clip%u)\">\n", *clips);
}

static void append_shape(GString *out, const qoe_scene *scene, const qoe_shape *shape, unsigned *clips)
{
    switch (shape->type) {
    case QOE_SHAPE_RECT:
        append_rect(out, shape);
        break;
    case QOE_SHAPE_HATCH:
        append_hatch(out, shape);
        break;
    case QOE_SHAPE_LINE:
        append_line(out, scene, shape);
        break;
    case QOE_SHAPE_AREA:
        append_area(out, scene, shape);
        break;
    case QOE_SHAPE_TEXT:
        append_text(out, shape);
        break;
    case QOE_SHAPE_CLIP:
        append_clip(out, shape, clips);
        break;
    case QOE_SHAPE_UNCLIP:
        g_string_append(out, "</g>\n");
        break;
    }
}

static void append_inks(GString *out, bool dark)
{
    for (int ink = 0; ink < QOE_INKS; ink++) {
        const char *name = qoe_ink_name((qoe_ink)ink);
        const uint32_t colour = qoe_ink_colour((qoe_ink)ink, dark);
        g_string_append_printf(out, ".%s{fill:#%06x}.l-%s{fill:none;stroke:#%06x}\n", name, colour, name, colour);
    }
}

static void append_style(GString *out)
{
    g_string_append(out, "<style>\ntext{font-family:" FONTS "}\n");
    append_inks(out, false);
    g_string_append(out, "@media (prefers-color-scheme:dark){\n");
    append_inks(out, true);
    g_string_append(out, "}\n</style>\n"
                         "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                         "patternTransform=\"rotate(45)\"><rect class=\"muted\" width=\"1.3\" height=\"6\"/>"
                         "</pattern></defs>\n");
}

static void append_head(GString *out, double width, double height, const char *title, const char *description)
{
    char w[QOE_FORMAT_LEN], h[QOE_FORMAT_LEN];

    qoe_format_short(width, 2, w);
    qoe_format_short(height, 2, h);
    g_string_append_printf(out,
                           "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%s\" height=\"%s\" "
                           "viewBox=\"0 0 %s %s\" role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">",
                           w, h, w, h);
    append_escaped(out, title);
    g_string_append(out, "</title>\n<desc id=\"desc\">");
    append_escaped(out, description);
    g_string_append(out, "</desc>\n");
    append_style(out);
}

GString *qoe_chart_svg(const qoe_scene *const *scenes, size_t count, const char *title, const char *description)
{
    GString *out = g_string_sized_new(1 << 16);
    double width = 0, height = 0;
    unsigned clips = 0;
    char y[QOE_FORMAT_LEN];

    for (size_t i = 0; i < count; i++) {
        width = MAX(width, scenes[i]->width);
        height += scenes[i]->height;
    }
    append_head(out, width, height, title, description);
    height = 0;
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(out, "<g transform=\"translate(0,%s)\">\n", qoe_format_short(height, 2, y));
        for (guint s = 0; s < scenes[i]->shapes->len; s++)
            append_shape(out, scenes[i], qoe_scene_shape(scenes[i], s), &clips);
        g_string_append(out, "</g>\n");
        height += scenes[i]->height;
    }
    g_string_append(out, "</svg>\n");
    return out;
}
