/* What is said of rows that there was no room for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "losses.h"
#include "shown_world.h"

static shown_world *world_with(qoe_limits limits)
{
    shown_world *w = shown_world_new("Lab");

    qoe_analysis_free(w->analysis);
    w->analysis = qoe_analysis_new(&(qoe_config){.rules = w->rules, .limits = limits});
    shown_film(w);
    return w;
}

static void where_all_was_kept_nothing_is_said(void **state)
{
    shown_world *w = world_with((qoe_limits){0});
    (void)state;

    assert_null(qoe_losses_text(w->analysis));
    shown_world_free(w);
}

static void assert_said(qoe_limits limits, const char *what)
{
    shown_world *w = world_with(limits);
    char *text = qoe_losses_text(w->analysis);

    assert_non_null(text);
    if (!strstr(text, what))
        fail_msg("%s", text);
    g_free(text);
    shown_world_free(w);
}

/* Eleven are asked for. */
static void segments_beyond_the_bound_are_counted(void **state)
{
    (void)state;
    assert_said((qoe_limits){.segments = 4},
                "no room for 7 segments. At most 65536 sessions, 524288 windows, 4 segments, ");
}

static void sessions_and_windows_beyond_the_bound_are_told(void **state)
{
    (void)state;
    assert_said((qoe_limits){.sessions = 1}, " packets that would start a session");
    assert_said((qoe_limits){.windows = 2}, " packets that would start a session");
}

static void connections_that_made_room_are_counted(void **state)
{
    (void)state;
    assert_said((qoe_limits){.flows = 1}, " connections. At most 65536 sessions, ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_all_was_kept_nothing_is_said),
        cmocka_unit_test(segments_beyond_the_bound_are_counted),
        cmocka_unit_test(sessions_and_windows_beyond_the_bound_are_told),
        cmocka_unit_test(connections_that_made_room_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
