/* How numbers are written, and which steps axes take.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <glib.h>

#include "format.h"

#define assert_near(value, wanted, slack) assert_true(fabs((double)(value) - (double)(wanted)) <= (slack))

static char buf[QOE_FORMAT_LEN];

static void seconds_are_exact_to_the_microsecond(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_seconds(12000345, buf), "12.000345");
    assert_string_equal(qoe_format_seconds(-1, buf), "-0.000001");
    assert_string_equal(qoe_format_seconds(0, buf), "0.000000");
    assert_string_equal(qoe_format_seconds(INT64_MIN, buf), "-9223372036854.775808");
}

static void sizes_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_bytes(0, buf), "0 B");
    assert_string_equal(qoe_format_bytes(999, buf), "999 B");
    assert_string_equal(qoe_format_bytes(204000, buf), "204 kB");
    assert_string_equal(qoe_format_bytes(1030000, buf), "1.03 MB");
    assert_string_equal(qoe_format_bytes(999600, buf), "1.00 MB");
    assert_string_equal(qoe_format_bytes(5e15, buf), "5000 TB");
}

static void rates_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_rate(620000, buf), "620 kbit/s");
    assert_string_equal(qoe_format_rate(14.2e6, buf), "14.2 Mbit/s");
    assert_string_equal(qoe_format_rate(-5, buf), "0 bit/s");
}

static void clocks_show_hours_only_where_there_are_any(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_clock(496000000, 0, buf), "8:16");
    assert_string_equal(qoe_format_clock(3723000000, 0, buf), "1:02:03");
    assert_string_equal(qoe_format_clock(250000, 2, buf), "0:00.25");
}

static void clocks_round_up_to_the_next_minute(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_clock(59960000, 1, buf), "1:00.0");
    assert_string_equal(qoe_format_clock(59600000, 0, buf), "1:00");
}

static void clocks_of_absurd_times_stay_in_their_buffer(void **state)
{
    (void)state;
    qoe_format_clock(INT64_MAX, 6, buf);
    qoe_format_clock(INT64_MIN, 6, buf);
    assert_int_equal(buf[0], '-');
}

static void values_without_a_number_are_written_as_zero(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_fixed(NAN, 2, buf), "0.00");
    assert_string_equal(qoe_format_fixed(-0.0001, 2, buf), "0.00");
    assert_string_equal(qoe_format_short(1e30, 6, buf), "1000000000000000000");
}

static void short_numbers_drop_zeros_behind_the_point_only(void **state)
{
    (void)state;
    assert_string_equal(qoe_format_short(1.50, 3, buf), "1.5");
    assert_string_equal(qoe_format_short(20, 2, buf), "20");
    assert_string_equal(qoe_format_short(100, 0, buf), "100");
}

static void the_locale_changes_nothing(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        skip();
    assert_string_equal(qoe_format_short(1.5, 3, buf), "1.5");
    assert_string_equal(qoe_format_rate(14.2e6, buf), "14.2 Mbit/s");
    setlocale(LC_ALL, "C");
}

static void dates_name_their_zone_and_are_none_beyond_all_calendars(void **state)
{
    (void)state;
    g_setenv("TZ", "CET-1", TRUE);
    assert_string_equal(qoe_format_date(1795321308112181, buf), "2026-11-22 05:21:48 CET");
    g_setenv("TZ", "UTC", TRUE);
    assert_string_equal(qoe_format_date(1795321308112181, buf), "2026-11-22 04:21:48 UTC");
    assert_string_equal(qoe_format_date(-1000000, buf), "1969-12-31 23:59:59 UTC");
    assert_string_equal(qoe_format_date(INT64_MAX, buf), "");
    assert_string_equal(qoe_format_date(INT64_MIN, buf), "");
}

static void decimal_steps_are_one_two_or_five(void **state)
{
    (void)state;
    assert_near(qoe_step_decimal(0.3), 0.5, 1e-12);
    assert_near(qoe_step_decimal(1), 1, 1e-12);
    assert_near(qoe_step_decimal(6), 10, 1e-12);
    assert_near(qoe_step_decimal(1200), 2000, 1e-9);
    assert_near(qoe_step_decimal(0), 1, 0);
    assert_near(qoe_step_decimal(NAN), 1, 0);
}

static void time_steps_are_those_of_a_clock(void **state)
{
    (void)state;
    assert_int_equal(qoe_step_time(300000), 500000);
    assert_int_equal(qoe_step_time(6000000), 10000000);
    assert_int_equal(qoe_step_time(20000000), 30000000);
    assert_int_equal(qoe_step_time(61000000), 120000000);
    assert_int_equal(qoe_step_time(43200000001), 86400000000);
    assert_true(qoe_step_time(INT64_MAX) > 0);
    assert_int_equal(qoe_step_time(0), 1);
}

static void a_clock_gets_the_decimals_that_its_steps_need(void **state)
{
    (void)state;
    assert_int_equal(qoe_step_clock_decimals(10000000), 0);
    assert_int_equal(qoe_step_clock_decimals(500000), 1);
    assert_int_equal(qoe_step_clock_decimals(20000), 2);
    assert_int_equal(qoe_step_clock_decimals(1), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_exact_to_the_microsecond),
        cmocka_unit_test(sizes_have_three_digits_and_a_unit),
        cmocka_unit_test(rates_have_three_digits_and_a_unit),
        cmocka_unit_test(clocks_show_hours_only_where_there_are_any),
        cmocka_unit_test(clocks_round_up_to_the_next_minute),
        cmocka_unit_test(clocks_of_absurd_times_stay_in_their_buffer),
        cmocka_unit_test(values_without_a_number_are_written_as_zero),
        cmocka_unit_test(short_numbers_drop_zeros_behind_the_point_only),
        cmocka_unit_test(the_locale_changes_nothing),
        cmocka_unit_test(dates_name_their_zone_and_are_none_beyond_all_calendars),
        cmocka_unit_test(decimal_steps_are_one_two_or_five),
        cmocka_unit_test(time_steps_are_those_of_a_clock),
        cmocka_unit_test(a_clock_gets_the_decimals_that_its_steps_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
