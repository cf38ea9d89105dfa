/* What holds for the flow table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "flow.h"
#include "packets.h"

typedef struct {
    qoe_flow_table *table;
    unsigned released;
    uint32_t last_released; /* its first_frame */
} world;

static void count_release(qoe_flow *flow, void *user_data)
{
    world *w = user_data;
    w->released++;
    w->last_released = flow->first_frame;
}

static int new_world(void **state)
{
    world *w = g_new0(world, 1);
    w->table = qoe_flow_table_new(3, count_release, w);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    qoe_flow_table_free(w->table);
    g_free(w);
    return 0;
}

static qoe_packet packet_between(const char *src, uint16_t src_port, const char *dst, uint16_t dst_port)
{
    return (qoe_packet){
        .src = address(src), .dst = address(dst), .src_port = src_port, .dst_port = dst_port, .transport = QOE_TCP};
}

static qoe_flow_key key_of_port(uint16_t port)
{
    const qoe_packet packet = packet_between("10.0.0.1", port, "192.0.2.1", 443);
    unsigned src_end;
    return qoe_flow_key_of(&packet, &src_end);
}

/* first_frame serves as its name. */
static qoe_flow *add(world *w, uint16_t port, uint32_t first_frame)
{
    const qoe_flow_key key = key_of_port(port);
    qoe_flow *flow = qoe_flow_table_add(w->table, &key);
    flow->first_frame = first_frame;
    return flow;
}

static qoe_flow *find(const world *w, uint16_t port)
{
    const qoe_flow_key key = key_of_port(port);
    return qoe_flow_table_find(w->table, &key);
}

static void both_directions_have_one_key(void **state)
{
    (void)state;
    const qoe_packet up = packet_between("2001:db8::1", 50000, "2001:db8::2", 443);
    const qoe_packet down = packet_between("2001:db8::2", 443, "2001:db8::1", 50000);
    unsigned up_end, down_end;
    const qoe_flow_key a = qoe_flow_key_of(&up, &up_end), b = qoe_flow_key_of(&down, &down_end);
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_equal(up_end, 1 - down_end);
    assert_memory_equal(&a.addr[up_end], &up.src, sizeof up.src);
    assert_int_equal(a.port[up_end], 50000);
}

static void an_address_that_talks_to_itself_has_one_key_too(void **state)
{
    (void)state;
    const qoe_packet up = packet_between("127.0.0.1", 50000, "127.0.0.1", 443);
    const qoe_packet down = packet_between("127.0.0.1", 443, "127.0.0.1", 50000);
    unsigned up_end, down_end;
    const qoe_flow_key a = qoe_flow_key_of(&up, &up_end), b = qoe_flow_key_of(&down, &down_end);
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_equal(up_end, 1 - down_end);
}

static void another_port_or_transport_is_another_key(void **state)
{
    (void)state;
    const qoe_packet tcp = packet_between("10.0.0.1", 50000, "192.0.2.1", 443);
    qoe_packet udp = tcp, other = tcp;
    udp.transport = QOE_UDP;
    other.src_port++;
    unsigned end;
    const qoe_flow_key a = qoe_flow_key_of(&tcp, &end), b = qoe_flow_key_of(&udp, &end);
    const qoe_flow_key c = qoe_flow_key_of(&other, &end);
    assert_memory_not_equal(&a, &b, sizeof a);
    assert_memory_not_equal(&a, &c, sizeof a);
}

static void the_newest_conversation_of_a_key_is_found_and_leads_to_the_older(void **state)
{
    world *w = *state;
    qoe_flow *first = add(w, 1, 10), *second = add(w, 1, 20);
    assert_ptr_equal(find(w, 1), second);
    assert_ptr_equal(second->older, first);
    assert_null(first->older);
    assert_null(find(w, 2));
}

static void forgetting_the_newest_uncovers_the_older(void **state)
{
    world *w = *state;
    qoe_flow *first = add(w, 1, 10), *second = add(w, 1, 20);
    qoe_flow_table_remove(w->table, second);
    assert_ptr_equal(find(w, 1), first);
    qoe_flow_table_remove(w->table, first);
    assert_null(find(w, 1));
    assert_int_equal(w->released, 2);
}

static void forgetting_one_in_the_middle_keeps_the_chain(void **state)
{
    world *w = *state;
    qoe_flow *first = add(w, 1, 10), *second = add(w, 1, 20), *third = add(w, 1, 30);
    qoe_flow_table_remove(w->table, second);
    assert_ptr_equal(find(w, 1), third);
    assert_ptr_equal(third->older, first);
}

static void the_longest_unused_flow_makes_room(void **state)
{
    world *w = *state;
    qoe_flow *first = add(w, 1, 10);
    add(w, 2, 20);
    add(w, 3, 30);
    qoe_flow_table_touch(w->table, first);
    add(w, 4, 40);
    assert_int_equal(w->last_released, 20);
    assert_null(find(w, 2));
    assert_ptr_equal(find(w, 1), first);
    assert_int_equal(qoe_flow_table_evicted(w->table), 1);
}

static void the_longest_unused_of_a_reused_port_makes_room(void **state)
{
    world *w = *state;
    for (uint32_t i = 1; i <= 5; i++)
        add(w, 1, i);
    assert_int_equal(w->released, 2);
    assert_int_equal(w->last_released, 2);
    const qoe_flow *newest = find(w, 1);
    assert_int_equal(newest->first_frame, 5);
    assert_int_equal(newest->older->first_frame, 4);
    assert_int_equal(newest->older->older->first_frame, 3);
    assert_null(newest->older->older->older);
}

static void a_flow_moves_from_one_table_to_another_without_being_released(void **state)
{
    world *w = *state;
    qoe_flow_table *candidates = qoe_flow_table_new(2, NULL, NULL);
    const qoe_flow_key key = key_of_port(7);
    qoe_flow *flow = qoe_flow_table_add(candidates, &key), *earlier = add(w, 7, 1);
    qoe_flow_table_take(candidates, flow);
    assert_null(qoe_flow_table_find(candidates, &key));
    qoe_flow_table_adopt(w->table, flow);
    assert_ptr_equal(find(w, 7), flow);
    assert_ptr_equal(flow->older, earlier);
    assert_int_equal(w->released, 0);
    qoe_flow_table_free(candidates);
}

static void the_table_releases_all_that_it_still_holds(void **state)
{
    (void)state;
    world w = {0};
    w.table = qoe_flow_table_new(10, count_release, &w);
    add(&w, 1, 1);
    add(&w, 1, 2);
    add(&w, 2, 3);
    qoe_flow_table_free(w.table);
    assert_int_equal(w.released, 3);
}

static void a_tag_holds_from_its_frame_on(void **state)
{
    (void)state;
    qoe_server a = {0}, b = {0};
    const qoe_flow flow = {.tags = {{10, &a}, {20, &b}}, .tag_count = 2};
    assert_null(qoe_flow_tag_at(&flow, 9));
    assert_ptr_equal(qoe_flow_tag_at(&flow, 10), &a);
    assert_ptr_equal(qoe_flow_tag_at(&flow, 19), &a);
    assert_ptr_equal(qoe_flow_tag_at(&flow, 20), &b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_have_one_key),
        cmocka_unit_test(an_address_that_talks_to_itself_has_one_key_too),
        cmocka_unit_test(another_port_or_transport_is_another_key),
        cmocka_unit_test_setup_teardown(the_newest_conversation_of_a_key_is_found_and_leads_to_the_older, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(forgetting_the_newest_uncovers_the_older, new_world, free_world),
        cmocka_unit_test_setup_teardown(forgetting_one_in_the_middle_keeps_the_chain, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_longest_unused_flow_makes_room, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_longest_unused_of_a_reused_port_makes_room, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_flow_moves_from_one_table_to_another_without_being_released, new_world,
                                        free_world),
        cmocka_unit_test(the_table_releases_all_that_it_still_holds),
        cmocka_unit_test(a_tag_holds_from_its_frame_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
