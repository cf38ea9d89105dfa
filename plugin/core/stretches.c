/* Walks through both kinds in order of request.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stretches.h"

GArray *qoe_stretches_busy(const qoe_downloads *downloads, int64_t rest_us)
{
    GArray *busy = g_array_new(FALSE, FALSE, sizeof(qoe_stretch));
    qoe_downloads_walk on = {.downloads = downloads};
    const qoe_download *next;
    while ((next = qoe_downloads_next(&on)) != NULL) {
        qoe_stretch *last = busy->len > 0 ? &g_array_index(busy, qoe_stretch, busy->len - 1) : NULL;
        if (last != NULL && next->request_us <= last->to_us + rest_us) {
            last->to_us = MAX(last->to_us, next->end_us);
            continue;
        }
        const qoe_stretch begun = {next->request_us, next->end_us};
        g_array_append_val(busy, begun);
    }
    return busy;
}

GArray *qoe_stretches_quiet(const qoe_downloads *downloads, int64_t rest_us)
{
    GArray *busy = qoe_stretches_busy(downloads, rest_us), *quiet = g_array_new(FALSE, FALSE, sizeof(qoe_stretch));
    for (guint i = 1; i < busy->len; i++) {
        const qoe_stretch gap = {
            g_array_index(busy, qoe_stretch, i - 1).to_us,
            g_array_index(busy, qoe_stretch, i).from_us,
        };
        g_array_append_val(quiet, gap);
    }
    g_array_free(busy, TRUE);
    return quiet;
}
