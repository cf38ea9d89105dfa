/* IP addresses and address prefixes: one shape for IPv4 and IPv6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "addr.h"

#include <arpa/inet.h>

enum { V4_OFFSET = 12, V4_SHIFT = 96 };

static const uint8_t v4_mapped[V4_OFFSET] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

qoe_addr qoe_addr_from_v4(const uint8_t bytes[4])
{
    qoe_addr addr;
    memcpy(addr.bytes, v4_mapped, sizeof v4_mapped);
    memcpy(addr.bytes + V4_OFFSET, bytes, 4);
    return addr;
}

qoe_addr qoe_addr_from_v6(const uint8_t bytes[16])
{
    qoe_addr addr;
    memcpy(addr.bytes, bytes, sizeof addr.bytes);
    return addr;
}

bool qoe_addr_is_v4(const qoe_addr *addr)
{
    return memcmp(addr->bytes, v4_mapped, sizeof v4_mapped) == 0;
}

bool qoe_addr_parse(const char *text, qoe_addr *addr)
{
    uint8_t bytes[16];
    if (inet_pton(AF_INET, text, bytes) == 1) {
        *addr = qoe_addr_from_v4(bytes);
        return true;
    }
    if (inet_pton(AF_INET6, text, bytes) == 1) {
        *addr = qoe_addr_from_v6(bytes);
        return true;
    }
    return false;
}

const char *qoe_addr_format(const qoe_addr *addr, char buf[QOE_ADDR_STRLEN])
{
    const bool v4 = qoe_addr_is_v4(addr);
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, addr->bytes + (v4 ? V4_OFFSET : 0), buf, QOE_ADDR_STRLEN))
        buf[0] = '\0'; /* cannot happen: the family is known and the buffer is long enough */
    return buf;
}

/* Multiply-shift hashing of two 64-bit words (Dietzfelbinger 1996). Addresses come from hostile captures, so
 * the multipliers are drawn from where the loader has put this library: nobody can prepare a capture whose
 * addresses all fall into one bucket. Nothing that is shown depends on the order of a hash table. */
unsigned qoe_addr_hash(const void *key)
{
    const qoe_addr *addr = key;
    const uint64_t seed = (uint64_t)(uintptr_t)v4_mapped;
    const uint64_t a = (seed * 0x9e3779b97f4a7c15u) | 1;
    const uint64_t b = (a ^ (a >> 29)) * 0xbf58476d1ce4e5b9u | 1;
    uint64_t high, low;
    memcpy(&high, addr->bytes, sizeof high);
    memcpy(&low, addr->bytes + 8, sizeof low);
    return (unsigned)((high * a + low * b) >> 32);
}

int qoe_addr_equal_keys(const void *a, const void *b)
{
    return qoe_addr_equal(a, b);
}

/* Reads the digits behind the slash: "0".."max", without sign, blanks or leading zeros. */
static bool parse_length(const char *digits, unsigned max, unsigned *length)
{
    unsigned value = 0;
    if (!*digits || (digits[0] == '0' && digits[1]))
        return false;
    for (; *digits; digits++) {
        if (*digits < '0' || *digits > '9')
            return false;
        value = value * 10 + (unsigned)(*digits - '0');
        if (value > max)
            return false;
    }
    *length = value;
    return true;
}

static void clear_host_bits(qoe_addr *addr, unsigned bits)
{
    for (unsigned i = bits / 8; i < sizeof addr->bytes; i++) {
        const unsigned kept = i == bits / 8 ? bits % 8 : 0;
        addr->bytes[i] = (uint8_t)(addr->bytes[i] & (0xff00u >> kept));
    }
}

bool qoe_prefix_parse(const char *text, qoe_prefix *prefix)
{
    char host[QOE_ADDR_STRLEN];
    const size_t host_len = strcspn(text, "/");
    if (host_len >= sizeof host)
        return false;
    memcpy(host, text, host_len);
    host[host_len] = '\0';

    qoe_addr addr;
    if (!qoe_addr_parse(host, &addr))
        return false;
    const bool dotted = strchr(host, ':') == NULL;
    unsigned length = dotted ? 32 : 128;
    if (text[host_len] == '/' && !parse_length(text + host_len + 1, length, &length))
        return false;

    prefix->bits = (uint8_t)(dotted ? length + V4_SHIFT : length);
    prefix->addr = addr;
    clear_host_bits(&prefix->addr, prefix->bits);
    return true;
}

bool qoe_prefix_contains(const qoe_prefix *prefix, const qoe_addr *addr)
{
    if (prefix->bits < V4_SHIFT && qoe_addr_is_v4(addr))
        return false;
    const unsigned whole = prefix->bits / 8;
    const unsigned rest = prefix->bits % 8;
    if (memcmp(prefix->addr.bytes, addr->bytes, whole) != 0)
        return false;
    if (rest == 0)
        return true;
    const unsigned mask = 0xff00u >> rest & 0xffu;
    return ((prefix->addr.bytes[whole] ^ addr->bytes[whole]) & mask) == 0;
}
