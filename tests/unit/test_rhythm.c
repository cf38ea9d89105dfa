/* What holds for learning a session's audio from busy periods in which it hardly ever stands alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "packet.h"
#include "rhythm.h"

enum { SEGMENTS_MAX = 4096 };

/* A player over HTTP/2. */
typedef struct {
    GPtrArray *groups;
    qoe_audio audio;
    qoe_segment segments[SEGMENTS_MAX];
    size_t requests;
    qoe_group *group; /* the busy period */
    int64_t now_us;
    uint64_t bytes;
    uint32_t frame, random;
} world;

static void free_group(void *group)
{
    qoe_group_free(group);
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->groups = g_ptr_array_new_with_free_func(free_group);
    w->random = 1;
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    g_ptr_array_free(w->groups, TRUE);
    g_free(w);
    return 0;
}

/* -1 .. 1; the constants of "Numerical Recipes". */
static double noise(world *w)
{
    w->random = w->random * 1664525u + 1013904223u;
    return (double)(w->random >> 8) / (1 << 23) - 1;
}

static uint32_t video_bytes(world *w)
{
    return (uint32_t)(500000 * exp(0.4 * noise(w)));
}

static uint32_t audio_bytes(world *w, uint32_t size)
{
    return (uint32_t)(size * (1 + 0.03 * noise(w)));
}

static void ask(world *w)
{
    g_assert_true(w->requests < SEGMENTS_MAX);
    if (w->group == NULL) {
        w->group = qoe_group_new(QOE_TCP, w->bytes, w->now_us, ++w->frame);
        g_ptr_array_add(w->groups, w->group);
    }
    qoe_segment *segment = &w->segments[w->requests++];
    segment->request_us = w->now_us;
    segment->request_frame = ++w->frame;
    qoe_group_request(w->group, segment);
}

static void receive(world *w, uint32_t bytes)
{
    for (; bytes > 0; bytes -= MIN(bytes, 1400)) {
        w->bytes += MIN(bytes, 1400);
        w->now_us += 1000;
        qoe_group_progress(w->group, w->now_us, w->bytes, ++w->frame);
    }
}

static void vote(void *user_data, double bytes, double weight)
{
    qoe_audio_vote(user_data, bytes, weight);
}

static void fall_silent(world *w)
{
    qoe_group_close(w->group);
    qoe_group_votes(w->group, vote, &w->audio);
    w->group = NULL;
    w->now_us += 500000;
}

/* Audio is asked for with a video segment, and the next video before the audio has come: mostly only sums are seen. But
 * each third time the player is short of audio, and asks for more as soon as it has come. */
static void watch(world *w, unsigned videos, double ratio, uint32_t audio_size)
{
    unsigned turns = 0;
    double lead = 0; /* of audio over video, in video segments */
    while (videos > 0) {
        ask(w);
        const bool both = lead <= 0;
        if (both)
            ask(w);
        receive(w, video_bytes(w));
        lead--;
        videos--;
        if (both && videos > 0) {
            qoe_group_response_end(w->group, w->now_us, w->bytes);
            ask(w);
            receive(w, audio_bytes(w, audio_size));
            const bool is_short = ++turns % 3 == 0;
            if (is_short) {
                qoe_group_response_end(w->group, w->now_us, w->bytes);
                ask(w);
                lead += ratio;
            }
            receive(w, video_bytes(w));
            if (is_short)
                receive(w, audio_bytes(w, audio_size));
            lead += ratio - 1;
            videos--;
        }
        fall_silent(w);
    }
}

static void assert_learned(world *w, double size, double ratio)
{
    qoe_rhythm rhythm = {0};
    qoe_rhythm_learn(&rhythm, w->groups, &w->audio);
    assert_true(fabs(rhythm.audio_size - size) < 0.08 * size);
    assert_true(fabs(rhythm.ratio - ratio) < 0.2 * ratio);
}

static void audio_that_hardly_ever_stands_alone_is_found(void **state)
{
    world *w = *state;
    watch(w, 100, 2.5, 165000);
    assert_learned(w, 165000, 2.5);
}

static void longer_audio_segments_are_found_too(void **state)
{
    world *w = *state;
    watch(w, 120, 4, 198000);
    assert_learned(w, 198000, 4);
}

static void nothing_is_learned_from_a_few_requests(void **state)
{
    world *w = *state;
    qoe_rhythm rhythm = {0};
    qoe_rhythm_learn(&rhythm, w->groups, &w->audio);
    assert_true(rhythm.audio_size == 0);
    watch(w, 3, 1, 64000);
    qoe_rhythm_learn(&rhythm, w->groups, &w->audio);
    assert_true(rhythm.audio_size == 0);
    assert_false(qoe_rhythm_is_due(&rhythm, 3));
}

static void a_period_that_goes_on_is_not_learned_from(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 50; i++) {
        ask(w);
        receive(w, video_bytes(w));
    }
    qoe_rhythm rhythm = {0};
    qoe_rhythm_learn(&rhythm, w->groups, &w->audio);
    assert_true(rhythm.audio_size == 0);
}

static void learning_gets_rarer_as_requests_grow(void **state)
{
    (void)state;
    qoe_rhythm rhythm = {0};
    unsigned times = 0;
    for (size_t requests = 1; requests <= 100000; requests++) {
        if (!qoe_rhythm_is_due(&rhythm, requests))
            continue;
        rhythm.requests = requests;
        times++;
    }
    assert_in_range(times, 5, 20);
}

static void learning_changes_no_segment(void **state)
{
    world *w = *state;
    watch(w, 60, 2.5, 165000);
    qoe_segment *before = g_memdup2(w->segments, sizeof w->segments);
    qoe_rhythm rhythm = {0};
    qoe_rhythm_learn(&rhythm, w->groups, &w->audio);
    assert_memory_equal(before, w->segments, sizeof w->segments);
    g_free(before);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, new_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(audio_that_hardly_ever_stands_alone_is_found), IN_WORLD(longer_audio_segments_are_found_too),
        IN_WORLD(nothing_is_learned_from_a_few_requests),       IN_WORLD(a_period_that_goes_on_is_not_learned_from),
        cmocka_unit_test(learning_gets_rarer_as_requests_grow), IN_WORLD(learning_changes_no_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
