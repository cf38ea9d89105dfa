/* What it means that a server's writes tell where responses begin and end (see server_writes.h).
 *
 * What has begun gets the bytes until it ends. Where only one is under way, its size is known to the byte. Where
 * several are, what each had before its last write is whole pieces: of an audio segment, whose size is known, the
 * number of pieces follows, and so it does of what it shares the connection with.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "group_search.h"

static const double cost_tiny = 0.3, cost_not_tiny = 5;
static const double cost_pieces = 1; /* of a size that is a guess */
/* Of one that the client gave up before it began, and after. */
static const double cost_given_up = 2, cost_given_up_begun = 4;
/* All of a response in one write, while another one is under way: an init segment, or more than that. */
static const double cost_small = 0.7, cost_small_media = 4;

enum { SMALL_BYTES = 3000 };

static bool has_begun(const group_hypothesis *state, unsigned which)
{
    return state->open[which].begins <= state->count;
}

static bool any_begun(const group_hypothesis *state)
{
    for (unsigned i = 0; i < state->open_count; i++) {
        if (state->open[i].kind != GROUP_RESET && has_begun(state, i))
            return true;
    }
    return false;
}

static double size_cost(const group_search *on, const group_hypothesis *state, uint8_t kind, double size)
{
    if (kind == QOE_KIND_OTHER)
        return size < GROUP_TINY_BYTES ? cost_tiny : cost_not_tiny;
    return kind == QOE_KIND_AUDIO ? group_audio_cost(on, size) : group_video_cost(state, size);
}

static void end_with_size(group_search *on, const group_hypothesis *state, unsigned which, double size,
                          const group_entry *end, double cost)
{
    group_end_with(on, state, which, size, end, cost + size_cost(on, state, state->open[which].kind, size));
}

/* Nothing else that has begun is open. */
static bool is_alone(const group_hypothesis *state, unsigned which)
{
    for (unsigned i = 0; i < state->open_count; i++) {
        if (i != which && state->open[i].kind != GROUP_RESET && has_begun(state, i))
            return false;
    }
    return true;
}

/* The size nearest to `bytes` that a response can have that ends so: what came before its last write was whole pieces.
 */
static double whole_pieces(const group_search *on, const group_entry *end, double bytes)
{
    const double piece = on->group->piece, rest = end->rest;
    return rest + piece * MAX(round((bytes - rest) / piece), 0);
}

/* One alone: all that has come is its own. A write that began it while another one was under way, or that ended another
 * one, may hold pieces of both. */
static void end_alone(group_search *on, const group_hypothesis *from, unsigned which, const group_entry *end)
{
    const group_open *open = &from->open[which];
    end_with_size(on, from, which, open->got, end, 0);
    const double audio = on->prior->audio_size;
    const double missing = whole_pieces(on, end, audio) - open->got;
    group_hypothesis state;
    group_copy(&state, from);
    if (open->kind != QOE_KIND_AUDIO || missing <= 0 || missing > open->before ||
        !group_give_back(on, &state, missing, open->request))
        return;
    state.open[which].got += missing;
    end_with_size(on, &state, which, state.open[which].got, end, cost_pieces);
}

/* The client gave up those before open[which] that have begun, or those that have not: no end of theirs comes. Returns
 * the new index. */
static unsigned give_up_before(group_search *on, group_hypothesis *state, unsigned which, bool begun,
                               const group_entry *entry)
{
    for (unsigned i = which; i > 0; i--) {
        const group_open open = state->open[i - 1];
        if (open.kind == GROUP_RESET || has_begun(state, i - 1) != begun || !open.marked)
            continue;
        group_decide_aborted(on, state, &open, entry);
        group_drop(state, i - 1);
        state->cost += begun ? cost_given_up_begun : cost_given_up;
        which--;
    }
    return which;
}

/* Nothing else has come since it began. */
static void end_only_one(group_search *on, const group_hypothesis *from, unsigned which, const group_entry *end)
{
    group_hypothesis state;
    group_copy(&state, from);
    which = give_up_before(on, &state, which, true, end);
    state.open[which].got = state.count - state.open[which].begins;
    end_with_size(on, &state, which, state.open[which].got, end, 0);
}

/* One that has begun, among others. */
static void end_begun(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end)
{
    const group_open *open = &state->open[which];
    const double most = MIN(state->count - open->begins + open->before, group_bytes_of_all(state));
    const double shared = whole_pieces(on, end, open->got), alone = whole_pieces(on, end, state->count - open->begins);
    const double audio = whole_pieces(on, end, on->prior->audio_size);
    end_only_one(on, state, which, end);
    if (open->kind == QOE_KIND_AUDIO && audio <= most) {
        end_with_size(on, state, which, audio, end, cost_pieces);
        return;
    }
    end_with_size(on, state, which, shared, end, cost_pieces);
    if (alone > shared && alone <= most)
        end_with_size(on, state, which, alone, end, cost_pieces);
}

/* What has come while none that is open had begun. */
static double unbegun_bytes(const group_hypothesis *state)
{
    double bytes = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        bytes += has_begun(state, i) ? 0 : state->open[i].got;
    return bytes;
}

/* Its beginning left no mark, for it was in a write that ended another one. */
static void end_not_begun(group_search *on, const group_hypothesis *from, unsigned which, const group_entry *end)
{
    const double bytes = unbegun_bytes(from);
    group_hypothesis state;
    group_copy(&state, from);
    which = give_up_before(on, &state, which, false, end);
    state.open[which].got = bytes;
    state.open[which].before = from->before;
    end_alone(on, &state, which, end);
}

/* All of a response is in one write, while another one is under way. */
static void end_small(group_search *on, const group_hypothesis *from, unsigned which, const group_entry *end)
{
    const double write = (double)(end->bytes - end->from);
    group_hypothesis state;
    group_copy(&state, from);
    which = give_up_before(on, &state, which, false, end);
    end_with_size(on, &state, which, write, end, write < SMALL_BYTES ? cost_small : cost_small_media);
}

/* The server's writes tell that one has ended: one that has begun, or one whose beginning is in the same write. */
void group_take_marked_end(group_search *on, const group_hypothesis *state, const group_entry *end)
{
    const bool begun = any_begun(state);
    for (unsigned i = 0; i < state->open_count; i++) {
        if (state->open[i].kind == GROUP_RESET)
            continue;
        if (has_begun(state, i) && is_alone(state, i))
            end_alone(on, state, i, end);
        else if (has_begun(state, i))
            end_begun(on, state, i, end);
        else if (!begun)
            end_not_begun(on, state, i, end);
        else if (end->bytes - end->from < on->group->piece)
            end_small(on, state, i, end);
    }
}

/* A write that begins a response holds a piece of it as well, if nothing else is under way. */
static void begin_one(group_search *on, const group_hypothesis *from, unsigned which, const group_entry *begin)
{
    const bool begun = any_begun(from);
    group_hypothesis state;
    group_copy(&state, from);
    which = give_up_before(on, &state, which, false, begin);
    state.open[which].begins = state.count;
    state.open[which].before = begun ? (double)(begin->bytes - begin->from) : 0;
    group_push(on, &state);
}

static void begin_in(group_search *on, group_hypothesis *state, const group_entry *begin)
{
    group_deliver(on, state, (double)(any_begun(state) ? begin->bytes : begin->from));
    bool none = true;
    for (unsigned i = 0; i < state->open_count; i++) {
        if (state->open[i].kind == GROUP_RESET || has_begun(state, i))
            continue;
        begin_one(on, state, i, begin);
        none = false;
    }
    if (none)
        group_push(on, state);
}

void group_take_begin(group_search *on, const group_entry *begin)
{
    for (unsigned i = 0; i < on->beam_count; i++)
        begin_in(on, on->beam[i], begin);
    group_turn(on);
}
