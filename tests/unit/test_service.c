/* What holds for service rules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>

#include "service.h"

static int new_rules(void **state)
{
    *state = qoe_rules_new();
    return *state ? 0 : -1;
}

static int free_rules(void **state)
{
    qoe_rules_free(*state);
    return 0;
}

static const char *by_addr(const qoe_rules *rules, const char *text)
{
    qoe_addr addr;
    assert_true(qoe_addr_parse(text, &addr));
    return qoe_rules_by_addr(rules, &addr);
}

static void add(qoe_rules *rules, const char *service, const char *match)
{
    char *error = NULL;
    const bool added = qoe_rules_add(rules, service, match, &error);
    assert_null(error);
    assert_true(added);
}

/* Asserts that the rule is refused with words that contain `word`. */
static void assert_refused(const char *service, const char *match, const char *word)
{
    char *error = NULL;
    assert_false(qoe_rule_check(service, match, &error));
    assert_non_null(error);
    if (!strstr(error, word))
        fail_msg("\"%s\" does not say \"%s\"", error, word);
    g_free(error);
}

static void the_well_known_services_are_built_in(void **state)
{
    static const char *const names[][2] = {
        {"ipv4-c071-fra002-ix.1.oca.nflxvideo.net", "Netflix"},
        {"www.netflix.com", "Netflix"},
        {"rr3---sn-4g5e6nsz.googlevideo.com", "YouTube"},
        {"i.ytimg.com", "YouTube"},
        {"video-edge-c2a.fra02.abs.hls.ttvnw.net", "Twitch"},
        {"s3-iad-2.cf.dash.row.aiv-cdn.net", "Prime Video"},
        {"vod-akc-eu-west-1.media.dssott.com", "Disney+"},
        {"manifest-dp.hulustream.com", "Hulu"},
        {"akm.prd.media.hbomax.com", "Max"},
        {"player.vimeo.com", "Vimeo"},
        {"tv.apple.com", "Apple TV+"},
        {"cdn2.video.test", "Lab"},
        {"fast.com", "fast.com"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        assert_string_equal(qoe_rules_by_name(*state, names[i][0]), names[i][1]);
    assert_string_equal(by_addr(*state, "198.38.120.166"), "Netflix");
    assert_string_equal(by_addr(*state, "2a00:86c0:1::1"), "Netflix");
    assert_null(by_addr(*state, "142.250.1.1"));
}

static void hosts_of_everybody_are_nobodys(void **state)
{
    static const char *const names[] = {"m.media-amazon.com",
                                        "www.amazon.com",
                                        "lh3.ggpht.com",
                                        "www.google.com",
                                        "a1.akamaized.net",
                                        "d1.cloudfront.net",
                                        "www.apple.com",
                                        "com",
                                        "net",
                                        ""};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        assert_null(qoe_rules_by_name(*state, names[i]));
}

static void a_suffix_matches_on_label_borders_only(void **state)
{
    assert_string_equal(qoe_rules_by_name(*state, "nflxvideo.net"), "Netflix");
    assert_string_equal(qoe_rules_by_name(*state, "a.nflxvideo.net"), "Netflix");
    assert_null(qoe_rules_by_name(*state, "notnflxvideo.net"));
    assert_null(qoe_rules_by_name(*state, "notnetflix.com"));
    assert_null(qoe_rules_by_name(*state, "netflix.com.example.org"));
    assert_null(qoe_rules_by_name(*state, "apple.com"));
    assert_null(qoe_rules_by_name(*state, ".com"));
}

static void capital_letters_and_a_final_dot_change_nothing(void **state)
{
    assert_string_equal(qoe_rules_by_name(*state, "WWW.NetFlix.COM."), "Netflix");
    add(*state, "Campus", " Films.Example.ORG. ");
    assert_string_equal(qoe_rules_by_name(*state, "a.films.example.org"), "Campus");
}

static void added_rules_come_before_built_in_ones_even_when_shorter(void **state)
{
    add(*state, "Mine", "net");
    assert_string_equal(qoe_rules_by_name(*state, "a.nflxvideo.net"), "Mine");
    add(*state, "My net", "198.0.0.0/8");
    assert_string_equal(by_addr(*state, "198.38.120.166"), "My net");
    assert_string_equal(by_addr(*state, "45.57.1.1"), "Netflix");
}

static void the_longest_added_match_wins_in_any_order(void **state)
{
    add(*state, "Short", "example.org");
    add(*state, "Long", "films.example.org");
    add(*state, "Middle", "s.example.org");
    assert_string_equal(qoe_rules_by_name(*state, "a.films.example.org"), "Long");
    assert_string_equal(qoe_rules_by_name(*state, "films.example.org"), "Long");
    assert_string_equal(qoe_rules_by_name(*state, "a.example.org"), "Short");
    add(*state, "Wide", "10.0.0.0/8");
    add(*state, "Host", "10.1.2.3");
    add(*state, "Narrow", "10.1.0.0/16");
    assert_string_equal(by_addr(*state, "10.1.2.3"), "Host");
    assert_string_equal(by_addr(*state, "10.1.2.4"), "Narrow");
    assert_string_equal(by_addr(*state, "10.2.2.4"), "Wide");
}

static void of_two_rules_with_one_match_the_last_counts(void **state)
{
    add(*state, "First", "example.org");
    add(*state, "Second", "example.org");
    assert_string_equal(qoe_rules_by_name(*state, "example.org"), "Second");
    add(*state, "First", "10.0.0.0/8");
    add(*state, "Second", "10.0.0.0/8");
    assert_string_equal(by_addr(*state, "10.0.0.1"), "Second");
}

static void prefixes_shorter_than_a_byte_hold_all_that_they_say(void **state)
{
    add(*state, "Short v4", "96.0.0.0/3");
    add(*state, "Short v6", "4000::/2");
    add(*state, "Half v4", "128.0.0.0/1");
    assert_null(by_addr(*state, "95.255.255.255"));
    assert_string_equal(by_addr(*state, "96.0.0.0"), "Short v4");
    assert_string_equal(by_addr(*state, "127.255.255.255"), "Short v4");
    assert_string_equal(by_addr(*state, "128.0.0.0"), "Half v4");
    assert_string_equal(by_addr(*state, "255.255.255.255"), "Half v4");
    assert_null(by_addr(*state, "3fff::1"));
    assert_string_equal(by_addr(*state, "4000::"), "Short v6");
    assert_string_equal(by_addr(*state, "7fff:ffff::1"), "Short v6");
    assert_null(by_addr(*state, "8000::"));
}

static void a_service_is_one_string_however_it_is_spelled(void **state)
{
    add(*state, "netflix", "cache.example.org");
    assert_ptr_equal(qoe_rules_by_name(*state, "cache.example.org"), qoe_rules_by_name(*state, "netflix.com"));
    assert_ptr_equal(qoe_rules_by_name(*state, "netflix.com"), by_addr(*state, "45.57.1.1"));
}

static void wrong_matches_are_refused_with_words_that_help(void **state)
{
    (void)state;
    assert_refused("X", "", "empty");
    assert_refused("X", NULL, "empty");
    assert_refused("X", "  ", "empty");
    assert_refused("X", "*.example.org", "write \"example.org\"");
    assert_refused("X", ".example.org", "write \"example.org\"");
    assert_refused("X", "*", "'*'");
    assert_refused("X", "*.", "every name");
    assert_refused("X", ".", "every name");
    assert_refused("X", "a*.example.org", "'*' is not supported");
    assert_refused("X", "https://www.example.org/watch?v=1", "only its host name: \"www.example.org\"");
    assert_refused("X", "https://me@www.example.org:8443/", "only its host name: \"www.example.org\"");
    assert_refused("X", "www.example.org/watch", "only its host name: \"www.example.org\"");
    assert_refused("X", "www.example.org:443", "only its host name: \"www.example.org\"");
    assert_refused("X", "http://", "host name");
    assert_refused("X", "198.38.120.166/19", "the prefix is \"198.38.96.0/19\"");
    assert_refused("X", "2001:db8::1/32", "the prefix is \"2001:db8::/32\"");
    assert_refused("X", "198.38.96.0/33", "/1 to /32");
    assert_refused("X", "198.38.96.0/", "/1 to /32");
    assert_refused("X", "2001:db8::/129", "/1 to /128");
    assert_refused("X", "0.0.0.0/0", "every address");
    assert_refused("X", "::/0", "every address");
    assert_refused("X", "198.38.96/19", "is not an address");
    assert_refused("X", "198.38.96.300", "is not an address");
    assert_refused("X", "2001:db8/32", "is not an address");
    assert_refused("X", "a..example.org", "empty part");
    assert_refused("X", "example.org..", "empty part");
    assert_refused("X", "exa mple.org", "cannot be");
    assert_refused("X", "m\xc3\xbcller.example", "xn--");
    assert_refused("X", "0123456789012345678901234567890123456789012345678901234567890123.org", "63");
}

static void a_name_of_254_characters_is_refused_and_one_of_253_taken(void **state)
{
    char name[255];
    for (size_t i = 0; i < 254; i++)
        name[i] = i % 50 == 49 ? '.' : 'a';
    name[254] = '\0';
    assert_refused("X", name, "253");
    name[253] = '\0';
    add(*state, "Long", name);
    assert_string_equal(qoe_rules_by_name(*state, name), "Long");
}

static void wrong_service_names_are_refused_with_words_that_help(void **state)
{
    (void)state;
    assert_refused("", "example.org", "service is empty");
    assert_refused(NULL, "example.org", "service is empty");
    assert_refused(" \t", "example.org", "service is empty");
    assert_refused("a\nb", "example.org", "cannot be shown");
    assert_refused("\xff\xfe", "example.org", "cannot be shown");
    assert_refused("Untagged", "example.org", "take another");
    assert_refused("01234567890123456789012345678901234567890123456789012345678901234", "example.org", "64");
}

static void a_refused_rule_changes_nothing(void **state)
{
    assert_false(qoe_rules_add(*state, "X", "*.netflix.com", NULL));
    assert_false(qoe_rules_add(*state, "", "netflix.com", NULL));
    assert_string_equal(qoe_rules_by_name(*state, "www.netflix.com"), "Netflix");
}

static void checking_a_good_rule_says_nothing(void **state)
{
    (void)state;
    char *error = (char *)"old";
    assert_true(qoe_rule_check("Lab", "video.test", &error));
    assert_null(error);
    assert_true(qoe_rule_check("Lab", "10.0.0.1", NULL));
    assert_true(qoe_rule_check("Lab", "2001:db8::/32", NULL));
    assert_true(qoe_rule_check("Lab", "intranet", NULL));
    assert_true(qoe_rule_check("\xc3\x84rte", "face.cafe", NULL)); /* hexadecimal letters only, yet a name */
}

static void names_of_any_length_and_shape_are_harmless(void **state)
{
    char name[4096];
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_null(qoe_rules_by_name(*state, name));
    memset(name, '.', sizeof name - 1);
    assert_null(qoe_rules_by_name(*state, name));
    name[200] = '\0';
    assert_null(qoe_rules_by_name(*state, name));
    for (int i = 0; i < 240; i += 2)
        memcpy(name + i, "a.", 2);
    strcpy(name + 240, "netflix.com");
    assert_string_equal(qoe_rules_by_name(*state, name), "Netflix");
}

static void speed_tests_and_uploads_are_not_films(void **state)
{
    assert_false(qoe_service_is_film(qoe_rules_by_name(*state, "fast.com")));
    assert_false(qoe_service_is_film(qoe_rules_by_name(*state, "www.fast.com")));
    assert_false(qoe_service_is_film(qoe_rules_by_name(*state, "upload.youtube.com")));
    assert_true(qoe_service_is_film(qoe_rules_by_name(*state, "netflix.com")));
    assert_true(qoe_service_is_film(QOE_SERVICE_UNTAGGED));
}

#define WITH_RULES(test) cmocka_unit_test_setup_teardown(test, new_rules, free_rules)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RULES(the_well_known_services_are_built_in),
        WITH_RULES(hosts_of_everybody_are_nobodys),
        WITH_RULES(a_suffix_matches_on_label_borders_only),
        WITH_RULES(capital_letters_and_a_final_dot_change_nothing),
        WITH_RULES(added_rules_come_before_built_in_ones_even_when_shorter),
        WITH_RULES(the_longest_added_match_wins_in_any_order),
        WITH_RULES(of_two_rules_with_one_match_the_last_counts),
        WITH_RULES(prefixes_shorter_than_a_byte_hold_all_that_they_say),
        WITH_RULES(a_service_is_one_string_however_it_is_spelled),
        WITH_RULES(wrong_matches_are_refused_with_words_that_help),
        WITH_RULES(a_name_of_254_characters_is_refused_and_one_of_253_taken),
        WITH_RULES(wrong_service_names_are_refused_with_words_that_help),
        WITH_RULES(a_refused_rule_changes_nothing),
        WITH_RULES(checking_a_good_rule_says_nothing),
        WITH_RULES(names_of_any_length_and_shape_are_harmless),
        WITH_RULES(speed_tests_and_uploads_are_not_films),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
