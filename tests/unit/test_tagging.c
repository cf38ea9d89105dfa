/* What holds for tagging: which flow belongs to which server.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "packets.h"
#include "quic_packets.h"
#include "tagging.h"

enum { FLOWS_MAX = 8, CANDIDATES_MAX = 4 };

typedef struct {
    wire wire;
    qoe_rules *rules;
    qoe_tagging *tagging;
    qoe_flow *flow;    /* of the last packet; NULL: nobody's */
    bool from_client;  /* the last packet, if it has a flow */
    unsigned released; /* flows */
    GArray *seen;      /* qoe_packet: all so far, for looking up */
    GArray *answers;   /* qoe_server *: what was said of them */
} world;

static const char *const client = "10.0.0.1", *const server = "192.0.2.1";

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    unsigned src_end;
    w->flow = qoe_tagging_packet(w->tagging, packet, &src_end);
    w->from_client = w->flow != NULL && src_end == w->flow->client_end;
    const qoe_server *answer = w->flow != NULL ? qoe_flow_tag_at(w->flow, packet->frame) : NULL;
    g_array_append_val(w->answers, answer);
    g_array_append_val(w->seen, *packet);
}

static void count_release(qoe_flow *flow, void *user_data)
{
    (void)flow;
    ((world *)user_data)->released++;
}

static world *world_with(bool untagged)
{
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->rules = qoe_rules_new();
    w->tagging = qoe_tagging_new(w->rules, untagged, FLOWS_MAX, CANDIDATES_MAX, count_release, w);
    w->seen = g_array_new(FALSE, FALSE, sizeof(qoe_packet));
    w->answers = g_array_new(FALSE, FALSE, sizeof(qoe_server *));
    return w;
}

static int new_world(void **state)
{
    *state = world_with(false);
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    qoe_tagging_free(w->tagging);
    qoe_rules_free(w->rules);
    g_array_free(w->seen, TRUE);
    g_array_free(w->answers, TRUE);
    g_free(w);
    return 0;
}

static const char *service(const world *w)
{
    return w->flow != NULL ? qoe_flow_tag_at(w->flow, w->wire.frame)->service : "nobody";
}

/* Every packet is looked up again, the last one first. */
static void assert_lookups_agree(const world *w)
{
    for (guint i = w->seen->len; i-- > 0;) {
        const qoe_packet *packet = &g_array_index(w->seen, qoe_packet, i);
        unsigned src_end;
        const qoe_flow *flow = qoe_tagging_lookup(w->tagging, packet, &src_end);
        const qoe_server *now = flow != NULL ? qoe_flow_tag_at(flow, packet->frame) : NULL;
        assert_ptr_equal(now, g_array_index(w->answers, qoe_server *, i));
    }
}

static void an_address_that_dns_named_is_the_services(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    syn(&t);
    assert_string_equal(service(w), "Lab");
    assert_true(w->from_client);
    syn_ack(&t);
    assert_string_equal(service(w), "Lab");
    assert_false(w->from_client);
    assert_lookups_agree(w);
}

/* An answer over TCP, its last bytes in a segment of their own (0: all in one). */
static void answer_over_tcp(world *w, guint last)
{
    talk resolver = tcp_talk(&w->wire, client, 40000, "10.0.0.53");
    resolver.server_port = 53;
    GByteArray *m = dns_message("film.video.test", server);
    const uint8_t len[2] = {0, (uint8_t)m->len};
    g_byte_array_prepend(m, len, 2);
    const guint cut = m->len - last;
    send_down(&resolver, cut, m->data, cut);
    if (last > 0)
        send_down(&resolver, last, m->data + cut, last);
    g_byte_array_free(m, TRUE);
}

static void dns_over_tcp_names_as_well(void **state)
{
    world *w = *state;
    answer_over_tcp(w, 0);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    syn(&t);
    assert_string_equal(service(w), "Lab");
}

/* The address is in the second segment. */
static void dns_over_tcp_in_two_segments_names_as_well(void **state)
{
    world *w = *state;
    answer_over_tcp(w, 6);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    syn(&t);
    assert_string_equal(service(w), "Lab");
}

static void an_answer_from_another_port_than_dns_names_nothing(void **state)
{
    world *w = *state;
    talk mdns = quic_talk(&w->wire, client, 5353, "224.0.0.251");
    mdns.server_port = 5353;
    GByteArray *m = dns_message("film.video.test", server);
    send_down(&mdns, m->len, m->data, m->len);
    g_byte_array_free(m, TRUE);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    syn(&t);
    assert_string_equal(service(w), "nobody");
}

static void a_flow_that_dns_names_midway_is_the_services_from_then_on(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    request(&t);
    response(&t, 3000);
    assert_string_equal(service(w), "nobody");
    dns(&w->wire, "film.video.test", server);
    send_down(&t, 1400, NULL, 0);
    assert_string_equal(service(w), "Lab");
    assert_false(w->from_client);
    assert_lookups_agree(w);
}

static void a_candidate_that_dns_names_midway_keeps_its_handshakes_traffic(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    dns(&w->wire, "film.video.test", server);
    hello(&t, "film.video.test");
    assert_string_equal(service(w), "Lab");
    assert_int_equal(w->flow->early.packets_out, 2);
    assert_int_equal(w->flow->early.packets_in, 1);
    assert_lookups_agree(w);
}

static void the_name_in_the_client_hello_tags_a_flow_that_dns_did_not(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    assert_string_equal(service(w), "nobody");
    hello(&t, "film.video.test");
    assert_string_equal(service(w), "Lab");
    assert_int_equal(qoe_flow_tag_at(w->flow, w->wire.frame)->source, QOE_SOURCE_SNI);
    send_down(&t, 1400, NULL, 0);
    assert_string_equal(service(w), "Lab");
    assert_lookups_agree(w);
}

static void the_name_in_a_client_hello_over_two_packets_tags_as_well(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    hello_in_two(&t, "film.video.test");
    assert_string_equal(service(w), "Lab");
    assert_lookups_agree(w);
}

static void the_name_in_a_client_hello_whose_packets_come_in_disorder_tags_as_well(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    GByteArray *m = client_hello("film.video.test", 1200);
    give(&t, true, QOE_TCP_ACK, t.up + 60, m->len - 60, m->data + 60, m->len - 60);
    assert_string_equal(service(w), "nobody");
    give(&t, true, QOE_TCP_ACK, t.up, 60, m->data, 60);
    assert_string_equal(service(w), "Lab");
    g_byte_array_free(m, TRUE);
}

static void the_client_hello_in_a_syn_tags_as_well(void **state)
{
    world *w = *state; /* TCP Fast Open, RFC 7413 */
    talk t = tcp_talk(&w->wire, client, 50000, server);
    GByteArray *m = client_hello("film.video.test", 20);
    give(&t, true, QOE_TCP_SYN, t.up, m->len, m->data, m->len);
    g_byte_array_free(m, TRUE);
    assert_string_equal(service(w), "Lab");
}

static void a_connection_whose_syn_was_not_captured_is_named_by_its_client_hello(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    hello(&t, "film.video.test");
    assert_string_equal(service(w), "Lab");
}

static void a_name_that_is_told_behind_a_proxy_tags_the_connection_to_it(void **state)
{
    world *w = *state;
    static const char connect[] = "CONNECT film.video.test:443 HTTP/1.1\r\nHost: film.video.test:443\r\n\r\n";
    static const char *const socks[] = {"\x05\x01\x00", "\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb"};
    talk http = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&http);
    send_up(&http, sizeof connect - 1, connect, sizeof connect - 1);
    send_down(&http, 39, "HTTP/1.1", 8);
    assert_string_equal(service(w), "nobody");
    hello_in_two(&http, "film.video.test");
    assert_string_equal(service(w), "Lab");

    talk socks5 = tcp_talk(&w->wire, client, 50001, "192.0.2.2");
    connect_tcp(&socks5);
    send_up(&socks5, 3, socks[0], 3);
    send_down(&socks5, 2, "\x05\x00", 2);
    send_up(&socks5, 10, socks[1], 10);
    send_down(&socks5, 10, "\x05\x00", 2);
    assert_string_equal(service(w), "nobody");
    hello(&socks5, "film.video.test");
    assert_string_equal(service(w), "Lab");
    assert_lookups_agree(w);
}

static void the_host_of_a_request_in_the_open_tags_as_well(void **state)
{
    world *w = *state;
    static const char head[] = "GET /1.m4s HTTP/1.1\r\nHost: film.video.test\r\n\r\n";
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    send_up(&t, sizeof head - 1, head, sizeof head - 1);
    assert_string_equal(service(w), "Lab");
    assert_int_equal(qoe_flow_tag_at(w->flow, w->wire.frame)->source, QOE_SOURCE_HOST);
    talk begun = tcp_talk(&w->wire, client, 50001, "192.0.2.2"); /* its start was not captured */
    send_down(&begun, 1400, NULL, 0);
    assert_string_equal(service(w), "nobody");
    send_up(&begun, sizeof head - 1, head, sizeof head - 1);
    assert_string_equal(service(w), "Lab");
}

static void the_client_hellos_name_overrules_what_dns_said(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    assert_string_equal(service(w), "Lab");
    hello(&t, "www.netflix.com");
    assert_string_equal(service(w), "Netflix");
    assert_lookups_agree(w);
}

static void a_name_outside_all_rules_takes_the_tag_from_an_edge(void **state)
{
    world *w = *state;
    dns_edge(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    hello(&t, "shop.example");
    assert_string_equal(service(w), "nobody");
    request(&t);
    response(&t, 20000);
    assert_string_equal(service(w), "nobody");
    assert_lookups_agree(w);
}

static void a_name_outside_all_rules_leaves_a_services_own_machine(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    hello(&t, "shop.example");
    assert_string_equal(service(w), "Lab");
    assert_lookups_agree(w);
}

static void a_client_hello_that_the_snap_length_cut_leaves_the_tag(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    GByteArray *m = client_hello("shop.example", 200);
    send_up(&t, m->len, m->data, 40);
    g_byte_array_free(m, TRUE);
    assert_string_equal(service(w), "Lab");
}

static void a_client_hello_that_is_sent_again_changes_nothing(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    hello(&t, "film.video.test");
    const qoe_flow *flow = w->flow;
    t.up = 1001;
    hello(&t, "film.video.test");
    assert_ptr_equal(w->flow, flow);
    assert_int_equal(flow->tag_count, 1);
}

static void a_prefix_tags_where_no_name_was_seen(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, "23.246.2.1");
    response(&t, 1400);
    assert_string_equal(service(w), "Netflix");
    assert_false(w->from_client);
}

static void other_traffic_is_nobodys(void **state)
{
    world *w = *state;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, "shop.example");
    fetch(&t, 100000);
    assert_string_equal(service(w), "nobody");
    assert_int_equal(qoe_servers_count(qoe_tagging_servers(w->tagging)), 0);
    assert_lookups_agree(w);
}

static void in_untagged_mode_web_traffic_of_unknown_hosts_counts(void **state)
{
    (void)state;
    void *own = world_with(true);
    world *w = own;
    talk web = tcp_talk(&w->wire, client, 50000, server);
    response(&web, 1400);
    assert_string_equal(service(w), QOE_SERVICE_UNTAGGED);
    assert_false(w->from_client);
    hello(&web, "shop.example");
    assert_string_equal(service(w), QOE_SERVICE_UNTAGGED);
    talk mail = tcp_talk(&w->wire, client, 50001, server);
    mail.server_port = 993;
    connect_tcp(&mail);
    assert_string_equal(service(w), "nobody");
    assert_lookups_agree(w);
    free_world(&own);
}

static void in_untagged_mode_a_known_name_still_tags(void **state)
{
    (void)state;
    void *own = world_with(true);
    world *w = own;
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    assert_string_equal(service(w), QOE_SERVICE_UNTAGGED);
    hello(&t, "film.video.test");
    assert_string_equal(service(w), "Lab");
    assert_lookups_agree(w);
    free_world(&own);
}

static void a_new_syn_on_the_same_ports_is_a_new_flow(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&t);
    hello(&t, "film.video.test");
    const qoe_flow *first = w->flow;
    talk again = t;
    again.up = 1000;
    syn(&again);
    assert_ptr_equal(w->flow, first); /* the same initial number: sent again */
    reuse_port(&t);
    assert_ptr_not_equal(w->flow, first);
    assert_ptr_equal(w->flow->older, first);
    hello(&t, "www.netflix.com");
    assert_string_equal(service(w), "Netflix");
    assert_lookups_agree(w);
}

static void a_new_connection_on_a_services_old_ports_may_be_nobodys(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, "film.video.test");
    dns(&w->wire, "shop.example", server);
    request(&t);
    assert_string_equal(service(w), "Lab"); /* what has begun goes on */
    reuse_port(&t);
    assert_string_equal(service(w), "nobody");
    hello(&t, "shop.example");
    fetch(&t, 20000);
    assert_string_equal(service(w), "nobody");
    assert_lookups_agree(w);
}

static void a_new_connection_on_a_services_old_ports_may_be_named_again(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    open_film(&t, "film.video.test");
    dns(&w->wire, "shop.example", server);
    reuse_port(&t);
    assert_string_equal(service(w), "nobody");
    hello(&t, "www.netflix.com");
    assert_string_equal(service(w), "Netflix");
    fetch(&t, 20000);
    assert_string_equal(service(w), "Netflix");
    assert_lookups_agree(w);
}

static void candidates_make_room_before_films(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk film = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&film);
    for (uint16_t port = 1000; port < 2000; port++) {
        talk flood = tcp_talk(&w->wire, "10.9.9.9", port, "198.51.100.1");
        syn(&flood);
    }
    request(&film);
    assert_string_equal(service(w), "Lab");
    assert_int_equal(qoe_tagging_evicted(w->tagging), 0);
    assert_lookups_agree(w);
}

static void a_film_that_goes_on_survives_a_flood_of_connections_to_its_server(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk film = tcp_talk(&w->wire, client, 50000, server);
    connect_tcp(&film);
    request(&film);
    const qoe_flow *flow = w->flow;
    for (uint16_t port = 1000; port < 2000; port++) {
        talk flood = tcp_talk(&w->wire, "10.9.9.9", port, server);
        syn(&flood);
        response(&film, 1400);
        assert_ptr_equal(w->flow, flow);
    }
    assert_int_equal(qoe_tagging_evicted(w->tagging), 1001 - FLOWS_MAX);
    assert_int_equal(w->released, 1001 - FLOWS_MAX);
}

/* All packets of a connection that was opened again and again: looking them up must not walk all conversations. */
static void one_five_tuple_may_have_very_many_conversations(void **state)
{
    (void)state;
    world *w = world_with(false);
    qoe_tagging_free(w->tagging);
    w->tagging = qoe_tagging_new(w->rules, false, 100000, CANDIDATES_MAX, NULL, NULL);
    dns(&w->wire, "film.video.test", server);
    talk t = tcp_talk(&w->wire, client, 50000, server);
    for (unsigned i = 0; i < 200000; i++) {
        t.up += 1000;
        syn(&t);
    }
    unsigned found = 0, src_end;
    for (guint i = 1; i < w->seen->len; i++)
        found += qoe_tagging_lookup(w->tagging, &g_array_index(w->seen, qoe_packet, i), &src_end) != NULL;
    assert_int_not_equal(found, 0);
    assert_int_equal(found + qoe_tagging_evicted(w->tagging), 200000);
    void *own = w;
    free_world(&own);
}

static void a_quic_flow_is_tagged_by_its_servers_address(void **state)
{
    world *w = *state;
    dns(&w->wire, "film.video.test", server);
    talk t = quic_talk(&w->wire, client, 50000, server);
    send_up(&t, 1200, "\xc3\x00\x00\x00\x01\x08", 6);
    assert_string_equal(service(w), "Lab");
    assert_true(w->from_client);
    request(&t);
    response(&t, 5000);
    assert_string_equal(service(w), "Lab");
    assert_lookups_agree(w);
}

/* The client's Initial packet of RFC 9001 A.2, for example.com. */
static void say_hello(talk *t)
{
    GByteArray *hello = packet_of(0, crypto(0, HELLO_LEN));
    send_up(t, hello->len, hello->data, hello->len);
    g_byte_array_free(hello, TRUE);
}

static void ask_with_id(talk *t, const char *id)
{
    char *packet = g_strconcat("\x4a", id, "0123456789", NULL);
    send_up(t, 400, packet, (uint32_t)strlen(packet));
    g_free(packet);
}

static void a_quic_connection_that_goes_on_from_another_port_is_known_by_its_connection_id(void **state)
{
    world *w = *state;
    qoe_rules_add(w->rules, "Film", "example.com", NULL);
    talk t = quic_talk(&w->wire, client, 50000, server);
    say_hello(&t);
    assert_string_equal(service(w), "Film");
    ask_with_id(&t, "abcdefgh");
    talk moved = quic_talk(&w->wire, client, 61000, server);
    ask_with_id(&moved, "abcdefgh");
    assert_string_equal(service(w), "Film");
    assert_true(w->from_client);
    response(&moved, 5000);
    assert_string_equal(service(w), "Film");
    talk another = quic_talk(&w->wire, client, 62000, server);
    ask_with_id(&another, "abcdefgX");
    assert_string_equal(service(w), "nobody");
    assert_lookups_agree(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_address_that_dns_named_is_the_services, new_world, free_world),
        cmocka_unit_test_setup_teardown(dns_over_tcp_names_as_well, new_world, free_world),
        cmocka_unit_test_setup_teardown(dns_over_tcp_in_two_segments_names_as_well, new_world, free_world),
        cmocka_unit_test_setup_teardown(an_answer_from_another_port_than_dns_names_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_flow_that_dns_names_midway_is_the_services_from_then_on, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_candidate_that_dns_names_midway_keeps_its_handshakes_traffic, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(the_name_in_the_client_hello_tags_a_flow_that_dns_did_not, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(the_name_in_a_client_hello_over_two_packets_tags_as_well, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(the_name_in_a_client_hello_whose_packets_come_in_disorder_tags_as_well,
                                        new_world, free_world),
        cmocka_unit_test_setup_teardown(the_client_hello_in_a_syn_tags_as_well, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_connection_whose_syn_was_not_captured_is_named_by_its_client_hello, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(a_name_that_is_told_behind_a_proxy_tags_the_connection_to_it, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(the_host_of_a_request_in_the_open_tags_as_well, new_world, free_world),
        cmocka_unit_test_setup_teardown(the_client_hellos_name_overrules_what_dns_said, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_name_outside_all_rules_takes_the_tag_from_an_edge, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_name_outside_all_rules_leaves_a_services_own_machine, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_client_hello_that_the_snap_length_cut_leaves_the_tag, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_client_hello_that_is_sent_again_changes_nothing, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_prefix_tags_where_no_name_was_seen, new_world, free_world),
        cmocka_unit_test_setup_teardown(other_traffic_is_nobodys, new_world, free_world),
        cmocka_unit_test(in_untagged_mode_web_traffic_of_unknown_hosts_counts),
        cmocka_unit_test(in_untagged_mode_a_known_name_still_tags),
        cmocka_unit_test_setup_teardown(a_new_syn_on_the_same_ports_is_a_new_flow, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_new_connection_on_a_services_old_ports_may_be_nobodys, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_new_connection_on_a_services_old_ports_may_be_named_again, new_world,
                                        free_world),
        cmocka_unit_test_setup_teardown(candidates_make_room_before_films, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_film_that_goes_on_survives_a_flood_of_connections_to_its_server, new_world,
                                        free_world),
        cmocka_unit_test(one_five_tuple_may_have_very_many_conversations),
        cmocka_unit_test_setup_teardown(a_quic_flow_is_tagged_by_its_servers_address, new_world, free_world),
        cmocka_unit_test_setup_teardown(a_quic_connection_that_goes_on_from_another_port_is_known_by_its_connection_id,
                                        new_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
