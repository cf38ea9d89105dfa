/* Players that get too little, by what they need.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "starved.h"

#define S 1000000LL

enum { WINDOWS = 6 };

/* Chunks of takes_s one after the other, with rests of rest_s; windows that got kbps. */
static void judge(double takes_s, double rest_s, double kbps, int lines, qoe_starved_window *windows)
{
    qoe_download video[WINDOWS * 10];
    size_t count = 0;
    for (double at_s = 0; at_s < 10 * WINDOWS && count < WINDOWS * 10; at_s += takes_s + rest_s, count++)
        video[count] = (qoe_download){(int64_t)(at_s * 1e6), (int64_t)((at_s + takes_s) * 1e6), 500000, lines, 0.5};
    for (size_t i = 0; i < WINDOWS; i++)
        windows[i] = (qoe_starved_window){
            .start_us = (int64_t)i * 10 * S,
            .end_us = (int64_t)(i + 1) * 10 * S,
            .bytes = (uint64_t)(kbps * 10 * 1000 / 8),
            .lines = lines,
        };
    qoe_starved_judge(&(qoe_downloads){.video = video, .videos = count}, 5 * S, windows, WINDOWS);
}

static void a_player_that_never_rests_and_gets_half_of_what_it_needs_stalls_half_of_the_time(void **state)
{
    (void)state;
    qoe_starved_window windows[WINDOWS];
    judge(25, 0.1, 360, 720, windows);
    assert_float_equal(windows[0].stalled_s, -1, 0); /* not yet */
    assert_float_equal(windows[3].stalled_s, 5, 0.01);
    assert_float_equal(windows[4].stalled_s, 5, 0.01);
}

static void a_player_that_rests_has_enough(void **state)
{
    (void)state;
    qoe_starved_window windows[WINDOWS];
    judge(8, 4, 360, 720, windows);
    for (size_t i = 0; i < WINDOWS; i++)
        assert_float_equal(windows[i].stalled_s, -1, 0);
}

static void less_is_enough_for_fewer_lines(void **state)
{
    (void)state;
    qoe_starved_window windows[WINDOWS];
    judge(25, 0.1, 360, 240, windows);
    for (size_t i = 0; i < WINDOWS; i++)
        assert_float_equal(windows[i].stalled_s, -1, 0);
}

static void nothing_is_said_without_downloads_or_heights(void **state)
{
    (void)state;
    qoe_starved_window windows[WINDOWS];
    judge(25, 0.1, 10, 0, windows);
    assert_float_equal(windows[4].stalled_s, -1, 0);
    qoe_starved_judge(&(qoe_downloads){.videos = 0}, 0, windows, WINDOWS);
    assert_float_equal(windows[4].stalled_s, -1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_player_that_never_rests_and_gets_half_of_what_it_needs_stalls_half_of_the_time),
        cmocka_unit_test(a_player_that_rests_has_enough),
        cmocka_unit_test(less_is_enough_for_fewer_lines),
        cmocka_unit_test(nothing_is_said_without_downloads_or_heights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
