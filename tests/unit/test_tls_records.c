/* What holds for the records of a TLS stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tls_records.h"
#include "tls_stream.h"

enum { MSS = 1448 };

/* A stream that begins at a sequence number, and what was told of it. */
typedef struct {
    qoe_tls_records records;
    GByteArray *stream;
    uint32_t first;
    GArray *told; /* qoe_tls_record */
} world;

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->stream = g_byte_array_new();
    w->first = 5000;
    w->told = g_array_new(FALSE, FALSE, sizeof(qoe_tls_record));
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    g_byte_array_free(w->stream, TRUE);
    g_array_free(w->told, TRUE);
    g_free(w);
    return 0;
}

static void tell(void *user_data, const qoe_tls_record *record)
{
    g_array_append_val(((world *)user_data)->told, *record);
}

/* A packet with the stream's bytes from `from` on; the capture holds `captured` of them. */
static void give_cut(world *w, uint32_t from, uint32_t len, uint32_t captured)
{
    uint8_t *copy = g_memdup2(w->stream->data + from, captured);
    const qoe_packet packet = {
        .transport = QOE_TCP, .seq = w->first + from, .payload_len = len, .payload = copy, .captured_len = captured};
    qoe_tls_records_packet(&w->records, &packet, tell, w);
    g_free(copy);
}

static void give_from(world *w, uint32_t from, uint32_t len)
{
    len = MIN(len, w->stream->len - from);
    give_cut(w, from, len, len);
}

/* All from `from` to `to`, in order. */
static void give_range(world *w, uint32_t from, uint32_t to, uint32_t each)
{
    for (; from < to; from += each)
        give_from(w, from, MIN(each, to - from));
}

static void give_all(world *w, uint32_t each)
{
    give_range(w, 0, w->stream->len, each);
}

static const qoe_tls_record *told(const world *w, guint i)
{
    assert_true(i < w->told->len);
    return &g_array_index(w->told, qoe_tls_record, i);
}

/* Records of so many lengths, each told in order and none but them, from the i-th on. */
static void assert_told_from(const world *w, uint32_t i, uint32_t count)
{
    assert_int_equal(w->told->len, count - i);
    uint32_t end = w->first;
    for (uint32_t k = 0, at = 0; k < count; k++) {
        const uint32_t len = (uint32_t)w->stream->data[at + 3] << 8 | w->stream->data[at + 4];
        at += 5 + len;
        end = w->first + at;
        if (k < i)
            continue;
        assert_int_equal(told(w, k - i)->len, len);
        assert_int_equal(told(w, k - i)->end, end);
        assert_int_equal(told(w, k - i)->torn, false);
    }
}

static void put_records(world *w, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        put_record(w->stream, 23, i % 9 == 8 ? 36 : FULL_PLAIN);
}

static void each_record_is_told_when_its_end_has_come(void **state)
{
    world *w = *state;
    put_record(w->stream, 23, 2000);
    put_record(w->stream, 23, 500);
    put_record(w->stream, 23, 300);
    give_from(w, 0, MSS);
    assert_int_equal(w->told->len, 0);
    give_from(w, MSS, 600);
    assert_int_equal(w->told->len, 1);
    assert_int_equal(told(w, 0)->len, 2000 + TLS_TAG);
    assert_int_equal(told(w, 0)->end, w->first + 5 + 2000 + TLS_TAG);
    give_from(w, MSS + 600, MSS);
    assert_int_equal(w->told->len, 3);
}

static void heads_may_lie_over_the_borders_of_packets(void **state)
{
    world *w = *state;
    put_records(w, 20);
    give_from(w, 0, 6000); /* two heads in one packet: the chain is found */
    give_range(w, 6000, w->stream->len, 7);
    for (guint i = 0; i < w->told->len; i++)
        ((qoe_tls_record *)w->told->data)[i].torn = false;
    assert_told_from(w, 0, 20);
}

static void any_size_of_packets_tells_the_same(void **state)
{
    world *w = *state;
    put_records(w, 60);
    for (uint32_t each = 100; each < 9000; each += 317) {
        w->records = (qoe_tls_records){.begun = true, .found = true, .next = w->first, .reached = w->first};
        g_array_set_size(w->told, 0);
        give_all(w, each);
        assert_told_from(w, 0, 60);
    }
}

static void follow_from_the_start(world *w)
{
    w->records = (qoe_tls_records){.begun = true, .found = true, .next = w->first, .reached = w->first};
}

static void packets_out_of_order_tell_the_same(void **state)
{
    world *w = *state;
    put_records(w, 60);
    follow_from_the_start(w);
    give_range(w, 0, 10 * MSS, MSS);
    give_range(w, 12 * MSS, 60 * MSS, MSS);
    const guint before = w->told->len;
    assert_true(before < 5);
    give_range(w, 11 * MSS, 12 * MSS, MSS);
    give_range(w, 10 * MSS, 11 * MSS, MSS);
    give_range(w, 60 * MSS, w->stream->len, MSS);
    assert_told_from(w, 0, 60);
}

static void packets_in_any_order_within_a_window_tell_the_same(void **state)
{
    world *w = *state;
    put_records(w, 60);
    follow_from_the_start(w);
    const uint32_t packets = w->stream->len / MSS + 1;
    for (uint32_t i = 0; i < packets; i += 8) {
        for (uint32_t k = 8; k > 0; k--) {
            if ((i + k - 1) * MSS < w->stream->len)
                give_from(w, (i + k - 1) * MSS, MSS);
        }
    }
    assert_int_equal(told(w, w->told->len - 1)->end, w->first + w->stream->len);
}

static void what_is_sent_again_tells_nothing_new(void **state)
{
    world *w = *state;
    put_records(w, 60);
    follow_from_the_start(w);
    for (uint32_t from = 0; from < w->stream->len; from += MSS) {
        give_from(w, from, MSS);
        give_from(w, from, MSS);
        give_from(w, from > 700 ? from - 700 : 0, MSS);
    }
    assert_told_from(w, 0, 60);
}

static void the_sequence_number_may_wrap(void **state)
{
    world *w = *state;
    w->first = 0xffffffffu - 50000;
    put_records(w, 60);
    follow_from_the_start(w);
    give_all(w, MSS);
    assert_told_from(w, 0, 60);
}

static void behind_a_hole_the_records_are_found_again_and_the_first_one_says_so(void **state)
{
    world *w = *state;
    put_records(w, 800);
    follow_from_the_start(w);
    give_range(w, 0, 10 * MSS, MSS);
    const guint before = w->told->len;
    give_range(w, 20 * MSS, w->stream->len, MSS);
    assert_true(w->told->len > 500);
    assert_true(told(w, before)->torn || told(w, before + 1)->torn);
    unsigned torn = 0;
    for (guint i = 0; i < w->told->len; i++)
        torn += told(w, i)->torn;
    assert_int_equal(torn, 1);
    assert_int_equal(told(w, w->told->len - 1)->end, w->first + w->stream->len);
}

static void a_capture_may_begin_amid_a_record(void **state)
{
    world *w = *state;
    put_records(w, 40);
    give_range(w, 3 * MSS, w->stream->len, MSS);
    assert_true(w->told->len >= 30);
    assert_true(told(w, 0)->torn);
    assert_int_equal(told(w, w->told->len - 1)->end, w->first + w->stream->len);
}

static void a_cut_packet_ends_it(void **state)
{
    world *w = *state;
    put_records(w, 40);
    follow_from_the_start(w);
    give_range(w, 0, 20 * MSS, MSS);
    const guint before = w->told->len;
    assert_true(before > 0);
    give_cut(w, 20 * MSS, MSS, 134);
    assert_true(w->records.given_up);
    give_range(w, 21 * MSS, w->stream->len, MSS);
    assert_int_equal(w->told->len, before);
}

static void what_is_not_tls_is_given_up(void **state)
{
    world *w = *state;
    GString *text = g_string_new("HTTP/1.1 200 OK\r\n");
    while (text->len < 2000000)
        g_string_append(text, "\x17 no record here; \x17\x03 nor here; \x17\x03\x03\xff\xff nor here ");
    g_byte_array_append(w->stream, (const uint8_t *)text->str, (guint)text->len);
    g_string_free(text, TRUE);
    give_all(w, MSS);
    assert_int_equal(w->told->len, 0);
    assert_true(w->records.given_up);
}

static void a_length_that_no_record_has_loses_the_chain(void **state)
{
    world *w = *state;
    put_records(w, 10);
    const uint32_t good = w->stream->len;
    put(w->stream, 5, 0x170303ffff);
    for (unsigned i = 0; i < 5000; i++)
        put(w->stream, 1, 0x42);
    follow_from_the_start(w);
    give_all(w, MSS);
    assert_told_from(w, 0, 10);
    assert_int_equal(told(w, 9)->end, w->first + good);
    assert_false(w->records.found);
}

/* More than can be remembered lies behind a hole that is never filled. */
static void memory_is_bounded_whatever_comes(void **state)
{
    world *w = *state;
    for (unsigned i = 0; i < 3000; i++)
        put_record(w->stream, 23, 20 + i % 50);
    follow_from_the_start(w);
    give_range(w, 300, w->stream->len, 900);
    assert_in_range(w->records.ahead_count, 0, QOE_TLS_AHEAD_MAX);
    assert_in_range(sizeof w->records, 1, 800);
    assert_int_equal(told(w, w->told->len - 1)->end, w->first + w->stream->len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_record_is_told_when_its_end_has_come, new_world, free_world),
        cmocka_unit_test_setup_teardown(heads_may_lie_over_the_borders_of_packets, new_world, free_world),
        cmocka_unit_test_setup_teardown(any_size_of_packets_tells_the_same, new_world, free_world),
        cmocka_unit_test_setup_teardown(packets_out_of_order_tell_the_same, new_world, free_world),
        cmocka_unit_test_setup_teardown(packets_in_any_order_within_a_window_tell_the_same, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_is_sent_again_tells_nothing_new, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_sequence_number_may_wrap, new_world, free_world),
        cmocka_unit_test_setup_teardown(behind_a_hole_the_records_are_found_again_and_the_first_one_says_so, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_capture_may_begin_amid_a_record, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_cut_packet_ends_it, new_world, free_world),
        cmocka_unit_test_setup_teardown(what_is_not_tls_is_given_up, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_length_that_no_record_has_loses_the_chain, new_world, free_world),
        cmocka_unit_test_setup_teardown(memory_is_bounded_whatever_comes, new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
