/* Seconds of media in a segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "durations.h"

#define S 1000000LL

enum { SEGMENTS = 40 };

/* A player with a buffer of 20 s: it fetches without a pause until that is full, then as it plays. */
static size_t fetch(qoe_download *downloads, size_t count, double seconds, double takes_s, uint64_t bytes)
{
    double at_s = 1;
    for (size_t i = 0; i < count; i++) {
        const double full_s = 1 + (double)(i + 1) * seconds - 20;
        at_s = at_s > full_s ? at_s : full_s;
        downloads[i] = (qoe_download){(int64_t)(at_s * 1e6), (int64_t)((at_s + takes_s) * 1e6), bytes, 480, 0};
        at_s += takes_s;
    }
    return count;
}

static qoe_durations learn(const qoe_download *video, size_t videos, const qoe_download *audio, size_t audios)
{
    return qoe_durations_learn(&(qoe_downloads){video, audio, videos, audios, false}, false);
}

static void the_rhythm_of_rested_requests_tells_the_duration(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    fetch(video, SEGMENTS, 4, 0.5, 500000);
    assert_float_equal(learn(video, SEGMENTS, NULL, 0).video_s, 4, 0);
    fetch(video, SEGMENTS, 6, 0.5, 500000);
    assert_float_equal(learn(video, SEGMENTS, NULL, 0).video_s, 6, 0);
    assert_float_equal(learn(video, SEGMENTS, NULL, 0).audio_s, 0, 0);
}

static void without_rests_and_audio_nothing_tells_the_duration(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    fetch(video, SEGMENTS, 4, 4.5, 500000);
    assert_float_equal(learn(video, SEGMENTS, NULL, 0).video_s, 0, 0);
}

static void audio_of_a_usual_rate_tells_it_without_rests(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS], audio[SEGMENTS / 2];
    fetch(video, SEGMENTS, 4, 3.9, 100000);               /* 160 s of video in 156 s, never ahead */
    fetch(audio, SEGMENTS / 4, 16, 15.6, 16 * 98000 / 8); /* 98 kbit/s */
    const qoe_durations found = learn(video, SEGMENTS, audio, SEGMENTS / 4);
    assert_float_equal(found.video_s, 4, 0);
    assert_float_equal(found.audio_s, 16, 0);
}

static void both_kinds_last_equally_long(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS], audio[SEGMENTS];
    fetch(video, SEGMENTS, 4, 0.5, 500000);
    fetch(audio, SEGMENTS * 2 / 5, 10, 0.2, 10 * 130000 / 8);
    assert_float_equal(learn(video, SEGMENTS, audio, SEGMENTS * 2 / 5).audio_s, 10, 0);
}

/* Of 40 segments of 4 s that took 9 s each, and with audio overlooked: 6 and 16 s would fill more of the time, but
 * nobody serves them. */
static void durations_that_services_use_are_believed_with_less_media_than_time(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS], audio[SEGMENTS];
    fetch(video, SEGMENTS, 4, 9, 100000);
    fetch(audio, 15, 10, 24, 10 * 131000 / 8);
    const qoe_durations found = learn(video, SEGMENTS, audio, 15);
    assert_float_equal(found.video_s, 4, 0);
    assert_float_equal(found.audio_s, 10, 0);
}

/* Ranges of bytes that hold any time, asked for at leisure: 4 s a piece would have filled half of the time, and a
 * player that starves does not rest. */
static void a_player_that_rests_has_fetched_what_it_plays(void **state)
{
    enum { VIDEOS = 16, AUDIOS = 4 };
    (void)state;
    qoe_download video[VIDEOS], audio[AUDIOS];
    double at_s = 1;
    for (size_t i = 0; i < VIDEOS; i++, at_s += i % 3 == 0 ? 3 : 10)
        video[i] = (qoe_download){(int64_t)(at_s * 1e6), (int64_t)((at_s + 2) * 1e6), 1900000, 480, 0};
    for (int64_t i = 0; i < AUDIOS; i++)
        audio[i] = (qoe_download){(4 + 30 * i) * S, (5 + 30 * i) * S, 16 * 98000 / 8, 0, 0};
    const double video_s = learn(video, VIDEOS, audio, AUDIOS).video_s;
    assert_true(video_s == 0 || video_s >= 6);
}

/* Audio whose segments end ever later, all of it asked for before the second video: with sanitizers, reading behind its
 * end is seen. */
static void nothing_is_read_behind_the_last_segment(void **state)
{
    (void)state;
    enum { AUDIOS = 5 };
    qoe_download video[SEGMENTS], *audio = test_malloc(AUDIOS * sizeof *audio);
    fetch(video, SEGMENTS, 4, 0.5, 500000);
    for (size_t i = 0; i < AUDIOS; i++)
        audio[i] = (qoe_download){S, (int64_t)(i + 2) * S / 4, 200000, 0, 0};
    assert_float_equal(learn(video, SEGMENTS, audio, AUDIOS).video_s, 4, 0);
    test_free(audio);
}

static void rests_of_all_lengths_tell_nothing(void **state)
{
    (void)state;
    qoe_download video[6];
    int64_t at_us = S;
    for (size_t i = 0; i < 6; i++) {
        video[i] = (qoe_download){at_us, at_us + S / 2, 500000, 480, 0};
        at_us += (int64_t)(i + 2) * (int64_t)(i + 2) * S;
    }
    assert_float_equal(learn(video, 6, NULL, 0).video_s, 0, 0);
}

static void two_downloads_tell_nothing(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    fetch(video, 2, 4, 0.5, 500000);
    assert_float_equal(learn(video, 2, NULL, 0).video_s, 0, 0);
    assert_float_equal(learn(video, 0, NULL, 0).video_s, 0, 0);
}

/* A usual rate alone, without a rest. */
static void a_doubtful_service_needs_better_evidence(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS], audio[SEGMENTS];
    fetch(video, SEGMENTS, 4, 4.2, 100000);
    fetch(audio, 10, 16, 16.5, 16 * 98000 / 8);
    const qoe_downloads downloads = {video, audio, SEGMENTS, 10, false};
    assert_float_equal(qoe_durations_learn(&downloads, false).video_s, 4, 0);
    assert_float_equal(qoe_durations_learn(&downloads, true).video_s, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rhythm_of_rested_requests_tells_the_duration),
        cmocka_unit_test(without_rests_and_audio_nothing_tells_the_duration),
        cmocka_unit_test(audio_of_a_usual_rate_tells_it_without_rests),
        cmocka_unit_test(both_kinds_last_equally_long),
        cmocka_unit_test(durations_that_services_use_are_believed_with_less_media_than_time),
        cmocka_unit_test(a_player_that_rests_has_fetched_what_it_plays),
        cmocka_unit_test(nothing_is_read_behind_the_last_segment),
        cmocka_unit_test(rests_of_all_lengths_tell_nothing),
        cmocka_unit_test(two_downloads_tell_nothing),
        cmocka_unit_test(a_doubtful_service_needs_better_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
