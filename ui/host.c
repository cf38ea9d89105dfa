/* Knows which program the plugin runs in, and how its user is told of mistakes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <stdlib.h>
#include <string.h>

#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

#include "losses.h"
#include "packet-qoe.h"

bool qoe_host_is_gui(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported;
}

void qoe_host_end_unless(bool ok)
{
    if (!ok && !qoe_host_is_gui())
        exit(EXIT_FAILURE);
}

/* All statistics have been drawn by now, and the capture is closed. */
static void end_with_failure(void)
{
    exit(EXIT_FAILURE);
}

void qoe_host_fail(void)
{
    static bool failed;

    if (failed || qoe_host_is_gui())
        return;
    failed = true;
    register_shutdown_routine(end_with_failure);
}

void qoe_host_tell_missing_model(void)
{
    if (!qoe_tell_missing_model())
        qoe_host_fail();
}

void qoe_host_tell_losses(const char *command, const qoe_analysis *analysis)
{
    char *text = analysis ? qoe_losses_text(analysis) : NULL;

    if (text)
        report_warning("-z %s: %s", command, text);
    g_free(text);
}

#define NOTHING                                                                                                        \
    "No traffic of a streaming service was recognised in this capture.\n"                                              \
    "Services are known by DNS answers, TLS or QUIC server names, and address prefixes.\n"

const char *qoe_host_nothing(const qoe_analysis *analysis)
{
    if (!proto_is_protocol_enabled(find_protocol_by_id(qoe_proto_id())))
        return "The protocol QoE is disabled: see Analyze > Enabled Protocols.";
    if (analysis && qoe_analysis_config(analysis)->untagged)
        return NOTHING "Connections to ports 443 and 80 of other servers were looked for, too.";
    if (qoe_host_is_gui())
        return NOTHING "In Preferences > Protocols > QoE you may add a service, or analyse servers that no rule names.";
    return NOTHING "Try -o qoe.untagged:TRUE for servers that no rule names, or add a rule: "
                   "-o 'uat:qoe_services:\"Mine\",\"example.net\"'";
}

const char *qoe_host_argument(const char *argument, const char *command)
{
    const size_t len = strlen(command);

    if (strncmp(argument, command, len) != 0 || (argument[len] != '\0' && argument[len] != ',')) {
        report_failure("-z %s: there is no such statistic, did you mean -z %s?", argument, command);
        return NULL;
    }
    return argument[len] == ',' ? argument + len + 1 : "";
}

typedef void (*finish_cb)(void *listener);

/* listener -> finish_cb, in memory of its own */
static GHashTable *listeners;

static void stopped(void *listener)
{
    const finish_cb *kept = g_hash_table_lookup(listeners, listener);
    const finish_cb finish = kept ? *kept : NULL;

    g_hash_table_remove(listeners, listener);
    if (finish)
        finish(listener);
}

bool qoe_host_listens(void)
{
    return listeners && g_hash_table_size(listeners) > 0;
}

bool qoe_host_listen(const char *command, void *listener, const char *filter, void (*reset)(void *),
                     tap_packet_cb packet, void (*draw)(void *), void (*finish)(void *))
{
    GString *error = register_tap_listener("qoe", listener, filter && *filter ? filter : NULL, TL_REQUIRES_NOTHING,
                                           reset, packet, draw, stopped);

    if (!error) {
        if (!listeners)
            listeners = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        finish_cb *kept = g_new(finish_cb, 1);
        *kept = finish;
        g_hash_table_insert(listeners, listener, kept);
        return true;
    }
    report_failure("-z %s: %s", command, error->str);
    g_string_free(error, TRUE);
    return false;
}
