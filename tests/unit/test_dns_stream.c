/* What holds for DNS over TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "dns_stream.h"
#include "packets.h"

typedef struct {
    wire wire;
    talk resolver;
    qoe_dns_streams *streams;
    GString *told; /* the messages so far, a space behind each */
} world;

static void write_message(const uint8_t *message, size_t len, void *user_data)
{
    GString *told = user_data;
    g_string_append_len(told, (const char *)message, (gssize)len);
    g_string_append_c(told, ' ');
}

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    qoe_dns_streams_add(w->streams, packet, write_message, w->told);
}

static talk resolver_of(world *w, uint16_t port)
{
    talk t = tcp_talk(&w->wire, "10.0.0.1", port, "10.0.0.53");
    t.server_port = 53;
    return t;
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->streams = qoe_dns_streams_new();
    w->told = g_string_new(NULL);
    w->resolver = resolver_of(w, 40000);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    qoe_dns_streams_free(w->streams);
    g_string_free(w->told, TRUE);
    g_free(w);
    return 0;
}

/* Adds a message behind its length to a stream. */
static void put_message(GByteArray *stream, const char *message)
{
    put(stream, 2, strlen(message));
    g_byte_array_append(stream, (const uint8_t *)message, (guint)strlen(message));
}

static GByteArray *stream_with(const char *const *messages)
{
    GByteArray *stream = g_byte_array_new();
    for (; *messages != NULL; messages++)
        put_message(stream, *messages);
    return stream;
}

/* What has been told since the last time. */
static void assert_told(world *w, const char *expected)
{
    assert_string_equal(w->told->str, expected);
    g_string_truncate(w->told, 0);
}

/* Sends the bytes [from, to) of a stream that begins with the connection. */
static void send_part(world *w, const GByteArray *stream, guint from, guint to)
{
    send_down(&w->resolver, to - from, stream->data + from, to - from);
}

static void a_message_in_one_segment_is_told(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", NULL});
    send_part(w, stream, 0, stream->len);
    assert_told(w, "message ");
    g_byte_array_free(stream, TRUE);
}

static void all_messages_of_a_segment_are_told(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"one", "two", "", "three", NULL});
    send_part(w, stream, 0, stream->len);
    assert_told(w, "one two three ");
    g_byte_array_free(stream, TRUE);
}

/* Where a segment ends within a message, its part is told at once and the whole one when the rest has come. */
static void a_message_in_two_segments_is_told_wherever_the_cut_is(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"one", "second", NULL});
    for (guint cut = 1; cut < stream->len; cut++) {
        send_part(w, stream, 0, cut);
        send_part(w, stream, cut, stream->len);
        assert_true(g_str_has_prefix(w->told->str, cut < 3 ? "one" : cut < 5 ? "o" : "one "));
        assert_true(g_str_has_suffix(w->told->str, "second "));
        g_string_truncate(w->told, 0);
    }
    g_byte_array_free(stream, TRUE);
}

static void a_message_byte_by_byte_is_told_once_it_is_whole(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", "next", NULL});
    for (guint at = 0; at < stream->len; at++)
        send_part(w, stream, at, at + 1);
    assert_told(w, "message next ");
    g_byte_array_free(stream, TRUE);
}

static void a_length_at_a_segments_end_belongs_to_the_next_one(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"one", "second", NULL});
    send_part(w, stream, 0, 6);
    assert_told(w, "one ");
    send_part(w, stream, 6, stream->len);
    assert_told(w, "second ");
    g_byte_array_free(stream, TRUE);
}

static void retransmissions_are_taken_once(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"one", "second", NULL});
    send_part(w, stream, 0, 9);
    assert_told(w, "one se ");
    w->resolver.down -= 9;
    send_part(w, stream, 0, 9);
    w->resolver.down -= 4; /* half of this one is new */
    send_part(w, stream, 5, stream->len);
    assert_told(w, "second ");
    g_byte_array_free(stream, TRUE);
}

static void behind_a_hole_within_a_message_the_next_one_is_found(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", "next", NULL});
    send_part(w, stream, 0, 4);
    w->resolver.down += 3;
    send_part(w, stream, 7, stream->len);
    assert_told(w, "me me next ");
    g_byte_array_free(stream, TRUE);
}

static void behind_a_hole_of_unknown_end_a_segment_begins_with_a_message(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", "lost", "next", NULL});
    send_part(w, stream, 0, 9);
    w->resolver.down += 6;
    send_part(w, stream, 15, stream->len);
    assert_told(w, "message next ");
    g_byte_array_free(stream, TRUE);
}

/* The same for what the snap length cut off. */
static void a_cut_segment_tells_what_is_left_and_the_stream_goes_on(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", "next", NULL});
    send_down(&w->resolver, 7, stream->data, 5);
    assert_told(w, "mes ");
    send_part(w, stream, 7, stream->len);
    assert_told(w, "next ");
    send_down(&w->resolver, 9, stream->data, 1);
    send_part(w, stream, 0, 9);
    assert_told(w, "message ");
    g_byte_array_free(stream, TRUE);
}

static void a_capture_that_begins_in_a_connection_is_read_from_its_first_segment_on(void **state)
{
    world *w = *state;
    w->resolver.down = 0xfffffffeu; /* and the numbers wrap around */
    a_message_in_two_segments_is_told_wherever_the_cut_is((void **)&w);
}

static void a_new_connection_forgets_what_the_old_one_left(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", NULL});
    send_part(w, stream, 0, 6);
    assert_told(w, "mess ");
    w->resolver.down += 500;
    syn_ack(&w->resolver);
    send_part(w, stream, 0, stream->len);
    assert_told(w, "message ");
    g_byte_array_free(stream, TRUE);
}

static void connections_do_not_mix(void **state)
{
    world *w = *state;
    GByteArray *stream = stream_with((const char *[]){"message", NULL});
    send_part(w, stream, 0, 6);
    assert_told(w, "mess ");
    talk other = resolver_of(w, 40001);
    send_down(&other, stream->len, stream->data, stream->len);
    assert_told(w, "message ");
    send_part(w, stream, 6, stream->len);
    assert_told(w, "message ");
    g_byte_array_free(stream, TRUE);
}

/* 65,535 bytes of which 16,384 are kept, and behind them the next message. */
static void a_giant_message_is_told_up_to_the_cap_and_the_next_one_whole(void **state)
{
    world *w = *state;
    static const char filling[1000];
    send_down(&w->resolver, 2, "\xff\xff", 2);
    for (uint32_t sent = 0; sent < 65535;) {
        const uint32_t part = MIN(65535 - sent, sizeof filling);
        send_down(&w->resolver, part, filling, part);
        sent += part;
    }
    assert_int_equal(w->told->len, QOE_DNS_STREAM_MESSAGE + 1);
    g_string_truncate(w->told, 0);
    send_down(&w->resolver, 6, "\0\4next", 6);
    assert_told(w, "next ");
}

/* Lengths and sequence numbers are somebody's claims: whatever they are, every message told was in the packets. */
static void hostile_segments_do_no_harm(void **state)
{
    world *w = *state;
    GRand *dice = g_rand_new_with_seed(7);
    size_t sent = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint8_t data[64];
        const uint32_t captured = (uint32_t)g_rand_int_range(dice, 0, sizeof data);
        for (uint32_t k = 0; k < captured; k++)
            data[k] = (uint8_t)(g_rand_int(dice) & (k % 2 ? 0xff : 0x01));
        talk t = resolver_of(w, (uint16_t)(40000 + g_rand_int_range(dice, 0, 200)));
        const bool jumps = g_rand_int_range(dice, 0, 4) == 0;
        t.down = jumps ? g_rand_int(dice) : (uint32_t)g_rand_int_range(dice, 0, 2000);
        const uint32_t cut = g_rand_int_range(dice, 0, 8) == 0 ? g_rand_int(dice) % 70000 : 0;
        give(&t, false, g_rand_int(dice) & 0x1f, t.down, captured + cut, data, captured);
        sent += captured;
    }
    g_rand_free(dice);
    assert_in_range(w->told->len, 1, 2 * QOE_DNS_STREAM_MESSAGE + 3 * sent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_in_one_segment_is_told, new_world, free_world),
        cmocka_unit_test_setup_teardown(all_messages_of_a_segment_are_told, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_message_in_two_segments_is_told_wherever_the_cut_is, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_message_byte_by_byte_is_told_once_it_is_whole, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_length_at_a_segments_end_belongs_to_the_next_one, new_world, free_world),
        cmocka_unit_test_setup_teardown(retransmissions_are_taken_once, new_world, free_world),
        cmocka_unit_test_setup_teardown(behind_a_hole_within_a_message_the_next_one_is_found, new_world, free_world),
        cmocka_unit_test_setup_teardown(behind_a_hole_of_unknown_end_a_segment_begins_with_a_message, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_cut_segment_tells_what_is_left_and_the_stream_goes_on, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_capture_that_begins_in_a_connection_is_read_from_its_first_segment_on,
                                        new_world, free_world),
        cmocka_unit_test_setup_teardown(a_new_connection_forgets_what_the_old_one_left, new_world, free_world),
        cmocka_unit_test_setup_teardown(connections_do_not_mix, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_giant_message_is_told_up_to_the_cap_and_the_next_one_whole, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(hostile_segments_do_no_harm, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
