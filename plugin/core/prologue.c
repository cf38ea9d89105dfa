/* What stands before a connection's own first bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "prologue.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { SOCKS4 = 4, SOCKS5 = 5, SOCKS5_PASSWORD = 1, SOCKS_CONNECT = 1, SOCKS4_HEAD_LEN = 8, PROXY2_HEAD_LEN = 16 };
enum { SOCKS5_V4 = 1, SOCKS5_NAME = 3, SOCKS5_V6 = 4, SOCKS5_REQUEST_HEAD_LEN = 4, PORT_LEN = 2 };

static bool starts_with(const uint8_t *data, size_t have, const char *start, size_t len)
{
    return have > 0 && memcmp(data, start, MIN(have, len)) == 0;
}

/* A message of len bytes at `at`: where what follows it stands, if anything does. */
static size_t behind(size_t at, size_t len, size_t have)
{
    return len <= have - at ? at + len : QOE_PROLOGUE_MORE;
}

static size_t behind_text(const uint8_t *data, size_t have, const char *end)
{
    const char *found = g_strstr_len((const char *)data, (gssize)have, end);
    return found ? (size_t)(found - (const char *)data) + strlen(end) : QOE_PROLOGUE_MORE;
}

static size_t behind_nul(const uint8_t *data, size_t have, size_t at)
{
    const uint8_t *nul = at < have ? memchr(data + at, 0, have - at) : NULL;
    return nul ? (size_t)(nul - data) + 1 : QOE_PROLOGUE_MORE;
}

/* Version, command, port, address, user; in 4a an impossible address (0.0.0.x) stands for a name behind the user. */
static size_t socks4_len(const uint8_t *data, size_t have)
{
    if (have >= 2 && data[1] != SOCKS_CONNECT)
        return 0;
    if (have < SOCKS4_HEAD_LEN)
        return QOE_PROLOGUE_MORE;
    const bool named = data[4] == 0 && data[5] == 0 && data[6] == 0 && data[7] != 0;
    const size_t at = behind_nul(data, have, SOCKS4_HEAD_LEN);
    return named && at != QOE_PROLOGUE_MORE ? behind_nul(data, have, at) : at;
}

static size_t socks5_request_end(const uint8_t *data, size_t have, size_t at)
{
    if (have - at < SOCKS5_REQUEST_HEAD_LEN + 1)
        return QOE_PROLOGUE_MORE;
    const uint8_t *head = data + at;
    if (head[0] != SOCKS5 || head[1] != SOCKS_CONNECT)
        return 0;
    const size_t address_len = head[3] == SOCKS5_V4   ? 4
                               : head[3] == SOCKS5_V6 ? 16
                                                      : 1 + (size_t)head[SOCKS5_REQUEST_HEAD_LEN];
    return behind(at, SOCKS5_REQUEST_HEAD_LEN + address_len + PORT_LEN, have);
}

/* The methods that the client knows, perhaps a user and a password, the request. */
static size_t socks5_len(const uint8_t *data, size_t have)
{
    size_t at = have >= 2 ? behind(0, 2 + (size_t)data[1], have) : QOE_PROLOGUE_MORE;
    if (at != QOE_PROLOGUE_MORE && at < have && data[at] == SOCKS5_PASSWORD) {
        size_t password = have - at >= 2 ? behind(at, 2 + (size_t)data[at + 1], have) : QOE_PROLOGUE_MORE;
        at = password < have ? behind(password, 1 + (size_t)data[password], have) : QOE_PROLOGUE_MORE;
    }
    return at < have ? socks5_request_end(data, have, at) : QOE_PROLOGUE_MORE;
}

static size_t proxy2_len(const uint8_t *data, size_t have)
{
    if (have < PROXY2_HEAD_LEN)
        return QOE_PROLOGUE_MORE;
    return behind(0, PROXY2_HEAD_LEN + ((size_t)data[14] << 8 | data[15]), have);
}

size_t qoe_prologue_len(const uint8_t *data, size_t have)
{
    static const char proxy2[] = "\r\n\r\n\0\r\nQUIT\n";
    if (starts_with(data, have, "CONNECT ", 8))
        return behind_text(data, have, "\r\n\r\n");
    if (starts_with(data, have, "PROXY ", 6))
        return behind_text(data, have, "\r\n");
    if (starts_with(data, have, proxy2, sizeof proxy2 - 1))
        return proxy2_len(data, have);
    if (have > 0 && data[0] == SOCKS5)
        return socks5_len(data, have);
    return have > 0 && data[0] == SOCKS4 ? socks4_len(data, have) : 0;
}
