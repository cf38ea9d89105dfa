/* Knows which signs the chart uses and explains them in as many rows as they need.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "chart_layout.h"

enum { SWATCH_W = 26, SWATCH_GAP = 6, ITEM_GAP = 18, ROW_H = 18, PAD = 14 };

typedef enum {
    SIGN_STEPS,
    SIGN_DASHED,
    SIGN_HATCH,
    SIGN_AREA,
    SIGN_BAR,
    SIGN_PALE_BAR,
    SIGN_LINE,
    SIGN_STALL,
    SIGN_START
} sign;

typedef struct {
    sign sign;
    qoe_ink ink;
    const char *text;
} item;

static void draw_sign(qoe_scene *scene, const item *what, double x, double y)
{
    static const double strengths[] = {1.0, 0.7, 0.38};

    switch (what->sign) {
    case SIGN_STEPS:
        for (size_t i = 0; i < G_N_ELEMENTS(strengths); i++)
            qoe_scene_rect(scene, what->ink, x + (double)i * SWATCH_W / 3, y - 7, SWATCH_W / 3.0, 6)->opacity =
                strengths[i];
        break;
    case SIGN_DASHED:
        qoe_scene_segment(scene, what->ink, 1.6, x, y - 4, x + SWATCH_W, y - 4)->dash = 5;
        break;
    case SIGN_HATCH:
        qoe_scene_hatch(scene, what->ink, x, y - 10, SWATCH_W, 12)->opacity = 0.5;
        break;
    case SIGN_AREA:
        qoe_scene_rect(scene, what->ink, x, y - 9, SWATCH_W, 10)->opacity = 0.45;
        break;
    case SIGN_BAR:
        qoe_scene_rect(scene, what->ink, x + 4, y - 6, 5, 7)->opacity = 0.85;
        qoe_scene_rect(scene, what->ink, x + 11, y - 10, 5, 11)->opacity = 0.85;
        qoe_scene_rect(scene, what->ink, x + 18, y - 8, 5, 9)->opacity = 0.85;
        break;
    case SIGN_PALE_BAR:
        qoe_scene_rect(scene, what->ink, x + 6, y - 9, SWATCH_W - 12, 10)->opacity = 0.45;
        break;
    case SIGN_LINE:
        qoe_scene_segment(scene, what->ink, 1.8, x, y - 4, x + SWATCH_W, y - 4);
        break;
    case SIGN_STALL:
        qoe_scene_rect(scene, what->ink, x + 6, y - 8, SWATCH_W - 12, 8);
        break;
    case SIGN_START:
        qoe_scene_segment(scene, what->ink, 1.2, x + SWATCH_W / 2.0, y - 11, x + SWATCH_W / 2.0, y + 2)->dash = 3;
        break;
    }
}

static bool any_answer(const qoe_chart_data *data)
{
    for (size_t i = 0; i < data->windows_count; i++)
        if (data->windows[i].resolution > 0)
            return true;
    return false;
}

static bool any_gap(const qoe_chart_data *data)
{
    for (size_t i = 0; i < data->windows_count; i++)
        if (data->windows[i].resolution <= 0 && data->windows[i].downloaded <= 0)
            return true;
    return false;
}

/* Drawn pale: its size and times are a guess, or it is not whole. */
static bool any_pale_segment(const qoe_chart_layout *layout)
{
    static const unsigned layers[QOE_KINDS] = {
        [QOE_KIND_VIDEO] = QOE_LAYER_VIDEO, [QOE_KIND_AUDIO] = QOE_LAYER_AUDIO, [QOE_KIND_OTHER] = QOE_LAYER_OTHER};

    for (size_t i = 0; i < layout->data->segments_count; i++) {
        const qoe_chart_segment *segment = &layout->data->segments[i];
        if (segment->complete != QOE_COMPLETE_YES && qoe_chart_shows(layout, layers[segment->kind]))
            return true;
    }
    return false;
}

static GArray *collect(const qoe_chart_layout *layout)
{
    const bool screen = qoe_chart_data_has_screen(layout->data);
    const struct {
        bool shown;
        item item;
    } all[] = {
        {any_answer(layout->data),
         {SIGN_STEPS, QOE_INK_RESOLUTION, screen ? "on screen (faint: unsure)" : "resolution (faint: unsure)"}},
        {screen, {SIGN_DASHED, QOE_INK_DOWNLOADED, "downloaded"}},
        {any_gap(layout->data), {SIGN_HATCH, QOE_INK_MUTED, "no answer"}},
        {qoe_chart_shows(layout, QOE_LAYER_RATE), {SIGN_AREA, QOE_INK_RATE, "throughput"}},
        {qoe_chart_shows(layout, QOE_LAYER_VIDEO), {SIGN_BAR, QOE_INK_VIDEO, "video segments"}},
        {qoe_chart_shows(layout, QOE_LAYER_AUDIO), {SIGN_BAR, QOE_INK_AUDIO, "audio segments"}},
        {qoe_chart_shows(layout, QOE_LAYER_OTHER), {SIGN_BAR, QOE_INK_OTHER, "other segments"}},
        {any_pale_segment(layout), {SIGN_PALE_BAR, QOE_INK_VIDEO, "unsure, or cut off"}},
        {qoe_chart_shows(layout, QOE_LAYER_BUFFER), {SIGN_LINE, QOE_INK_BUFFER, "buffer (estimate)"}},
        {qoe_chart_shows(layout, QOE_LAYER_STALLS), {SIGN_STALL, QOE_INK_ALARM, "stall (estimate)"}},
        {layout->data->startup_s >= 0 && (layout->options->layers & QOE_LAYER_STALLS),
         {SIGN_START, QOE_INK_TEXT, "picture starts (estimate)"}},
    };
    GArray *items = g_array_new(FALSE, FALSE, sizeof(item));

    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].shown)
            g_array_append_val(items, all[i].item);
    return items;
}

double qoe_chart_legend(qoe_chart_layout *layout, double y, bool draw)
{
    qoe_scene *scene = layout->scene;
    GArray *items = collect(layout);
    double x = PAD;

    y += ROW_H;
    for (guint i = 0; i < items->len; i++) {
        const item *what = &g_array_index(items, item, i);
        const double width = SWATCH_W + SWATCH_GAP + qoe_scene_measure(scene, what->text, QOE_FONT_SMALL, false);
        if (x > PAD && x + width > scene->width - PAD) {
            x = PAD;
            y += ROW_H;
        }
        if (draw) {
            draw_sign(scene, what, x, y);
            qoe_scene_text(scene, QOE_INK_TEXT, QOE_ANCHOR_START, QOE_FONT_SMALL, x + SWATCH_W + SWATCH_GAP, y,
                           what->text);
        }
        x += width + ITEM_GAP;
    }
    g_array_free(items, TRUE);
    return y + 6;
}
