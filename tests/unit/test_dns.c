/* What holds for DNS answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include <glib.h>

#include "dns.h"
#include "dns_messages.h"

/* --- asking --- */

static void write_answer(const qoe_dns_answer *answer, void *user_data)
{
    GString *out = user_data;
    char text[QOE_ADDR_STRLEN];
    assert_in_range(answer->chain_len, 1, QOE_DNS_CHAIN_MAX);
    if (out->len)
        g_string_append(out, "; ");
    for (size_t i = 0; i < answer->chain_len; i++)
        g_string_append_printf(out, "%s%s", i ? ">" : "", answer->chain[i]);
    g_string_append_printf(out, "=%s", qoe_addr_format(&answer->addr, text));
}

/* Parses a copy of exactly len bytes, so that sanitizers see every read behind it. */
static char *answers_of(const uint8_t *data, size_t len)
{
    GString *out = g_string_new(NULL);
    uint8_t *copy = malloc(len ? len : 1);
    if (len)
        memcpy(copy, data, len);
    const size_t count = qoe_dns_parse(copy, len, write_answer, out);
    free(copy);
    size_t seen = 0;
    for (const char *c = out->str; *c; c++)
        seen += *c == '=';
    assert_int_equal(count, seen);
    return g_string_free(out, FALSE);
}

/* Asserts what the message says ("name>cname=address; ...") and frees it. */
static void assert_says(GByteArray *m, const char *expected)
{
    char *said = answers_of(m->data, m->len);
    assert_string_equal(said, expected);
    g_free(said);
    g_byte_array_free(m, TRUE);
}

/* --- what holds --- */

static void addresses_of_both_families_are_reported(void **state)
{
    (void)state;
    GByteArray *m = response("cdn1.video.test");
    add_addr(m, "cdn1.video.test", "198.51.100.11");
    add_addr(m, "cdn1.video.test", "2001:db8::11");
    assert_says(m, "cdn1.video.test=198.51.100.11; cdn1.video.test=2001:db8::11");
}

static void names_come_in_lower_case_with_odd_bytes_masked(void **state)
{
    (void)state;
    GByteArray *m = response("WwW.N_e-T9.CoM");
    add_addr(m, "wWw.n_E-t9.cOm", "192.0.2.1");
    assert_says(m, "www.n_e-t9.com=192.0.2.1");

    m = response("");
    g_byte_array_set_size(m, 12);
    g_byte_array_append(m, (const uint8_t *)"\7net.fli\3com\0\0\1\0\1", 17);
    g_byte_array_append(m, (const uint8_t *)"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xc0\0\2\1", 16);
    count_record(m);
    assert_says(m, "net?fli.com=192.0.2.1");
}

static void a_chain_of_aliases_leads_from_the_question_to_the_address(void **state)
{
    (void)state;
    GByteArray *m = response("assets.nflxext.com");
    add_cname(m, "assets.nflxext.com", "assets.nflxext.com.edgesuite.net");
    add_cname(m, "assets.nflxext.com.edgesuite.net", "a1.b.akamai.net");
    add_addr(m, "a1.b.akamai.net", "23.57.80.120");
    assert_says(m, "assets.nflxext.com>assets.nflxext.com.edgesuite.net>a1.b.akamai.net=23.57.80.120");
}

static void the_order_of_the_records_does_not_count(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_addr(m, "c.test", "192.0.2.3");
    add_cname(m, "b.test", "c.test");
    add_addr(m, "a.test", "192.0.2.1");
    add_cname(m, "a.test", "b.test");
    assert_says(m, "a.test=192.0.2.1; a.test>b.test>c.test=192.0.2.3");
}

static void records_that_the_question_does_not_lead_to_are_left_out(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_addr(m, "evil.test", "192.0.2.66");
    add_cname(m, "evil.test", "a.test");
    add_addr(m, "a.test", "192.0.2.1");
    add_record(m, "a.test", NS, "\2ns\0", 4);
    add_record(m, "", OPT, "", 0);
    add_addr(m, "ns", "192.0.2.53");
    assert_says(m, "a.test=192.0.2.1");
}

static void only_the_first_question_counts(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    m->data[5] = 2;
    put_name(m, "b.test");
    put16(m, A);
    put16(m, 1);
    add_addr(m, "b.test", "192.0.2.2");
    add_addr(m, "a.test", "192.0.2.1");
    assert_says(m, "a.test=192.0.2.1");
}

static void https_records_give_their_address_hints(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_svcb(m, HTTPS, "a.test", 1, "", "192.0.2.1 2001:db8::1");
    assert_says(m, "a.test=192.0.2.1; a.test=2001:db8::1");

    m = response("a.test");
    add_svcb(m, SVCB, "a.test", 1, "pool.test", "192.0.2.7");
    add_addr(m, "pool.test", "192.0.2.8"); /* as in the additional section */
    assert_says(m, "a.test>pool.test=192.0.2.7; a.test>pool.test=192.0.2.8");
}

static void a_list_of_hints_gives_all_of_them_and_no_half_one(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_record(m, "a.test", HTTPS, "\0\1\0\0\4\0\12\xc0\0\2\1\xc0\0\2\2\xc0\0", 17);
    assert_says(m, "a.test=192.0.2.1; a.test=192.0.2.2");
}

static void an_https_alias_is_followed_like_a_cname(void **state)
{
    (void)state;
    GByteArray *m = response("film.test");
    add_svcb(m, HTTPS, "film.test", 0, "svc.cdn.test", "");
    add_svcb(m, HTTPS, "svc.cdn.test", 1, "", "192.0.2.9");
    assert_says(m, "film.test>svc.cdn.test=192.0.2.9");
}

static void several_targets_of_one_name_are_all_followed(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_cname(m, "a.test", "b.test");
    add_cname(m, "a.test", "c.test");
    add_addr(m, "b.test", "192.0.2.2");
    add_addr(m, "c.test", "192.0.2.3");
    assert_says(m, "a.test>b.test=192.0.2.2; a.test>c.test=192.0.2.3");
}

static void aliases_in_a_ring_end(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_cname(m, "a.test", "b.test");
    add_cname(m, "b.test", "a.test");
    add_cname(m, "b.test", "b.test");
    add_addr(m, "b.test", "192.0.2.2");
    assert_says(m, "a.test>b.test=192.0.2.2");
}

static void a_chain_ends_at_its_cap(void **state)
{
    (void)state;
    GByteArray *m = response("n0");
    for (int i = 0; i < 40; i++) {
        char *from = g_strdup_printf("n%d", i), *to = g_strdup_printf("n%d", i + 1);
        add_cname(m, from, to);
        g_free(from);
        g_free(to);
    }
    add_addr(m, "n15", "192.0.2.15");
    add_addr(m, "n16", "192.0.2.16");
    char *said = answers_of(m->data, m->len);
    assert_true(g_str_has_suffix(said, ">n15=192.0.2.15"));
    g_free(said);
    g_byte_array_free(m, TRUE);
}

static void count_answer(const qoe_dns_answer *answer, void *user_data)
{
    (void)answer;
    ++*(size_t *)user_data;
}

static void a_message_reports_no_more_than_its_cap(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    for (unsigned i = 0; i < 500; i++) {
        const uint8_t addr[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)(i + 1)};
        add_record(m, "a.test", A, addr, 4);
    }
    size_t called = 0;
    assert_int_equal(qoe_dns_parse(m->data, m->len, count_answer, &called), QOE_DNS_ANSWERS_MAX);
    assert_int_equal(called, QOE_DNS_ANSWERS_MAX);
    g_byte_array_free(m, TRUE);
}

/* As content networks answer: a chain of long names, then many addresses, in more bytes than UDP once carried. */
static void a_long_answer_is_read_to_its_end(void **state)
{
    (void)state;
    GByteArray *m = response("www.video.test");
    GString *owner = g_string_new("www.video.test");
    for (unsigned i = 0; i < 12; i++) {
        char *target = g_strdup_printf("edge-%u.of-a-content-network-with-a-long-name.example", i);
        add_cname(m, owner->str, target);
        g_string_assign(owner, target);
        g_free(target);
    }
    for (unsigned i = 0; i < 40; i++)
        add_record(m, owner->str, A, (const uint8_t[]){192, 0, 2, (uint8_t)i}, 4);
    assert_in_range(m->len, 3000, 5000);
    char *said = answers_of(m->data, m->len);
    assert_true(g_str_has_suffix(said, "edge-11.of-a-content-network-with-a-long-name.example=192.0.2.39"));
    g_free(said);
    g_string_free(owner, TRUE);
    g_byte_array_free(m, TRUE);
}

static void the_address_of_nowhere_is_no_server(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_addr(m, "a.test", "0.0.0.0");
    add_addr(m, "a.test", "::");
    assert_says(m, "");
}

static void compressed_names_are_read(void **state)
{
    (void)state;
    GByteArray *m = response("www.a.test"); /* the name is at 12, "a.test" at 16 */
    put16(m, 0xc00c);
    put_head(m, CNAME, 6);
    g_byte_array_append(m, (const uint8_t *)"\3cdn\xc0\x10", 6);
    put16(m, (unsigned)(0xc000 | (m->len - 6)));
    put_head(m, A, 4);
    g_byte_array_append(m, (const uint8_t *)"\xc0\0\2\1", 4);
    assert_says(m, "www.a.test>cdn.a.test=192.0.2.1");
}

static void pointers_that_do_not_lead_backwards_end_the_reading(void **state)
{
    (void)state;
    static const uint8_t pointers[][2] = {{0xc0, 24}, {0xc0, 26}, {0xc0, 200}, {0xff, 0xff}, {0x80, 12}, {0x40, 12}};
    for (size_t i = 0; i < G_N_ELEMENTS(pointers); i++) {
        GByteArray *m = response("a.test"); /* 12 + 8 + 4: the record's name is at 24 */
        g_byte_array_append(m, pointers[i], 2);
        put_head(m, A, 4);
        g_byte_array_append(m, (const uint8_t *)"\xc0\0\2\1", 4);
        assert_says(m, "");
    }
    GByteArray *m = response("a.test"); /* labels, then back to their own start */
    g_byte_array_append(m, (const uint8_t *)"\1x\xc0\x18", 4);
    put_head(m, A, 4);
    g_byte_array_append(m, (const uint8_t *)"\xc0\0\2\1", 4);
    assert_says(m, "");
}

static void a_name_that_is_too_long_ends_the_reading(void **state)
{
    (void)state;
    char label[64] = {0}, name[300] = {0};
    memset(label, 'a', 63);
    for (int i = 0; i < 3; i++) {
        strcat(name, label);
        strcat(name, ".");
    }
    label[61] = '\0'; /* 3 * 64 + 61 = 253 characters: as long as a name can be */
    strcat(name, label);
    GByteArray *m = response(name);
    add_addr(m, name, "192.0.2.1");
    char *expected = g_strdup_printf("%s=192.0.2.1", name);
    assert_says(m, expected);
    g_free(expected);

    strcat(name, "a");
    m = response(name);
    add_addr(m, name, "192.0.2.1");
    assert_says(m, "");
}

static void queries_errors_and_other_operations_give_nothing(void **state)
{
    (void)state;
    static const uint8_t flags[][2] = {{0x01, 0x00}, {0x81, 0x83}, {0x81, 0x82}, {0xa8, 0x00}};
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
        GByteArray *m = response("a.test");
        add_addr(m, "a.test", "192.0.2.1");
        memcpy(m->data + 2, flags[i], 2);
        assert_says(m, "");
    }
    GByteArray *m = response("a.test");
    add_addr(m, "a.test", "192.0.2.1");
    m->data[5] = 0; /* no question */
    assert_says(m, "");
}

static void a_message_cut_anywhere_gives_the_records_before_the_cut(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_addr(m, "a.test", "192.0.2.1");
    const size_t first = m->len;
    add_cname(m, "a.test", "b.test");
    add_addr(m, "b.test", "2001:db8::2");
    const size_t second = m->len;
    m->data[2] |= 0x02; /* TC */
    add_svcb(m, HTTPS, "a.test", 1, "", "192.0.2.3");
    for (size_t len = 0; len <= m->len; len++) {
        char *said = answers_of(m->data, len);
        const char *expected = len < first    ? ""
                               : len < second ? "a.test=192.0.2.1"
                               : len < m->len ? "a.test=192.0.2.1; a.test>b.test=2001:db8::2"
                                              : "a.test=192.0.2.1; a.test=192.0.2.3; a.test>b.test=2001:db8::2";
        assert_string_equal(said, expected);
        g_free(said);
    }
    g_byte_array_free(m, TRUE);
}

static void wrong_lengths_in_records_do_no_harm(void **state)
{
    (void)state;
    GByteArray *m = response("a.test");
    add_record(m, "a.test", A, "\1\2\3", 3);
    add_record(m, "a.test", AAAA, "\1\2\3\4", 4);
    add_record(m, "a.test", CNAME, "", 0);
    add_record(m, "a.test", CNAME, "\7long", 5); /* its name would run into the next record */
    add_record(m, "a.test", HTTPS, "\0", 1);
    add_record(m, "a.test", HTTPS, "\0\1\5ab", 5);
    add_record(m, "a.test", HTTPS, "\0\1\0\0\4\xff\xff\1\2\3", 10);
    add_addr(m, "a.test", "192.0.2.1");
    assert_says(m, "a.test=192.0.2.1");
    m = response("a.test");
    memset(m->data + 6, 0xff, 6); /* 65,535 records in each section */
    assert_says(m, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_both_families_are_reported),
        cmocka_unit_test(names_come_in_lower_case_with_odd_bytes_masked),
        cmocka_unit_test(a_chain_of_aliases_leads_from_the_question_to_the_address),
        cmocka_unit_test(the_order_of_the_records_does_not_count),
        cmocka_unit_test(records_that_the_question_does_not_lead_to_are_left_out),
        cmocka_unit_test(only_the_first_question_counts),
        cmocka_unit_test(https_records_give_their_address_hints),
        cmocka_unit_test(a_list_of_hints_gives_all_of_them_and_no_half_one),
        cmocka_unit_test(an_https_alias_is_followed_like_a_cname),
        cmocka_unit_test(several_targets_of_one_name_are_all_followed),
        cmocka_unit_test(aliases_in_a_ring_end),
        cmocka_unit_test(a_chain_ends_at_its_cap),
        cmocka_unit_test(a_message_reports_no_more_than_its_cap),
        cmocka_unit_test(a_long_answer_is_read_to_its_end),
        cmocka_unit_test(the_address_of_nowhere_is_no_server),
        cmocka_unit_test(compressed_names_are_read),
        cmocka_unit_test(pointers_that_do_not_lead_backwards_end_the_reading),
        cmocka_unit_test(a_name_that_is_too_long_ends_the_reading),
        cmocka_unit_test(queries_errors_and_other_operations_give_nothing),
        cmocka_unit_test(a_message_cut_anywhere_gives_the_records_before_the_cut),
        cmocka_unit_test(wrong_lengths_in_records_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
