/* Windows in which a player got too little and did not rest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "starved.h"

#include "stretches.h"

/* A shorter gap between downloads is no rest; without one for so long the buffer is not full. */
#define REST_US 1000000
#define BUSY_US 20000000

/* The rate is that of so many windows: chunks of ten seconds and more come at once. */
enum { RATE_WINDOWS = 3 };

/* Of what is needed, less than this is too little: films differ by their content. */
static const double need_share = 0.8;

/* What films on YouTube took in 2018 with their audio, in kbit/s. */
static const struct {
    int lines;
    double kbps;
} needs[] = {{144, 220}, {240, 320}, {360, 480}, {480, 560}, {720, 720}, {1080, 1400}};

static double need_of(int lines)
{
    for (size_t i = 0; i < G_N_ELEMENTS(needs); i++) {
        if (needs[i].lines >= lines && lines > 0)
            return needs[i].kbps;
    }
    return 0;
}

static double kbps_at(const qoe_starved_window *windows, size_t i)
{
    const size_t first = i + 1 > RATE_WINDOWS ? i + 1 - RATE_WINDOWS : 0;
    double bytes = 0;
    for (size_t k = first; k <= i; k++)
        bytes += (double)windows[k].bytes;
    return bytes * 8 / 1000 / ((double)(windows[i].end_us - windows[first].start_us) / 1e6);
}

static double stalled_in(const qoe_starved_window *windows, size_t i)
{
    const double need = need_of(windows[i].lines), kbps = kbps_at(windows, i);
    if (kbps >= need_share * need)
        return -1;
    return (1 - kbps / need) * (double)(windows[i].end_us - windows[i].start_us) / 1e6;
}

void qoe_starved_judge(const qoe_downloads *downloads, int64_t start_us, qoe_starved_window *windows, size_t count)
{
    GArray *busy = qoe_stretches_busy(downloads, REST_US);
    guint at = 0;
    for (size_t i = 0; i < count; i++) {
        windows[i].stalled_s = -1;
        while (at < busy->len && g_array_index(busy, qoe_stretch, at).to_us <= windows[i].start_us)
            at++;
        if (at == busy->len || windows[i].end_us <= start_us)
            continue;
        const qoe_stretch *now = &g_array_index(busy, qoe_stretch, at);
        if (MIN(now->to_us, windows[i].end_us) - now->from_us > BUSY_US)
            windows[i].stalled_s = stalled_in(windows, i);
    }
    g_array_free(busy, TRUE);
}
