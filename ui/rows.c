/* Knows how the analysis' tables are walked row by row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "columns.h"

static void each_server(const qoe_analysis *analysis, const qoe_selection *selection, qoe_row_cb each, void *user_data)
{
    const size_t count = qoe_analysis_servers(analysis);

    for (size_t i = 0; i < count; i++) {
        const qoe_server *server = qoe_analysis_server(analysis, i);
        qoe_row row = {.analysis = analysis,
                       .server = server,
                       .traffic = server->traffic,
                       .first_us = server->first_us,
                       .last_us = server->last_us};
        if (!selection || qoe_selection_server(selection, server, &row.traffic, &row.first_us, &row.last_us))
            each(&row, user_data);
    }
}

static void each_segment(const qoe_analysis *analysis, const qoe_selection *selection, qoe_row_cb each, void *user_data)
{
    const size_t count = qoe_analysis_segments(analysis);

    for (size_t i = 0; i < count; i++) {
        const qoe_row row = {.analysis = analysis, .segment = qoe_analysis_segment(analysis, i)};
        if (row.segment->packets == 0 || (selection && !qoe_selection_has_segment(selection, row.segment)))
            continue;
        each(&row, user_data);
    }
}

static void each_session(const qoe_analysis *analysis, const qoe_selection *selection, qoe_row_cb each, void *user_data)
{
    const size_t count = qoe_analysis_sessions(analysis);

    for (size_t i = 0; i < count; i++) {
        const qoe_row row = {.analysis = analysis, .session = qoe_analysis_session(analysis, i)};
        if (!selection || qoe_selection_has_session(selection, row.session))
            each(&row, user_data);
    }
}

static void each_window(const qoe_analysis *analysis, const qoe_selection *selection, bool with_features,
                        qoe_row_cb each, void *user_data)
{
    const size_t count = qoe_analysis_sessions(analysis);

    for (size_t i = 0; i < count; i++) {
        qoe_row row = {.analysis = analysis, .session = qoe_analysis_session(analysis, i)};
        bool in = false;
        for (uint32_t w = 0; w < row.session->window_count; w++) {
            row.window = row.session->windows[w];
            in = !selection || qoe_selection_has_window(selection, row.window) ||
                 (in && qoe_window_goes_along(row.session, row.window));
            if (!in || (with_features && !row.window->features))
                continue;
            row.traffic = row.window->traffic;
            each(&row, user_data);
        }
    }
}

void qoe_rows_each(qoe_table table, const qoe_analysis *analysis, const qoe_selection *selection, qoe_row_cb each,
                   void *user_data)
{
    switch (table) {
    case QOE_TABLE_SERVERS:
        each_server(analysis, selection, each, user_data);
        break;
    case QOE_TABLE_SEGMENTS:
        each_segment(analysis, selection, each, user_data);
        break;
    case QOE_TABLE_WINDOWS:
        each_window(analysis, selection, false, each, user_data);
        break;
    case QOE_TABLE_FEATURES:
        each_window(analysis, selection, true, each, user_data);
        break;
    case QOE_TABLE_SESSIONS:
        each_session(analysis, selection, each, user_data);
        break;
    case QOE_TABLES:
        break;
    }
}
