/* What holds for the host in a request in the open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "http_host.h"

static char name[QOE_SNI_MAX];

/* From a copy of the exact size, so that a sanitizer sees every read behind it. */
static qoe_sni_status find(const char *head, size_t have)
{
    uint8_t *copy = malloc(have ? have : 1);
    memcpy(copy, head, have);
    memset(name, 0, sizeof name);
    const qoe_sni_status status = qoe_http_find_host(copy, have, name);
    free(copy);
    return status;
}

static void assert_host(const char *head, const char *host)
{
    assert_int_equal(find(head, strlen(head)), QOE_SNI_HOST);
    assert_string_equal(name, host);
}

static void the_host_is_read_without_its_port(void **state)
{
    (void)state;
    assert_host("GET /1.m4s HTTP/1.1\r\nHost: CDN1.video.test\r\n\r\n", "cdn1.video.test");
    assert_host("GET /1.m4s HTTP/1.1\r\nAccept: */*\r\nhost:cdn1.video.test:8080 \r\n", "cdn1.video.test");
    assert_host("POST http://a.test/ HTTP/1.1\nHost: a.test\n\n", "a.test");
}

static void a_head_cut_anywhere_waits_until_its_host_is_there(void **state)
{
    (void)state;
    static const char head[] =
        "GET /1.m4s HTTP/1.1\r\nAccept: */*\r\nHost: cdn1.video.test\r\nRange: bytes=0-1\r\n\r\n";
    const size_t end = (size_t)(strstr(head, "Range") - head);
    for (size_t have = 0; have < sizeof head; have++)
        assert_int_equal(find(head, have), have < end ? QOE_SNI_MORE : QOE_SNI_HOST);
}

static void heads_without_a_host_that_has_a_name_have_none(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "GET / HTTP/1.0\r\n\r\nHost: a.test\r\n",
        "GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GETTING\r\nHost: a.test\r\n",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        assert_int_equal(find(heads[i], strlen(heads[i])), QOE_SNI_NONE);
}

static void a_request_is_known_by_its_whole_method(void **state)
{
    (void)state;
    assert_true(qoe_http_is_request((const uint8_t *)"GET /", 5));
    assert_true(qoe_http_is_request((const uint8_t *)"OPTIONS ", 8));
    assert_false(qoe_http_is_request((const uint8_t *)"GET", 3));
    assert_false(qoe_http_is_request((const uint8_t *)"\x16\x03\x01", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_is_read_without_its_port),
        cmocka_unit_test(a_head_cut_anywhere_waits_until_its_host_is_there),
        cmocka_unit_test(heads_without_a_host_that_has_a_name_have_none),
        cmocka_unit_test(a_request_is_known_by_its_whole_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
