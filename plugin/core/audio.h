/* The size of a session's audio segments, learned from the sizes that recur.
 *
 * Audio is coded at a nearly constant bit rate, so its segments have nearly one size, while video segments vary by
 * tens of percent: a sharp peak in the histogram of response sizes is the audio.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_AUDIO_H
#define QOE_AUDIO_H

#include <stdbool.h>

/* Logarithmic bins of 2 % from 8 kB to 1 MB: 2-s segments of 32 kb/s to 16-s segments of 500 kb/s. */
#define QOE_AUDIO_SIZE_MIN 8000.0
#define QOE_AUDIO_SIZE_MAX 1000000.0
#define QOE_AUDIO_BIN 0.02
enum { QOE_AUDIO_BINS = 242 };

/* All zero: nothing known. */
typedef struct {
    float votes[QOE_AUDIO_BINS];
    float scale;  /* weight of the next vote: grows, so that older votes count less */
    double size;  /* bytes; 0: not known */
    double score; /* how far the peak stands out, in standard deviations */
} qoe_audio;

/* A response of so many bytes was seen; weight 1 if it stood alone, less if it may be a sum. */
void qoe_audio_vote(qoe_audio *audio, double bytes, double weight);

/* The size of an audio segment; 0 while it is not known. */
double qoe_audio_size(const qoe_audio *audio);

/* How far sizes about so many bytes stand out, in standard deviations. */
double qoe_audio_score(const qoe_audio *audio, double bytes);

/* Is a response of so many bytes an audio segment? */
bool qoe_audio_matches(const qoe_audio *audio, double bytes);

#endif
