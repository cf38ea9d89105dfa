/* Knows where the graph window's module lies, how it is loaded, and what it may ask of the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

#include "beside.h"
#include "packet-qoe.h"
#include "qt/qoe_ui.h"
#include "window.h"
#include "write.h"

#define MODULE_NAME "qoe-ui.so"

static qoe_analysis *settled(void)
{
    qoe_analysis *analysis = qoe_current_analysis();

    if (analysis)
        qoe_analysis_settle(analysis);
    return analysis;
}

static uint64_t state(void)
{
    return qoe_state_of(qoe_current_generation(), qoe_current_analysis());
}

static size_t sessions(void)
{
    const qoe_analysis *analysis = settled();
    return analysis ? qoe_analysis_sessions(analysis) : 0;
}

static bool session_at(size_t i, qoe_ui_session *out)
{
    const qoe_analysis *analysis = qoe_current_analysis();

    if (!analysis || i >= qoe_analysis_sessions(analysis))
        return false;
    const qoe_session *session = qoe_analysis_session(analysis, i);
    *out = (qoe_ui_session){.number = session->number,
                            .start_us = session->start_us,
                            .end_us = session->last_us,
                            .has_media = session->video_bytes + session->audio_bytes > 0};
    g_strlcpy(out->service, session->service, sizeof out->service);
    qoe_addr_format(&session->client, out->client);
    return true;
}

static qoe_chart_data *data_of(size_t i)
{
    const qoe_analysis *analysis = settled();
    return analysis && i < qoe_analysis_sessions(analysis) ? qoe_chart_data_new(analysis, i) : NULL;
}

static void goto_frame(uint32_t frame)
{
    plugin_if_goto_frame(frame);
}

static void apply_filter(const char *filter)
{
    plugin_if_apply_filter(filter, true);
}

static bool write_csv(const char *table, const char *path, char **error)
{
    const qoe_analysis *analysis = settled();
    FILE *out = analysis && qoe_table_find(table) != QOE_TABLES ? fopen(path, "w") : NULL;
    bool ok = out && qoe_write_table(out, qoe_table_find(table), QOE_FORMAT_CSV, analysis);

    if (out && fclose(out) != 0)
        ok = false;
    if (!ok)
        *error = g_strdup(analysis ? g_strerror(errno) : "no capture is open");
    return ok;
}

static void free_text(char *text)
{
    g_free(text);
}

static const char *model_message(void)
{
    const char *message = qoe_current_model_message();
    return qoe_current_model() ? "" : message ? message : "no model is installed";
}

static const char *nothing(void)
{
    return qoe_host_nothing(qoe_current_analysis());
}

static const char *capture_name(void)
{
    static char *name;
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    g_free(name);
    name = info && info->cf_filename ? g_path_get_basename(info->cf_filename) : NULL;
    return name ? name : "";
}

static const qoe_ui_host host = {
    .abi = QOE_UI_ABI,
    .state = state,
    .sessions = sessions,
    .session = session_at,
    .data = data_of,
    .release = qoe_chart_data_free,
    .goto_frame = goto_frame,
    .apply_filter = apply_filter,
    .write_csv = write_csv,
    .free_text = free_text,
    .model_message = model_message,
    .nothing = nothing,
    .capture_name = capture_name,
};

/* Never unloaded: Qt keeps pointers into code that it has met. NULL with *why (g_free). */
static const qoe_ui_module *load(char **why)
{
    static const qoe_ui_module *module;
    char *path = module ? NULL : qoe_beside(MODULE_NAME);

    if (path) {
        void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        void *symbol = handle ? dlsym(handle, QOE_UI_SYMBOL) : NULL;
        qoe_ui_module_getter get = NULL;
        memcpy(&get, &symbol, sizeof get); /* ISO C knows no cast from data to code */
        if (get)
            module = get();
        else
            *why = g_strdup(dlerror());
    }
    g_free(path);
    if (module && module->abi != QOE_UI_ABI) {
        *why = g_strdup(MODULE_NAME " belongs to another version of this plugin");
        module = NULL;
    }
    return module;
}

void qoe_window_open(void)
{
    char *why = NULL;
    const qoe_ui_module *module = load(&why);
    const char *error = module ? module->open(&host) : NULL;

    if (!module)
        report_failure("The graph window is not available: %s", why ? why : "its module was not found");
    else if (error)
        report_failure("The graph window could not be opened: %s", error);
    g_free(why);
}

void qoe_window_choose(const char *entry)
{
    char *why = NULL;
    const qoe_ui_module *module = load(&why);

    if (!module || !module->choose(entry))
        report_failure("Please choose \"%s\" in the menu Statistics itself.", entry);
    g_free(why);
}
