/* What holds for order statistics.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "quantile.h"

enum { MOST = 1500 };

/* Numbers of a small range, so that many are equal; the same at each run. */
static void draw(double *values, size_t n)
{
    uint32_t seed = 1;
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        values[i] = (double)(seed >> 16) / 64 - 512;
    }
}

static double sum_of_squares(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i] * values[i];
    return sum;
}

static void lists_of_any_length_are_sorted_and_lose_nothing(void **state)
{
    (void)state;
    double values[MOST];
    for (size_t n = 0; n <= MOST; n = n < 20 ? n + 1 : n * 3 / 2) {
        draw(values, n);
        const double before = sum_of_squares(values, n);
        qoe_quantile_sort(values, n);
        for (size_t i = 1; i < n; i++)
            assert_true(values[i - 1] <= values[i]);
        assert_float_equal(sum_of_squares(values, n), before, 1e-6);
    }
}

static void falling_and_rising_lists_end_the_same(void **state)
{
    (void)state;
    double falling[100], rising[100];
    for (int i = 0; i < 100; i++) {
        falling[i] = 100 - i;
        rising[i] = i + 1;
    }
    qoe_quantile_sort(falling, 100);
    qoe_quantile_sort(rising, 100);
    assert_memory_equal(falling, rising, sizeof rising);
}

static void a_quantile_lies_between_its_neighbours(void **state)
{
    (void)state;
    const double sorted[] = {1, 2, 4, 8};
    assert_float_equal(qoe_quantile_of_sorted(sorted, 4, 0), 1, 1e-6);
    assert_float_equal(qoe_quantile_of_sorted(sorted, 4, .5), 3, 1e-6);
    assert_float_equal(qoe_quantile_of_sorted(sorted, 4, .9), 6.8, 1e-6);
    assert_float_equal(qoe_quantile_of_sorted(sorted, 4, 1), 8, 1e-6);
}

static void nothing_has_quantile_mean_and_deviation_0(void **state)
{
    (void)state;
    assert_float_equal(qoe_quantile_of_sorted(NULL, 0, .5), 0, 0);
    assert_float_equal(qoe_quantile_mean(NULL, 0), 0, 0);
    assert_float_equal(qoe_quantile_sd(NULL, 0), 0, 0);
}

static void the_deviation_is_that_of_the_list_itself(void **state)
{
    (void)state;
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    assert_float_equal(qoe_quantile_mean(values, 8), 5, 1e-6);
    assert_float_equal(qoe_quantile_sd(values, 8), 2, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_any_length_are_sorted_and_lose_nothing),
        cmocka_unit_test(falling_and_rising_lists_end_the_same),
        cmocka_unit_test(a_quantile_lies_between_its_neighbours),
        cmocka_unit_test(nothing_has_quantile_mean_and_deviation_0),
        cmocka_unit_test(the_deviation_is_that_of_the_list_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
