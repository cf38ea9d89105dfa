/* What holds for QUIC connections that change their port.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "connection_id.h"
#include "packets.h"

static qoe_server film, other;

/* A packet of the client with that payload, to a server. */
static qoe_packet packet_to(const char *server, const char *payload, uint32_t captured)
{
    return (qoe_packet){.src = address("10.0.0.1"),
                        .dst = address(server),
                        .src_port = 50000,
                        .dst_port = 443,
                        .transport = QOE_UDP,
                        .payload_len = 400,
                        .payload = (const uint8_t *)payload,
                        .captured_len = captured};
}

static int new_ids(void **state)
{
    *state = qoe_connection_ids_new();
    return 0;
}

static int free_ids(void **state)
{
    qoe_connection_ids_free(*state);
    return 0;
}

static void a_connection_is_found_by_its_id_whatever_its_port(void **state)
{
    qoe_packet packet = packet_to("192.0.2.1",
                                  "\x4a"
                                  "abcdefgh"
                                  "one",
                                  12);
    assert_null(qoe_connection_ids_find(*state, &packet));
    qoe_connection_ids_learn(*state, &packet, &film);
    packet = packet_to("192.0.2.1",
                       "\x5c"
                       "abcdefgh"
                       "two",
                       12); /* the first byte's low bits are protected */
    packet.src_port = 61000;
    assert_ptr_equal(qoe_connection_ids_find(*state, &packet), &film);
}

static void another_id_or_server_is_another_connection(void **state)
{
    qoe_packet packet = packet_to("192.0.2.1",
                                  "\x4a"
                                  "abcdefgh",
                                  9);
    qoe_connection_ids_learn(*state, &packet, &film);
    packet = packet_to("192.0.2.1",
                       "\x4a"
                       "abcdefgi",
                       9);
    assert_null(qoe_connection_ids_find(*state, &packet));
    packet = packet_to("192.0.2.2",
                       "\x4a"
                       "abcdefgh",
                       9);
    assert_null(qoe_connection_ids_find(*state, &packet));
}

static void packets_that_show_no_whole_id_say_nothing(void **state)
{
    qoe_packet whole = packet_to("192.0.2.1",
                                 "\x4a"
                                 "abcdefgh",
                                 9),
               cut = packet_to("192.0.2.1",
                               "\x4a"
                               "abcdefg",
                               8);
    qoe_packet initial = packet_to("192.0.2.1",
                                   "\xca"
                                   "abcdefgh",
                                   9),
               tcp = whole;
    tcp.transport = QOE_TCP;
    qoe_connection_ids_learn(*state, &cut, &film);
    qoe_connection_ids_learn(*state, &initial, &film);
    qoe_connection_ids_learn(*state, &tcp, &film);
    assert_null(qoe_connection_ids_find(*state, &whole));
    qoe_connection_ids_learn(*state, &whole, &film);
    assert_null(qoe_connection_ids_find(*state, &cut));
    assert_null(qoe_connection_ids_find(*state, &initial));
    assert_null(qoe_connection_ids_find(*state, &tcp));
}

static void the_last_server_of_an_id_counts(void **state)
{
    const qoe_packet packet = packet_to("192.0.2.1",
                                        "\x4a"
                                        "abcdefgh",
                                        9);
    qoe_connection_ids_learn(*state, &packet, &film);
    qoe_connection_ids_learn(*state, &packet, &other);
    assert_ptr_equal(qoe_connection_ids_find(*state, &packet), &other);
}

static void of_very_many_connections_the_last_one_is_known(void **state)
{
    for (uint32_t i = 0; i < 100000; i++) {
        uint8_t payload[9] = {0x4a};
        for (unsigned k = 0; k < 4; k++)
            payload[1 + k] = (uint8_t)(i >> (8 * k));
        const qoe_packet packet = packet_to("192.0.2.1", (const char *)payload, 9);
        qoe_connection_ids_learn(*state, &packet, &film);
        assert_ptr_equal(qoe_connection_ids_find(*state, &packet), &film);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_connection_is_found_by_its_id_whatever_its_port, new_ids, free_ids),
        cmocka_unit_test_setup_teardown(another_id_or_server_is_another_connection, new_ids, free_ids),
        cmocka_unit_test_setup_teardown(packets_that_show_no_whole_id_say_nothing, new_ids, free_ids),
        cmocka_unit_test_setup_teardown(the_last_server_of_an_id_counts, new_ids, free_ids),
        cmocka_unit_test_setup_teardown(of_very_many_connections_the_last_one_is_known, new_ids, free_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
