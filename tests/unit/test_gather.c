/* What holds when a stream's start comes in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "gather.h"

/* The byte that a stream has at a place, so that every piece can be made and checked anywhere. */
static uint8_t byte_at(size_t place)
{
    return (uint8_t)(place * 7 + place / 256);
}

static bool add(qoe_gather *gather, size_t start, size_t end)
{
    uint8_t *piece = malloc(end - start + 1); /* of its exact size: sanitizers see every read behind it */
    for (size_t i = start; i < end; i++)
        piece[i - start] = byte_at(i);
    const bool grew = qoe_gather_add(gather, start, piece, end - start);
    free(piece);
    return grew;
}

static void assert_run(const qoe_gather *gather, size_t run)
{
    assert_int_equal(gather->run, run);
    for (size_t i = 0; i < run; i++)
        assert_int_equal(gather->data[i], byte_at(i));
}

static void pieces_in_order_make_a_run(void **state)
{
    (void)state;
    qoe_gather gather = {0};
    assert_true(add(&gather, 0, 10));
    assert_true(add(&gather, 10, 3000));
    assert_run(&gather, 3000);
    qoe_gather_clear(&gather);
    assert_run(&gather, 0);
}

static void the_run_grows_when_its_hole_is_filled(void **state)
{
    (void)state;
    qoe_gather gather = {0};
    assert_false(add(&gather, 200, 300));
    assert_false(add(&gather, 100, 150));
    assert_true(add(&gather, 0, 100));
    assert_run(&gather, 150);
    assert_true(add(&gather, 140, 220)); /* overlaps both neighbours */
    assert_run(&gather, 300);
    qoe_gather_clear(&gather);
}

static void repeated_pieces_change_nothing(void **state)
{
    (void)state;
    qoe_gather gather = {0};
    add(&gather, 0, 100);
    const uint8_t other[100] = {0};
    assert_false(qoe_gather_add(&gather, 0, other, sizeof other));
    add(&gather, 150, 200);
    assert_false(qoe_gather_add(&gather, 120, other, 60)); /* only the hole takes it */
    assert_true(add(&gather, 0, 130));
    assert_int_equal(gather.run, 200);
    assert_int_equal(gather.data[125], 0);
    assert_int_equal(gather.data[150], byte_at(150));
    qoe_gather_clear(&gather);
}

static void nothing_behind_the_cap_is_held(void **state)
{
    (void)state;
    qoe_gather gather = {0};
    assert_true(add(&gather, 0, 3 * QOE_GATHER_MAX));
    assert_run(&gather, QOE_GATHER_MAX);
    assert_false(add(&gather, QOE_GATHER_MAX, QOE_GATHER_MAX + 5));
    assert_false(qoe_gather_add(&gather, UINT64_MAX, (const uint8_t *)"x", 1));
    assert_int_equal(gather.allocated, QOE_GATHER_MAX);
    qoe_gather_clear(&gather);
}

static void too_many_islands_lose_some_but_never_mix_bytes(void **state)
{
    (void)state;
    qoe_gather gather = {0};
    for (size_t i = 1; i <= 50; i++)
        assert_false(add(&gather, 100 * i, 100 * i + 10));
    assert_int_equal(gather.island_count, QOE_GATHER_ISLANDS);
    for (size_t i = 0; i < 60; i++)
        add(&gather, 100 * i, 100 * i + 100);
    assert_run(&gather, 6000);
    qoe_gather_clear(&gather);
}

static void pieces_in_any_order_give_the_stream(void **state)
{
    (void)state;
    srand(20);
    for (int round = 0; round < 300; round++) {
        qoe_gather gather = {0};
        for (int i = 0; i < 200; i++) {
            const size_t start = (size_t)rand() % 2000;
            add(&gather, start, start + 1 + (size_t)rand() % (i % 2 ? 40 : 300));
            assert_run(&gather, gather.run);
        }
        add(&gather, 0, 2300);
        assert_run(&gather, 2300);
        assert_int_equal(gather.island_count, 0);
        qoe_gather_clear(&gather);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_in_order_make_a_run),
        cmocka_unit_test(the_run_grows_when_its_hole_is_filled),
        cmocka_unit_test(repeated_pieces_change_nothing),
        cmocka_unit_test(nothing_behind_the_cap_is_held),
        cmocka_unit_test(too_many_islands_lose_some_but_never_mix_bytes),
        cmocka_unit_test(pieces_in_any_order_give_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
