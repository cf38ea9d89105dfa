/* What holds for learning the size of a session's audio segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>

#include "audio.h"

/* Video segments: sizes that spread over half a decade and never recur closely. */
static double video_size(unsigned i)
{
    return 200000 * exp(1.2 * ((double)((i * 37) % 64) / 64));
}

static void vote_film(qoe_audio *audio, unsigned segments, double audio_size)
{
    for (unsigned i = 0; i < segments; i++) {
        qoe_audio_vote(audio, video_size(i), 1);
        qoe_audio_vote(audio, audio_size * (1 + 0.01 * ((int)(i % 3) - 1)), 1);
    }
}

static void nothing_is_known_before_something_recurs(void **state)
{
    (void)state;
    qoe_audio audio = {0};
    assert_true(qoe_audio_size(&audio) == 0);
    assert_false(qoe_audio_matches(&audio, 64000));
    qoe_audio_vote(&audio, 64000, 1);
    assert_true(qoe_audio_size(&audio) == 0);
}

static void the_size_that_recurs_is_the_audio(void **state)
{
    (void)state;
    qoe_audio audio = {0};
    vote_film(&audio, 20, 64000);
    assert_true(fabs(qoe_audio_size(&audio) - 64000) < 0.03 * 64000);
    assert_true(qoe_audio_matches(&audio, 63000));
    assert_false(qoe_audio_matches(&audio, 200000));
    assert_false(qoe_audio_matches(&audio, 32000));
}

static void a_change_of_the_audio_is_followed(void **state)
{
    (void)state;
    qoe_audio audio = {0};
    vote_film(&audio, 40, 64000);
    vote_film(&audio, 200, 32000);
    assert_true(fabs(qoe_audio_size(&audio) - 32000) < 0.03 * 32000);
}

static void sizes_that_no_audio_has_count_for_nothing(void **state)
{
    (void)state;
    qoe_audio audio = {0};
    const double odd[] = {0, -5, 100, QOE_AUDIO_SIZE_MIN - 1, QOE_AUDIO_SIZE_MAX, 1e12, NAN, INFINITY, -INFINITY};
    for (unsigned i = 0; i < 100; i++)
        qoe_audio_vote(&audio, odd[i % (sizeof odd / sizeof odd[0])], 1);
    assert_true(qoe_audio_size(&audio) == 0);
}

static void the_borders_of_the_scale_are_safe(void **state)
{
    (void)state;
    qoe_audio low = {0}, high = {0};
    for (unsigned i = 0; i < 50; i++) {
        qoe_audio_vote(&low, QOE_AUDIO_SIZE_MIN, 1);
        qoe_audio_vote(&high, QOE_AUDIO_SIZE_MAX - 0.001, 1);
    }
    assert_true(fabs(qoe_audio_size(&low) - QOE_AUDIO_SIZE_MIN) < 0.05 * QOE_AUDIO_SIZE_MIN);
    assert_true(isfinite(qoe_audio_size(&high)));
}

static void a_very_long_session_neither_overflows_nor_forgets(void **state)
{
    (void)state;
    qoe_audio audio = {0};
    vote_film(&audio, 20000, 64000);
    assert_true(fabs(qoe_audio_size(&audio) - 64000) < 0.03 * 64000);
    assert_true(isfinite(audio.score) && isfinite(audio.scale));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_before_something_recurs),
        cmocka_unit_test(the_size_that_recurs_is_the_audio),
        cmocka_unit_test(a_change_of_the_audio_is_followed),
        cmocka_unit_test(sizes_that_no_audio_has_count_for_nothing),
        cmocka_unit_test(the_borders_of_the_scale_are_safe),
        cmocka_unit_test(a_very_long_session_neither_overflows_nor_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
