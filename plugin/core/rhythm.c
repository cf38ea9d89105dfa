/* Trying sizes of audio segments and ratios of audio to video.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rhythm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    REQUESTS_MIN = 8,
    REQUESTS_MAX = 512, /* weighed at most */
    FINALISTS = 4,      /* sizes for which ratios are tried, and trials that see all */
    RATIOS_BESIDE = 3,  /* on either side of the one that a size's own solution has */
    SIZES = 88          /* from size_first on: up to 700 kB */
};

static const double size_first = 10000, size_step = 1.05;

/* After so many requests only the best trials go on: what is far off is far off soon. (All trials to the end: more than
 * twice the work, and F1 no better.) */
static const struct {
    size_t requests;
    unsigned keep;
} heats[] = {{16, 24}, {48, 10}, {128, FINALISTS}};

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

/* Sizes are tried first, then ratios for the finalists. */
enum { TRIALS_MAX = SIZES };
G_STATIC_ASSERT(TRIALS_MAX >= FINALISTS * (2 * RATIOS_BESIDE + 1));

typedef struct {
    double cost, size, ratio;
    qoe_group_prior prior; /* as the groups so far have left it */
    qoe_group_fit fit;
} trial;

typedef struct {
    const GPtrArray *groups;
    const qoe_audio *audio;
    guint first; /* group that counts */
    bool thorough;
    unsigned count;
    trial trials[TRIALS_MAX];
} contest;

/* Index of the nearest one, in proportion: they ascend, and between two neighbours their geometric mean decides. */
static int nearest_ratio(double ratio)
{
    int i = 0;
    while (i + 1 < RATIOS && ratio * ratio > ratios[i] * ratios[i + 1])
        i++;
    return i;
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

static void enter(contest *on, double size, double ratio)
{
    on->trials[on->count++] = (trial){.size = size, .ratio = ratio, .prior = {.audio_size = size, .ratio = ratio}};
}

/* Weighs one more group with what the ones before it have taught. */
static void weigh(const contest *on, trial *tried, const qoe_group *group)
{
    qoe_group_weigh(group, &tried->prior, &tried->fit, on->thorough);
}

static void judge(const contest *on, trial *tried)
{
    tried->cost =
        tried->fit.cost + rate_cost(&tried->fit, tried->size) - peak_weight * qoe_audio_score(on->audio, tried->size);
}

static int by_cost(const void *a, const void *b)
{
    const trial *one = a, *other = b;
    return (one->cost > other->cost) - (one->cost < other->cost);
}

/* Keeps the best trials, best first. */
static void end_heat(contest *on, unsigned keep)
{
    for (unsigned i = 0; i < on->count; i++)
        judge(on, &on->trials[i]);
    qsort(on->trials, on->count, sizeof on->trials[0], by_cost);
    on->count = MIN(on->count, keep);
}

/* All trials go through the groups together. */
static void run(contest *on)
{
    size_t requests = 0;
    unsigned heat = 0;
    for (guint i = on->first; i < on->groups->len; i++) {
        const qoe_group *group = g_ptr_array_index(on->groups, i);
        if (!qoe_group_is_closed(group))
            continue;
        for (unsigned k = 0; k < on->count; k++)
            weigh(on, &on->trials[k], group);
        requests += qoe_group_requests(group);
        for (; heat < G_N_ELEMENTS(heats) && requests >= heats[heat].requests; heat++)
            end_heat(on, heats[heat].keep);
    }
    end_heat(on, FINALISTS);
}

static void enter_sizes(contest *on)
{
    on->count = 0;
    double size = size_first;
    for (int i = 0; i < SIZES; i++, size *= size_step)
        enter(on, size, 0);
}

/* Ratios about the one that each finalist's solution has. */
static void enter_ratios(contest *on)
{
    trial finalists[FINALISTS];
    const unsigned count = MIN(on->count, FINALISTS);
    memcpy(finalists, on->trials, count * sizeof finalists[0]);
    on->count = 0;
    for (unsigned i = 0; i < count; i++) {
        const qoe_group_fit *fit = &finalists[i].fit;
        if (fit->audios <= 0 || fit->videos <= 0)
            continue;
        const int middle = nearest_ratio(fit->videos / fit->audios);
        for (int k = MAX(middle - RATIOS_BESIDE, 0); k <= middle + RATIOS_BESIDE && k < RATIOS; k++)
            enter(on, finalists[i].size, ratios[k]);
    }
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
    if (choose_groups(&on) < REQUESTS_MIN)
        return;
    enter_sizes(&on);
    run(&on);
    on.thorough = true;
    enter_ratios(&on);
    run(&on);
    if (on.count > 0) {
        rhythm->audio_size = on.trials[0].size;
        rhythm->ratio = on.trials[0].ratio;
    }
}

bool qoe_rhythm_is_due(const qoe_rhythm *rhythm, size_t requests)
{
    return requests >= REQUESTS_MIN && requests >= 3 * rhythm->requests;
}
