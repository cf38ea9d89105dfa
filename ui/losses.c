/* Knows how the user is told that the analysis had no room for everything.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "losses.h"

#include <inttypes.h>

#include <glib.h>

#include "server.h"

static void add(GString *text, uint64_t lost, const char *what)
{
    if (lost > 0)
        g_string_append_printf(text, "%s%" PRIu64 " %s", text->len > 0 ? ", " : "", lost, what);
}

static char *bounds_text(const qoe_limits *limits)
{
    return g_strdup_printf(
        "At most %zu sessions, %zu windows, %zu segments, %zu connections at a time and %d servers are "
        "kept (qoe.table_full).",
        limits->sessions, limits->windows, limits->segments, limits->flows, QOE_SERVERS_MAX);
}

char *qoe_losses_text(const qoe_analysis *analysis)
{
    const qoe_losses lost = qoe_analysis_losses(analysis);
    GString *text = g_string_new(NULL);

    add(text, lost.sessions, "packets that would start a session"); /* each that has none tries */
    add(text, lost.segments, "segments");
    add(text, lost.flows, "connections");
    add(text, lost.servers, "servers or names of servers");
    if (text->len == 0) {
        g_string_free(text, TRUE);
        return NULL;
    }
    char *bounds = bounds_text(&qoe_analysis_config(analysis)->limits);
    g_string_prepend(text, "Not everything is here: there was no room for ");
    g_string_append_printf(text, ". %s", bounds);
    g_free(bounds);
    return g_string_free(text, FALSE);
}
