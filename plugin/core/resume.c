/* Lets the clock stand still in pauses, and finds what was in the buffer in mid-film.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "resume.h"

/* Without a request for so long, and that beyond the end of the media by our count, playback has been stopped. Shorter
 * gaps may be segments that were overlooked or given up. */
#define PAUSE_US 8000000
#define PAUSE_LACK_US 10000000

GArray *player_find_pauses(const qoe_downloads *downloads)
{
    return qoe_stretches_quiet(downloads, PAUSE_US);
}

const qoe_stretch *player_pause_before(const player *on, int64_t at_us)
{
    guint low = 0, high = on->pauses->len;
    while (low < high) {
        const guint middle = (low + high) / 2;
        if (g_array_index(on->pauses, qoe_stretch, middle).to_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &g_array_index(on->pauses, qoe_stretch, low - 1) : NULL;
}

/* What a player gains from the end of a pause until it rests again: so much of its buffer had been empty. */
static int64_t gained_after(const player *on, int64_t resumed_us)
{
    const qoe_downloads *downloads = on->downloads;
    int64_t media_us = 0, quiet_us = resumed_us;
    for (size_t i = on->video; i < downloads->videos; i++) {
        const qoe_download *video = &downloads->video[i];
        if (media_us > 0 && qoe_download_rested(video - 1, video, quiet_us))
            return MAX(media_us - (quiet_us - resumed_us), 0);
        media_us += video->request_us >= resumed_us ? on->video_us : 0;
        quiet_us = MAX(quiet_us, video->end_us);
    }
    return on->video_us;
}

/* Was a place still to be shown when the pause began? One that was waited for is shown as it comes. */
static bool was_ahead(const player *on, size_t i, const qoe_stretch *pause)
{
    const int64_t waited_us = i + 1 == on->places->len ? DECODE_US : 0;
    return player_at(on, i)->clock_us > pause->from_us + waited_us;
}

bool player_was_stopped(int64_t due_us, int64_t request_us)
{
    return request_us > due_us + PAUSE_LACK_US;
}

/* A player that has nothing to play asks for it. One that rests far beyond the end of all that it has was stopped by
 * its viewer, or its film was over. The clock stands still for so long that the buffer is full, less what is fetched
 * afterwards without a rest. */
int64_t player_stand_still(player *on, const qoe_stretch *pause, int64_t due_us)
{
    if (pause == NULL || !player_was_stopped(due_us, pause->to_us))
        return due_us;
    const int64_t kept_us = MAX(MAX(due_us - pause->from_us, on->full_us) - gained_after(on, pause->to_us), 0);
    const int64_t stood_us = pause->to_us + kept_us - due_us;
    for (size_t i = on->places->len; i > 0 && was_ahead(on, i - 1, pause); i--) {
        player_at(on, i - 1)->clock_us += stood_us;
        player_at(on, i - 1)->shown_us += stood_us;
    }
    return due_us + stood_us;
}

void player_forget_unknown(player *on)
{
    for (size_t window = 0; window < on->windows; window++) {
        const int64_t end_us = player_window_end(on, window);
        if (end_us - on->window_us < on->known_us && !(on->out[window].stalled_s > 0))
            on->out[window].stalled_s = -1;
        if (end_us <= on->known_us)
            on->out[window].buffer_s = -1;
    }
}

/* Plays all for what it shows of the buffer, and takes back what it says of stalls. */
static void try_start(player *on, int64_t start_us)
{
    const size_t windows = on->windows;
    on->windows = 0;
    on->first_stall_us = 0;
    on->summary.start_us = start_us;
    player_play(on, 0);
    g_array_set_size(on->places, 0);
    on->windows = windows;
    on->summary.stalls = 0;
    on->summary.stall_s = 0;
}

/* Where the capture begins in mid-film nothing tells what is in the buffer, until the player rests: then it is full, as
 * it is at each rest. How much that is its emptiest time tells: with nothing in hand at first it stalls in our count
 * until the count is right, and what it fills up to afterwards is what it had. A stall before the first rest is told if
 * there is one even with a full buffer to begin with. Returns false if it never rests. */
bool player_find_buffer(player *on)
{
    const qoe_download *video = on->downloads->video;
    try_start(on, video[0].end_us + DECODE_US);
    const int64_t full_us = on->full_us, rested_us = on->rested_us;
    const int64_t fetched_us = (int64_t)on->rested_places * on->video_us;
    if (rested_us == 0)
        return false;
    try_start(on, video[0].request_us + full_us);
    on->full_us = full_us;
    on->known_us = on->first_stall_us;
    if (on->first_stall_us != 0 && on->first_stall_us < rested_us)
        return true;
    on->known_us = rested_us;
    on->summary.start_us = MAX(video[0].end_us + DECODE_US, rested_us + full_us - fetched_us);
    return true;
}
