/* What holds for the events of a frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>

#include "event_table.h"

static int new_world(void **state)
{
    *state = qoe_event_table_new();
    return 0;
}

static int free_world(void **state)
{
    qoe_event_table_free(*state);
    return 0;
}

static void a_frame_without_events_has_none(void **state)
{
    qoe_event_table *table = *state;
    assert_null(qoe_event_table_at(table, 1));
    qoe_event_table_add(table, 2, &(qoe_event){.type = QOE_EVENT_TABLE_FULL});
    assert_null(qoe_event_table_at(table, 1));
    assert_null(qoe_event_table_at(table, 3));
}

static void the_events_of_a_frame_come_in_the_order_of_their_happening(void **state)
{
    qoe_event_table *table = *state;
    const qoe_event_type order[] = {QOE_EVENT_WINDOW_CLOSED, QOE_EVENT_RESOLUTION_CHANGED, QOE_EVENT_SEGMENT_CLOSED,
                                    QOE_EVENT_SEGMENT_REQUEST};
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        qoe_event_table_add(table, 7, &(qoe_event){.type = order[i]});
    const qoe_event *event = qoe_event_table_at(table, 7);
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++, event = event->next)
        assert_int_equal(event->type, order[i]);
    assert_null(event);
}

static void an_earlier_frame_may_get_another_event(void **state)
{
    qoe_event_table *table = *state;
    qoe_event_table_add(table, 1, &(qoe_event){.type = QOE_EVENT_SESSION_STARTED});
    qoe_event_table_add(table, 2, &(qoe_event){.type = QOE_EVENT_SEGMENT_REQUEST});
    qoe_event_table_add(table, 1, &(qoe_event){.type = QOE_EVENT_TABLE_FULL});
    const qoe_event *event = qoe_event_table_at(table, 1);
    assert_int_equal(event->type, QOE_EVENT_SESSION_STARTED);
    assert_int_equal(event->next->type, QOE_EVENT_TABLE_FULL);
    assert_null(event->next->next);
    assert_null(qoe_event_table_at(table, 2)->next);
}

static void the_table_keeps_a_copy(void **state)
{
    qoe_event_table *table = *state;
    const qoe_window window = {0};
    qoe_event event = {.type = QOE_EVENT_WINDOW_CLOSED, .window = &window};
    qoe_event_table_add(table, 1, &event);
    event.window = NULL;
    assert_ptr_equal(qoe_event_table_at(table, 1)->window, &window);
}

/* The windows of a long silence all close at the packet that ends it. */
static void a_frame_may_have_very_many_events(void **state)
{
    qoe_event_table *table = *state;
    for (uint32_t i = 0; i < 300000; i++)
        qoe_event_table_add(table, 1, &(qoe_event){.type = QOE_EVENT_WINDOW_CLOSED});
    size_t count = 0;
    for (const qoe_event *event = qoe_event_table_at(table, 1); event != NULL; event = event->next)
        count++;
    assert_int_equal(count, 300000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_frame_without_events_has_none, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_events_of_a_frame_come_in_the_order_of_their_happening, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(an_earlier_frame_may_get_another_event, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_table_keeps_a_copy, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_frame_may_have_very_many_events, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
