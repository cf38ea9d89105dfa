/* How the bytes of the downlink fall to the responses under way.
 *
 * Servers differ: nginx answers HTTP/2 mostly in the order of requests, caddy gives all streams of HTTP/3 equal shares
 * (packet by packet). Audio segments and init segments take what they need, video segments as much as comes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "group_search.h"

static double need_of(const group_search *on, const group_open *open)
{
    if (open->marked)
        return INFINITY;
    if (open->kind == QOE_KIND_AUDIO)
        return on->prior->audio_size;
    return open->kind == QOE_KIND_OTHER ? GROUP_TINY_USUAL : INFINITY;
}

/* Those that get the next bytes: returns their number, and how many bytes each may get before that changes. */
static unsigned choose(const group_search *on, const group_hypothesis *state, bool *takes, double to, double *each)
{
    unsigned count = 0;
    double until = to - state->count;
    *each = INFINITY;
    for (unsigned i = 0; i < state->open_count; i++) {
        const group_open *open = &state->open[i];
        takes[i] = !open->full && open->begins <= state->count;
        count += takes[i];
        if (takes[i])
            *each = MIN(*each, need_of(on, open) - open->got);
        else if (!open->full && open->begins > state->count)
            until = MIN(until, open->begins - state->count);
    }
    *each = MIN(*each, count > 0 ? until / count : until);
    return count;
}

static void give(const group_search *on, group_hypothesis *state, group_open *open, double bytes)
{
    if (open->got <= 0)
        open->first = state->count;
    open->got += bytes;
    if (open->got < need_of(on, open) - 0.5)
        return;
    open->full = true;
    open->full_at = state->count + bytes;
}

/* Nothing that is open can have been answered yet: the oldest has begun earlier than thought, else it is more of the
 * last one, or nobody's. Where its beginning should have been told, it is all of a small one. */
static void deliver_unasked(const group_search *on, group_hypothesis *state, double bytes)
{
    unsigned i = 0;
    while (i < state->open_count && state->open[i].full)
        i++;
    if (i < state->open_count && !state->open[i].marked) {
        state->open[i].begins = state->count;
        return;
    }
    if (i < state->open_count)
        give(on, state, &state->open[i], bytes);
    else if (state->open_count > 0)
        state->open[state->open_count - 1].got += bytes;
    else
        state->lost += bytes;
    state->count += bytes;
}

void group_deliver(const group_search *on, group_hypothesis *state, double to)
{
    while (state->count < to - 0.5) {
        bool takes[GROUP_OUTSTANDING];
        double each;
        const unsigned count = choose(on, state, takes, to, &each);
        if (count == 0) {
            deliver_unasked(on, state, to - state->count);
            continue;
        }
        each = MAX(each, 1);
        for (unsigned i = 0; i < state->open_count; i++) {
            if (takes[i])
                give(on, state, &state->open[i], each);
        }
        state->count += each * count;
    }
}

static bool can_give(const group_hypothesis *state, unsigned i, unsigned to)
{
    return i != to && !state->open[i].full && state->open[i].got > 0;
}

bool group_take(group_hypothesis *state, unsigned to, double bytes)
{
    double there = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        there += can_give(state, i, to) ? state->open[i].got : 0;
    if (there < bytes)
        return false;
    if (bytes < 0 && there <= 0)
        return true; /* a little more than it needed: nobody else's */
    for (unsigned i = 0; i < state->open_count; i++) {
        if (can_give(state, i, to))
            state->open[i].got -= bytes * state->open[i].got / there;
    }
    state->open[to].got += bytes;
    return true;
}
