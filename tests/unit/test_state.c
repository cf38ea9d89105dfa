/* When the graph window is to look anew.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "chart_data.h"
#include "shown_world.h"

static void an_analysis_that_stands_still_has_one_state(void **state)
{
    (void)state;
    shown_world *w = shown_world_new("Lab");

    shown_film(w);
    assert_true(qoe_state_of(1, w->analysis) == qoe_state_of(1, w->analysis));
    assert_true(qoe_state_of(1, NULL) == 0);
    assert_true(qoe_state_of(1, w->analysis) != 0);
    shown_world_free(w);
}

/* With another confidence, say: the same place, the same counts. */
static void reading_the_same_packets_anew_is_another_state(void **state)
{
    (void)state;
    shown_world *w = shown_world_new("Lab");

    shown_film(w);
    assert_true(qoe_state_of(1, w->analysis) != qoe_state_of(2, w->analysis));
    shown_world_free(w);
}

static void more_packets_are_another_state(void **state)
{
    (void)state;
    shown_world *w = shown_world_new("Lab");

    shown_film(w);
    const uint64_t before = qoe_state_of(1, w->analysis);
    wait_ms(&w->wire, 1);
    dns(&w->wire, "cdn.video.test", "192.0.2.1");
    assert_true(qoe_state_of(1, w->analysis) != before);
    shown_world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_analysis_that_stands_still_has_one_state),
        cmocka_unit_test(reading_the_same_packets_anew_is_another_state),
        cmocka_unit_test(more_packets_are_another_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
