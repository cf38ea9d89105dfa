/* What it may mean that a player turns to its next request: which of the responses under way has ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "group_search.h"

#include <math.h>

static const double cost_unmarked = 0.5; /* an audio segment whose end left no mark of its own */
static const double cost_tiny_unmarked = 1.5;
static const double cost_too_much = 6;      /* more bytes than it needs, and nobody else to have them */
static const double cost_partly = 1;        /* fewer bytes than it has have come since the last mark */
static const double cost_interleaved = 0.3; /* the same, and the video before it can have held the rest */
static const double cost_late = 2.5;        /* it had all long before its mark */
static const double cost_both = 0.5;
static const double cost_overtaken = 2;  /* servers answer HTTP/2 in order in 77 % of overlaps */
static const double cost_in_order = 0.5; /* nothing has come of the others, though it could have */
static const double cost_tiny = 0.3, cost_tiny_late = 5;
static const double cost_nothing_ended = 3;
static const double cost_abort = 0.7; /* of the ends with a control frame beside them half are aborts */
static const double cost_no_abort = 0.7;
static const double cost_abort_unseen = 3;

static const double audio_nearly = 0.15; /* so far from its size a mark may still be its own */

/* Decides what has all that it needs. marked: each should have left a mark of its own. */
static void sweep_full(group_search *on, group_hypothesis *state, bool marked)
{
    for (unsigned i = 0; i < state->open_count;) {
        const group_open open = state->open[i];
        if (!open.full || open.kind == GROUP_RESET) {
            i++;
            continue;
        }
        const double most = open.kind == QOE_KIND_AUDIO ? 1.1 * on->prior->audio_size + 3000 : GROUP_TINY_BYTES;
        state->cost += !marked ? 0 : open.kind == QOE_KIND_AUDIO ? cost_unmarked : cost_tiny_unmarked;
        state->cost += open.got > most ? cost_too_much : 0;
        group_decide(on, state, i, MIN(open.got, most), open.full_at, 0);
    }
}

void group_sweep(group_search *on, group_hypothesis *state, bool at_end)
{
    const int ended_kind = state->ended_kind;
    for (unsigned i = state->open_count; i > 0; i--) {
        if (state->open[i - 1].kind == GROUP_RESET)
            group_drop_reset(on, state, i - 1);
    }
    sweep_full(on, state, !at_end);
    state->ended_kind = ended_kind;
}

bool group_end_with(group_search *on, const group_hypothesis *from, unsigned which, double size, const group_entry *end,
                    double cost)
{
    if (!group_wants(on, from->cost + cost))
        return true;
    group_hypothesis state;
    group_copy(&state, from);
    if (!group_take(&state, which, size - state.open[which].got))
        return false;
    state.cost += cost;
    group_decide(on, &state, which, size, (double)end->bytes, end->time_us);
    group_sweep(on, &state, false);
    group_push(on, &state);
    return true;
}

bool group_give_back(group_search *on, group_hypothesis *state, double missing, uint16_t audio_request)
{
    if (state->decided < 0)
        return false;
    const group_decision last = g_array_index(on->decisions, group_decision, (guint)state->decided);
    const qoe_segment *audio = g_ptr_array_index(on->group->segments, audio_request);
    const bool together = last.kind == QOE_KIND_VIDEO && last.end_us != 0 && audio->request_us < last.end_us;
    if (!together || last.size - missing < GROUP_TINY_BYTES)
        return false;
    group_decision corrected = last; /* the later decision on a request is the one that counts */
    corrected.before = state->decided;
    corrected.size -= missing;
    state->cost += group_video_cost(state, corrected.size) - group_video_cost(state, last.size);
    g_array_append_val(on->decisions, corrected);
    state->decided = (int)on->decisions->len - 1;
    return true;
}

/* Nothing of it has come yet, while something else still waits for bytes. */
static bool overtakes(const group_hypothesis *state, unsigned which)
{
    for (unsigned i = 0; i < state->open_count && state->open[which].got <= 0; i++) {
        if (i != which && !state->open[i].full && state->open[i].kind != GROUP_RESET)
            return true;
    }
    return false;
}

/* Not even all that has come since it was asked for would do. */
static bool came_too_soon(const group_open *open, double count, double needs)
{
    return count - open->asked < needs;
}

/* Less than an audio segment has come of it. */
static void end_audio_partly(group_search *on, const group_hypothesis *from, unsigned which, const group_entry *end)
{
    const double audio = on->prior->audio_size, missing = audio - from->open[which].got;
    const double cost = overtakes(from, which) ? cost_overtaken + cost_unmarked : cost_partly;
    if (group_end_with(on, from, which, audio, end, from->open[which].got > 0 ? cost_partly / 2 : cost))
        return;
    group_hypothesis state;
    group_copy(&state, from);
    if (from->open[which].got > 0.1 * audio && group_give_back(on, &state, missing, from->open[which].request)) {
        state.open[which].got = audio;
        group_end_with(on, &state, which, audio, end, cost_interleaved);
    }
}

static void end_audio(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end)
{
    const double audio = on->prior->audio_size;
    const group_open *open = &state->open[which];
    if (came_too_soon(open, (double)end->bytes, (1 - audio_nearly) * audio))
        return;
    const double since = open->full ? ((double)end->bytes - open->full_at) : 0;
    const unsigned others = group_open_of(state, QOE_KIND_VIDEO) + group_open_of(state, QOE_KIND_AUDIO);
    const double bytes = MAX(open->got, open->full ? audio + since / (others + 1) : 0);
    if (fabs(bytes - audio) < audio_nearly * audio) {
        if (!group_end_with(on, state, which, bytes, end, group_audio_cost(on, bytes)))
            group_end_with(on, state, which, open->got, end, group_audio_cost(on, bytes));
    } else if (open->full) {
        group_end_with(on, state, which, open->got, end, cost_late);
    }
    if (!open->full)
        end_audio_partly(on, state, which, end);
}

static void end_tiny(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end)
{
    const qoe_segment *segment = g_ptr_array_index(on->group->segments, state->open[which].request);
    const bool late = end->time_us - segment->request_us > 4 * on->group->delay_us + 300000;
    group_end_with(on, state, which, GROUP_TINY_USUAL, end,
                   (late ? cost_tiny_late : cost_tiny) + (overtakes(state, which) ? cost_overtaken : 0));
}

/* The video has ended and so has an audio segment behind it, in the same moment. */
static void end_both(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end)
{
    const double audio = on->prior->audio_size;
    unsigned other = 0;
    while (other < state->open_count && (state->open[other].kind != QOE_KIND_AUDIO || state->open[other].full))
        other++;
    group_hypothesis both;
    group_copy(&both, state);
    if (other == state->open_count || came_too_soon(&state->open[other], (double)end->bytes, audio) ||
        !group_take(&both, other, audio - both.open[other].got))
        return;
    const double video = both.open[which].got;
    group_decide(on, &both, other, audio, (double)end->bytes, end->time_us);
    group_end_with(on, &both, which - (other < which), video, end, cost_both + group_video_cost(state, video));
}

double group_bytes_of_all(const group_hypothesis *state)
{
    double all = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        all += state->open[i].full ? 0 : state->open[i].got;
    return all;
}

static void end_video(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end)
{
    const double bytes = state->open[which].got, all = group_bytes_of_all(state);
    if (bytes > 0) {
        group_end_with(on, state, which, bytes, end, group_video_cost(state, bytes));
        end_both(on, state, which, end);
    }
    if (on->shares || all <= bytes)
        return;
    const double penalty = bytes > 0 ? cost_in_order : overtakes(state, which) ? cost_overtaken : 0;
    group_end_with(on, state, which, all, end, penalty + group_video_cost(state, all));
}

void group_decide_aborted(group_search *on, group_hypothesis *state, const group_open *open, const group_entry *entry)
{
    const group_decision made = {.before = state->decided,
                                 .request = open->request,
                                 .kind = open->kind,
                                 .aborted = true,
                                 .from = open->got > 0 ? open->first : MIN(open->begins, (double)entry->bytes),
                                 .to = (double)entry->bytes,
                                 .size = MAX(open->got, GROUP_TINY_BYTES),
                                 .end_us = entry->time_us};
    g_array_append_val(on->decisions, made);
    state->decided = (int)on->decisions->len - 1;
    state->balance -= group_balance_step(on, open->kind); /* it will not play */
}

bool group_abort_videos(group_search *on, const group_hypothesis *from, const group_entry *entry,
                        group_hypothesis *aborted)
{
    const double cost = entry->reset ? cost_abort : cost_abort_unseen;
    if (!group_wants(on, from->cost + cost) || group_open_of(from, QOE_KIND_VIDEO) == 0)
        return false;
    group_copy(aborted, from);
    for (unsigned i = 0; i < aborted->open_count; i++) {
        const group_open open = aborted->open[i];
        if (open.kind != QOE_KIND_VIDEO)
            continue;
        group_decide_aborted(on, aborted, &open, entry);
        aborted->open[i].kind = GROUP_RESET;
        aborted->open[i].got = 0;
    }
    sweep_full(on, aborted, false);
    aborted->ended_kind = GROUP_RESET;
    aborted->cost += cost;
    return true;
}

/* A server that answers in order sends those of one kind in order, too. */
static void end_one_of(group_search *on, const group_hypothesis *state, const group_entry *end)
{
    bool seen[QOE_KINDS] = {false};
    for (unsigned i = 0; i < state->open_count; i++) {
        const uint8_t kind = state->open[i].kind;
        if (kind == GROUP_RESET || (seen[kind] && !on->shares && kind != QOE_KIND_OTHER))
            continue;
        seen[kind] = true;
        if (kind == QOE_KIND_AUDIO)
            end_audio(on, state, i, end);
        else if (kind == QOE_KIND_VIDEO)
            end_video(on, state, i, end);
        else
            end_tiny(on, state, i, end);
    }
}

static void end_in(group_search *on, group_hypothesis *state, const group_entry *end)
{
    group_charge_balance(on, state);
    group_deliver(on, state, (double)end->bytes);
    group_hypothesis aborted;
    if ((end->reset || on->shares) && group_abort_videos(on, state, end, &aborted))
        group_push(on, &aborted);
    if (end->reset)
        state->cost += cost_no_abort;
    if (end->marked)
        group_take_marked_end(on, state, end);
    else
        end_one_of(on, state, end);
    group_hypothesis nothing;
    group_copy(&nothing, state);
    nothing.cost += cost_nothing_ended;
    nothing.ended_kind = -1;
    group_push(on, &nothing);
}

void group_take_end(group_search *on, const group_entry *end)
{
    for (unsigned i = 0; i < on->beam_count; i++)
        end_in(on, on->beam[i], end);
    for (unsigned i = 0; i < on->next_count; i++)
        on->next[i].before = end->marked ? (double)(end->bytes - end->from) : 0;
    group_turn(on);
}
