/* The search for the sizes and kinds of the responses of a busy period: through its log and to its end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "group_search.h"
#include "packet.h"

static const double cost_out_of_order_tcp = 2; /* servers answer HTTP/2 in order in 77 % of overlaps, HTTP/3 in 18 % */
static const double cost_same_kind = 0.1, cost_other_kind = 4;
static const double cost_video_first = 0.6, cost_audio_first = 0.7;
static const double cost_too_early = 6;
static const double cost_init_before = 2.8;
static const double cost_rest = 6;
static const double cost_no_abort = 0.7;
static const double cost_interleaved = 0.3, cost_drained_init = 0.3, cost_drained_video = 1.5;

#define INIT_AHEAD_US 50000 /* players ask for an init segment and the first one behind it at once */

static void take_request_as(group_search *on, const group_hypothesis *from, uint8_t kind, double cost)
{
    if (!group_wants(on, from->cost + cost))
        return;
    group_hypothesis state = *from;
    if (state.open_count == GROUP_OUTSTANDING) {
        group_decide(on, &state, 0, 0, 0);
        g_array_index(on->decisions, group_decision, (guint)state.decided).unsplit = true;
    }
    state.open[state.open_count++] = (group_open){on->requests, kind};
    state.cost += cost;
    state.balance += group_balance_step(on, kind);
    state.ended_kind = -1;
    group_push(on, &state);
}

/* What came before a request was sent is not its response: it must fit into the older ones. */
static double early_cost(const group_search *on, const group_hypothesis *state, double bytes)
{
    if (state->open_count == 0 || group_open_of(state, QOE_KIND_VIDEO) > 0)
        return 0;
    const double most = 1.1 * state->open_count * on->prior->audio_size + 3000;
    return bytes - state->given > most ? cost_too_early : 0;
}

/* A video was asked for just after another one: the first is its init segment. */
static void ask_behind_init(group_search *on, const group_hypothesis *state, const group_entry *entry)
{
    if (state->open_count == 0)
        return;
    const group_open *last = &state->open[state->open_count - 1];
    const qoe_segment *before = g_ptr_array_index(on->group->segments, last->request);
    if (last->kind != QOE_KIND_VIDEO || last->request + 1 != on->requests ||
        entry->time_us - before->request_us > INIT_AHEAD_US)
        return;
    group_hypothesis init = *state;
    group_decide(on, &init, init.open_count - 1, GROUP_TINY_USUAL, 0);
    init.given += GROUP_TINY_USUAL;
    take_request_as(on, &init, QOE_KIND_VIDEO, cost_init_before);
}

/* Players ask for the kind that they have just got, else for the one that is not under way. */
static void ask(group_search *on, const group_hypothesis *state)
{
    if (state->ended_kind < 0 && state->open_count != 1) {
        take_request_as(on, state, QOE_KIND_VIDEO, cost_video_first);
        take_request_as(on, state, QOE_KIND_AUDIO, cost_audio_first);
        return;
    }
    const bool goes_on = state->ended_kind >= 0;
    const bool video = goes_on ? state->ended_kind == QOE_KIND_VIDEO : state->open[0].kind == QOE_KIND_AUDIO;
    take_request_as(on, state, QOE_KIND_VIDEO, video ? cost_same_kind : cost_other_kind);
    take_request_as(on, state, QOE_KIND_AUDIO, video ? cost_other_kind : cost_same_kind);
}

static void take_request(group_search *on, const group_entry *entry)
{
    for (unsigned i = 0; i < on->beam_count; i++) {
        group_hypothesis *state = &on->beam[i];
        state->cost += early_cost(on, state, (double)entry->bytes);
        ask_behind_init(on, state, entry);
        group_hypothesis aborted;
        if (entry->reset && group_abort_video(on, state, entry, &aborted))
            take_request_as(on, &aborted, QOE_KIND_VIDEO, 0);
        if (entry->reset)
            state->cost += cost_no_abort;
        ask(on, state);
    }
    on->requests++;
    group_turn(on);
}

static int64_t group_end_us(const group_search *on)
{
    return on->group->last.time_us;
}

/* The last two were asked for together at the period's start: the audio comes first but for what the server's and the
 * network's queues hold of the video (measured: 265 kB and the audio itself). */
static bool finish_pair(group_search *on, group_hypothesis *state, double video)
{
    static const double queued = 265000;
    const double audio = on->prior->audio_size;
    const bool from_start = state->decided < 0 && state->open_count == 2;
    if (!from_start || state->open[0].kind != QOE_KIND_VIDEO || group_open_of(state, QOE_KIND_AUDIO) != 1 ||
        video <= 400000)
        return false;
    const group_point audio_end = group_point_at(on->group, state->given + queued + 2 * audio);
    group_decide(on, state, 1, audio, audio_end.time_us);
    group_decide(on, state, 0, video, group_end_us(on));
    return true;
}

/* What is open ended in its order: audio with one size, video with another; the last one with the period. */
static void finish_in_order(group_search *on, group_hypothesis *state, double audio, double video)
{
    while (state->open_count > 0) {
        const double size = state->open[0].kind == QOE_KIND_AUDIO ? audio : video;
        group_decide(on, state, 0, size, state->open_count == 1 ? group_end_us(on) : 0);
        state->given += MAX(size, 0);
    }
}

/* After a reset the rest may be what was still queued, and the one video that is open only an init segment. */
static bool finish_drained(group_search *on, group_hypothesis *state, double drained, double whole)
{
    if (!state->draining || group_open_of(state, QOE_KIND_VIDEO) != 1 || drained <= 0 ||
        cost_drained_init >= whole + cost_drained_video)
        return false;
    state->cost += cost_drained_init;
    state->given += drained;
    finish_in_order(on, state, on->prior->audio_size, GROUP_TINY_USUAL);
    return true;
}

static bool finish_interleaved(group_search *on, group_hypothesis *state, double rest)
{
    const double audio = on->prior->audio_size;
    if (state->open_count != 1 || state->open[0].kind != QOE_KIND_AUDIO || rest >= 0.85 * audio ||
        !group_give_back(on, state, audio - rest, state->open[0].request))
        return false;
    state->cost += cost_interleaved;
    finish_in_order(on, state, audio, 0);
    return true;
}

/* All that are still open ended by the period's end: audio has its size, video shares the rest. */
static void finish(group_search *on, group_hypothesis *state)
{
    const double audio = on->prior->audio_size, rest = (double)on->group->last.bytes - state->given;
    const unsigned audios = group_open_of(state, QOE_KIND_AUDIO), videos = state->open_count - audios;
    group_charge_balance(on, state);
    if (state->open_count == 0) {
        state->cost += rest > 3000 ? cost_rest : 0;
        return;
    }
    if (rest < 4000.0 * state->open_count + 2000) { /* too little for media */
        finish_in_order(on, state, rest / state->open_count, rest / state->open_count);
        return;
    }
    if (finish_interleaved(on, state, rest))
        return;
    const double each = videos > 0 ? (rest - audios * audio) / videos : 0;
    const double whole = videos > 0 ? videos * group_video_cost(state, each) : group_audio_cost(on, rest / audios);
    if (finish_drained(on, state, rest - audios * audio - GROUP_TINY_USUAL, whole))
        return;
    state->cost += whole;
    if (!finish_pair(on, state, each))
        finish_in_order(on, state, videos > 0 ? audio : rest / audios, each);
}

static void search_all(group_search *on)
{
    for (guint i = 0; i < on->group->log->len; i++) {
        const group_entry *entry = &g_array_index(on->group->log, group_entry, i);
        if (entry->is_end)
            group_take_end(on, entry);
        else
            take_request(on, entry);
    }
    on->finishing = true;
    for (unsigned i = 0; on->finish && i < on->beam_count; i++)
        finish(on, &on->beam[i]);
}

/* Decides that all that are open ended together: nobody can tell how much of it was whose. */
static void leave_unsplit(group_search *on, group_hypothesis *state)
{
    const bool unsplit = state->open_count > 1;
    double rest = (double)on->group->last.bytes - state->given;
    while (state->open_count > 0) {
        group_decide(on, state, 0, rest, group_end_us(on));
        g_array_index(on->decisions, group_decision, (guint)state->decided).unsplit = unsplit;
        rest = 0;
    }
}

/* Without the audio's size nothing can be told apart: the ends are given to the requests in their order, and what is
 * left at the end stays one. */
static void search_in_order(group_search *on)
{
    group_hypothesis *state = &on->beam[0];
    for (guint i = 0; i < on->group->log->len; i++) {
        const group_entry *entry = &g_array_index(on->group->log, group_entry, i);
        if (!entry->is_end) {
            if (state->open_count < GROUP_OUTSTANDING)
                state->open[state->open_count++] = (group_open){on->requests, QOE_KIND_VIDEO};
            on->requests++;
        } else if (state->open_count > 0) {
            group_decide(on, state, 0, (double)entry->bytes - state->given, entry->time_us);
            state->given = (double)entry->bytes;
        }
    }
    on->finishing = true;
    if (on->finish)
        leave_unsplit(on, state);
}

static const group_hypothesis *best_of(const group_search *on)
{
    unsigned best = 0;
    for (unsigned i = 1; i < on->beam_count; i++) {
        if (on->beam[i].cost < on->beam[best].cost)
            best = i;
    }
    return &on->beam[best];
}

static void write_decision(const group_search *on, const group_decision *made)
{
    qoe_segment *segment = g_ptr_array_index(on->group->segments, made->request);
    const group_point from = group_point_at(on->group, made->from);
    const group_point to = group_point_at(on->group, made->from + made->size);
    segment->kind = made->size < GROUP_TINY_BYTES ? QOE_KIND_OTHER : (qoe_kind)made->kind;
    segment->bytes = (uint64_t)made->size;
    segment->first_byte_us = MAX(from.time_us, segment->request_us);
    segment->last_byte_us = MAX(made->end_us != 0 ? made->end_us : to.time_us, segment->first_byte_us);
    segment->packets = MAX(to.packets - from.packets, 1);
    segment->last_frame = MAX(to.frame, segment->request_frame);
    segment->complete = made->aborted                        ? QOE_COMPLETE_ABORTED
                        : made->at_end && !on->group->closed ? QOE_COMPLETE_OPEN
                        : made->unsplit                      ? QOE_COMPLETE_GROUP
                                                             : QOE_COMPLETE_YES;
}

/* From the last decision back: of several on one request the last one counts. */
static void write_segments(const group_search *on, const group_hypothesis *best)
{
    bool *written = g_new0(bool, on->group->segments->len);
    for (int at = best->decided; at >= 0;) {
        const group_decision *made = &g_array_index(on->decisions, group_decision, (guint)at);
        if (!written[made->request])
            write_decision(on, made);
        written[made->request] = true;
        at = made->before;
    }
    g_free(written);
}

static void update_prior(qoe_group_prior *prior, const group_hypothesis *best)
{
    prior->balance = best->balance;
    prior->level = best->level;
    prior->video_size = best->video > 0 ? exp(best->video) : 0;
    prior->video_spread = best->spread;
}

static group_search *search_new(const qoe_group *group, qoe_group_prior *prior, unsigned beam_max)
{
    group_search *on = g_new0(group_search, 1);
    on->group = group;
    on->prior = prior;
    on->beam_max = beam_max;
    on->out_of_order = group->transport == QOE_TCP ? cost_out_of_order_tcp : 0;
    on->decisions = g_array_new(FALSE, FALSE, sizeof(group_decision));
    on->beam_count = 1;
    on->beam[0] = (group_hypothesis){
        .given = (double)group->start_bytes,
        .video = prior->video_size > 0 ? log(prior->video_size) : 0,
        .spread = prior->video_spread,
        .balance = prior->balance,
        .level = prior->level,
        .decided = -1,
        .ended_kind = -1,
    };
    return on;
}

static void search_free(group_search *on)
{
    g_array_free(on->decisions, TRUE);
    g_free(on);
}

void qoe_group_solve(const qoe_group *group, qoe_group_prior *prior, bool so_far)
{
    group_search *on = search_new(group, prior, group->closed ? GROUP_BEAM : GROUP_BEAM_NARROW);
    on->finish = group->closed || so_far;
    if (prior->audio_size > 0)
        search_all(on);
    else
        search_in_order(on);
    const group_hypothesis *best = best_of(on);
    write_segments(on, best);
    if (group->closed)
        update_prior(prior, best);
    search_free(on);
}

void qoe_group_weigh(const qoe_group *group, qoe_group_prior *prior, qoe_group_fit *fit, bool thorough)
{
    group_search *on = search_new(group, prior, thorough ? GROUP_BEAM : GROUP_BEAM / 2);
    on->finish = true;
    search_all(on);
    const group_hypothesis *best = best_of(on);
    update_prior(prior, best);
    fit->cost += best->cost;
    fit->videos += best->videos;
    fit->audios += best->audios;
    search_free(on);
}
