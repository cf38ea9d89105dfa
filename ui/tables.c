/* Knows tshark's -z qoe,servers|segments|windows|sessions[,filter].
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <errno.h>

#include <epan/stat_tap_ui.h>
#include <wsutil/report_message.h>

#include "losses.h"
#include "packet-qoe.h"
#include "statistics.h"
#include "write.h"

/* One -z argument. */
typedef struct {
    qoe_table table;
    char *filter;
    qoe_selection *selection; /* NULL without a filter: everything */
} request;

static void reset(void *listener)
{
    const request *asked = listener;
    if (asked->selection)
        qoe_selection_clear(asked->selection);
}

static tap_packet_status take(void *listener, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                              tap_flags_t flags _U_)
{
    const request *asked = listener;
    const qoe_tap_info *info = data;
    const qoe_analysis *analysis = asked->selection ? qoe_current_analysis() : NULL;

    if (analysis)
        qoe_selection_add(asked->selection, analysis, info->packet, info->verdict, NULL, NULL);
    return TAP_PACKET_REDRAW;
}

static void print_losses(const qoe_analysis *analysis)
{
    char *text = analysis ? qoe_losses_text(analysis) : NULL;

    if (text)
        printf("%s\n", text);
    g_free(text);
}

static void draw(void *listener)
{
    const request *asked = listener;
    qoe_analysis *analysis = qoe_current_analysis();

    qoe_host_tell_missing_model();
    if (analysis)
        qoe_analysis_settle(analysis);
    if (!qoe_write_text(stdout, asked->table, analysis, asked->selection, asked->filter)) {
        report_failure("-z qoe,%s: the table could not be written: %s", qoe_table_name(asked->table),
                       g_strerror(errno));
        qoe_host_fail();
    }
    if (!analysis || qoe_analysis_sessions(analysis) == 0)
        printf("%s\n", qoe_host_nothing(analysis));
    print_losses(analysis);
}

static void finish(void *listener)
{
    request *asked = listener;

    qoe_selection_free(asked->selection);
    g_free(asked->filter);
    g_free(asked);
}

static bool start(const char *argument, qoe_table table)
{
    char *command = g_strdup_printf("qoe,%s", qoe_table_name(table));
    const char *filter = qoe_host_argument(argument, command);
    bool ok = false;

    if (filter) {
        request *asked = g_new0(request, 1);
        asked->table = table;
        asked->filter = g_strdup(filter);
        asked->selection = *filter ? qoe_selection_new() : NULL;
        ok = qoe_host_listen(command, asked, filter, reset, take, draw, finish);
        if (!ok)
            finish(asked);
    }
    g_free(command);
    return ok;
}

static qoe_ws_started start_table(const char *argument, void *user_data)
{
    QOE_WS_STARTED(start(argument, (qoe_table)GPOINTER_TO_INT(user_data)));
}

void qoe_tables_register(void)
{
    static const char *const commands[] = {"qoe,servers", "qoe,segments", "qoe,windows", "qoe,sessions"};

    for (int i = 0; i < (int)G_N_ELEMENTS(commands); i++) {
        stat_tap_ui ui = {
            .group = REGISTER_STAT_GROUP_GENERIC, .title = NULL, .cli_string = commands[i], .tap_init_cb = start_table};
        register_stat_tap_ui(&ui, GINT_TO_POINTER(i));
    }
}
