/* The search for the sizes and kinds of the responses of a busy period: through its log and to its end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "group_search.h"
#include "packet.h"

static const double cost_video = 0.6, cost_audio = 0.7; /* of a request that nothing explains */
static const double cost_tiny = 3;                      /* the same */
static const double cost_usual = 0.1, cost_unusual = 4; /* players ask for what they have just got */
static const double cost_index_next = 1.5, cost_media_next = 0.7;
static const double cost_too_many = 4;
static const double cost_rest = 6;
static const double cost_no_abort = 0.7;
static const double cost_lacking = 6;
static const double cost_tiny_size = 0.5;

enum { DECISIONS_USUAL = 256 }; /* of all hypotheses on a short period */

/* What nginx and the kernel have queued when another response begins to take part, if as much is left (measured). */
static const double queued_tcp = 265000;

/* The oldest response makes way for another one; what the client has given up was decided when it did. */
static void make_room(group_search *on, group_hypothesis *state)
{
    if (state->open[0].kind == GROUP_RESET) {
        group_drop_reset(on, state, 0);
        return;
    }
    group_decide(on, state, 0, state->open[0].got, state->count, 0);
    g_array_index(on->decisions, group_decision, (guint)state->decided).unsplit = true;
}

/* A request: the downlink count before which no answer can come, and whether the answer's beginning will be told. */
typedef struct {
    double bytes;
    bool marked;
} asked_for;

static void take_request_as(group_search *on, const group_hypothesis *from, const asked_for *asked, uint8_t kind,
                            double cost)
{
    if (!group_wants(on, from->cost + cost))
        return;
    group_hypothesis state;
    group_copy(&state, from);
    if (state.open_count == GROUP_OUTSTANDING)
        make_room(on, &state);
    state.open[state.open_count++] = (group_open){.request = on->requests,
                                                  .kind = kind,
                                                  .marked = asked->marked,
                                                  .asked = asked->bytes,
                                                  .begins = asked->marked ? INFINITY : asked->bytes + on->queue};
    state.cost += cost;
    state.balance += group_balance_step(on, kind);
    state.ended_kind = -1;
    group_push(on, &state);
}

/* What the kind of a request costs after what ended with it. */
static double kind_cost(const group_hypothesis *state, uint8_t kind)
{
    const bool many = kind != QOE_KIND_OTHER && group_open_of(state, kind) > 0;
    const double penalty = many ? cost_too_many : 0;
    switch (state->ended_kind) {
    case QOE_KIND_VIDEO:
    case QOE_KIND_AUDIO:
        return penalty + (kind == state->ended_kind ? cost_usual : kind == QOE_KIND_OTHER ? cost_tiny : cost_unusual);
    case QOE_KIND_OTHER:
        return penalty + (kind == QOE_KIND_OTHER ? cost_index_next : cost_media_next);
    case GROUP_RESET:
        return penalty + (kind == QOE_KIND_AUDIO ? cost_unusual : cost_media_next);
    }
    if (kind != QOE_KIND_OTHER && state->open_count == 1 && penalty <= 0)
        return cost_usual;
    return penalty + (kind == QOE_KIND_OTHER ? cost_tiny : kind == QOE_KIND_VIDEO ? cost_video : cost_audio);
}

static void ask(group_search *on, const group_hypothesis *state, const asked_for *asked)
{
    static const uint8_t kinds[] = {QOE_KIND_VIDEO, QOE_KIND_AUDIO, QOE_KIND_OTHER};
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        take_request_as(on, state, asked, kinds[i], kind_cost(state, kinds[i]));
}

static void take_request(group_search *on, const group_entry *entry)
{
    const asked_for asked = {group_bytes_at(on->group, entry->time_us + on->group->delay_us), entry->marked};
    for (unsigned i = 0; i < on->beam_count; i++) {
        group_hypothesis *state = on->beam[i], aborted;
        if (!entry->marked)
            group_deliver(on, state, (double)entry->bytes);
        if ((entry->reset || on->shares) && state->ended_kind < 0 && group_abort_videos(on, state, entry, &aborted))
            ask(on, &aborted, &asked);
        if (entry->reset)
            state->cost += cost_no_abort;
        ask(on, state, &asked);
    }
    on->requests++;
    group_turn(on);
}

static int64_t group_end_us(const group_search *on)
{
    return on->group->last.time_us;
}

/* Servers that answer in order have sent what is open one after the other up to the period's end, others all at
 * once. */
static void finish_in_order(group_search *on, group_hypothesis *state, bool unsplit)
{
    double left = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        left += state->open[i].got;
    double to = state->count - left;
    while (state->open_count > 0) {
        group_open *open = &state->open[0];
        const bool video = open->kind == QOE_KIND_VIDEO, last = state->open_count == 1 || on->shares;
        if (!on->shares)
            open->first = to;
        to += open->got;
        group_decide(on, state, 0, open->got, on->shares ? state->count : to, last ? group_end_us(on) : 0);
        g_array_index(on->decisions, group_decision, (guint)state->decided).unsplit = unsplit && video;
    }
}

/* Video segments that a server answers in order and that left no mark: each is taken for as large as the others. */
static void even_out(const group_search *on, group_hypothesis *state, unsigned videos)
{
    double all = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        all += state->open[i].kind == QOE_KIND_VIDEO ? state->open[i].got : 0;
    for (unsigned i = 0; i < state->open_count && !on->shares; i++) {
        if (state->open[i].kind == QOE_KIND_VIDEO)
            state->open[i].got = all / videos;
    }
}

/* What audio and init segments lack was counted for others. A reset response takes bytes as they come as long as nobody
 * knows how much was under way, and is left with as little as an index. (Held to that from the beginning: F1 .853 for
 * .858 on HTTP/2, .709 for .748 on HTTP/3. Leaving it all that it took makes no difference: within .003.) */
static void finish_lacking(group_search *on, group_hypothesis *state)
{
    for (unsigned i = 0; i < state->open_count; i++) {
        const group_open *open = &state->open[i];
        if (open->full || open->kind == QOE_KIND_VIDEO)
            continue;
        const double need = open->kind == QOE_KIND_AUDIO ? on->prior->audio_size : GROUP_TINY_USUAL;
        const bool lacks = state->count - open->asked < 0.8 * need || !group_take(state, i, need - open->got);
        state->cost += lacks && open->kind == QOE_KIND_AUDIO ? cost_lacking : 0;
    }
}

static void drop_reset(const group_search *on, group_hypothesis *state)
{
    for (unsigned i = state->open_count; i > 0; i--) {
        if (state->open[i - 1].kind != GROUP_RESET)
            continue;
        for (unsigned k = i; k < state->open_count; k++) {
            if (state->open[k].kind == QOE_KIND_VIDEO && state->open[k].got <= 0) {
                state->open[k].got = state->open[i - 1].got;
                state->open[k].first = state->open[i - 1].first;
                state->open[i - 1].got = 0;
                break;
            }
        }
        group_drop_reset(on, state, i - 1);
    }
}

/* One response stands alone, or nothing but audio is open: the size tells. */
static double lone_cost(const group_search *on, const group_hypothesis *state)
{
    double all = 0;
    unsigned audios = 0;
    for (unsigned i = 0; i < state->open_count; i++) {
        audios += state->open[i].kind == QOE_KIND_AUDIO;
        all += state->open[i].got;
    }
    if (audios > 0)
        return group_audio_cost(on, (all - (state->open_count - audios) * GROUP_TINY_USUAL) / audios);
    return all < GROUP_TINY_BYTES * state->open_count ? cost_tiny_size : cost_lacking;
}

/* All that are still open ended by the period's end: audio has its size, video the rest. */
static void finish(group_search *on, group_hypothesis *state)
{
    group_deliver(on, state, (double)on->group->last.bytes);
    group_charge_balance(on, state);
    state->cost += state->lost > 3000 ? cost_rest : 0;
    const unsigned videos = group_open_of(state, QOE_KIND_VIDEO);
    if (videos == 0 && group_open_of(state, GROUP_RESET) == 0) {
        state->cost += state->open_count > 0 ? lone_cost(on, state) : 0;
    } else {
        finish_lacking(on, state);
        drop_reset(on, state);
        even_out(on, state, videos);
        for (unsigned i = 0; i < state->open_count; i++)
            state->cost += state->open[i].kind == QOE_KIND_VIDEO ? group_video_cost(state, state->open[i].got) : 0;
        group_sweep(on, state, true);
    }
    drop_reset(on, state);
    finish_in_order(on, state, videos > 1);
}

static void search_all(group_search *on)
{
    for (guint i = 0; i < on->group->log->len; i++) {
        const group_entry *entry = &g_array_index(on->group->log, group_entry, i);
        switch (entry->type) {
        case GROUP_REQUEST:
            take_request(on, entry);
            break;
        case GROUP_BEGIN:
            group_take_begin(on, entry);
            break;
        case GROUP_END:
            group_take_end(on, entry);
            break;
        }
    }
    on->finishing = true;
    for (unsigned i = 0; on->finish && i < on->beam_count; i++)
        finish(on, on->beam[i]);
}

/* Decides that all that are open ended together: nobody can tell how much of it was whose. */
static void leave_unsplit(group_search *on, group_hypothesis *state)
{
    const bool unsplit = state->open_count > 1;
    const double to = (double)on->group->last.bytes;
    double rest = to - state->count;
    while (state->open_count > 0) {
        state->open[0].begins = state->count;
        group_decide(on, state, 0, rest, to, group_end_us(on));
        g_array_index(on->decisions, group_decision, (guint)state->decided).unsplit = unsplit;
        rest = 0;
    }
}

/* Without the audio's size nothing can be told apart: the ends are given to the requests in their order, and what is
 * left at the end stays one. */
static void search_in_order(group_search *on)
{
    group_hypothesis *state = on->beam[0];
    for (guint i = 0; i < on->group->log->len; i++) {
        const group_entry *entry = &g_array_index(on->group->log, group_entry, i);
        if (entry->type == GROUP_BEGIN)
            continue;
        if (entry->type == GROUP_REQUEST) {
            if (state->open_count < GROUP_OUTSTANDING)
                state->open[state->open_count++] = (group_open){.request = on->requests, .kind = QOE_KIND_VIDEO};
            on->requests++;
        } else if (state->open_count > 0) {
            state->open[0].begins = state->count;
            group_decide(on, state, 0, (double)entry->bytes - state->count, (double)entry->bytes, entry->time_us);
            state->count = (double)entry->bytes;
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
        if (on->beam[i]->cost < on->beam[best]->cost)
            best = i;
    }
    return on->beam[best];
}

static void write_decision(const group_search *on, const group_decision *made)
{
    qoe_segment *segment = g_ptr_array_index(on->group->segments, made->request);
    const group_point from = group_point_at(on->group, made->from);
    const group_point to = group_point_at(on->group, made->to);
    segment->kind = made->size < GROUP_TINY_BYTES ? QOE_KIND_OTHER : (qoe_kind)made->kind;
    segment->bytes = (uint64_t)llround(made->size);
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
    group_search *on = g_new(group_search, 1); /* the pools are large, and filled before they are read */
    on->group = group;
    on->prior = prior;
    on->beam_max = beam_max;
    on->next_count = 0;
    on->requests = 0;
    on->finishing = on->finish = false;
    on->shares = group->transport == QOE_UDP;
    on->queue = on->shares ? 0 : queued_tcp;
    on->decisions = g_array_sized_new(FALSE, FALSE, sizeof(group_decision), DECISIONS_USUAL);
    on->beam_count = 1;
    on->beam[0] = on->pool[0];
    on->next = on->pool[1];
    *on->beam[0] = (group_hypothesis){
        .count = (double)group->start_bytes,
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
    if (fit->end_us == 0)
        fit->start_us = g_array_index(group->points, group_point, 0).time_us;
    fit->end_us = MAX(fit->end_us, group->last.time_us);
    fit->cost += best->cost;
    fit->videos += best->videos;
    fit->audios += best->audios;
    search_free(on);
}
