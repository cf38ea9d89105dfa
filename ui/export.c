/* Knows -z qoe,export,KIND,FORMAT,PATH.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <string.h>

#include <epan/stat_tap_ui.h>
#include <wsutil/report_message.h>

#include "output.h"
#include "packet-qoe.h"
#include "statistics.h"
#include "write.h"

#define COMMAND "qoe,export"
#define USAGE                                                                                                          \
    "-z " COMMAND ",KIND,FORMAT,PATH with KIND servers, segments, windows, sessions or features, "                     \
    "FORMAT csv or json, PATH - for standard output"

typedef struct {
    qoe_table table;
    qoe_format format;
    qoe_output *output;
} request;

static void close_request(request *asked)
{
    qoe_output_close(asked->output);
    g_free(asked);
}

static bool write_table(FILE *out, void *user_data)
{
    const request *asked = user_data;
    return qoe_write_table(out, asked->table, asked->format, qoe_current_analysis());
}

static void draw(void *listener)
{
    const request *asked = listener;
    qoe_analysis *analysis = qoe_current_analysis();

    if (!analysis) {
        report_failure("-z " COMMAND ": nothing to write. %s", qoe_host_nothing(analysis));
        qoe_host_fail(); /* an empty table would say that the capture has no films in it */
        return;
    }
    qoe_host_tell_missing_model();
    qoe_analysis_settle(analysis);
    qoe_output_write(asked->output, write_table, listener);
    qoe_host_tell_losses(COMMAND, analysis);
}

static void finish(void *listener)
{
    close_request(listener);
}

/* Any name will do, but behind a comma a filter may stand. */
static qoe_output *open_output(qoe_format format, const char *path)
{
    if (strchr(path, ',') && !qoe_output_is_named(COMMAND, path, format == QOE_FORMAT_CSV ? ".csv" : ".json"))
        return NULL;
    return qoe_output_open(COMMAND, path);
}

static bool parse(const char *argument, request *asked)
{
    char **parts = g_strsplit(argument, ",", 3);
    const guint count = g_strv_length(parts);

    asked->table = count > 0 ? qoe_table_find(parts[0]) : QOE_TABLES;
    asked->format = count > 1 ? qoe_format_find(parts[1]) : QOE_FORMATS;
    if (count < 3 || !*parts[2])
        report_failure("-z " COMMAND ": incomplete. " USAGE);
    else if (asked->table == QOE_TABLES)
        report_failure("-z " COMMAND ": \"%s\" is no kind of export. " USAGE, parts[0]);
    else if (asked->format == QOE_FORMATS)
        report_failure("-z " COMMAND ": \"%s\" is no format. " USAGE, parts[1]);
    else
        asked->output = open_output(asked->format, parts[2]);
    g_strfreev(parts);
    return asked->output != NULL;
}

static bool start(const char *argument)
{
    const char *rest = qoe_host_argument(argument, COMMAND);
    request *asked;

    if (!rest)
        return false;
    asked = g_new0(request, 1);
    if (!parse(rest, asked)) {
        close_request(asked);
        return false;
    }
    if (qoe_host_is_gui()) { /* the capture has been read already, and no tap will run */
        draw(asked);
        close_request(asked);
        return true;
    }
    if (qoe_host_listen(COMMAND, asked, NULL, NULL, NULL, draw, finish))
        return true;
    close_request(asked);
    return false;
}

static qoe_ws_started start_export(const char *argument, void *user_data _U_)
{
    QOE_WS_STARTED(start(argument));
}

void qoe_export_register(void)
{
    stat_tap_ui ui = {
        .group = REGISTER_STAT_GROUP_GENERIC, .title = NULL, .cli_string = COMMAND, .tap_init_cb = start_export};

    register_stat_tap_ui(&ui, NULL);
}
