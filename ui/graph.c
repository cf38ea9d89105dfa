/* Knows -z qoe,graph[,PATH.svg]: the sessions of a capture as text, as one SVG, or in a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <stdio.h>

#include <epan/stat_tap_ui.h>

#include "chart.h"
#include "chart_svg.h"
#include "chart_text.h"
#include "output.h"
#include "packet-qoe.h"
#include "statistics.h"
#include "window.h"

#define COMMAND "qoe,graph"

enum { SESSIONS_MAX = 50 }; /* in one picture */

/* One -z argument. */
typedef struct {
    qoe_output *output;
    bool svg; /* or text */
} request;

/* What is drawn. */
typedef struct {
    GPtrArray *sessions; /* of qoe_chart_data */
    size_t left_out;
    bool svg;
} picture;

static bool has_media(const qoe_session *session)
{
    return session->video_bytes + session->audio_bytes > 0 || session->mean_resolution > 0;
}

/* Sessions in which media was seen; where there are none, all. *left_out: how many more there are. */
static GPtrArray *collect(const qoe_analysis *analysis, size_t *left_out)
{
    const size_t count = analysis ? qoe_analysis_sessions(analysis) : 0;
    GPtrArray *chosen = g_ptr_array_new_with_free_func((GDestroyNotify)qoe_chart_data_free);
    bool media = false;

    *left_out = 0;
    for (size_t i = 0; i < count; i++)
        media |= has_media(qoe_analysis_session(analysis, i));
    for (size_t i = 0; i < count; i++) {
        if (media && !has_media(qoe_analysis_session(analysis, i)))
            continue;
        if (chosen->len < SESSIONS_MAX)
            g_ptr_array_add(chosen, qoe_chart_data_new(analysis, i));
        else
            ++*left_out;
    }
    return chosen;
}

/* What stands below the pictures. NULL: nothing. */
static char *remarks(size_t shown, size_t left_out)
{
    GString *text = g_string_new(NULL);

    if (shown == 0)
        g_string_append(text, qoe_host_nothing(qoe_current_analysis()));
    if (left_out > 0)
        g_string_append_printf(text, "%zu more sessions are not shown.", left_out);
    if (!qoe_current_model())
        g_string_append_printf(text, "%sNo model: %s.", text->len > 0 ? "\n" : "",
                               qoe_current_model_message() ? qoe_current_model_message() : "none is installed");
    return g_string_free(text, FALSE);
}

static bool write_text(FILE *out, const GPtrArray *sessions, size_t left_out)
{
    const qoe_text_options options = qoe_text_options_for(out);
    char *below = remarks(sessions->len, left_out);

    for (guint i = 0; i < sessions->len; i++) {
        char *text = qoe_chart_text(g_ptr_array_index(sessions, i), &options);
        fprintf(out, "%s%s", i > 0 ? "\n" : "", text);
        g_free(text);
    }
    if (*below)
        fprintf(out, "%s%s\n", sessions->len > 0 ? "\n" : "", below);
    g_free(below);
    return !ferror(out);
}

static qoe_scene *remark_scene(const char *text)
{
    const double size = 12, line = 18;
    char **lines = g_strsplit(text, "\n", -1);
    qoe_scene *scene = qoe_scene_new(QOE_CHART_WIDTH_DEFAULT, line * (g_strv_length(lines) + 1), NULL, NULL);

    qoe_scene_rect(scene, QOE_INK_PAPER, 0, 0, scene->width, scene->height);
    for (guint i = 0; lines[i]; i++)
        qoe_scene_text(scene, QOE_INK_MUTED, QOE_ANCHOR_START, size, 14, line * (i + 1),
                       qoe_scene_fit(scene, lines[i], size, false, scene->width - 28));
    g_strfreev(lines);
    return scene;
}

static GString *make_svg(const GPtrArray *sessions, size_t left_out)
{
    const qoe_chart_options options = {.width = QOE_CHART_WIDTH_DEFAULT, .layers = QOE_LAYERS_DEFAULT};
    GPtrArray *scenes = g_ptr_array_new_with_free_func((GDestroyNotify)qoe_scene_free);
    char *below = remarks(sessions->len, left_out);
    GString *description = g_string_new(NULL);

    for (guint i = 0; i < sessions->len; i++) {
        const qoe_chart_data *data = g_ptr_array_index(sessions, i);
        g_ptr_array_add(scenes, qoe_chart_scene(data, &options, NULL));
        g_string_append_printf(description, "%s to %s, mean resolution %.0f lines, %u changes. ", data->service,
                               data->client, data->mean_resolution, data->switches);
    }
    if (*below)
        g_ptr_array_add(scenes, remark_scene(below));
    g_string_append(description, below);
    GString *svg = qoe_chart_svg((const qoe_scene *const *)scenes->pdata, scenes->len,
                                 "Resolution over time, as estimated from encrypted traffic", description->str);
    g_string_free(description, TRUE);
    g_free(below);
    g_ptr_array_free(scenes, TRUE);
    return svg;
}

static bool write_svg(FILE *out, const GPtrArray *sessions, size_t left_out)
{
    GString *svg = make_svg(sessions, left_out);
    const bool ok = fwrite(svg->str, 1, svg->len, out) == svg->len;

    g_string_free(svg, TRUE);
    return ok;
}

static bool write_picture(FILE *out, void *user_data)
{
    const picture *drawn = user_data;
    return (drawn->svg ? write_svg : write_text)(out, drawn->sessions, drawn->left_out);
}

static void draw(void *listener)
{
    const request *asked = listener;
    qoe_analysis *analysis = qoe_current_analysis();
    picture drawn = {.svg = asked->svg};

    qoe_host_tell_missing_model();
    if (analysis)
        qoe_analysis_settle(analysis);
    drawn.sessions = collect(analysis, &drawn.left_out);
    qoe_output_write(asked->output, write_picture, &drawn);
    g_ptr_array_free(drawn.sessions, TRUE);
    qoe_host_tell_losses(COMMAND, analysis);
}

static void finish(void *listener)
{
    request *asked = listener;

    qoe_output_close(asked->output);
    g_free(asked);
}

static bool open_output(request *asked, const char *path)
{
    asked->svg = *path != '\0';
    if (asked->svg && !qoe_output_is_named(COMMAND, path, ".svg"))
        return false;
    asked->output = qoe_output_open(COMMAND, asked->svg ? path : "-");
    return asked->output != NULL;
}

static bool start(const char *argument)
{
    const char *path = qoe_host_argument(argument, COMMAND);
    const bool gui = qoe_host_is_gui();

    if (!path)
        return false;
    if (!*path && gui) {
        qoe_window_open();
        return true;
    }
    request *asked = g_new0(request, 1);
    if (!open_output(asked, path)) {
        finish(asked);
        return false;
    }
    if (gui) { /* the capture has been read already */
        draw(asked);
        finish(asked);
        return true;
    }
    if (qoe_host_listen(COMMAND, asked, NULL, NULL, NULL, draw, finish))
        return true;
    finish(asked);
    return false;
}

static qoe_ws_started start_graph(const char *argument, void *user_data _U_)
{
    QOE_WS_STARTED(start(argument));
}

void qoe_graph_register(void)
{
    stat_tap_ui ui = {
        .group = REGISTER_STAT_GROUP_GENERIC, .title = NULL, .cli_string = COMMAND, .tap_init_cb = start_graph};

    register_stat_tap_ui(&ui, NULL);
}
