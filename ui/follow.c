/* Knows when a listener of the tap may be told a row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "follow.h"

#include <glib.h>

struct qoe_follow {
    qoe_follow_cb tell;
    void *user_data;
    qoe_selection *selection;
    bool known; /* rows are told at their packets */
    bool finished;
};

qoe_follow *qoe_follow_new(qoe_follow_cb tell, void *user_data)
{
    qoe_follow *follow = g_new0(qoe_follow, 1);

    follow->tell = tell;
    follow->user_data = user_data;
    follow->selection = qoe_selection_new();
    return follow;
}

void qoe_follow_free(qoe_follow *follow)
{
    if (!follow)
        return;
    qoe_selection_free(follow->selection);
    g_free(follow);
}

void qoe_follow_reset(qoe_follow *follow)
{
    qoe_selection_clear(follow->selection);
    follow->known = follow->finished = false;
}

/* Where a row is told at its packet. */
typedef struct {
    const qoe_follow *follow;
    const qoe_analysis *analysis;
} place;

static void tell_session(void *user_data, const qoe_session *session)
{
    const place *at = user_data;
    const qoe_row row = {.analysis = at->analysis, .session = session};

    at->follow->tell(QOE_TABLE_SESSIONS, &row, at->follow->user_data);
}

static void tell_segment(void *user_data, const qoe_segment *segment)
{
    const place *at = user_data;
    const qoe_row row = {.analysis = at->analysis, .segment = segment};

    if (segment->packets > 0)
        at->follow->tell(QOE_TABLE_SEGMENTS, &row, at->follow->user_data);
}

static void tell_window(void *user_data, const qoe_session *session, const qoe_window *window)
{
    const place *at = user_data;
    const qoe_row row = {.analysis = at->analysis, .session = session, .window = window, .traffic = window->traffic};

    at->follow->tell(QOE_TABLE_WINDOWS, &row, at->follow->user_data);
}

static const qoe_selection_sink sink = {tell_session, tell_window, tell_segment};

void qoe_follow_packet(qoe_follow *follow, qoe_analysis *analysis, const qoe_packet *packet, const qoe_verdict *verdict,
                       bool known)
{
    place at = {follow, analysis};

    if (known && !follow->known) {
        qoe_analysis_settle(analysis);
        follow->known = true;
    }
    qoe_selection_add(follow->selection, analysis, packet, verdict, known ? &sink : NULL, &at);
}

typedef struct {
    const qoe_follow *follow;
    qoe_table table;
} telling;

static void tell_row(const qoe_row *row, void *user_data)
{
    const telling *now = user_data;
    now->follow->tell(now->table, row, now->follow->user_data);
}

void qoe_follow_finish(qoe_follow *follow, qoe_analysis *analysis)
{
    static const qoe_table tables[] = {QOE_TABLE_SESSIONS, QOE_TABLE_SEGMENTS, QOE_TABLE_WINDOWS};

    if (follow->known || follow->finished || !analysis)
        return;
    follow->finished = true;
    qoe_analysis_settle(analysis);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        telling now = {follow, tables[i]};
        qoe_rows_each(tables[i], analysis, follow->selection, tell_row, &now);
    }
}
