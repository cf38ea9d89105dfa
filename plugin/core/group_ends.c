/* What it may mean that a player turns to its next request: which of the responses under way has ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "group_search.h"

#include <math.h>

static const double cost_unmarked = 0.5;    /* an audio segment whose end left no mark of its own */
static const double cost_partly = 1;        /* fewer bytes than it has have come since the last mark */
static const double cost_interleaved = 0.3; /* the same, and the video before it can have held the rest */
static const double cost_both = 0.5;
static const double cost_nothing_ended = 3;
static const double cost_abort = 0.7; /* of the ends with a control frame beside them half are aborts */
static const double cost_no_abort = 0.7;
static const double cost_drained_init = 0.3, cost_drained_audio = 1;

static const double audio_nearly = 0.15; /* so far from its size a mark may still be its own */

static void end_with(group_search *on, const group_hypothesis *from, unsigned which, double size, double given,
                     int64_t end_us, double cost)
{
    if (!group_wants(on, from->cost + cost))
        return;
    group_hypothesis state = *from;
    group_decide(on, &state, which, size, end_us);
    state.draining = false;
    state.given = given;
    state.cost += cost;
    group_push(on, &state);
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

/* Less than an audio segment has come since the last mark: the rest of it came before. */
static void end_audio_partly(group_search *on, const group_hypothesis *from, const group_entry *end, double bytes)
{
    const double audio = on->prior->audio_size;
    group_hypothesis state = *from;
    const bool back = group_give_back(on, &state, audio - bytes, from->open[0].request);
    end_with(on, &state, 0, audio, (double)end->bytes, end->time_us, back ? cost_interleaved : cost_partly);
}

static void end_audio(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end,
                      double penalty)
{
    const double audio = on->prior->audio_size, count = (double)end->bytes, bytes = count - state->given;
    if (state->draining && bytes > 0.5 * audio)
        end_with(on, state, which, audio, count, end->time_us, cost_drained_audio);
    if (which == 0 && fabs(bytes - audio) < audio_nearly * audio)
        end_with(on, state, which, bytes, count, end->time_us, group_audio_cost(on, bytes));
    if (which == 0 && bytes > 0.1 * audio && bytes < audio)
        end_audio_partly(on, state, end, bytes);
    if (bytes >= 0.95 * audio)
        end_with(on, state, which, audio, state->given + audio, end->time_us, penalty + cost_unmarked);
}

/* The oldest, a video, has ended and so has an audio segment behind it, in the same moment. */
static void end_both(group_search *on, const group_hypothesis *state, const group_entry *end)
{
    const double audio = on->prior->audio_size, video = (double)end->bytes - state->given - audio;
    unsigned which = 1;
    while (which < state->open_count && state->open[which].kind != QOE_KIND_AUDIO)
        which++;
    if (which >= state->open_count || video <= 0)
        return;
    group_hypothesis both = *state;
    group_decide(on, &both, which, audio, end->time_us);
    end_with(on, &both, 0, video, (double)end->bytes, end->time_us, cost_both + group_video_cost(state, video));
}

static void end_video(group_search *on, const group_hypothesis *state, unsigned which, const group_entry *end,
                      double penalty)
{
    const double audio = on->prior->audio_size, count = (double)end->bytes, bytes = count - state->given;
    if (which == 0) {
        end_with(on, state, which, bytes, count, end->time_us, group_video_cost(state, bytes));
        end_both(on, state, end);
    } else if (state->open[0].kind == QOE_KIND_AUDIO && bytes > audio) {
        group_hypothesis both = *state; /* the older audio is done as well */
        group_decide(on, &both, 0, audio, 0);
        both.given += audio;
        end_with(on, &both, which - 1, bytes - audio, count, end->time_us,
                 penalty + group_video_cost(state, bytes - audio));
    }
    if (state->draining)
        end_with(on, state, which, GROUP_TINY_USUAL, count, end->time_us, cost_drained_init);
}

bool group_abort_video(group_search *on, const group_hypothesis *from, const group_entry *entry,
                       group_hypothesis *aborted)
{
    unsigned which = 0;
    while (which < from->open_count && from->open[which].kind != QOE_KIND_VIDEO)
        which++;
    if (which == from->open_count)
        return false;
    *aborted = *from;
    group_decide(on, aborted, which, MAX((double)entry->bytes - from->given, GROUP_TINY_BYTES), entry->time_us);
    g_array_index(on->decisions, group_decision, (guint)aborted->decided).aborted = true;
    aborted->video = from->video; /* its size says nothing of others, and it will not play */
    aborted->spread = from->spread;
    aborted->videos = from->videos;
    aborted->balance -= 1;
    aborted->given = MAX((double)entry->bytes, from->given);
    aborted->draining = true;
    aborted->cost += cost_abort;
    return true;
}

/* The first open response of each kind may be the one: a server sends those of one kind in order. */
static void end_one_of(group_search *on, const group_hypothesis *state, const group_entry *end)
{
    bool seen[QOE_KINDS] = {false};
    for (unsigned i = 0; i < state->open_count; i++) {
        const uint8_t kind = state->open[i].kind;
        const double penalty = i > 0 ? on->out_of_order : 0;
        if (seen[kind])
            continue;
        seen[kind] = true;
        if (kind == QOE_KIND_AUDIO)
            end_audio(on, state, i, end, penalty);
        else
            end_video(on, state, i, end, penalty);
    }
}

static void end_in(group_search *on, group_hypothesis *state, const group_entry *end)
{
    group_charge_balance(on, state);
    group_hypothesis aborted;
    if (end->reset && group_abort_video(on, state, end, &aborted))
        group_push(on, &aborted);
    if (end->reset)
        state->cost += cost_no_abort;
    end_one_of(on, state, end);
    group_hypothesis nothing = *state;
    nothing.cost += cost_nothing_ended;
    nothing.ended_kind = -1;
    group_push(on, &nothing);
}

void group_take_end(group_search *on, const group_entry *end)
{
    for (unsigned i = 0; i < on->beam_count; i++)
        end_in(on, &on->beam[i], end);
    group_turn(on);
}
