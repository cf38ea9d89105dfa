/* Any bytes as a DNS message: nothing but well-formed answers may come out, and servers learn from it without harm.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>

#include "server.h"

static void check_name(const char *name)
{
    const size_t len = strlen(name);
    if (len > 253 || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_?.")] != '\0')
        abort();
}

static void check_answer(const qoe_dns_answer *answer, void *user_data)
{
    ++*(size_t *)user_data;
    if (answer->chain_len < 1 || answer->chain_len > QOE_DNS_CHAIN_MAX)
        abort();
    for (size_t i = 0; i < answer->chain_len; i++)
        check_name(answer->chain[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t called = 0;
    const size_t reported = qoe_dns_parse(data, size, check_answer, &called);
    if (reported != called || reported > QOE_DNS_ANSWERS_MAX)
        abort();

    static qoe_rules *rules; /* built once: it does not change, and building it costs more than a message */
    if (!rules)
        rules = qoe_rules_new();
    qoe_servers *servers = qoe_servers_new(rules);
    const qoe_addr addr = {{0}};
    if (qoe_servers_learn_dns(servers, data, size, 1) > reported)
        abort();
    qoe_servers_by_addr(servers, &addr, 2);
    qoe_servers_free(servers);
    return 0;
}
