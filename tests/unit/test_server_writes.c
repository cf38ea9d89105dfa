/* What holds for the writes of a server.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "server_writes.h"
#include "tls_stream.h"

enum { MSS = 1448, FIRST = 0xffff0000 };

typedef struct {
    qoe_server_writes writes;
    GByteArray *stream;
    uint32_t given;
    GArray *marks; /* qoe_write */
} world;

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->stream = g_byte_array_new();
    w->marks = g_array_new(FALSE, FALSE, sizeof(qoe_write));
    put_record(w->stream, 22, 90); /* the handshake */
    put_record(w->stream, 23, 600);
    put_record(w->stream, 23, 60);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    g_byte_array_free(w->stream, TRUE);
    g_array_free(w->marks, TRUE);
    g_free(w);
    return 0;
}

static void mark(void *user_data, const qoe_write *write)
{
    g_array_append_val(((world *)user_data)->marks, *write);
}

/* Gives the stream up to where it is. */
static void give_stream(world *w)
{
    while (w->given < w->stream->len) {
        const uint32_t len = MIN(MSS, w->stream->len - w->given);
        uint8_t *copy = g_memdup2(w->stream->data + w->given, len);
        const qoe_packet packet = {
            .transport = QOE_TCP, .seq = FIRST + w->given, .payload_len = len, .payload = copy, .captured_len = len};
        qoe_server_writes_packet(&w->writes, &packet, mark, w);
        g_free(copy);
        w->given += len;
    }
}

static void respond(world *w, uint32_t body)
{
    put_response(w->stream, body);
    give_stream(w);
}

static unsigned count(const world *w, qoe_write_mark mark)
{
    unsigned found = 0;
    for (guint i = 0; i < w->marks->len; i++)
        found += g_array_index(w->marks, qoe_write, i).mark == mark;
    return found;
}

static const qoe_write *last(const world *w)
{
    assert_true(w->marks->len > 0);
    return &g_array_index(w->marks, qoe_write, w->marks->len - 1);
}

static void nothing_is_said_until_the_usual_write_is_known(void **state)
{
    world *w = *state;
    respond(w, 60000);
    assert_int_equal(w->marks->len, 0);
    assert_int_equal(qoe_server_writes_piece(&w->writes), 0);
}

static void each_response_begins_and_ends_once(void **state)
{
    world *w = *state;
    respond(w, 500000);
    const unsigned ends = count(w, QOE_WRITE_ENDS), begins = count(w, QOE_WRITE_BEGINS);
    for (unsigned i = 0; i < 20; i++) {
        const uint32_t from = FIRST + w->stream->len;
        respond(w, 50000 + 29989 * i);
        assert_int_equal(last(w)->mark, QOE_WRITE_ENDS);
        assert_int_equal(last(w)->to, FIRST + w->stream->len);
        assert_true(last(w)->from - from < w->stream->len);
    }
    assert_int_equal(count(w, QOE_WRITE_BEGINS) - begins, 20);
    assert_int_equal(count(w, QOE_WRITE_ENDS) - ends, 20);
}

static void a_small_response_in_one_write_ends(void **state)
{
    world *w = *state;
    respond(w, 500000);
    const unsigned ends = count(w, QOE_WRITE_ENDS), begins = count(w, QOE_WRITE_BEGINS);
    respond(w, 800);
    assert_int_equal(count(w, QOE_WRITE_BEGINS), begins);
    assert_int_equal(count(w, QOE_WRITE_ENDS), ends + 1);
}

static void control_frames_are_part_of_what_goes_on(void **state)
{
    world *w = *state;
    respond(w, 500000);
    put_write(w->stream, 17);
    give_stream(w);
    assert_int_equal(last(w)->mark, QOE_WRITE_PART);
}

static void a_fast_connection_takes_several_pieces_at_once(void **state)
{
    world *w = *state;
    for (unsigned i = 1; i < 12; i++)
        put_write(w->stream, PIECE_PLAIN * (1 + i % 3));
    give_stream(w);
    assert_int_equal(last(w)->mark, QOE_WRITE_PART);
    put_write(w->stream, 2 * PIECE_PLAIN + 200);
    give_stream(w);
    assert_int_equal(last(w)->mark, QOE_WRITE_BEGINS);
    put_write(w->stream, 3 * PIECE_PLAIN + 4711);
    give_stream(w);
    assert_int_equal(last(w)->mark, QOE_WRITE_ENDS);
}

static void a_piece_is_as_long_as_it_is_on_the_wire(void **state)
{
    world *w = *state;
    respond(w, 500000);
    const uint32_t before = w->stream->len;
    put_write(w->stream, PIECE_PLAIN);
    assert_int_equal(qoe_server_writes_piece(&w->writes), w->stream->len - before);
}

/* E.g. one whose writes are as long as what it happens to have. */
static void a_server_that_writes_otherwise_says_nothing(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 300; i++)
        put_write(w->stream, 5000 + i * 7919 % 60000);
    give_stream(w);
    assert_int_equal(w->marks->len, 0);
}

static void a_server_that_begins_to_write_otherwise_is_not_believed_any_more(void **state)
{
    world *w = *state;
    respond(w, 500000);
    assert_true(qoe_server_writes_piece(&w->writes) > 0);
    for (unsigned i = 0; i < 100; i++)
        put_write(w->stream, 5000 + i * 7919 % 60000);
    give_stream(w);
    assert_int_equal(qoe_server_writes_piece(&w->writes), 0);
}

static void records_of_one_length_only_say_nothing(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 500; i++)
        put_record(w->stream, 23, FULL_PLAIN);
    give_stream(w);
    assert_int_equal(w->marks->len, 0);
}

static void a_write_of_which_some_was_missed_is_unknown(void **state)
{
    world *w = *state;
    respond(w, 500000);
    put_response(w->stream, 3000000);
    w->given += 200000;
    give_stream(w);
    assert_int_equal(count(w, QOE_WRITE_UNKNOWN), 1);
    assert_int_equal(last(w)->mark, QOE_WRITE_ENDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_said_until_the_usual_write_is_known, new_world, free_world),
        cmocka_unit_test_setup_teardown(each_response_begins_and_ends_once, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_small_response_in_one_write_ends, new_world, free_world),
        cmocka_unit_test_setup_teardown(control_frames_are_part_of_what_goes_on, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_fast_connection_takes_several_pieces_at_once, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_piece_is_as_long_as_it_is_on_the_wire, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_server_that_writes_otherwise_says_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_server_that_begins_to_write_otherwise_is_not_believed_any_more, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(records_of_one_length_only_say_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_write_of_which_some_was_missed_is_unknown, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
