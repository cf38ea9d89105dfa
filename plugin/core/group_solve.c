/* The search for the sizes and kinds of the responses of a busy period: a beam of hypotheses.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "group_internal.h"

#include <math.h>

#include "packet.h"

enum {
    BEAM = 8,            /* hypotheses kept: 8 gave .815 where 1 gave .784 (F1, HTTP/2) */
    OUTSTANDING_MAX = 16 /* requests that a hypothesis holds open; players have up to 4 */
};

static const double cost_out_of_order_tcp = 2; /* servers answer HTTP/2 in order in 77 % of overlaps, HTTP/3 in 18 % */
static const double cost_audio_guess = 0.5;    /* an audio segment whose end left no mark of its own */
static const double cost_both = 0.5;
static const double cost_nothing_ended = 3;
static const double tiny_bytes = 6000; /* an init segment: asks and ends like a segment */
static const double audio_tolerance = 0.08;

/* One response as a hypothesis sees it; linked back to what it decided before. */
typedef struct {
    int before; /* index of the previous decision, -1: none */
    uint16_t request;
    uint8_t kind;
    bool at_end;       /* of the period: in an open group it goes on */
    bool unsplit;      /* its bytes are those of several responses */
    double from, size; /* downlink count before it, bytes */
    int64_t end_us;    /* 0: when the count reached from + size */
} decision;

typedef struct {
    uint16_t request;
    uint8_t kind;
} open_request;

typedef struct {
    double cost;
    double given;   /* downlink count up to which bytes have been given to responses */
    int decided;    /* index of the last decision */
    int ended_kind; /* kind of the response that ended with the previous entry of the log; -1: none */
    unsigned open_count;
    open_request open[OUTSTANDING_MAX];
} hypothesis;

typedef struct {
    const qoe_group *group;
    const qoe_group_prior *prior;
    double out_of_order;
    GArray *decisions;
    hypothesis beam[BEAM], next[BEAM];
    unsigned beam_count, next_count;
    uint16_t requests; /* so far */
    bool finishing;    /* now */
    bool finish;       /* give what is left to those that have not ended */
} search;

/* Keeps the best hypotheses in order of cost. */
static void push(search *on, const hypothesis *added)
{
    unsigned at = on->next_count < BEAM ? on->next_count++ : BEAM;
    if (at == BEAM && added->cost >= on->next[BEAM - 1].cost)
        return;
    if (at == BEAM)
        at = BEAM - 1;
    for (; at > 0 && on->next[at - 1].cost > added->cost; at--)
        on->next[at] = on->next[at - 1];
    on->next[at] = *added;
}

static void turn(search *on)
{
    for (unsigned i = 0; i < on->next_count; i++)
        on->beam[i] = on->next[i];
    on->beam_count = on->next_count;
    on->next_count = 0;
}

/* How unlikely a video segment of so many bytes is. */
static double video_cost(const search *on, double bytes)
{
    if (bytes < -8000)
        return 9;
    if (bytes < tiny_bytes)
        return 0.7;
    if (on->prior->video_size <= 0)
        return 0.5;
    const double deviation = log(bytes / on->prior->video_size) / 0.6;
    return MIN(4.0, deviation * deviation / 2);
}

static void decide(search *on, hypothesis *state, unsigned which, double size, int64_t end_us, bool unsplit)
{
    const decision made = {
        .before = state->decided,
        .request = state->open[which].request,
        .kind = state->open[which].kind,
        .at_end = on->finishing,
        .unsplit = unsplit,
        .from = state->given,
        .size = MAX(size, 0),
        .end_us = end_us,
    };
    state->ended_kind = made.kind;
    g_array_append_val(on->decisions, made);
    state->decided = (int)on->decisions->len - 1;
    state->open_count--;
    for (unsigned i = which; i < state->open_count; i++)
        state->open[i] = state->open[i + 1];
}

static void take_request_as(search *on, const hypothesis *from, uint8_t kind, double cost)
{
    hypothesis state = *from;
    if (state.open_count == OUTSTANDING_MAX)
        decide(on, &state, 0, 0, 0, true);
    state.open[state.open_count++] = (open_request){on->requests, kind};
    state.cost += cost;
    state.ended_kind = -1;
    push(on, &state);
}

static uint8_t other_kind(uint8_t kind)
{
    return kind == QOE_KIND_VIDEO ? QOE_KIND_AUDIO : QOE_KIND_VIDEO;
}

/* Players ask for the kind that they have just got, else for the one that is not under way. */
static void take_request(search *on)
{
    for (unsigned i = 0; i < on->beam_count; i++) {
        const hypothesis *state = &on->beam[i];
        if (state->ended_kind >= 0)
            take_request_as(on, state, (uint8_t)state->ended_kind, 0);
        else if (state->open_count == 1)
            take_request_as(on, state, other_kind(state->open[0].kind), 0);
        else {
            take_request_as(on, state, QOE_KIND_VIDEO, 0);
            take_request_as(on, state, QOE_KIND_AUDIO, 0.1);
        }
    }
    on->requests++;
    turn(on);
}

static void end_with(search *on, const hypothesis *from, unsigned which, double size, double given, int64_t end_us,
                     double cost)
{
    hypothesis state = *from;
    decide(on, &state, which, size, end_us, false);
    state.given = given;
    state.cost += cost;
    push(on, &state);
}

static void end_audio(search *on, const hypothesis *state, unsigned which, const group_entry *end, double penalty)
{
    const double audio = on->prior->audio_size, bytes = (double)end->bytes - state->given;
    if (which == 0 && fabs(bytes - audio) < audio_tolerance * audio)
        end_with(on, state, which, bytes, (double)end->bytes, end->time_us, 0);
    else if (which == 0 && bytes > 0.1 * audio && bytes < audio)
        end_with(on, state, which, audio, (double)end->bytes, end->time_us, cost_audio_guess);
    if (bytes >= 0.95 * audio)
        end_with(on, state, which, audio, state->given + audio, end->time_us, penalty + cost_audio_guess);
}

/* The oldest, a video, has ended and so has an audio segment behind it, in the same moment. */
static void end_both(search *on, const hypothesis *state, const group_entry *end)
{
    const double audio = on->prior->audio_size, video = (double)end->bytes - state->given - audio;
    unsigned which = 1;
    while (which < state->open_count && state->open[which].kind != QOE_KIND_AUDIO)
        which++;
    if (which >= state->open_count || video <= 0)
        return;
    hypothesis both = *state;
    decide(on, &both, which, audio, end->time_us, false);
    end_with(on, &both, 0, video, (double)end->bytes, end->time_us, cost_both + video_cost(on, video));
}

static void end_video(search *on, const hypothesis *state, unsigned which, const group_entry *end, double penalty)
{
    const double audio = on->prior->audio_size, bytes = (double)end->bytes - state->given;
    if (which == 0) {
        end_with(on, state, which, bytes, (double)end->bytes, end->time_us, video_cost(on, bytes));
        end_both(on, state, end);
    } else if (state->open[0].kind == QOE_KIND_AUDIO && bytes > audio) {
        hypothesis both = *state; /* the older audio is done as well */
        decide(on, &both, 0, audio, 0, false);
        both.given += audio;
        end_with(on, &both, which - 1, bytes - audio, (double)end->bytes, end->time_us,
                 penalty + video_cost(on, bytes - audio));
    }
}

static void end_in(search *on, const hypothesis *state, const group_entry *end)
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
    hypothesis nothing = *state;
    nothing.cost += cost_nothing_ended;
    nothing.ended_kind = -1;
    push(on, &nothing);
}

static void take_end(search *on, const group_entry *end)
{
    for (unsigned i = 0; i < on->beam_count; i++)
        end_in(on, &on->beam[i], end);
    turn(on);
}

/* The last two were asked for together at the period's start: the audio comes first but for what the server's and the
 * network's queues hold of the video (measured: 265 kB and the audio itself). */
static bool finish_pair(search *on, hypothesis *state, double video)
{
    static const double queued = 265000;
    const double audio = on->prior->audio_size;
    const bool from_start = state->decided < 0 && state->open_count == 2;
    if (!from_start || state->open[0].kind != QOE_KIND_VIDEO || video <= 400000)
        return false;
    const group_point audio_end = group_point_at(on->group, state->given + queued + 2 * audio);
    decide(on, state, 1, audio, audio_end.time_us, false);
    decide(on, state, 0, video, on->group->last.time_us, false);
    return true;
}

/* Too little came for even one media segment. */
static void finish_tiny(search *on, hypothesis *state, double rest)
{
    const double each = rest / state->open_count;
    while (state->open_count > 0) {
        decide(on, state, 0, each, on->group->last.time_us, false);
        state->given += each;
    }
}

/* All that are still open ended by the period's end: audio has its size, video shares the rest. */
static void finish(search *on, hypothesis *state)
{
    const double audio = on->prior->audio_size, rest = (double)on->group->last.bytes - state->given;
    unsigned audios = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        audios += state->open[i].kind == QOE_KIND_AUDIO;
    const unsigned videos = state->open_count - audios;
    if (state->open_count == 0)
        return;
    if (rest < tiny_bytes) {
        finish_tiny(on, state, rest);
        return;
    }
    const double each = videos > 0 ? (rest - audios * audio) / videos : 0;
    state->cost += videos > 0 ? videos * video_cost(on, each) : MIN(6.0, fabs(rest - audios * audio) / (0.05 * audio));
    if (finish_pair(on, state, each))
        return;
    while (state->open_count > 0) {
        const double size = state->open[0].kind == QOE_KIND_AUDIO ? (videos > 0 ? audio : rest / audios) : each;
        decide(on, state, 0, size, state->open_count == 1 ? on->group->last.time_us : 0, false);
        state->given += MAX(size, 0);
    }
}

static void write_decision(const search *on, const decision *made)
{
    qoe_segment *segment = g_ptr_array_index(on->group->segments, made->request);
    const group_point from = group_point_at(on->group, made->from);
    const group_point to = group_point_at(on->group, made->from + made->size);
    segment->kind = made->size < tiny_bytes ? QOE_KIND_OTHER : (qoe_kind)made->kind;
    segment->bytes = (uint64_t)made->size;
    segment->first_byte_us = MAX(from.time_us, segment->request_us);
    segment->last_byte_us = MAX(made->end_us != 0 ? made->end_us : to.time_us, segment->first_byte_us);
    segment->packets = MAX(to.packets - from.packets, 1);
    segment->last_frame = MAX(to.frame, segment->request_frame);
    segment->complete = made->at_end && !on->group->closed ? QOE_COMPLETE_OPEN
                        : made->unsplit                    ? QOE_COMPLETE_GROUP
                                                           : QOE_COMPLETE_YES;
}

static void write_best(search *on)
{
    unsigned best = 0;
    for (unsigned i = 1; i < on->beam_count; i++) {
        if (on->beam[i].cost < on->beam[best].cost)
            best = i;
    }
    for (int at = on->beam[best].decided; at >= 0;) {
        const decision *made = &g_array_index(on->decisions, decision, (guint)at);
        write_decision(on, made);
        at = made->before;
    }
}

static void search_all(search *on)
{
    for (guint i = 0; i < on->group->log->len; i++) {
        const group_entry *entry = &g_array_index(on->group->log, group_entry, i);
        if (entry->is_end)
            take_end(on, entry);
        else
            take_request(on);
    }
    on->finishing = true;
    for (unsigned i = 0; on->finish && i < on->beam_count; i++)
        finish(on, &on->beam[i]);
}

/* Without the audio's size nothing can be told apart: the ends are given to the requests in their order, and what is
 * left at the end stays one. */
static void solve_in_order(search *on)
{
    hypothesis *state = &on->beam[0];
    for (guint i = 0; i < on->group->log->len; i++) {
        const group_entry *entry = &g_array_index(on->group->log, group_entry, i);
        if (!entry->is_end) {
            if (state->open_count < OUTSTANDING_MAX)
                state->open[state->open_count++] = (open_request){on->requests, QOE_KIND_VIDEO};
            on->requests++;
        } else if (state->open_count > 0) {
            decide(on, state, 0, (double)entry->bytes - state->given, entry->time_us, false);
            state->given = (double)entry->bytes;
        }
    }
    const double rest = (double)on->group->last.bytes - state->given;
    on->finishing = true;
    if (on->finish && state->open_count > 0)
        decide(on, state, 0, rest, on->group->last.time_us, state->open_count > 1);
    while (on->finish && state->open_count > 0)
        decide(on, state, 0, 0, on->group->last.time_us, true);
}

static void solve_single(search *on)
{
    hypothesis *state = &on->beam[0];
    const double bytes = (double)(on->group->last.bytes - on->group->start_bytes), audio = on->prior->audio_size;
    const bool is_audio = audio > 0 && fabs(bytes - audio) < 0.06 * audio;
    on->finishing = true;
    state->open[state->open_count++] = (open_request){0, is_audio ? QOE_KIND_AUDIO : QOE_KIND_VIDEO};
    decide(on, state, 0, bytes, on->group->last.time_us, false);
}

/* A typical size that follows the sizes of video segments. */
static void learn_video(const qoe_group *group, qoe_group_prior *prior)
{
    static const double pace = 0.2;
    for (guint i = 0; i < group->segments->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(group->segments, i);
        if (segment->kind != QOE_KIND_VIDEO || segment->complete != QOE_COMPLETE_YES)
            continue;
        const double bytes = (double)segment->bytes;
        prior->video_size += prior->video_size > 0 ? pace * (bytes - prior->video_size) : bytes;
    }
}

void qoe_group_solve(const qoe_group *group, qoe_group_prior *prior, bool so_far)
{
    search *on = g_new0(search, 1);
    on->group = group;
    on->finish = group->closed || so_far;
    on->prior = prior;
    on->out_of_order = group->transport == QOE_TCP ? cost_out_of_order_tcp : 0;
    on->decisions = g_array_new(FALSE, FALSE, sizeof(decision));
    on->beam_count = 1;
    on->beam[0] = (hypothesis){.given = (double)group->start_bytes, .decided = -1, .ended_kind = -1};
    if (group->segments->len == 1 && on->finish)
        solve_single(on);
    else if (prior->audio_size <= 0)
        solve_in_order(on);
    else
        search_all(on);
    write_best(on);
    if (group->closed)
        learn_video(group, prior);
    g_array_free(on->decisions, TRUE);
    g_free(on);
}
