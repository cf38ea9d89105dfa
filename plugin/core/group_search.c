/* Hypotheses on a busy period: what they cost and which are kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "group_search.h"

#include <math.h>

static const double root_two_pi = 2.5066;

static const double audio_spread = 0.03; /* of its size; measured 2 to 4 % */
static const double audio_blur = 800;    /* bytes that come while the player turns round */
static const double audio_cost_max = 9;

static const double cost_tiny = 2.8;
static const double cost_negative = 9;
static const double cost_reset_late = 6, reset_late_bytes = 200000; /* more than a link's queue holds */
static const double cost_first_video = 1.4;                         /* any size within a factor of 4 */
static const double video_cost_max = 4;                             /* a change of resolution */
static const double video_pace = 0.3;
static const double video_spread_first = 0.36, video_spread_min = 0.04, video_spread_pace = 0.1;

static const double balance_spread = 0.25; /* of the sum of both segments' lengths */
static const double balance_weight = 0.5, balance_cost_max = 6, balance_pace = 0.1;

bool group_wants(const group_search *on, double cost)
{
    return on->next_count < on->beam_max || cost < on->next[on->order[on->beam_max - 1]].cost;
}

void group_push(group_search *on, const group_hypothesis *added)
{
    if (!group_wants(on, added->cost))
        return;
    const bool full = on->next_count == on->beam_max;
    unsigned at = full ? on->beam_max - 1 : on->next_count++;
    const uint8_t place = full ? on->order[at] : (uint8_t)at; /* of the worst one, or a new one */
    for (; at > 0 && on->next[on->order[at - 1]].cost > added->cost; at--)
        on->order[at] = on->order[at - 1];
    on->order[at] = place;
    group_copy(&on->next[place], added);
}

void group_turn(group_search *on)
{
    for (unsigned i = 0; i < on->next_count; i++)
        on->beam[i] = &on->next[on->order[i]];
    on->next = on->next == on->pool[0] ? on->pool[1] : on->pool[0];
    on->beam_count = on->next_count;
    on->next_count = 0;
}

double group_audio_cost(const group_search *on, double bytes)
{
    const double audio = on->prior->audio_size, spread = audio_spread * audio + audio_blur;
    const double deviation = (bytes - audio) / spread;
    return MIN(deviation * deviation / 2, audio_cost_max) + log(spread / audio * root_two_pi);
}

double group_video_cost(const group_hypothesis *state, double bytes)
{
    if (bytes < GROUP_TINY_BYTES)
        return bytes < -8000 ? cost_negative : cost_tiny;
    if (state->video <= 0)
        return cost_first_video;
    const double spread = state->spread > 0 ? state->spread : video_spread_first;
    const double deviation = log(bytes) - state->video;
    return MIN(deviation * deviation / spread / 2, video_cost_max) + log(sqrt(spread) * root_two_pi);
}

static void learn_video(group_hypothesis *state, double bytes)
{
    if (state->video <= 0) {
        state->video = log(bytes);
        return;
    }
    const double spread = state->spread > 0 ? state->spread : video_spread_first;
    const double deviation = log(bytes) - state->video;
    state->spread = MAX(spread + video_spread_pace * (MIN(deviation * deviation, 1) - spread), video_spread_min);
    state->video += video_pace * deviation;
}

double group_balance_step(const group_search *on, uint8_t kind)
{
    return kind == QOE_KIND_VIDEO ? 1 : kind == QOE_KIND_AUDIO ? -on->prior->ratio : 0;
}

void group_charge_balance(const group_search *on, group_hypothesis *state)
{
    if (on->prior->ratio <= 0)
        return;
    const double deviation = (state->balance - state->level) / (balance_spread * (1 + on->prior->ratio));
    state->cost += balance_weight * MIN(deviation * deviation / 2, balance_cost_max);
    state->level += balance_pace * (state->balance - state->level);
}

unsigned group_open_of(const group_hypothesis *state, uint8_t kind)
{
    unsigned count = 0;
    for (unsigned i = 0; i < state->open_count; i++)
        count += state->open[i].kind == kind && !state->open[i].full;
    return count;
}

/* An init segment plays for no time. */
static void count_decided(const group_search *on, group_hypothesis *state, uint8_t kind, double size)
{
    if (kind == QOE_KIND_OTHER)
        return;
    if (size < GROUP_TINY_BYTES) {
        state->balance -= group_balance_step(on, kind);
    } else if (kind == QOE_KIND_AUDIO) {
        state->audios++;
    } else {
        state->videos++;
        learn_video(state, size);
    }
}

void group_drop(group_hypothesis *state, unsigned which)
{
    state->open_count--;
    for (unsigned i = which; i < state->open_count; i++)
        state->open[i] = state->open[i + 1];
}

void group_drop_reset(const group_search *on, group_hypothesis *state, unsigned which)
{
    state->cost += on->shares && state->open[which].got > reset_late_bytes ? cost_reset_late : 0;
    group_drop(state, which);
}

void group_decide(group_search *on, group_hypothesis *state, unsigned which, double size, double to, int64_t end_us)
{
    const group_open *open = &state->open[which];
    const group_decision made = {
        .before = state->decided,
        .request = open->request,
        .kind = open->kind,
        .at_end = on->finishing,
        .from = open->got > 0 ? open->first : MIN(open->begins, to),
        .to = to,
        .size = MAX(size, 0),
        .end_us = end_us,
    };
    state->ended_kind = made.kind;
    count_decided(on, state, made.kind, size);
    g_array_append_val(on->decisions, made);
    state->decided = (int)on->decisions->len - 1;
    group_drop(state, which);
}
