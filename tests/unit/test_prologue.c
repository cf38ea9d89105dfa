/* What holds for the words before a connection's own first bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "prologue.h"

/* From a copy of the exact size, so that a sanitizer sees every read behind it. */
static size_t length_of(const char *bytes, size_t have)
{
    uint8_t *copy = malloc(have ? have : 1);
    memcpy(copy, bytes, have);
    const size_t len = qoe_prologue_len(copy, have);
    free(copy);
    return len;
}

#define TEXT(bytes) bytes, sizeof bytes - 1

/* All of it is skipped, whatever follows; of any part of it the rest is waited for. */
static void assert_prologue(const char *bytes, size_t len)
{
    char with_hello[300];
    for (size_t have = 1; have < len; have++)
        assert_true(length_of(bytes, have) == QOE_PROLOGUE_MORE);
    memcpy(with_hello, bytes, len);
    memcpy(with_hello + len, "\x16\x03\x01", 3);
    assert_int_equal(length_of(with_hello, len + 3), len);
}

static void what_a_client_says_to_an_http_proxy_is_skipped(void **state)
{
    (void)state;
    assert_prologue(TEXT("CONNECT www.video.test:443 HTTP/1.1\r\nHost: www.video.test:443\r\n\r\n"));
}

static void what_a_client_says_to_a_socks_proxy_is_skipped(void **state)
{
    (void)state;
    assert_prologue(TEXT("\x05\x01\x00\x05\x01\x00\x01\xc0\x00\x02\x01\x01\xbb"));
    assert_prologue(TEXT("\x05\x02\x00\x02\x05\x01\x00\x03\x0ewww.video.test\x01\xbb"));
    assert_prologue(TEXT("\x05\x01\x02\x01\x04user\x06secret\x05\x01\x00\x04"
                         "0123456789abcdef\x01\xbb"));
    assert_prologue(TEXT("\x04\x01\x01\xbb\xc0\x00\x02\x01user\x00"));
    assert_prologue(TEXT("\x04\x01\x01\xbb\x00\x00\x00\x01\x00www.video.test\x00"));
}

static void what_a_load_balancer_says_is_skipped(void **state)
{
    (void)state;
    assert_prologue(TEXT("PROXY TCP4 10.0.0.1 192.0.2.1 50000 443\r\n"));
    assert_prologue(TEXT("\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c"
                         "\x0a\x00\x00\x01\xc0\x00\x02\x01\xc3\x50\x01\xbb"));
}

static void other_words_are_none(void **state)
{
    (void)state;
    assert_int_equal(length_of(TEXT("\x16\x03\x01")), 0);
    assert_int_equal(length_of(TEXT("GET / HTTP/1.1\r\n\r\n")), 0);
    assert_int_equal(length_of(TEXT("CONTENT")), 0);
    assert_int_equal(length_of(TEXT("\x04\x02\x01\xbb\xc0\x00\x02\x01u\x00")), 0);                /* SOCKS 4: BIND */
    assert_int_equal(length_of(TEXT("\x05\x01\x00\x05\x03\x00\x01\xc0\x00\x02\x01\x01\xbb")), 0); /* UDP ASSOCIATE */
    assert_int_equal(length_of("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_client_says_to_an_http_proxy_is_skipped),
        cmocka_unit_test(what_a_client_says_to_a_socks_proxy_is_skipped),
        cmocka_unit_test(what_a_load_balancer_says_is_skipped),
        cmocka_unit_test(other_words_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
