/* Trying sizes of audio segments and ratios of audio to video.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rhythm.h"

#include <math.h>

enum {
    REQUESTS_MIN = 8,
    REQUESTS_MAX = 512, /* weighed at most */
    FINALISTS = 4,      /* sizes for which all ratios are tried */
    ROUNDS = 3          /* of solving with the ratio that the last solution had */
};

static const double size_first = 10000, size_last = 700000, size_step = 1.05;

/* What a standard deviation over the histogram's background is worth, as a cost. */
static const double peak_weight = 7;

/* Audio is coded at 48 to 256 kb/s, mostly. What it is worth, as a cost, is flat from half to twice as much. */
static const double audio_rate = 100000, audio_rate_spread = 0.8;
static const double ahead_share = 0.3; /* players that fetch faster than they play are less of a surprise */
static const double rate_weight = 20, rate_cost_max = 6;
static const double buffer_s = 15;

/* Segments of 2 to 16 s in either: what services use. */
static const double ratios[] = {0.25, 0.333, 0.4, 0.5, 0.6, 0.667, 0.75, 0.8, 1, 1.25, 1.333,
                                1.5,  1.667, 2,   2.5, 3,   3.333, 4,    5,   6, 8};
enum { RATIOS = sizeof ratios / sizeof ratios[0] };

typedef struct {
    double cost, size, ratio;
} trial;

typedef struct {
    const GPtrArray *groups;
    const qoe_audio *audio;
    bool thorough;
    guint first;           /* group that counts */
    trial best[FINALISTS]; /* of different sizes, best first */
} contest;

static double nearest_ratio(double ratio)
{
    double best = ratios[0];
    for (unsigned i = 1; i < RATIOS; i++) {
        if (fabs(log(ratio / ratios[i])) < fabs(log(ratio / best)))
            best = ratios[i];
    }
    return best;
}

/* What is played takes as long as the session, but for what is in the buffer: so many segments of that size must make
 * a bit rate at which audio is coded. */
static double rate_cost(const qoe_group_fit *fit, double size)
{
    const double seconds = (double)(fit->end_us - fit->start_us) / 1e6 + buffer_s;
    const double rate = MAX(8 * fit->audios * size / seconds, 1000);
    const double apart = log(rate / audio_rate) / audio_rate_spread;
    const double deviation = apart > 0 ? apart * ahead_share : apart;
    return rate_weight * MIN(deviation * deviation / 2, rate_cost_max);
}

/* Sets the trial's cost; returns the ratio that the solution has, 0 if it lacks a kind. */
static double weigh(const contest *on, trial *tried)
{
    qoe_group_prior prior = {.audio_size = tried->size, .ratio = tried->ratio};
    qoe_group_fit fit = {0};
    for (guint i = on->first; i < on->groups->len; i++) {
        const qoe_group *group = g_ptr_array_index(on->groups, i);
        if (qoe_group_is_closed(group))
            qoe_group_weigh(group, &prior, &fit, on->thorough);
    }
    tried->cost = fit.cost + rate_cost(&fit, tried->size) - peak_weight * qoe_audio_score(on->audio, tried->size);
    return fit.audios > 0 ? fit.videos / fit.audios : 0;
}

static void rank(contest *on, trial added)
{
    for (unsigned i = 0; i < FINALISTS; i++) {
        if (added.cost < on->best[i].cost) {
            const trial moved = on->best[i];
            on->best[i] = added;
            added = moved;
        }
    }
}

/* Solves with any ratio, then with the one that came out, and so on. */
static void try_size(contest *on, double size)
{
    trial best = {.cost = INFINITY}, tried = {.size = size};
    double ratio = weigh(on, &tried);
    for (unsigned i = 0; i < ROUNDS && ratio > 0 && nearest_ratio(ratio) != tried.ratio; i++) {
        tried.ratio = nearest_ratio(ratio);
        ratio = weigh(on, &tried);
        if (tried.cost < best.cost)
            best = tried;
    }
    if (best.cost < INFINITY)
        rank(on, best);
}

static trial final_round(contest *on)
{
    on->thorough = true;
    for (unsigned i = 0; i < FINALISTS && on->best[i].cost < INFINITY; i++)
        weigh(on, &on->best[i]);
    trial winner = on->best[0];
    for (unsigned i = 1; i < FINALISTS && on->best[i].cost < INFINITY; i++)
        winner = on->best[i].cost < winner.cost ? on->best[i] : winner;
    for (unsigned i = 0; i < FINALISTS && on->best[i].cost < INFINITY; i++) {
        for (unsigned k = 0; k < RATIOS; k++) {
            trial tried = {.size = on->best[i].size, .ratio = ratios[k]};
            if (ratios[k] == on->best[i].ratio)
                continue; /* weighed above */
            weigh(on, &tried);
            if (tried.cost < winner.cost)
                winner = tried;
        }
    }
    return winner;
}

/* The requests of the closed groups from the one on with which the contest begins. */
static size_t choose_groups(contest *on)
{
    size_t requests = 0;
    for (on->first = on->groups->len; on->first > 0 && requests < REQUESTS_MAX; on->first--) {
        const qoe_group *group = g_ptr_array_index(on->groups, on->first - 1);
        requests += qoe_group_is_closed(group) ? qoe_group_requests(group) : 0;
    }
    return requests;
}

void qoe_rhythm_learn(qoe_rhythm *rhythm, const GPtrArray *groups, const qoe_audio *audio)
{
    contest on = {.groups = groups, .audio = audio};
    for (unsigned i = 0; i < FINALISTS; i++)
        on.best[i].cost = INFINITY;
    if (choose_groups(&on) < REQUESTS_MIN)
        return;
    for (double size = size_first; size < size_last; size *= size_step)
        try_size(&on, size);
    const trial winner = final_round(&on);
    if (winner.cost < INFINITY) {
        rhythm->audio_size = winner.size;
        rhythm->ratio = winner.ratio;
    }
}

bool qoe_rhythm_is_due(const qoe_rhythm *rhythm, size_t requests)
{
    return requests >= REQUESTS_MIN && requests >= 3 * rhythm->requests;
}
