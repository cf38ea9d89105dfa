/* A decaying histogram of response sizes and its sharpest peak.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "audio.h"

#include <glib.h>
#include <math.h>

enum { PEAK_BINS = 4, FLANK_BINS = 8 };

static const double decay_per_vote = 0.99;
static const double score_min = 1.8; /* measured on the lab: below it the peak is more often wrong than right */
static const double size_usual = 260000;
static const double tolerance = 0.08; /* of the size; audio varies by 2-6 % */
static const float scale_max = 1e6f;

static int bin_of(double bytes)
{
    return (int)(log(bytes / QOE_AUDIO_SIZE_MIN) / QOE_AUDIO_BIN);
}

static float sum(const qoe_audio *audio, int first, int count)
{
    float total = 0;
    for (int i = first; i < first + count; i++) {
        if (i >= 0 && i < QOE_AUDIO_BINS)
            total += audio->votes[i];
    }
    return total;
}

static double peak_votes(const qoe_audio *audio, int first)
{
    return (double)(sum(audio, first, PEAK_BINS) / audio->scale);
}

/* How far the four bins from `first` stand out over their flanks, in standard deviations of a count: at most as far as
 * they have votes. */
static double peak_score(const qoe_audio *audio, int first)
{
    const double peak = peak_votes(audio, first);
    const double flanks =
        (double)((sum(audio, first - FLANK_BINS, FLANK_BINS) + sum(audio, first + PEAK_BINS, FLANK_BINS)) /
                 audio->scale);
    const double background = flanks * PEAK_BINS / (2 * FLANK_BINS);
    return (peak - background) / sqrt(background + 1);
}

static double peak_size(const qoe_audio *audio, int first)
{
    double weighted = 0, total = 0;
    for (int i = first; i < first + PEAK_BINS && i < QOE_AUDIO_BINS; i++) {
        weighted += (double)audio->votes[i] * (i + 0.5) * QOE_AUDIO_BIN;
        total += (double)audio->votes[i];
    }
    return total > 0 ? QOE_AUDIO_SIZE_MIN * exp(weighted / total) : 0;
}

/* Audio segments of over 260 kB exist (16 s at 192 kb/s; YouTube's of half a megabyte) but are rare, and video segments
 * of that size are not: only a sharper peak is believed there. */
static double trust(int first)
{
    return QOE_AUDIO_SIZE_MIN * exp(first * QOE_AUDIO_BIN) > size_usual ? 0.4 : 1;
}

double qoe_audio_score(const qoe_audio *audio, double bytes)
{
    if (!(audio->scale > 0 && bytes >= QOE_AUDIO_SIZE_MIN && bytes < QOE_AUDIO_SIZE_MAX))
        return 0;
    const int bin = bin_of(bytes);
    double best = 0;
    for (int first = MAX(bin - PEAK_BINS + 1, 0); first <= bin && first + PEAK_BINS <= QOE_AUDIO_BINS; first++)
        best = fmax(best, peak_score(audio, first) * trust(first));
    return best;
}

static void find_peak(qoe_audio *audio)
{
    int best = -1;
    double best_score = 0;
    for (int i = 0; i + PEAK_BINS <= QOE_AUDIO_BINS; i++) {
        if (peak_votes(audio, i) <= best_score)
            continue;
        const double score = peak_score(audio, i) * trust(i);
        if (score > best_score) {
            best_score = score;
            best = i;
        }
    }
    audio->score = best_score;
    audio->size = best_score >= score_min ? peak_size(audio, best) : 0;
}

/* Votes are stored multiplied by a growing scale instead of shrinking all of them at each vote. */
static void rescale(qoe_audio *audio)
{
    for (int i = 0; i < QOE_AUDIO_BINS; i++)
        audio->votes[i] /= audio->scale;
    audio->scale = 1;
}

void qoe_audio_vote(qoe_audio *audio, double bytes, double weight)
{
    if (!(bytes >= QOE_AUDIO_SIZE_MIN && bytes < QOE_AUDIO_SIZE_MAX))
        return;
    const int bin = bin_of(bytes);
    if (bin < 0 || bin >= QOE_AUDIO_BINS)
        return;
    audio->scale = audio->scale > 0 ? audio->scale / (float)decay_per_vote : 1;
    audio->votes[bin] += (float)weight * audio->scale;
    if (audio->scale > scale_max)
        rescale(audio);
    find_peak(audio);
}

double qoe_audio_size(const qoe_audio *audio)
{
    return audio->size;
}

bool qoe_audio_matches(const qoe_audio *audio, double bytes)
{
    return audio->size > 0 && fabs(bytes - audio->size) < tolerance * audio->size;
}
