/* What holds for busy periods of shared connections: what is told of them, and what the solver makes of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "group_internal.h"
#include "packet.h"

enum { SEGMENTS_MAX = 400, AUDIO = 64000 };

typedef struct {
    qoe_group *group;
    qoe_segment segments[SEGMENTS_MAX];
    size_t requests;
    int64_t now_us;
    uint64_t bytes;
    uint32_t frame;
    double votes[8], weights[8];
    unsigned vote_count;
} world;

static int new_world(void **state)
{
    static world w;
    memset(&w, 0, sizeof w);
    w.now_us = 1000000;
    w.frame = 10;
    w.bytes = 5000; /* what the connection has had before */
    w.group = qoe_group_new(QOE_TCP, w.bytes, w.now_us, w.frame);
    *state = &w;
    return 0;
}

static int free_world(void **state)
{
    qoe_group_free(((world *)*state)->group);
    return 0;
}

static void over_quic(world *w)
{
    qoe_group_free(w->group);
    w->group = qoe_group_new(QOE_UDP, w->bytes, w->now_us, w->frame);
}

static void ask(world *w)
{
    qoe_segment *segment = &w->segments[w->requests++];
    segment->request_us = w->now_us;
    segment->request_frame = ++w->frame;
    qoe_group_request(w->group, segment);
}

/* So many bytes come, 1,000 a millisecond. */
static void receive(world *w, uint32_t bytes)
{
    for (; bytes > 0; bytes -= bytes < 1000 ? bytes : 1000) {
        w->bytes += bytes < 1000 ? bytes : 1000;
        w->now_us += 1000;
        qoe_group_progress(w->group, w->now_us, w->bytes, ++w->frame);
    }
}

static void end(world *w)
{
    qoe_group_response_end(w->group, w->now_us, w->bytes);
}

static void solve(world *w, double audio_size)
{
    qoe_group_prior prior = {.audio_size = audio_size};
    qoe_group_close(w->group);
    qoe_group_solve(w->group, &prior, true);
}

static uint64_t given(const world *w)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < w->requests; i++)
        sum += w->segments[i].bytes;
    return sum;
}

static void a_response_that_stands_alone_has_all_bytes(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, 300000);
    solve(w, 0);
    assert_int_equal(w->segments[0].bytes, 300000);
    assert_int_equal(w->segments[0].complete, QOE_COMPLETE_YES);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
    assert_int_equal(w->segments[0].last_byte_us, w->now_us);
    assert_int_equal(w->segments[0].last_frame, w->frame);
}

static void a_response_of_the_audios_size_is_audio(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, AUDIO + 500);
    solve(w, AUDIO);
    assert_int_equal(w->segments[0].kind, QOE_KIND_AUDIO);
}

static void two_responses_are_told_apart_by_the_audios_size(void **state)
{
    world *w = *state;
    ask(w);
    ask(w);
    receive(w, AUDIO + 250000);
    solve(w, AUDIO);
    const qoe_segment *a = &w->segments[0], *b = &w->segments[1];
    const qoe_segment *audio = a->kind == QOE_KIND_AUDIO ? a : b, *video = audio == a ? b : a;
    assert_int_equal(audio->kind, QOE_KIND_AUDIO);
    assert_int_equal(video->kind, QOE_KIND_VIDEO);
    assert_int_equal(audio->bytes, AUDIO);
    assert_int_equal(video->bytes, 250000);
    assert_int_equal(audio->complete, QOE_COMPLETE_YES);
}

static void without_the_audios_size_they_stay_a_group(void **state)
{
    world *w = *state;
    ask(w);
    ask(w);
    receive(w, AUDIO + 250000);
    solve(w, 0);
    assert_int_equal(w->segments[0].complete, QOE_COMPLETE_GROUP);
    assert_int_equal(w->segments[1].complete, QOE_COMPLETE_GROUP);
    assert_int_equal(given(w), AUDIO + 250000);
}

static void an_end_in_between_gives_the_first_its_bytes(void **state)
{
    world *w = *state;
    ask(w);
    ask(w);
    receive(w, 280000);
    end(w);
    const int64_t end_us = w->now_us;
    ask(w);
    receive(w, AUDIO);
    end(w);
    ask(w);
    receive(w, 290000);
    solve(w, AUDIO);
    assert_int_equal(w->segments[0].bytes, 280000);
    assert_int_equal(w->segments[0].last_byte_us, end_us);
    assert_int_equal(w->segments[1].bytes, AUDIO);
    assert_int_equal(w->segments[1].kind, QOE_KIND_AUDIO);
    assert_int_equal(given(w), 280000 + AUDIO + 290000);
}

static void what_goes_on_is_written_as_open_where_it_is_asked_for(void **state)
{
    world *w = *state;
    qoe_group_prior prior = {0};
    ask(w);
    receive(w, 100000);
    qoe_group_solve(w->group, &prior, false);
    assert_int_equal(w->segments[0].packets, 0);
    qoe_group_solve(w->group, &prior, true);
    assert_int_equal(w->segments[0].bytes, 100000);
    assert_int_equal(w->segments[0].complete, QOE_COMPLETE_OPEN);
    receive(w, 100000);
    solve(w, 0);
    assert_int_equal(w->segments[0].bytes, 200000);
    assert_int_equal(w->segments[0].complete, QOE_COMPLETE_YES);
}

static void solving_again_says_the_same(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 20; i++) {
        ask(w);
        receive(w, i % 2 ? AUDIO : 250000 + 5000 * i);
        if (i > 0)
            end(w);
    }
    solve(w, AUDIO);
    qoe_segment before[20];
    memcpy(before, w->segments, sizeof before);
    qoe_group_prior prior = {.audio_size = AUDIO};
    qoe_group_solve(w->group, &prior, true);
    assert_memory_equal(before, w->segments, sizeof before);
}

static void requests_that_belong_to_the_next_period_are_taken_back(void **state)
{
    world *w = *state;
    ask(w);
    ask(w);
    end(w);
    ask(w);
    assert_int_equal(qoe_group_requests(w->group), 3);
    qoe_segment *back[2];
    qoe_group_take_back(w->group, 2, back);
    assert_int_equal(qoe_group_requests(w->group), 1);
    assert_ptr_equal(back[0], &w->segments[1]);
    assert_ptr_equal(back[1], &w->segments[2]);
}

static void many_requests_that_never_end_break_nothing(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < SEGMENTS_MAX; i++) {
        ask(w);
        receive(w, 1500);
        if (i % 7 == 0)
            end(w);
    }
    solve(w, AUDIO);
    solve(w, 0);
    for (unsigned i = 0; i < SEGMENTS_MAX; i++)
        assert_true(w->segments[i].last_byte_us >= w->segments[i].first_byte_us);
}

static void a_period_without_bytes_or_requests_can_be_solved(void **state)
{
    world *w = *state;
    solve(w, AUDIO);
    assert_true(qoe_group_is_closed(w->group));
    ask(w);
    solve(w, AUDIO);
    assert_int_equal(w->segments[0].bytes, 0);
}

static void time_that_steps_back_breaks_nothing(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, 200000);
    w->now_us -= 5000000;
    ask(w);
    end(w);
    receive(w, 200000);
    solve(w, AUDIO);
    for (unsigned i = 0; i < 2; i++)
        assert_true(w->segments[i].last_byte_us >= w->segments[i].first_byte_us);
    assert_true(given(w) <= 400000);
}

static void vote(void *user_data, double bytes, double weight)
{
    world *w = user_data;
    w->votes[w->vote_count] = bytes;
    w->weights[w->vote_count++] = weight;
}

static void a_lone_response_votes_fully_and_what_lies_between_ends_by_half(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, AUDIO);
    qoe_group_close(w->group);
    qoe_group_votes(w->group, vote, w);
    assert_int_equal(w->vote_count, 1);
    assert_true(w->votes[0] == AUDIO && w->weights[0] == 1);
    ask(w);
    receive(w, 1000);
    end(w);
    w->vote_count = 0;
    qoe_group_votes(w->group, vote, w);
    assert_true(w->vote_count >= 1);
    assert_true(w->votes[0] == AUDIO + 1000 && w->weights[0] < 1);
}

/* What came of the audio before the video's end was counted for the video: it is given back. */
static void responses_that_came_interleaved_get_their_sizes(void **state)
{
    world *w = *state;
    ask(w); /* video */
    ask(w); /* audio */
    receive(w, 300000 + 40000);
    end(w); /* of the video */
    ask(w);
    receive(w, AUDIO - 40000);
    end(w); /* of the audio */
    ask(w);
    receive(w, 290000 + AUDIO);
    qoe_group_prior prior = {.audio_size = AUDIO, .video_size = 300000, .ratio = 1};
    qoe_group_close(w->group);
    qoe_group_solve(w->group, &prior, true);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
    assert_in_range(w->segments[0].bytes, 297000, 303000);
    assert_int_equal(w->segments[1].kind, QOE_KIND_AUDIO);
    assert_in_range(w->segments[1].bytes, AUDIO - 3000, AUDIO + 3000);
    assert_in_range(w->segments[2].bytes, 287000, 293000);
}

/* Either could be the audio. Of what was asked for before, video is ahead: so it is the first one. */
static void the_kind_that_lags_behind_is_asked_for_first(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, AUDIO);
    qoe_group_prior prior = {.audio_size = AUDIO, .video_size = AUDIO, .ratio = 4, .balance = 5, .level = 1};
    qoe_group_close(w->group);
    qoe_group_solve(w->group, &prior, true);
    assert_int_equal(w->segments[0].kind, QOE_KIND_AUDIO);
    assert_true(prior.balance < 5);
}

static void the_kind_that_is_ahead_waits(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, AUDIO + 3000);
    qoe_group_prior prior = {.audio_size = AUDIO, .video_size = AUDIO, .video_spread = 0.05, .ratio = 4, .balance = -4};
    qoe_group_close(w->group);
    qoe_group_solve(w->group, &prior, true);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
}

/* The audio cannot have been the first: more than it came before the second was asked for. */
static void what_came_before_a_request_is_not_its_response(void **state)
{
    world *w = *state;
    ask(w);
    receive(w, 3 * AUDIO);
    ask(w);
    receive(w, 3 * AUDIO);
    solve(w, AUDIO);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
    assert_int_equal(w->segments[1].kind, QOE_KIND_AUDIO);
}

static void weighing_writes_no_segment_and_prefers_what_is_true(void **state)
{
    world *w = *state;
    ask(w);
    ask(w);
    receive(w, AUDIO);
    end(w);
    ask(w);
    receive(w, 250000 + AUDIO);
    qoe_group_close(w->group);
    qoe_group_fit right = {0}, wrong = {0};
    qoe_group_prior with = {.audio_size = AUDIO, .video_size = 250000};
    qoe_group_prior without = {.audio_size = AUDIO / 2, .video_size = 250000};
    qoe_group_weigh(w->group, &with, &right, true);
    qoe_group_weigh(w->group, &without, &wrong, true);
    assert_true(right.cost < wrong.cost);
    assert_true(right.audios == 2 && right.videos == 1);
    for (size_t i = 0; i < w->requests; i++)
        assert_int_equal(w->segments[i].bytes, 0);
}

/* Two start together and the second needs less: under equal shares it is done when both have as much. */
static void over_quic_both_get_equal_shares(void **state)
{
    world *w = *state;
    over_quic(w);
    ask(w); /* video */
    ask(w); /* audio */
    receive(w, 2 * AUDIO);
    end(w); /* of the audio */
    ask(w); /* the next one */
    receive(w, 2 * AUDIO);
    end(w);
    ask(w); /* video */
    receive(w, 200000);
    qoe_group_prior prior = {.audio_size = AUDIO, .video_size = 150000, .ratio = 1};
    qoe_group_close(w->group);
    qoe_group_solve(w->group, &prior, true);
    assert_int_equal(w->segments[0].kind, QOE_KIND_VIDEO);
    assert_int_equal(w->segments[1].kind, QOE_KIND_AUDIO);
    assert_in_range(w->segments[1].bytes, AUDIO - 2000, AUDIO + 2000);
    assert_in_range(w->segments[0].bytes, 2 * AUDIO - 4000, 2 * AUDIO + 4000);
}

/* What a client gives up ends with the bytes that are under way: the megabytes after it are the film. The audio is
 * taken for larger than it is. */
static void what_goes_on_for_long_was_not_given_up(void **state)
{
    world *w = *state;
    over_quic(w);
    ask(w);
    receive(w, 136000);
    end(w);
    ask(w);
    receive(w, 4000000);
    solve(w, 216000);
    assert_int_equal(w->segments[0].complete, QOE_COMPLETE_YES);
    assert_true(w->segments[0].bytes > 3000000);
}

/* Nine requests are never answered; to each further one 60 kB come, and a response ends. */
static void ask_far_ahead(world *w, size_t requests)
{
    enum { AHEAD = 9 };
    for (size_t i = 0; i < requests; i++) {
        ask(w);
        if (i < AHEAD)
            continue;
        receive(w, 60000);
        end(w);
    }
}

/* Much is asked for at once, and the oldest of it makes way for others. */
static void kinds_are_known_ones_though_much_was_given_up(void **state)
{
    enum { REQUESTS = 50 };
    world *w = *state;
    over_quic(w);
    ask_far_ahead(w, REQUESTS);
    receive(w, 500000);
    solve(w, 41000);
    for (size_t i = 0; i < REQUESTS; i++)
        assert_in_range(w->segments[i].kind, QOE_KIND_OTHER, QOE_KIND_AUDIO);
}

/* A player asks for much at once and seems to give up the video: of the rest, what is small has long been there. */
static void small_responses_do_not_wait_for_what_follows_an_abort(void **state)
{
    enum { REQUESTS = 30 };
    world *w = *state;
    over_quic(w);
    ask_far_ahead(w, REQUESTS);
    solve(w, 41000);
    for (size_t i = 0; i < REQUESTS; i++) {
        if (w->segments[i].kind == QOE_KIND_OTHER)
            assert_true(w->segments[i].last_byte_us < w->segments[i].request_us + 200000);
    }
}

/* A change of resolution: an init segment is asked for while the audio comes, and ends at once. */
static void an_init_segment_ends_while_others_go_on(void **state)
{
    world *w = *state;
    over_quic(w);
    ask(w); /* audio */
    receive(w, AUDIO / 2);
    ask(w); /* init segment */
    receive(w, 4000);
    end(w);
    ask(w); /* video */
    receive(w, 150000 + AUDIO / 2);
    qoe_group_prior prior = {.audio_size = AUDIO, .video_size = 150000, .ratio = 1};
    qoe_group_close(w->group);
    qoe_group_solve(w->group, &prior, true);
    assert_int_equal(w->segments[0].kind, QOE_KIND_AUDIO);
    assert_int_equal(w->segments[1].kind, QOE_KIND_OTHER);
    assert_int_equal(w->segments[2].kind, QOE_KIND_VIDEO);
    assert_in_range(w->segments[2].bytes, 148000, 156000);
}

static void a_server_that_begins_responses_on_and_on_fills_no_memory(void **state)
{
    (void)state;
    qoe_group *group = qoe_group_new(QOE_TCP, 0, 0, 1);
    qoe_segment segment = {.number = 1};
    qoe_group_set_piece(group, 33000);
    qoe_group_request(group, &segment);
    for (unsigned i = 0; i < 100000; i++)
        qoe_group_response_begin(group, 1000 * i, 33000 * i, 33000 * (i + 1));
    assert_in_range(group->log->len, 2, 8);
    qoe_group_free(group);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_begins_responses_on_and_on_fills_no_memory),
        cmocka_unit_test_setup_teardown(over_quic_both_get_equal_shares, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_goes_on_for_long_was_not_given_up, new_world, free_world),
        cmocka_unit_test_setup_teardown(kinds_are_known_ones_though_much_was_given_up, new_world, free_world),
        cmocka_unit_test_setup_teardown(small_responses_do_not_wait_for_what_follows_an_abort, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_init_segment_ends_while_others_go_on, new_world, free_world),
        cmocka_unit_test_setup_teardown(responses_that_came_interleaved_get_their_sizes, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_kind_that_lags_behind_is_asked_for_first, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_kind_that_is_ahead_waits, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_came_before_a_request_is_not_its_response, new_world, free_world),
        cmocka_unit_test_setup_teardown(weighing_writes_no_segment_and_prefers_what_is_true, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_response_that_stands_alone_has_all_bytes, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_response_of_the_audios_size_is_audio, new_world, free_world),
        cmocka_unit_test_setup_teardown(two_responses_are_told_apart_by_the_audios_size, new_world, free_world),
        cmocka_unit_test_setup_teardown(without_the_audios_size_they_stay_a_group, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_end_in_between_gives_the_first_its_bytes, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_goes_on_is_written_as_open_where_it_is_asked_for, new_world, free_world),
        cmocka_unit_test_setup_teardown(solving_again_says_the_same, new_world, free_world),
        cmocka_unit_test_setup_teardown(requests_that_belong_to_the_next_period_are_taken_back, new_world, free_world),
        cmocka_unit_test_setup_teardown(many_requests_that_never_end_break_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_period_without_bytes_or_requests_can_be_solved, new_world, free_world),
        cmocka_unit_test_setup_teardown(time_that_steps_back_breaks_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_lone_response_votes_fully_and_what_lies_between_ends_by_half, new_world,
                                        free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
