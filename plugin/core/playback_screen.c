/* Which picture was on screen in a window, and what lay ahead of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "playback_internal.h"

/* How long each height was on screen in a window, and that by how sure it is. */
enum { HEIGHTS = 8 };
typedef struct {
    int lines[HEIGHTS];
    int64_t us[HEIGHTS];
    double sure_us[HEIGHTS];
} shown_heights;

static void add_shown(shown_heights *heights, int64_t us, const player_place *shown)
{
    for (size_t i = 0; i < HEIGHTS; i++) {
        if (heights->us[i] != 0 && heights->lines[i] != shown->resolution)
            continue;
        heights->lines[i] = shown->resolution;
        heights->us[i] += us;
        heights->sure_us[i] += (double)us * shown->probability;
        return;
    }
}

static size_t longest_height(const shown_heights *heights)
{
    size_t best = 0;
    for (size_t i = 1; i < HEIGHTS; i++) {
        if (heights->us[i] > heights->us[best])
            best = i;
    }
    return best;
}

static int64_t played_us(const player *on, size_t i)
{
    return player_at(on, i)->clock_us + on->video_us;
}

/* When a place's picture goes: it stays until the next one, while the player waits for that or has it and is stopped.
 * One that has nothing and asks for nothing may have been closed: the picture is believed in for a minute. */
static int64_t gone_us(const player *on, size_t i)
{
    static const int64_t believed_us = 60000000;
    const int64_t end_us = played_us(on, i);
    if (i + 1 == on->places->len || player_at(on, i + 1)->asked_us - end_us > believed_us)
        return end_us + believed_us;
    return MAX(end_us, player_at(on, i + 1)->shown_us);
}

/* What was on screen in a window, from the first place on that reaches into it; returns that place. */
static size_t describe_screen(const player *on, size_t window, size_t from)
{
    shown_heights heights = {0};
    qoe_playback_window *out = &on->out[window];
    const int64_t start_us = player_window_end(on, window) - on->window_us,
                  end_us = MIN(player_window_end(on, window), on->until_us);
    while (from < on->places->len && gone_us(on, from) <= start_us)
        from++;
    for (size_t i = from; i < on->places->len && player_at(on, i)->shown_us < end_us; i++) {
        add_shown(&heights, MIN(gone_us(on, i), end_us) - MAX(player_at(on, i)->shown_us, start_us), player_at(on, i));
        if (out->screen != QOE_SCREEN_PLAYED)
            out->screen = played_us(on, i) > start_us ? QOE_SCREEN_PLAYED : QOE_SCREEN_STILL;
    }
    if (out->screen == QOE_SCREEN_UNKNOWN && from > 0 && start_us < end_us)
        out->screen = QOE_SCREEN_OVER;
    const size_t longest = longest_height(&heights);
    out->resolution = heights.lines[longest];
    out->probability = heights.us[longest] > 0 ? heights.sure_us[longest] / (double)heights.us[longest] : 0;
    return from;
}

void player_describe(player *on)
{
    size_t shown = 0, fetched = 0;
    for (size_t window = 0; window < on->windows; window++) {
        const int64_t at_us = MIN(player_window_end(on, window), on->until_us);
        while (fetched < on->places->len && player_at(on, fetched)->fetched_us <= at_us)
            fetched++;
        shown = describe_screen(on, window, shown);
        on->out[window].buffer_s = (double)MAX((int64_t)fetched * on->video_us - player_playhead(on, at_us), 0) / 1e6;
    }
}

int qoe_playback_lines(const qoe_playback *playback, const qoe_playback_window *window, int64_t end_us, int downloaded)
{
    if (playback->start_us < 0 || playback->start_us >= end_us)
        return 0;
    const bool stands = window->screen == QOE_SCREEN_UNKNOWN || window->screen == QOE_SCREEN_PLAYED;
    return window->resolution != 0 || !stands ? window->resolution : downloaded;
}
