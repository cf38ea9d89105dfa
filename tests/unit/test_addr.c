/* What holds for addresses and prefixes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "addr.h"

static qoe_addr addr_of(const char *text)
{
    qoe_addr addr;
    assert_true(qoe_addr_parse(text, &addr));
    return addr;
}

static qoe_prefix prefix_of(const char *text)
{
    qoe_prefix prefix;
    assert_true(qoe_prefix_parse(text, &prefix));
    return prefix;
}

static void every_notation_comes_back_in_its_usual_form(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        {"198.38.96.1", "198.38.96.1"},
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"2001:DB8:0:0::1", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:6666"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const qoe_addr addr = addr_of(forms[i][0]);
        char text[QOE_ADDR_STRLEN];
        assert_string_equal(qoe_addr_format(&addr, text), forms[i][1]);
    }
}

static void what_is_no_address_leaves_the_result_untouched(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",         "1.2.3", "1.2.3.4.5", "1.2.3.256",    "1.2.3.4 ",    " 1.2.3.4", "1.2.3.4/8",
        "01.2.3.4", "::1::", "12345::",   "fe80::1%eth0", "netflix.com", "0x7f.1",   ":"};
    const qoe_addr before = addr_of("192.0.2.77");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        qoe_addr addr = before;
        assert_false(qoe_addr_parse(wrong[i], &addr));
        assert_true(qoe_addr_equal(&addr, &before));
    }
}

static void a_v4_address_and_its_mapped_form_are_one(void **state)
{
    (void)state;
    const uint8_t bytes[4] = {198, 51, 100, 11};
    const qoe_addr direct = qoe_addr_from_v4(bytes);
    const qoe_addr mapped = addr_of("::ffff:198.51.100.11");
    assert_true(qoe_addr_equal(&direct, &mapped));
    assert_true(qoe_addr_is_v4(&direct));
    assert_int_equal(qoe_addr_hash(&direct), qoe_addr_hash(&mapped));
    const qoe_addr compatible = addr_of("::198.51.100.11"); /* deprecated, not the same thing */
    assert_false(qoe_addr_is_v4(&compatible));
}

static void a_prefix_holds_its_first_and_last_address_and_no_neighbour(void **state)
{
    (void)state;
    static const struct {
        const char *prefix, *first, *last, *before, *behind;
    } cases[] = {
        {"198.38.96.0/19", "198.38.96.0", "198.38.127.255", "198.38.95.255", "198.38.128.0"},
        {"45.57.0.0/17", "45.57.0.0", "45.57.127.255", "45.56.255.255", "45.57.128.0"},
        {"208.75.79.0/24", "208.75.79.0", "208.75.79.255", "208.75.78.255", "208.75.80.0"},
        {"192.0.2.9", "192.0.2.9", "192.0.2.9", "192.0.2.8", "192.0.2.10"},
        {"2620:10c:7000::/44", "2620:10c:7000::", "2620:10c:700f:ffff:ffff:ffff:ffff:ffff",
         "2620:10c:6fff::", "2620:10c:7010::"},
        {"2a00:86c0::/32", "2a00:86c0::", "2a00:86c0:ffff:ffff:ffff:ffff:ffff:ffff", "2a00:86bf:ffff::", "2a00:86c1::"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const qoe_prefix prefix = prefix_of(cases[i].prefix);
        const qoe_addr first = addr_of(cases[i].first), last = addr_of(cases[i].last);
        const qoe_addr before = addr_of(cases[i].before), behind = addr_of(cases[i].behind);
        assert_true(qoe_prefix_contains(&prefix, &first));
        assert_true(qoe_prefix_contains(&prefix, &last));
        assert_false(qoe_prefix_contains(&prefix, &before));
        assert_false(qoe_prefix_contains(&prefix, &behind));
    }
}

static void the_empty_prefix_of_a_family_holds_that_family_only(void **state)
{
    (void)state;
    const qoe_prefix all_v4 = prefix_of("0.0.0.0/0"), all_v6 = prefix_of("::/0");
    const qoe_addr v4 = addr_of("8.8.8.8"), v6 = addr_of("2001:db8::1");
    assert_int_equal(all_v4.bits, 96);
    assert_true(qoe_prefix_contains(&all_v4, &v4));
    assert_false(qoe_prefix_contains(&all_v4, &v6));
    assert_true(qoe_prefix_contains(&all_v6, &v6));
    assert_false(qoe_prefix_contains(&all_v6, &v4));
}

static void host_bits_of_a_prefix_are_cleared(void **state)
{
    (void)state;
    const qoe_prefix untidy = prefix_of("198.38.120.166/19"), tidy = prefix_of("198.38.96.0/19");
    assert_true(qoe_addr_equal(&untidy.addr, &tidy.addr));
    assert_int_equal(untidy.bits, 115);
    const qoe_prefix v6 = prefix_of("2001:db8:ffff::1/33"), v6_tidy = prefix_of("2001:db8:8000::/33");
    assert_true(qoe_addr_equal(&v6.addr, &v6_tidy.addr));
}

static void a_malformed_prefix_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "/",
                                        "/8",
                                        "1.2.3.4/",
                                        "1.2.3.4/33",
                                        "1.2.3.4/-1",
                                        "1.2.3.4/+8",
                                        "1.2.3.4/ 8",
                                        "1.2.3.4/08",
                                        "1.2.3.4/8/8",
                                        "::/129",
                                        "::/x",
                                        "1.2.3/24",
                                        "1.2.3.4/4294967304",
                                        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb/12"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        qoe_prefix prefix;
        assert_false(qoe_prefix_parse(wrong[i], &prefix));
    }
}

/* Fills 4096 buckets (modulo a prime, as hash tables do) with 16,384 addresses and returns the fullest one's load. */
static unsigned fullest_bucket(const qoe_addr *addrs, size_t count)
{
    enum { BUCKETS = 4093 };
    unsigned load[BUCKETS] = {0}, fullest = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned bucket = qoe_addr_hash(&addrs[i]) % BUCKETS;
        if (++load[bucket] > fullest)
            fullest = load[bucket];
    }
    return fullest;
}

static void neighbouring_addresses_spread_over_the_buckets(void **state)
{
    (void)state;
    enum { COUNT = 16384 };
    qoe_addr *addrs = calloc(COUNT, sizeof *addrs);
    for (unsigned shift = 0; shift < 112; shift += 8) { /* a counter at every place of an IPv6 address */
        for (unsigned i = 0; i < COUNT; i++) {
            addrs[i] = addr_of("2001:db8::");
            addrs[i].bytes[15 - shift / 8] ^= (uint8_t)i;
            addrs[i].bytes[14 - shift / 8] ^= (uint8_t)(i >> 8);
        }
        assert_in_range(fullest_bucket(addrs, COUNT), 4, 40); /* 4 a bucket on average */
    }
    for (unsigned i = 0; i < COUNT; i++) {
        const uint8_t bytes[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)i};
        addrs[i] = qoe_addr_from_v4(bytes);
    }
    assert_in_range(fullest_bucket(addrs, COUNT), 4, 40);
    free(addrs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_notation_comes_back_in_its_usual_form),
        cmocka_unit_test(what_is_no_address_leaves_the_result_untouched),
        cmocka_unit_test(a_v4_address_and_its_mapped_form_are_one),
        cmocka_unit_test(a_prefix_holds_its_first_and_last_address_and_no_neighbour),
        cmocka_unit_test(the_empty_prefix_of_a_family_holds_that_family_only),
        cmocka_unit_test(host_bits_of_a_prefix_are_cleared),
        cmocka_unit_test(a_malformed_prefix_is_refused),
        cmocka_unit_test(neighbouring_addresses_spread_over_the_buckets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
