/* What holds for servers: who speaks for which service, and since when.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>

#include "server.h"

typedef struct {
    qoe_rules *rules;
    qoe_servers *servers;
} world;

static int new_world(void **state)
{
    world *w = g_new(world, 1);
    w->rules = qoe_rules_new();
    w->servers = qoe_servers_new(w->rules);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    world *w = *state;
    qoe_servers_free(w->servers);
    qoe_rules_free(w->rules);
    g_free(w);
    return 0;
}

static qoe_addr addr_of(const char *text)
{
    qoe_addr addr;
    assert_true(qoe_addr_parse(text, &addr));
    return addr;
}

static size_t put_name(uint8_t *at, const char *name)
{
    uint8_t *start = at;
    while (*name) {
        const size_t len = strcspn(name, ".");
        *at++ = (uint8_t)len;
        memcpy(at, name, len);
        at += len;
        name += len + (name[len] == '.');
    }
    *at++ = 0;
    return (size_t)(at - start);
}

/* Writes an answer to `question` (through `cname` unless NULL) with one IPv4 address, its last four bytes. */
static size_t write_message(uint8_t *m, const char *question, const char *cname, const qoe_addr *addr)
{
    static const uint8_t head[12] = {0, 1, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0};
    uint8_t *at = m + sizeof head;
    memcpy(m, head, sizeof head);
    m[7] = cname ? 2 : 1;
    at += put_name(at, question);
    memcpy(at, "\0\1\0\1", 4);
    at += 4;
    if (cname) {
        uint8_t target[256];
        const size_t len = put_name(target, cname);
        memcpy(at, "\xc0\x0c\0\5\0\1\0\0\0\0\0", 11);
        at[11] = (uint8_t)len;
        memcpy(at + 12, target, len);
        at += 12 + len;
    }
    at += put_name(at, cname ? cname : question);
    memcpy(at, "\0\1\0\1\0\0\0\0\0\4", 10);
    memcpy(at + 10, addr->bytes + 12, 4);
    return (size_t)(at + 14 - m);
}

static size_t learn(world *w, const char *question, const char *cname, const char *addr_text, uint32_t frame)
{
    uint8_t message[600];
    const qoe_addr addr = addr_of(addr_text);
    const size_t len = write_message(message, question, cname, &addr);
    return qoe_servers_learn_dns(w->servers, message, len, frame);
}

static qoe_server *ask(world *w, const char *addr_text, uint32_t frame)
{
    const qoe_addr addr = addr_of(addr_text);
    return qoe_servers_by_addr(w->servers, &addr, frame);
}

static void assert_role(const qoe_server *server, const char *service, const char *name, qoe_source source,
                        uint32_t since)
{
    assert_non_null(server);
    assert_string_equal(server->service, service);
    assert_string_equal(server->name, name);
    assert_int_equal(server->source, source);
    assert_int_equal(server->since_frame, since);
}

static void a_dns_answer_tags_its_address_since_its_own_frame(void **state)
{
    world *w = *state;
    assert_null(ask(w, "192.0.2.1", 1));
    assert_int_equal(learn(w, "a.nflxvideo.net", NULL, "192.0.2.1", 2), 1);
    assert_role(ask(w, "192.0.2.1", 9), "Netflix", "a.nflxvideo.net", QOE_SOURCE_DNS, 2);
    assert_null(ask(w, "192.0.2.2", 9));
}

static void the_question_is_asked_before_its_cnames(void **state)
{
    world *w = *state;
    assert_int_equal(learn(w, "assets.nflxext.com", "x.edgesuite.net", "192.0.2.1", 1), 1);
    assert_role(ask(w, "192.0.2.1", 2), "Netflix", "assets.nflxext.com", QOE_SOURCE_DNS, 1);
    assert_int_equal(learn(w, "tv.example.org", "x.ttvnw.net", "192.0.2.2", 3), 1);
    assert_role(ask(w, "192.0.2.2", 4), "Twitch", "x.ttvnw.net", QOE_SOURCE_DNS, 3);
    assert_int_equal(learn(w, "fast.com", "fast.netflix.com", "192.0.2.3", 5), 1);
    assert_role(ask(w, "192.0.2.3", 6), "fast.com", "fast.com", QOE_SOURCE_DNS, 5);
}

static void the_newest_answer_decides_the_service_of_an_address(void **state)
{
    world *w = *state;
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 1);
    qoe_server *netflix = ask(w, "192.0.2.1", 2);
    learn(w, "b.ttvnw.net", NULL, "192.0.2.1", 3);
    qoe_server *twitch = ask(w, "192.0.2.1", 4);
    assert_role(twitch, "Twitch", "b.ttvnw.net", QOE_SOURCE_DNS, 3);
    assert_role(netflix, "Netflix", "a.nflxext.com", QOE_SOURCE_DNS, 1);
    learn(w, "c.nflxext.com", NULL, "192.0.2.1", 5);
    assert_ptr_equal(ask(w, "192.0.2.1", 6), netflix);
    assert_int_equal(qoe_servers_count(w->servers), 2);
}

static void a_foreign_name_takes_the_tag_of_an_address_away(void **state)
{
    world *w = *state;
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 1);
    qoe_server *before = ask(w, "192.0.2.1", 2);
    assert_int_equal(learn(w, "www.example.org", NULL, "192.0.2.1", 3), 0);
    assert_null(ask(w, "192.0.2.1", 4));
    assert_role(before, "Netflix", "a.nflxext.com", QOE_SOURCE_DNS, 1); /* for flows that have it */
}

static void a_prefix_tags_what_dns_does_not_know(void **state)
{
    world *w = *state;
    assert_role(ask(w, "198.38.120.166", 7), "Netflix", "", QOE_SOURCE_PREFIX, 7);
    assert_role(ask(w, "2a00:86c0::1", 8), "Netflix", "", QOE_SOURCE_PREFIX, 8);
}

static void a_foreign_name_does_not_take_the_tag_of_a_prefix_away(void **state)
{
    world *w = *state;
    learn(w, "cache.provider.example", NULL, "198.38.120.166", 1);
    assert_role(ask(w, "198.38.120.166", 2), "Netflix", "", QOE_SOURCE_PREFIX, 2);
    learn(w, "x.ttvnw.net", NULL, "198.38.120.166", 3); /* another service's name does, as long as it is the newest */
    assert_string_equal(ask(w, "198.38.120.166", 4)->service, "Twitch");
    learn(w, "cache.provider.example", NULL, "198.38.120.166", 5);
    assert_string_equal(ask(w, "198.38.120.166", 6)->service, "Netflix");
}

static void a_name_replaces_a_mere_prefix_in_the_same_record(void **state)
{
    world *w = *state;
    qoe_server *server = ask(w, "198.38.120.166", 1);
    learn(w, "a.nflxvideo.net", NULL, "198.38.120.166", 2);
    assert_ptr_equal(ask(w, "198.38.120.166", 3), server);
    assert_role(server, "Netflix", "a.nflxvideo.net", QOE_SOURCE_DNS, 1);
    const qoe_addr addr = addr_of("198.38.120.167");
    server = ask(w, "198.38.120.167", 4);
    assert_ptr_equal(qoe_servers_by_name(w->servers, &addr, QOE_SOURCE_SNI, "b.nflxvideo.net", 5), server);
    assert_role(server, "Netflix", "b.nflxvideo.net", QOE_SOURCE_SNI, 4);
}

static void the_first_name_of_a_record_stays(void **state)
{
    world *w = *state;
    learn(w, "first.nflxvideo.net", NULL, "192.0.2.1", 1);
    ask(w, "192.0.2.1", 2);
    learn(w, "second.nflxvideo.net", NULL, "192.0.2.1", 3);
    const qoe_addr addr = addr_of("192.0.2.1");
    qoe_servers_by_name(w->servers, &addr, QOE_SOURCE_SNI, "third.nflxvideo.net", 4);
    assert_role(ask(w, "192.0.2.1", 5), "Netflix", "first.nflxvideo.net", QOE_SOURCE_DNS, 1);
}

static void the_name_in_a_hello_tags_its_flow_and_not_the_address(void **state)
{
    world *w = *state;
    const qoe_addr addr = addr_of("192.0.2.1");
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 1);
    assert_role(qoe_servers_by_name(w->servers, &addr, QOE_SOURCE_SNI, "v.googlevideo.com", 2), "YouTube",
                "v.googlevideo.com", QOE_SOURCE_SNI, 2);
    assert_null(qoe_servers_by_name(w->servers, &addr, QOE_SOURCE_SNI, "www.example.org", 3));
    assert_string_equal(ask(w, "192.0.2.1", 4)->service, "Netflix");
}

static void an_untagged_host_has_a_record_of_its_own(void **state)
{
    world *w = *state;
    const qoe_addr addr = addr_of("192.0.2.1");
    qoe_server *untagged = qoe_servers_untagged(w->servers, &addr, 1);
    assert_role(untagged, "untagged", "", QOE_SOURCE_PORT, 1);
    assert_ptr_equal(qoe_servers_untagged(w->servers, &addr, 2), untagged);
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 3);
    assert_role(ask(w, "192.0.2.1", 4), "Netflix", "a.nflxext.com", QOE_SOURCE_DNS, 3);
    assert_role(untagged, "untagged", "", QOE_SOURCE_PORT, 1);
}

static void servers_are_listed_from_when_they_are_named_in_that_order(void **state)
{
    world *w = *state;
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 1);
    learn(w, "b.nflxext.com", NULL, "192.0.2.2", 2);
    assert_int_equal(qoe_servers_count(w->servers), 2);
    const qoe_server *second = ask(w, "192.0.2.2", 3), *first = ask(w, "192.0.2.1", 4);
    assert_int_equal(qoe_servers_count(w->servers), 2);
    assert_ptr_equal(qoe_servers_at(w->servers, 0), first);
    assert_ptr_equal(qoe_servers_at(w->servers, 1), second);
    assert_true(first->first_us > first->last_us); /* no packets yet */
}

static void the_generation_rises_only_when_an_answer_may_change(void **state)
{
    world *w = *state;
    const uint32_t start = qoe_servers_generation(w->servers);
    learn(w, "www.example.org", NULL, "192.0.2.1", 1);
    assert_int_equal(qoe_servers_generation(w->servers), start);
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 2);
    const uint32_t tagged = qoe_servers_generation(w->servers);
    assert_true(tagged > start);
    ask(w, "192.0.2.1", 3);
    learn(w, "b.nflxext.com", NULL, "192.0.2.1", 4);
    assert_int_equal(qoe_servers_generation(w->servers), tagged);
    learn(w, "www.example.org", NULL, "192.0.2.1", 5);
    assert_true(qoe_servers_generation(w->servers) > tagged);
}

static void garbage_instead_of_dns_teaches_nothing(void **state)
{
    world *w = *state;
    uint8_t message[600];
    memset(message, 0xff, sizeof message);
    assert_int_equal(qoe_servers_learn_dns(w->servers, message, sizeof message, 1), 0);
    assert_int_equal(qoe_servers_learn_dns(w->servers, message, 0, 1), 0);
    assert_int_equal(qoe_servers_generation(w->servers), 0);
}

/* Teaches answers of one name for the addresses 10.x.y.z from `from` on. */
static void flood(world *w, const char *name, uint32_t from, uint32_t count)
{
    uint8_t message[600];
    const qoe_addr addr = addr_of("10.0.0.0");
    const size_t len = write_message(message, name, NULL, &addr);
    for (uint32_t i = from; i < from + count; i++) {
        message[len - 3] = (uint8_t)(i >> 16);
        message[len - 2] = (uint8_t)(i >> 8);
        message[len - 1] = (uint8_t)i;
        qoe_servers_learn_dns(w->servers, message, len, i);
    }
}

static void a_flood_of_foreign_names_leaves_no_trace(void **state)
{
    world *w = *state;
    flood(w, "www.example.org", 0, 4 * QOE_NAMES_MAX);
    assert_int_equal(qoe_servers_generation(w->servers), 0);
    assert_int_equal(qoe_servers_refused(w->servers), 0);
    assert_int_equal(qoe_servers_count(w->servers), 0);
}

static void a_flood_of_tagged_names_does_not_evict_a_server_in_use(void **state)
{
    world *w = *state;
    learn(w, "film.nflxext.com", NULL, "192.0.2.1", 1);
    learn(w, "silent.nflxext.com", NULL, "192.0.2.2", 2);
    qoe_server *film = ask(w, "192.0.2.1", 3);
    flood(w, "x.ttvnw.net", 0, QOE_NAMES_MAX + 10);
    assert_int_equal(qoe_servers_refused(w->servers), 12);
    assert_ptr_equal(ask(w, "192.0.2.1", 4), film);
    assert_non_null(ask(w, "192.0.2.2", 5)); /* named while there was plenty of room */
    assert_null(ask(w, "10.0.127.254", 6));  /* the oldest of those named later that no flow had used */
    assert_string_equal(ask(w, "10.0.128.10", 7)->service, "Twitch");
    learn(w, "new.nflxext.com", NULL, "192.0.2.3", 8);
    assert_string_equal(ask(w, "192.0.2.3", 9)->name, "new.nflxext.com");
}

static void a_full_table_of_records_refuses_and_counts(void **state)
{
    world *w = *state;
    qoe_addr addr = addr_of("10.0.0.0");
    for (uint32_t i = 0; i < QOE_SERVERS_MAX; i++) {
        addr.bytes[13] = (uint8_t)(i >> 16);
        addr.bytes[14] = (uint8_t)(i >> 8);
        addr.bytes[15] = (uint8_t)i;
        assert_non_null(qoe_servers_untagged(w->servers, &addr, i));
    }
    assert_null(ask(w, "198.38.120.166", 1));
    learn(w, "a.nflxext.com", NULL, "192.0.2.1", 2);
    assert_null(ask(w, "192.0.2.1", 3));
    assert_int_equal(qoe_servers_refused(w->servers), 2);
    assert_non_null(qoe_servers_untagged(w->servers, &addr, 4)); /* known ones are still found */
}

static void sources_have_names(void **state)
{
    (void)state;
    assert_string_equal(qoe_source_name(QOE_SOURCE_DNS), "dns");
    assert_string_equal(qoe_source_name(QOE_SOURCE_SNI), "sni");
    assert_string_equal(qoe_source_name(QOE_SOURCE_PREFIX), "prefix");
    assert_string_equal(qoe_source_name(QOE_SOURCE_PORT), "port");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, new_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_dns_answer_tags_its_address_since_its_own_frame),
        IN_WORLD(the_question_is_asked_before_its_cnames),
        IN_WORLD(the_newest_answer_decides_the_service_of_an_address),
        IN_WORLD(a_foreign_name_takes_the_tag_of_an_address_away),
        IN_WORLD(a_prefix_tags_what_dns_does_not_know),
        IN_WORLD(a_foreign_name_does_not_take_the_tag_of_a_prefix_away),
        IN_WORLD(a_name_replaces_a_mere_prefix_in_the_same_record),
        IN_WORLD(the_first_name_of_a_record_stays),
        IN_WORLD(the_name_in_a_hello_tags_its_flow_and_not_the_address),
        IN_WORLD(an_untagged_host_has_a_record_of_its_own),
        IN_WORLD(servers_are_listed_from_when_they_are_named_in_that_order),
        IN_WORLD(the_generation_rises_only_when_an_answer_may_change),
        IN_WORLD(garbage_instead_of_dns_teaches_nothing),
        IN_WORLD(a_flood_of_foreign_names_leaves_no_trace),
        IN_WORLD(a_flood_of_tagged_names_does_not_evict_a_server_in_use),
        IN_WORLD(a_full_table_of_records_refuses_and_counts),
        cmocka_unit_test(sources_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
