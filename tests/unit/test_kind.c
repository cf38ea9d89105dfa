/* What holds for telling video, audio and the rest apart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "kind.h"

enum { AUDIO = 64000, SEGMENTS = 40 };

typedef struct {
    qoe_server page, cdn;
    qoe_segment segments[SEGMENTS];
    GPtrArray *list;
} world;

static int new_world(void **state)
{
    static world w;
    memset(&w, 0, sizeof w);
    w.list = g_ptr_array_new();
    *state = &w;
    return 0;
}

static int free_world(void **state)
{
    g_ptr_array_free(((world *)*state)->list, TRUE);
    return 0;
}

static qoe_segment *add(world *w, const qoe_server *server, uint64_t bytes, qoe_kind kind)
{
    qoe_segment *segment = &w->segments[w->list->len];
    segment->server = server;
    segment->bytes = bytes;
    segment->kind = kind;
    g_ptr_array_add(w->list, segment);
    return segment;
}

static qoe_audio learned(void)
{
    qoe_audio audio = {0};
    for (unsigned i = 0; i < 20; i++) {
        qoe_audio_vote(&audio, AUDIO, 1);
        qoe_audio_vote(&audio, 150000 + i * 12000, 1);
    }
    return audio;
}

static void the_audios_size_tells_audio_from_video(void **state)
{
    (void)state;
    const qoe_audio audio = learned();
    assert_int_equal(qoe_kind_judge(&(qoe_segment){.bytes = AUDIO}, &audio, false), QOE_KIND_AUDIO);
    assert_int_equal(qoe_kind_judge(&(qoe_segment){.bytes = 30000}, &audio, false), QOE_KIND_VIDEO);
    assert_int_equal(qoe_kind_judge(&(qoe_segment){.bytes = 900000}, &audio, false), QOE_KIND_VIDEO);
}

static void small_responses_are_neither(void **state)
{
    (void)state;
    const qoe_audio audio = learned();
    const qoe_segment manifest = {.bytes = 5000, .kind = QOE_KIND_VIDEO, .shared = true};
    assert_int_equal(qoe_kind_judge(&manifest, &audio, true), QOE_KIND_OTHER);
}

static void what_the_solver_of_a_shared_connection_said_stands(void **state)
{
    (void)state;
    const qoe_audio audio = learned();
    const qoe_segment video = {.bytes = AUDIO, .kind = QOE_KIND_VIDEO, .shared = true};
    assert_int_equal(qoe_kind_judge(&video, &audio, true), QOE_KIND_VIDEO);
    assert_int_equal(qoe_kind_judge(&video, &audio, false), QOE_KIND_AUDIO); /* it knew of no audio */
}

static void a_pages_scripts_are_no_media(void **state)
{
    world *w = *state;
    const qoe_segment *script = add(w, &w->page, 280000, QOE_KIND_VIDEO);
    for (unsigned i = 0; i < 20; i++)
        add(w, &w->cdn, 400000 + i * 7000, QOE_KIND_VIDEO);
    qoe_kind_set_pages_apart(w->list);
    assert_int_equal(script->kind, QOE_KIND_OTHER);
    for (unsigned i = 1; i < 21; i++)
        assert_int_equal(w->segments[i].kind, QOE_KIND_VIDEO);
}

static void a_server_that_sends_more_than_a_page_is_the_films(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 8; i++)
        add(w, &w->page, 280000, QOE_KIND_VIDEO);
    for (unsigned i = 0; i < 20; i++)
        add(w, &w->cdn, 400000, QOE_KIND_VIDEO);
    qoe_kind_set_pages_apart(w->list);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
}

static void as_long_as_nothing_else_came_the_first_responses_are_media(void **state)
{
    world *w = *state;
    add(w, &w->page, 280000, QOE_KIND_VIDEO);
    for (unsigned i = 0; i < 4; i++)
        add(w, &w->cdn, 400000, QOE_KIND_VIDEO);
    qoe_kind_set_pages_apart(w->list);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
}

static void responses_of_the_very_same_size_are_indexes_not_media(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 3; i++)
        add(w, &w->cdn, 21513, QOE_KIND_VIDEO);
    for (unsigned i = 0; i < 30; i++)
        add(w, &w->cdn, 300000 + i * 9000, QOE_KIND_VIDEO);
    qoe_kind_set_indexes_apart(w->list);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(w->segments[i].kind, QOE_KIND_OTHER);
    assert_int_equal(w->segments[3].kind, QOE_KIND_VIDEO);
}

static void audio_of_one_constant_size_stays_audio(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 15; i++) {
        add(w, &w->cdn, 24000, QOE_KIND_AUDIO);
        add(w, &w->cdn, 300000 + i * 9000, QOE_KIND_VIDEO);
    }
    qoe_kind_set_indexes_apart(w->list);
    assert_int_equal(w->segments[0].kind, QOE_KIND_AUDIO);
}

static void without_segments_nothing_happens(void **state)
{
    world *w = *state;
    qoe_kind_set_pages_apart(w->list);
    qoe_kind_set_indexes_apart(w->list);
    assert_int_equal(w->list->len, 0);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, new_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audios_size_tells_audio_from_video),
        cmocka_unit_test(small_responses_are_neither),
        cmocka_unit_test(what_the_solver_of_a_shared_connection_said_stands),
        IN_WORLD(a_pages_scripts_are_no_media),
        IN_WORLD(a_server_that_sends_more_than_a_page_is_the_films),
        IN_WORLD(as_long_as_nothing_else_came_the_first_responses_are_media),
        IN_WORLD(responses_of_the_very_same_size_are_indexes_not_media),
        IN_WORLD(audio_of_one_constant_size_stays_audio),
        IN_WORLD(without_segments_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
