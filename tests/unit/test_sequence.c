/* What holds for TCP sequence accounting.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "sequence.h"

static void the_first_payload_of_an_unknown_direction_counts_by_its_own_length(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    assert_int_equal(qoe_sequence_advance(&sequence, 123456, 100), 100);
    assert_int_equal(qoe_sequence_advance(&sequence, 123556, 50), 50);
}

static void behind_a_syn_the_missing_start_counts_too(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    qoe_sequence_start(&sequence, 1001);
    assert_int_equal(qoe_sequence_advance(&sequence, 2001, 100), 1100);
}

static void a_hole_in_the_capture_counts_with_the_payload_behind_it(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    qoe_sequence_advance(&sequence, 0, 1000);
    assert_int_equal(qoe_sequence_advance(&sequence, 3000, 1000), 3000);
    assert_int_equal(qoe_sequence_advance(&sequence, 1000, 1000), 0); /* fills the hole: counted already */
}

static void a_retransmission_counts_nothing(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    qoe_sequence_advance(&sequence, 1000, 500);
    assert_int_equal(qoe_sequence_advance(&sequence, 1000, 500), 0);
    assert_int_equal(qoe_sequence_advance(&sequence, 1200, 300), 0);
    assert_int_equal(qoe_sequence_advance(&sequence, 1499, 1), 0); /* a keep-alive */
}

static void a_retransmission_that_brings_more_counts_by_what_is_new(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    qoe_sequence_advance(&sequence, 1000, 500);
    assert_int_equal(qoe_sequence_advance(&sequence, 1400, 300), 200);
}

static void the_number_wraps_around(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    qoe_sequence_start(&sequence, 0xffffff00u);
    assert_int_equal(qoe_sequence_advance(&sequence, 0xffffff00u, 0x200), 0x200);
    assert_int_equal(qoe_sequence_advance(&sequence, 0x100, 0x100), 0x100);
    assert_int_equal(qoe_sequence_advance(&sequence, 0xffffff00u, 0x200), 0);
}

static void four_gigabytes_in_a_row_are_counted_whole(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    uint64_t total = 0;
    const uint32_t step = 0x8000;
    for (uint64_t at = 0; at < 0x180000000u; at += step)
        total += qoe_sequence_advance(&sequence, (uint32_t)at, step);
    assert_true(total == 0x180000000u);
}

static void a_jump_beyond_every_receive_window_counts_by_the_payload_alone(void **state)
{
    (void)state;
    qoe_sequence sequence = {0};
    qoe_sequence_start(&sequence, 1000);
    assert_int_equal(qoe_sequence_advance(&sequence, 1000 + QOE_SEQUENCE_JUMP_MAX, 100), 100);
    assert_int_equal(qoe_sequence_advance(&sequence, 1100 + QOE_SEQUENCE_JUMP_MAX, 100), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_payload_of_an_unknown_direction_counts_by_its_own_length),
        cmocka_unit_test(behind_a_syn_the_missing_start_counts_too),
        cmocka_unit_test(a_hole_in_the_capture_counts_with_the_payload_behind_it),
        cmocka_unit_test(a_retransmission_counts_nothing),
        cmocka_unit_test(a_retransmission_that_brings_more_counts_by_what_is_new),
        cmocka_unit_test(the_number_wraps_around),
        cmocka_unit_test(four_gigabytes_in_a_row_are_counted_whole),
        cmocka_unit_test(a_jump_beyond_every_receive_window_counts_by_the_payload_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
