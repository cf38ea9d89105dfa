/* Knows how a list of shapes is put together, how wide texts are, and which colour an ink has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scene.h"

#include <string.h>

qoe_scene *qoe_scene_new(double width, double height, qoe_measure measure, void *measure_data)
{
    qoe_scene *scene = g_new0(qoe_scene, 1);

    scene->width = width;
    scene->height = height;
    scene->shapes = g_array_new(FALSE, TRUE, sizeof(qoe_shape));
    scene->points = g_array_new(FALSE, FALSE, sizeof(qoe_point));
    scene->texts = g_string_chunk_new(1024);
    scene->measure = measure;
    scene->measure_data = measure_data;
    return scene;
}

void qoe_scene_free(qoe_scene *scene)
{
    if (!scene)
        return;
    g_array_free(scene->shapes, TRUE);
    g_array_free(scene->points, TRUE);
    g_string_chunk_free(scene->texts);
    g_free(scene);
}

static qoe_shape *add(qoe_scene *scene, qoe_shape_type type, qoe_ink ink)
{
    g_array_set_size(scene->shapes, scene->shapes->len + 1);
    qoe_shape *shape = &g_array_index(scene->shapes, qoe_shape, scene->shapes->len - 1);
    shape->type = type;
    shape->ink = ink;
    shape->opacity = 1;
    return shape;
}

static qoe_shape *add_box(qoe_scene *scene, qoe_shape_type type, qoe_ink ink, double x, double y, double w, double h)
{
    qoe_shape *shape = add(scene, type, ink);
    shape->x = x;
    shape->y = y;
    shape->w = w;
    shape->h = h;
    return shape;
}

static qoe_shape *add_points(qoe_scene *scene, qoe_shape_type type, qoe_ink ink, const qoe_point *points, size_t count)
{
    qoe_shape *shape = add(scene, type, ink);
    shape->first_point = scene->points->len;
    shape->points = count;
    g_array_append_vals(scene->points, points, (guint)count);
    return shape;
}

qoe_shape *qoe_scene_rect(qoe_scene *scene, qoe_ink ink, double x, double y, double w, double h)
{
    return add_box(scene, QOE_SHAPE_RECT, ink, x, y, w, h);
}

qoe_shape *qoe_scene_hatch(qoe_scene *scene, qoe_ink ink, double x, double y, double w, double h)
{
    return add_box(scene, QOE_SHAPE_HATCH, ink, x, y, w, h);
}

qoe_shape *qoe_scene_line(qoe_scene *scene, qoe_ink ink, double stroke, const qoe_point *points, size_t count)
{
    qoe_shape *shape = add_points(scene, QOE_SHAPE_LINE, ink, points, count);
    shape->stroke = stroke;
    return shape;
}

qoe_shape *qoe_scene_segment(qoe_scene *scene, qoe_ink ink, double stroke, double x1, double y1, double x2, double y2)
{
    const qoe_point points[] = {{x1, y1}, {x2, y2}};
    return qoe_scene_line(scene, ink, stroke, points, 2);
}

qoe_shape *qoe_scene_area(qoe_scene *scene, qoe_ink ink, const qoe_point *points, size_t count)
{
    return add_points(scene, QOE_SHAPE_AREA, ink, points, count);
}

qoe_shape *qoe_scene_text(qoe_scene *scene, qoe_ink ink, qoe_anchor anchor, double size, double x, double y,
                          const char *text)
{
    qoe_shape *shape = add_box(scene, QOE_SHAPE_TEXT, ink, x, y, 0, 0);
    shape->anchor = anchor;
    shape->size = size;
    shape->text = qoe_scene_keep(scene, text);
    return shape;
}

void qoe_scene_clip(qoe_scene *scene, double x, double y, double w, double h)
{
    add_box(scene, QOE_SHAPE_CLIP, QOE_INK_PAPER, x, y, w, h);
}

void qoe_scene_unclip(qoe_scene *scene)
{
    add(scene, QOE_SHAPE_UNCLIP, QOE_INK_PAPER);
}

const char *qoe_scene_keep(qoe_scene *scene, const char *text)
{
    return g_string_chunk_insert(scene->texts, text);
}

/* Widths in em of DejaVu Sans and Verdana, the widest of the common sans-serif fonts: a text that fits with
 * these fits with Helvetica, Arial or Segoe UI as well. */
static double character_em(gunichar c)
{
    if (c < 0x80 && strchr("iljI|.,:;'!", (int)c))
        return 0.38;
    if (c < 0x80 && strchr("ftr ()[]-/", (int)c))
        return 0.42;
    if (c == 'm' || c == 'w' || c == 'M' || c == 'W' || c == '%' || c == '@')
        return 1.0;
    if (g_unichar_iswide(c))
        return 1.05;
    if (g_unichar_isupper(c))
        return 0.72;
    return 0.64;
}

static double estimate(const char *text, double size, bool bold)
{
    double em = 0;

    for (const char *at = text; *at; at = g_utf8_next_char(at))
        em += character_em(g_utf8_get_char(at));
    return em * size * (bold ? 1.12 : 1.0);
}

double qoe_scene_measure(const qoe_scene *scene, const char *text, double size, bool bold)
{
    return scene->measure ? scene->measure(text, size, bold, scene->measure_data) : estimate(text, size, bold);
}

const char *qoe_scene_fit(qoe_scene *scene, const char *text, double size, bool bold, double width)
{
    if (qoe_scene_measure(scene, text, size, bold) <= width)
        return qoe_scene_keep(scene, text);

    GString *cut = g_string_new(text);
    glong left = g_utf8_strlen(text, -1);
    const char *fitting = "";
    while (left > 1) {
        left--;
        g_string_truncate(cut, (gsize)(g_utf8_offset_to_pointer(text, left) - text));
        g_string_append(cut, "\u2026");
        if (qoe_scene_measure(scene, cut->str, size, bold) <= width) {
            fitting = qoe_scene_keep(scene, cut->str);
            break;
        }
    }
    g_string_free(cut, TRUE);
    return fitting;
}

/* Hues that people with the common kinds of colour blindness tell apart (after Okabe and Ito), adjusted so that
 * each has a contrast of at least 3:1 to its paper where it carries a meaning (WCAG 2.1, 1.4.11). */
static const struct {
    const char *name;
    uint32_t light, dark;
} inks[QOE_INKS] = {
    [QOE_INK_PAPER] = {"paper", 0xffffff, 0x1b1e23},
    [QOE_INK_TEXT] = {"text", 0x1f2430, 0xe8eaee},
    [QOE_INK_MUTED] = {"muted", 0x626a78, 0x9ba3b1},
    [QOE_INK_GRID] = {"grid", 0xd9dde4, 0x3a4049},
    [QOE_INK_LANE] = {"lane", 0xf5f7fa, 0x21252b},
    [QOE_INK_RESOLUTION] = {"resolution", 0x0b5cad, 0x64b1f5},
    [QOE_INK_DOWNLOADED] = {"downloaded", 0x7a4fb5, 0xb79af0},
    [QOE_INK_RATE] = {"rate", 0xa9b8c9, 0x4d5b6b},
    [QOE_INK_VIDEO] = {"video", 0x00876c, 0x3cc2a0},
    [QOE_INK_AUDIO] = {"audio", 0xc9731c, 0xeda44c},
    [QOE_INK_OTHER] = {"other", 0x8b93a1, 0x7d8694},
    [QOE_INK_BUFFER] = {"buffer", 0x4a7a1f, 0x96c95c},
    [QOE_INK_ALARM] = {"alarm", 0xc42b3a, 0xff6b76},
};

uint32_t qoe_ink_colour(qoe_ink ink, bool dark)
{
    return ink < QOE_INKS ? (dark ? inks[ink].dark : inks[ink].light) : 0;
}

const char *qoe_ink_name(qoe_ink ink)
{
    return ink < QOE_INKS ? inks[ink].name : "";
}
