/* Playback estimated from downloads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "playback.h"

#define S 1000000LL

enum { WINDOWS = 6, LONG_WINDOWS = 10, SEGMENTS = 40, BYTES = 500000 };

static qoe_download fetched(double request_s, double end_s, int resolution)
{
    return (qoe_download){(int64_t)(request_s * 1e6), (int64_t)(end_s * 1e6), BYTES, resolution,
                          (double)resolution / 1000};
}

/* A film of 4-s segments: `burst` of them one after the other, then one each 4 s; each takes download_s. */
static size_t film(qoe_download *downloads, size_t count, size_t burst, double download_s)
{
    double at_s = 1;
    for (size_t i = 0; i < count; i++) {
        downloads[i] = fetched(at_s, at_s + download_s, i < count / 2 ? 480 : 720);
        at_s += i < burst ? download_s : 4;
    }
    return count;
}

static qoe_playback play(const qoe_downloads *downloads, qoe_durations durations, qoe_playback_window *out)
{
    return qoe_playback_run(downloads, durations, 0, 10 * S, WINDOWS * 10 * S, WINDOWS, out);
}

/* Video alone. */
static qoe_playback run(const qoe_download *video, size_t count, double segment_s, qoe_playback_window *out)
{
    return play(&(qoe_downloads){.video = video, .videos = count}, (qoe_durations){segment_s, 0}, out);
}

static void playback_starts_with_the_first_segment(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, 20, 5, 0.5);
    assert_true(run(video, 20, 4, out).start_us >= 1500000);
    assert_true(run(video, 20, 4, out).start_us < 2 * S);
    assert_int_equal(run(video, 0, 4, out).start_us, -1);
    assert_int_equal(run(video, 20, 0, out).start_us, run(video, 20, 4, out).start_us);
    assert_float_equal(out[0].stalled_s, 0, 0);
}

static void playback_starts_when_the_audio_is_there_too(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 4, 480)}, audio[] = {fetched(1, 3.5, 0)};
    qoe_playback_window out[WINDOWS];
    assert_int_equal(play(&(qoe_downloads){video, audio, 2, 1, false}, (qoe_durations){4, 4}, out).start_us, 3650000);
}

/* The first of YouTube's chunks may be audio, or hold too little to begin with. */
static void without_audio_playback_starts_with_enough_bytes(void **state)
{
    (void)state;
    qoe_download video[] = {fetched(1, 2, 480), fetched(2, 4, 480), fetched(4, 7, 480), fetched(7, 9, 480)};
    qoe_playback_window out[WINDOWS];
    video[0].bytes = 20500; /* an index */
    video[1].bytes = video[2].bytes = 70000;
    assert_int_equal(run(video, 4, 0, out).start_us, 7150000);
}

/* Netflix asks for those of two versions before the first segment of either. */
static void indexes_of_several_versions_are_no_segments(void **state)
{
    (void)state;
    qoe_download video[] = {fetched(1, 2, 240), fetched(1, 2.5, 240), fetched(3, 9, 720), fetched(3, 9.5, 720)};
    const qoe_download audio[] = {fetched(3, 5, 0)};
    qoe_playback_window out[WINDOWS];
    video[0].bytes = 21746;
    video[1].bytes = 21747;
    assert_int_equal(play(&(qoe_downloads){video, audio, 4, 1, false}, (qoe_durations){4, 0}, out).start_us, 9150000);
    assert_int_equal(out[0].resolution, 720);
    assert_float_equal(out[0].buffer_s, 7.15f, 0.01);
    assert_int_equal(run(video, 2, 4, out).start_us, -1); /* nothing else has come yet */
}

static void small_segments_are_no_indexes(void **state)
{
    (void)state;
    qoe_download video[] = {fetched(1, 2, 144), fetched(2, 4, 144)};
    const qoe_download audio[] = {fetched(1, 1.5, 0), fetched(1.5, 1.7, 0)};
    qoe_playback_window out[WINDOWS];
    video[0].bytes = 24000;
    video[1].bytes = 21000;
    assert_int_equal(play(&(qoe_downloads){video, audio, 2, 2, false}, (qoe_durations){2, 2}, out).start_us, 2150000);
}

static void the_first_segment_of_hls_js_is_a_probe(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 240), fetched(2.1, 8, 720), fetched(8.2, 10, 720)};
    const qoe_download audio[] = {fetched(1, 2.5, 0), fetched(8.1, 8.5, 0), fetched(9, 9.5, 0)};
    const qoe_download eager[] = {fetched(1, 2.5, 0), fetched(2.6, 3.5, 0), fetched(9, 9.5, 0)};
    qoe_playback_window out[WINDOWS];
    assert_int_equal(play(&(qoe_downloads){video, audio, 3, 3, false}, (qoe_durations){4, 4}, out).start_us, 8150000);
    assert_int_equal(out[0].resolution, 720);
    assert_int_equal(play(&(qoe_downloads){video, eager, 3, 3, false}, (qoe_durations){4, 4}, out).start_us, 2650000);
}

static void a_probe_may_have_been_taken_for_two_segments(void **state)
{
    (void)state;
    qoe_download video[] = {fetched(1, 2, 240), fetched(2, 3.5, 240), fetched(3.6, 8, 720), fetched(8.2, 10, 720)};
    const qoe_download audio[] = {fetched(1, 3.2, 0), fetched(8.1, 8.5, 0)};
    const qoe_download later[] = {fetched(1, 3.2, 0), fetched(9, 9.5, 0)};
    qoe_playback_window out[WINDOWS];
    video[0].bytes = 100000;
    video[1].bytes = 40000;
    assert_int_equal(play(&(qoe_downloads){video, audio, 4, 2, false}, (qoe_durations){4, 4}, out).start_us, 8150000);
    assert_int_equal(play(&(qoe_downloads){video, later, 4, 2, false}, (qoe_durations){4, 4}, out).start_us, 3650000);
    video[1].bytes = BYTES; /* the second segment, and it suffices */
    assert_int_equal(play(&(qoe_downloads){video, audio, 4, 2, false}, (qoe_durations){4, 4}, out).start_us, 3650000);
}

/* Its audio was overlooked, or had already come: nothing waited for the second video. */
static void without_audio_beside_it_the_first_segment_is_no_probe(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 3, 480), fetched(3, 8, 480), fetched(8, 12, 480)};
    const qoe_download audio[] = {fetched(3.4, 7, 0), fetched(9, 9.5, 0)};
    qoe_playback_window out[WINDOWS];
    assert_int_equal(play(&(qoe_downloads){video, audio, 3, 2, false}, (qoe_durations){4, 4}, out).start_us, 3150000);
}

static void the_screen_follows_the_download_by_the_buffer(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, 12, 6, 0.5); /* 24 s of 480 lines by 4 s, then 24 s of 720 until 24 s */
    run(video, 12, 4, out);
    assert_int_equal(out[0].resolution, 480);
    assert_int_equal(out[1].resolution, 480);
    assert_int_equal(out[2].resolution, 480); /* until 25.65 s */
    assert_int_equal(out[3].resolution, 720); /* all of it was there since 24 s */
}

static void the_buffer_is_what_was_fetched_less_what_was_played(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, 12, 12, 0.5); /* 48 s of media by 7 s; playing since 1.65 s */
    run(video, 12, 4, out);
    assert_float_equal(out[0].buffer_s, 39.65f, 0.01);
    assert_float_equal(out[1].buffer_s, 29.65f, 0.01);
    assert_float_equal(out[5].buffer_s, 0, 0.01);
}

static void segments_that_end_out_of_order_are_played_in_the_order_of_requests(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 9, 240), fetched(1, 3, 480), fetched(1, 4, 720)};
    qoe_playback_window out[WINDOWS];
    assert_int_equal(run(video, 3, 8, out).start_us, 9150000);
    assert_int_equal(out[1].resolution, 240);
    assert_int_equal(out[2].resolution, 480);
    assert_float_equal(out[0].buffer_s, 23.15f, 0.01);
}

static void a_late_segment_that_was_asked_for_is_a_stall(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 16, 480), fetched(16, 17, 480)};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = run(video, 3, 4, out);
    assert_int_equal(summary.stalls, 1);
    assert_float_equal(summary.stall_s, 10, 0.01); /* played from 2.15 to 6.15 s, went on at 16.15 s */
    assert_float_equal(out[0].stalled_s, 3.85f, 0.01);
    assert_float_equal(out[1].stalled_s, 6.15f, 0.01);
    assert_int_equal(out[0].stall_us, 6150000);
    assert_int_equal(out[1].stall_us, 10000000);
}

/* A segment that comes when the last packet is gone is waited for until that one. */
static void a_stall_ends_with_the_last_packet(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 16, 480)};
    qoe_playback_window out[WINDOWS];
    const qoe_downloads downloads = {.video = video, .videos = 2};
    const qoe_playback summary = qoe_playback_run(&downloads, (qoe_durations){4, 0}, 0, 10 * S, 12 * S, WINDOWS, out);
    assert_float_equal(summary.stall_s, 5.85f, 0.01);
    assert_true(fabs(out[0].stalled_s + out[1].stalled_s - summary.stall_s) < 1e-6);
}

static void late_audio_is_a_stall_too(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 3, 480), fetched(3, 4, 480)};
    const qoe_download audio[] = {fetched(1, 2, 0), fetched(2, 16, 0), fetched(16, 17, 0)};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = play(&(qoe_downloads){video, audio, 3, 3, false}, (qoe_durations){4, 4}, out);
    assert_int_equal(summary.stalls, 1);
    assert_float_equal(summary.stall_s, 10, 0.1);
}

/* Each segment comes 2 s late, and the audio in time: the clock does not wait for the picture, so it is late again. */
static void the_picture_freezes_while_the_audio_goes_on(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 8, 480), fetched(8, 12, 480), fetched(12, 16, 480)};
    const qoe_download audio[] = {fetched(1, 2, 0), fetched(2, 3, 0), fetched(3, 4, 0), fetched(4, 5, 0)};
    qoe_playback_window out[WINDOWS];
    const qoe_playback with = play(&(qoe_downloads){video, audio, 4, 4, false}, (qoe_durations){4, 4}, out);
    assert_int_equal(with.stalls, 3);
    assert_float_equal(with.stall_s, 6, 0.1);
    assert_int_equal(run(video, 4, 4, out).stalls, 1);
}

/* Segments shorter than a freeze: the next picture is due before the one in hand has come. */
static void no_window_stalls_for_longer_than_it_lasts(void **state)
{
    (void)state;
    qoe_download video[20], audio[20];
    qoe_playback_window out[WINDOWS];
    for (size_t i = 0; i < 20; i++) {
        video[i] = fetched(1 + 2.6 * (double)i, 1 + 2.6 * (double)(i + 1), 480);
        audio[i] = fetched(1 + 2 * (double)i, 2 + 2 * (double)i, 0);
    }
    play(&(qoe_downloads){video, audio, 20, 20, false}, (qoe_durations){2, 2}, out);
    for (size_t i = 0; i < WINDOWS; i++)
        assert_true(out[i].stalled_s <= 10);
    assert_true(out[4].stalled_s > 1);
}

static void a_viewer_who_pauses_does_not_stall(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(30, 30.25, 480)};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = run(video, 2, 4, out);
    assert_int_equal(summary.stalls, 0);
    assert_float_equal(out[1].stalled_s, 0, 0);
}

/* The video of the third segment has come before the pause, its audio is asked for when the viewer is back. */
static void a_pause_is_no_stall_though_audio_comes_last(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 3, 480), fetched(3, 4, 480), fetched(50.2, 51, 480)};
    const qoe_download audio[] = {fetched(1, 2, 0), fetched(2, 3, 0), fetched(50, 50.3, 0), fetched(51, 51.5, 0)};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = play(&(qoe_downloads){video, audio, 4, 4, false}, (qoe_durations){4, 4}, out);
    assert_int_equal(summary.stalls, 0);
    for (size_t i = 0; i < WINDOWS; i++)
        assert_float_equal(out[i].stalled_s, 0, 0);
}

/* One kind is fetched after the other over a slow link: all of the wait is a stall, though the audio was asked for at
 * its end only. */
static void a_stall_lasts_while_anything_is_under_way(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 3, 480), fetched(3, 18, 480), fetched(20, 21, 480)};
    const qoe_download audio[] = {fetched(1, 2, 0), fetched(2.1, 3, 0), fetched(18, 20, 0), fetched(21, 22, 0)};
    qoe_playback_window out[WINDOWS];
    const qoe_playback summary = play(&(qoe_downloads){video, audio, 4, 4, false}, (qoe_durations){4, 4}, out);
    assert_int_equal(summary.stalls, 1);
    assert_float_equal(summary.stall_s, 10, 0.1);
}

/* A player with 20 s in hand goes on a segment at a time after the pause: it has not lost them. */
static void what_was_buffered_before_a_pause_is_there_after_it(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, 12, 5, 0.5); /* the last one until 32 s */
    for (size_t i = 6; i < 12; i++)
        video[i].request_us += 30 * S, video[i].end_us += 30 * S;
    assert_int_equal(run(video, 9, 4, out).stalls, 0);
    assert_in_range((int)out[2].buffer_s, 12, 20);
    assert_in_range((int)out[4].buffer_s, 12, 20);
}

/* A player with 16 s in hand is stopped for 70 s, and then goes on a segment at a time. The second half of its segments
 * has other lines; `seen` gets what 10 windows show. */
static void pause_film(int first_half, int second_half, qoe_playback_window *seen)
{
    qoe_download video[SEGMENTS];
    film(video, 12, 5, 0.5);
    for (size_t i = 0; i < 12; i++)
        video[i].resolution = i < 6 ? first_half : second_half;
    for (size_t i = 6; i < 12; i++)
        video[i].request_us += 70 * S, video[i].end_us += 70 * S;
    const qoe_downloads downloads = {.video = video, .videos = 12};
    qoe_playback_run(&downloads, (qoe_durations){4, 0}, 0, 10 * S, 100 * S, LONG_WINDOWS, seen);
}

static void in_a_long_pause_the_last_picture_stays(void **state)
{
    (void)state;
    qoe_playback_window seen[LONG_WINDOWS];
    pause_film(480, 720, seen);
    assert_int_equal(seen[0].screen, QOE_SCREEN_PLAYED);
    for (size_t i = 3; i < 7; i++) {
        assert_int_equal(seen[i].screen, QOE_SCREEN_STILL);
        assert_int_equal(seen[i].resolution, 480);
        assert_float_equal(seen[i].stalled_s, 0, 0);
    }
    assert_int_equal(seen[8].screen, QOE_SCREEN_PLAYED);
}

/* A window is as sure as the downloads are that it shows. */
static void the_screen_is_as_sure_as_what_was_downloaded_for_it(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[LONG_WINDOWS];
    film(video, 12, 6, 0.5);
    video[0].probability = 0.9;
    run(video, 12, 4, out);
    assert_float_equal(out[0].probability, 0.681, 0.001); /* .9 for 4 s, .48 for 4.35 s */
    assert_float_equal(out[1].probability, 0.48, 0.001);
    assert_float_equal(out[3].probability, 0.72, 0.001);
    pause_film(480, 720, out);
    assert_float_equal(out[4].probability, 0.48, 0.001);
}

/* What a model says of a window without downloads is nothing that the viewer sees. */
static void what_is_not_known_before_a_pause_is_not_known_in_it(void **state)
{
    (void)state;
    const qoe_playback playback = {.start_us = S, .followed = true};
    qoe_playback_window seen[LONG_WINDOWS];
    pause_film(0, 720, seen);
    assert_int_equal(seen[4].screen, QOE_SCREEN_STILL);
    assert_int_equal(seen[4].resolution, 0);
    assert_int_equal(qoe_playback_lines(&playback, &seen[4], 50 * S, 1080), 0);
    assert_int_equal(seen[0].screen, QOE_SCREEN_PLAYED);
    assert_int_equal(qoe_playback_lines(&playback, &seen[0], 10 * S, 480), 480);
    assert_int_equal(qoe_playback_lines(&playback, &seen[0], 10 * S, 0), 0);
}

/* Its media lasts until 6 s, and it asks for more a minute and a half later. */
static void a_player_without_media_may_have_been_closed(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(92, 92.5, 720), fetched(92.5, 93, 720)};
    const qoe_downloads downloads = {.video = video, .videos = 3};
    const qoe_playback playback = {.start_us = S, .followed = true};
    qoe_playback_window seen[LONG_WINDOWS];
    qoe_playback_run(&downloads, (qoe_durations){4, 0}, 0, 10 * S, 100 * S, LONG_WINDOWS, seen);
    assert_int_equal(seen[2].screen, QOE_SCREEN_STILL);
    assert_int_equal(seen[2].resolution, 480);
    assert_int_equal(seen[8].screen, QOE_SCREEN_OVER);
    assert_int_equal(qoe_playback_lines(&playback, &seen[8], 90 * S, 1080), 0);
    assert_int_equal(seen[9].screen, QOE_SCREEN_PLAYED);
    assert_int_equal(seen[9].resolution, 720);
}

/* It has asked for what comes after a minute and more: the viewer waits for it. */
static void in_a_long_stall_the_last_picture_stays(void **state)
{
    (void)state;
    const qoe_download video[] = {fetched(1, 2, 480), fetched(2, 92, 720)};
    const qoe_downloads downloads = {.video = video, .videos = 2};
    qoe_playback_window seen[LONG_WINDOWS];
    qoe_playback_run(&downloads, (qoe_durations){4, 0}, 0, 10 * S, 100 * S, LONG_WINDOWS, seen);
    assert_int_equal(seen[8].screen, QOE_SCREEN_STILL);
    assert_int_equal(seen[8].resolution, 480);
    assert_float_equal(seen[8].stalled_s, 10, 0.01);
}

static void where_playback_is_not_followed_what_was_downloaded_stands_for_it(void **state)
{
    (void)state;
    const qoe_playback playback = {.start_us = 5 * S};
    const qoe_playback_window nothing = {0};
    assert_int_equal(qoe_playback_lines(&playback, &nothing, 10 * S, 480), 480);
    assert_int_equal(qoe_playback_lines(&playback, &nothing, 5 * S, 480), 0); /* it begins behind it */
    assert_int_equal(qoe_playback_lines(&(qoe_playback){.start_us = -1}, &nothing, 10 * S, 480), 0);
}

/* It fills its buffer anew: another film, whose start is no stall. */
static void what_is_fetched_in_a_burst_after_silence_begins_with_an_empty_buffer(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, 12, 5, 0.5);
    film(video + 6, 8, 5, 0.5);
    for (size_t i = 6; i < 14; i++)
        video[i].request_us += 39 * S, video[i].end_us += 39 * S;
    assert_int_equal(run(video, 14, 4, out).stalls, 0);
    assert_true(out[4].buffer_s < 20);
}

/* The buffer has 10 s when the capture begins, and is seen to be filled up to that at the end. */
static size_t joined_film(qoe_download *video)
{
    static const double requests[] = {1, 5, 9, 13, 25, 38, 39, 40, 41, 45, 49};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const double end_s = i == 3 || i == 4 ? requests[i + 1] : requests[i] + 0.9;
        video[i] = fetched(requests[i], end_s, 480);
    }
    return sizeof requests / sizeof *requests;
}

static void where_the_capture_begins_in_mid_film_no_startup_is_told(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    const qoe_downloads joined = {.video = video, .videos = joined_film(video), .joined = true};
    const qoe_playback summary = play(&joined, (qoe_durations){4, 0}, out);
    assert_true(summary.followed);
    assert_int_equal(summary.start_us, 1 * S); /* the picture was there by then */
    assert_int_equal(play(&joined, (qoe_durations){0, 0}, out).start_us, 1 * S);
}

/* The link is slow from 13 to 38 s: 12 s of media, and what was in the buffer. */
static void a_player_that_joins_is_as_full_at_its_first_rest_as_at_later_ones(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS], alone[WINDOWS];
    qoe_downloads film = {.video = video, .videos = joined_film(video)};
    const qoe_playback began = play(&film, (qoe_durations){4, 0}, alone);
    film.joined = true;
    const qoe_playback joined = play(&film, (qoe_durations){4, 0}, out);
    assert_true(joined.stall_s < began.stall_s - 5);
    assert_true(joined.stall_s > 1);
    assert_float_equal(out[1].stalled_s, 0, 0.01);
    assert_true(out[1].buffer_s > alone[1].buffer_s + 5);
}

/* Before it first rests it stalls even if it was full when the capture began. */
static void a_stall_beyond_a_full_buffer_is_told_before_the_first_rest(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    for (size_t i = 0; i < 2; i++)
        video[i] = fetched(1 + 20 * (double)i, 21 + 20 * (double)i, 480);
    for (size_t i = 2; i < 5; i++)
        video[i] = fetched(39 + (double)i, 39.9 + (double)i, 480);
    for (size_t i = 5; i < 8; i++)
        video[i] = fetched(27 + 4 * (double)i, 27.9 + 4 * (double)i, 480);
    const qoe_downloads joined = {.video = video, .videos = 8, .joined = true};
    play(&joined, (qoe_durations){4, 0}, out);
    assert_float_equal(out[0].stalled_s, -1, 0); /* it had 9 s, or less */
    assert_in_range((int)(out[1].stalled_s + out[2].stalled_s + out[3].stalled_s + 0.5), 12, 28);
    assert_float_equal(out[5].stalled_s, 0, 0);
}

/* It never rests: nothing tells what it has. */
static void nothing_is_told_of_a_buffer_that_has_not_shown_itself(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    for (size_t i = 0; i < 8; i++)
        video[i] = fetched(1 + 7 * (double)i, 8 + 7 * (double)i, 480);
    const qoe_downloads joined = {.video = video, .videos = 8, .joined = true};
    const qoe_playback summary = play(&joined, (qoe_durations){4, 0}, out);
    assert_false(summary.followed);
    assert_int_equal(summary.stalls, 0);
    assert_int_equal(summary.start_us, 1 * S);
}

/* Until its first rest, that is. */
static void nothing_is_told_before_a_joined_player_rests(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    for (size_t i = 0; i < 4; i++)
        video[i] = fetched(1 + 5 * (double)i, 6 + 5 * (double)i, 480);
    for (size_t i = 4; i < 10; i++)
        video[i] = fetched(10 + 4 * (double)i, 10.5 + 4 * (double)i, 480);
    const qoe_downloads joined = {.video = video, .videos = 10, .joined = true};
    assert_true(play(&joined, (qoe_durations){4, 0}, out).followed);
    assert_true(out[0].buffer_s < 0 && out[0].stalled_s < 0);
    assert_true(out[1].buffer_s < 0 && out[1].stalled_s < 0);
    assert_true(out[4].buffer_s > 0);
    assert_float_equal(out[4].stalled_s, 0, 0);
}

/* One of the segments has not been seen: the player rests all the same, so it has it. */
static void a_player_that_rests_has_media(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, 12, 2, 0.5);
    for (size_t i = 5; i < 12; i++)
        video[i].request_us += 4 * S, video[i].end_us += 4 * S;
    assert_int_equal(run(video, 12, 4, out).stalls, 0);
}

/* Twelve segments are taken again in 720 lines, their audio is not. */
static void video_far_ahead_of_the_audio_replaces_some(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS], audio[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    for (size_t i = 0; i < 36; i++)
        video[i] = fetched(1 + (double)i, 1.9 + (double)i, 480);
    for (size_t i = 0; i < 12; i++)
        audio[i] = fetched(1 + 3 * (double)i, 1.5 + 3 * (double)i, 0);
    const qoe_downloads downloads = {video, audio, 36, 12, false};
    play(&downloads, (qoe_durations){3, 3}, out);
    assert_true(out[3].buffer_s < 10);
    run(video, 36, 3, out);
    assert_true(out[3].buffer_s > 60);
}

static void nothing_is_said_of_time_behind_the_last_packet(void **state)
{
    (void)state;
    qoe_download video[SEGMENTS];
    qoe_playback_window out[WINDOWS];
    film(video, SEGMENTS, SEGMENTS, 0.5);
    const qoe_downloads downloads = {.video = video, .videos = SEGMENTS};
    qoe_playback_run(&downloads, (qoe_durations){4, 0}, 0, 10 * S, 25 * S, WINDOWS, out);
    assert_int_equal(out[2].resolution, 480);
    assert_int_equal(out[3].resolution, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(playback_starts_with_the_first_segment),
        cmocka_unit_test(playback_starts_when_the_audio_is_there_too),
        cmocka_unit_test(without_audio_playback_starts_with_enough_bytes),
        cmocka_unit_test(indexes_of_several_versions_are_no_segments),
        cmocka_unit_test(small_segments_are_no_indexes),
        cmocka_unit_test(the_first_segment_of_hls_js_is_a_probe),
        cmocka_unit_test(a_probe_may_have_been_taken_for_two_segments),
        cmocka_unit_test(without_audio_beside_it_the_first_segment_is_no_probe),
        cmocka_unit_test(the_screen_follows_the_download_by_the_buffer),
        cmocka_unit_test(the_buffer_is_what_was_fetched_less_what_was_played),
        cmocka_unit_test(segments_that_end_out_of_order_are_played_in_the_order_of_requests),
        cmocka_unit_test(a_late_segment_that_was_asked_for_is_a_stall),
        cmocka_unit_test(a_stall_ends_with_the_last_packet),
        cmocka_unit_test(late_audio_is_a_stall_too),
        cmocka_unit_test(the_picture_freezes_while_the_audio_goes_on),
        cmocka_unit_test(no_window_stalls_for_longer_than_it_lasts),
        cmocka_unit_test(a_viewer_who_pauses_does_not_stall),
        cmocka_unit_test(a_pause_is_no_stall_though_audio_comes_last),
        cmocka_unit_test(a_stall_lasts_while_anything_is_under_way),
        cmocka_unit_test(what_was_buffered_before_a_pause_is_there_after_it),
        cmocka_unit_test(in_a_long_pause_the_last_picture_stays),
        cmocka_unit_test(the_screen_is_as_sure_as_what_was_downloaded_for_it),
        cmocka_unit_test(what_is_not_known_before_a_pause_is_not_known_in_it),
        cmocka_unit_test(a_player_without_media_may_have_been_closed),
        cmocka_unit_test(in_a_long_stall_the_last_picture_stays),
        cmocka_unit_test(where_playback_is_not_followed_what_was_downloaded_stands_for_it),
        cmocka_unit_test(what_is_fetched_in_a_burst_after_silence_begins_with_an_empty_buffer),
        cmocka_unit_test(where_the_capture_begins_in_mid_film_no_startup_is_told),
        cmocka_unit_test(a_player_that_joins_is_as_full_at_its_first_rest_as_at_later_ones),
        cmocka_unit_test(a_stall_beyond_a_full_buffer_is_told_before_the_first_rest),
        cmocka_unit_test(nothing_is_told_of_a_buffer_that_has_not_shown_itself),
        cmocka_unit_test(nothing_is_told_before_a_joined_player_rests),
        cmocka_unit_test(a_player_that_rests_has_media),
        cmocka_unit_test(video_far_ahead_of_the_audio_replaces_some),
        cmocka_unit_test(nothing_is_said_of_time_behind_the_last_packet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
