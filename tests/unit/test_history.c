/* The memory of a session: order, bounds, sums.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "history.h"

static qoe_object ended_at(int64_t end_s)
{
    return (qoe_object){(end_s - 1) * 1000000, end_s * 1000000, 100000.0, QOE_KIND_VIDEO};
}

static void add_ends(qoe_history *history, int64_t from_s, int64_t to_s)
{
    for (int64_t s = from_s; s <= to_s; s++) {
        const qoe_object object = ended_at(s);
        qoe_history_add(history, &object);
    }
}

static void objects_are_kept_in_the_order_of_their_end(void **state)
{
    (void)state;
    qoe_history history;
    const int64_t ends[] = {5, 2, 9, 7, 7, 1};
    const int64_t sorted[] = {1, 2, 5, 7, 7, 9};
    qoe_history_init(&history, 0, 10000000);
    for (size_t i = 0; i < 6; i++) {
        const qoe_object object = ended_at(ends[i]);
        qoe_history_add(&history, &object);
    }
    assert_int_equal(history.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(qoe_history_object(&history, i)->end_us, sorted[i] * 1000000);
}

static void a_full_history_forgets_the_oldest_object_but_not_its_bytes(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 0, 10000000);
    add_ends(&history, 1, QOE_HISTORY_OBJECTS + 40);
    assert_int_equal(history.count, QOE_HISTORY_OBJECTS);
    assert_int_equal(qoe_history_object(&history, 0)->end_us, 41 * 1000000);
    assert_int_equal(history.total_objects, QOE_HISTORY_OBJECTS + 40);
    assert_true(history.total_bytes == 100000.0 * (QOE_HISTORY_OBJECTS + 40));
}

static void an_object_out_of_order_finds_its_place_in_a_wrapped_ring(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 0, 10000000);
    add_ends(&history, 1, QOE_HISTORY_OBJECTS + 7);
    const qoe_object late = ended_at(QOE_HISTORY_OBJECTS + 3), ancient = ended_at(2);
    qoe_history_add(&history, &late);
    qoe_history_add(&history, &ancient);
    for (size_t i = 1; i < history.count; i++)
        assert_true(qoe_history_object(&history, i - 1)->end_us <= qoe_history_object(&history, i)->end_us);
    assert_int_equal(qoe_history_object(&history, 0)->end_us, 9 * 1000000);
    assert_int_equal(history.total_objects, QOE_HISTORY_OBJECTS + 9);
}

static void windows_are_counted_back_from_the_newest(void **state)
{
    (void)state;
    qoe_history history;
    qoe_history_init(&history, 0, 10000000);
    assert_null(qoe_history_window(&history, 0));
    for (unsigned k = 0; k < QOE_HISTORY_WINDOWS + 5; k++) {
        const qoe_window_traffic traffic = {.start_us = k, .bytes_in = 10};
        qoe_history_add_window(&history, &traffic);
    }
    assert_int_equal(qoe_history_window(&history, 0)->start_us, QOE_HISTORY_WINDOWS + 4);
    assert_int_equal(qoe_history_window(&history, QOE_HISTORY_WINDOWS - 1)->start_us, 5);
    assert_null(qoe_history_window(&history, QOE_HISTORY_WINDOWS));
    assert_int_equal(history.total_bytes_in, 10 * (QOE_HISTORY_WINDOWS + 5));
}

static uint64_t digest_after(qoe_object first, qoe_object second)
{
    qoe_history history;
    qoe_history_init(&history, 0, 10000000);
    qoe_history_add(&history, &first);
    qoe_history_add(&history, &second);
    return history.digest;
}

static void the_digest_is_that_of_the_objects_in_any_order(void **state)
{
    (void)state;
    const qoe_object one = ended_at(3), two = ended_at(5);
    qoe_object audio = two, larger = two;
    audio.kind = QOE_KIND_AUDIO;
    larger.bytes++;
    const uint64_t digest = digest_after(one, two);
    assert_true(digest == digest_after(two, one));
    assert_true(digest != digest_after(one, audio));
    assert_true(digest != digest_after(one, larger));
    assert_true(digest != digest_after(one, one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_kept_in_the_order_of_their_end),
        cmocka_unit_test(a_full_history_forgets_the_oldest_object_but_not_its_bytes),
        cmocka_unit_test(an_object_out_of_order_finds_its_place_in_a_wrapped_ring),
        cmocka_unit_test(windows_are_counted_back_from_the_newest),
        cmocka_unit_test(the_digest_is_that_of_the_objects_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
