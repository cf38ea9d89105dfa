/* Playback estimated from downloads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "playback.h"

#define S 1000000LL

enum { WINDOWS = 6, SEGMENTS = 40 };

/* A film of 4-s segments: `burst` of them one after the other, then one each 4 s; each takes download_s. */
static size_t film(qoe_download *downloads, size_t count, size_t burst, double download_s)
{
    int64_t at_us = S;
    for (size_t i = 0; i < count; i++) {
        const int64_t end_us = at_us + (int64_t)(download_s * 1e6);
        downloads[i] = (qoe_download){at_us, end_us, i < count / 2 ? 480 : 720};
        at_us = i < burst ? end_us : at_us + 4 * S;
    }
    return count;
}

static qoe_playback run(const qoe_download *downloads, size_t count, double segment_s, qoe_playback_window *out)
{
    return qoe_playback_run(downloads, count, segment_s, 0, 10 * S, WINDOWS * 10 * S, WINDOWS, out);
}

static void the_rhythm_of_rested_requests_tells_the_duration(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    film(downloads, SEGMENTS, 10, 0.5);
    assert_float_equal(qoe_playback_segment_s(downloads, SEGMENTS), 4.0, 0.001);
}

static void without_rests_nothing_tells_the_duration(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    film(downloads, SEGMENTS, SEGMENTS, 1.8);
    assert_float_equal(qoe_playback_segment_s(downloads, SEGMENTS), 0, 0);
}

static void rests_of_all_lengths_tell_nothing(void **state)
{
    (void)state;
    qoe_download downloads[6];
    int64_t at_us = S;
    for (size_t i = 0; i < 6; i++) {
        downloads[i] = (qoe_download){at_us, at_us + S / 2, 480};
        at_us += (int64_t)(i + 2) * (int64_t)(i + 2) * S;
    }
    assert_float_equal(qoe_playback_segment_s(downloads, 6), 0, 0);
}

static void two_downloads_tell_nothing(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    film(downloads, 2, 0, 0.5);
    assert_float_equal(qoe_playback_segment_s(downloads, 2), 0, 0);
}

static void playback_starts_with_the_first_segment(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(downloads, 20, 5, 0.5);
    assert_true(run(downloads, 20, 4, out).start_us >= 1500000);
    assert_true(run(downloads, 20, 4, out).start_us < 2 * S);
    assert_int_equal(run(downloads, 0, 4, out).start_us, -1);
    assert_int_equal(run(downloads, 20, 0, out).start_us, run(downloads, 20, 4, out).start_us);
    assert_float_equal(out[0].stalled_s, 0, 0);
}

static void the_screen_follows_the_download_by_the_buffer(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(downloads, 12, 6, 0.5); /* 24 s of 480 lines by 4 s, then 24 s of 720 until 24 s */
    run(downloads, 12, 4, out);
    assert_int_equal(out[0].resolution, 480);
    assert_int_equal(out[1].resolution, 480);
    assert_int_equal(out[2].resolution, 480); /* until 25.65 s */
    assert_int_equal(out[3].resolution, 720); /* all of it was there since 24 s */
}

static void the_buffer_is_what_was_fetched_less_what_was_played(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(downloads, 12, 12, 0.5); /* 48 s of media by 7 s; playing since 1.65 s */
    run(downloads, 12, 4, out);
    assert_float_equal(out[0].buffer_s, 39.65f, 0.01);
    assert_float_equal(out[1].buffer_s, 29.65f, 0.01);
    assert_float_equal(out[5].buffer_s, 0, 0.01);
}

static void a_late_segment_that_was_asked_for_is_a_stall(void **state)
{
    (void)state;
    const qoe_download downloads[] = {{S, 2 * S, 480}, {2 * S, 16 * S, 480}, {16 * S, 17 * S, 480}};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = run(downloads, 3, 4, out);
    assert_int_equal(summary.stalls, 1);
    assert_float_equal(summary.stall_s, 10, 0.01); /* played from 2.15 to 6.15 s, went on at 16.15 s */
    assert_float_equal(out[0].stalled_s, 3.85f, 0.01);
    assert_float_equal(out[1].stalled_s, 6.15f, 0.01);
}

static void a_viewer_who_pauses_does_not_stall(void **state)
{
    (void)state;
    const qoe_download downloads[] = {{S, 2 * S, 480}, {30 * S, 30 * S + S / 4, 480}};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = run(downloads, 2, 4, out);
    assert_int_equal(summary.stalls, 0);
    assert_float_equal(out[1].stalled_s, 0, 0);
}

static void nothing_is_said_of_time_behind_the_last_packet(void **state)
{
    (void)state;
    qoe_download downloads[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(downloads, SEGMENTS, SEGMENTS, 0.5);
    qoe_playback_run(downloads, SEGMENTS, 4, 0, 10 * S, 25 * S, WINDOWS, out);
    assert_int_equal(out[2].resolution, 480);
    assert_int_equal(out[3].resolution, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rhythm_of_rested_requests_tells_the_duration),
        cmocka_unit_test(without_rests_nothing_tells_the_duration),
        cmocka_unit_test(rests_of_all_lengths_tell_nothing),
        cmocka_unit_test(two_downloads_tell_nothing),
        cmocka_unit_test(playback_starts_with_the_first_segment),
        cmocka_unit_test(the_screen_follows_the_download_by_the_buffer),
        cmocka_unit_test(the_buffer_is_what_was_fetched_less_what_was_played),
        cmocka_unit_test(a_late_segment_that_was_asked_for_is_a_stall),
        cmocka_unit_test(a_viewer_who_pauses_does_not_stall),
        cmocka_unit_test(nothing_is_said_of_time_behind_the_last_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
