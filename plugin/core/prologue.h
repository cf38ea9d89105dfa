/* What stands before a connection's own first bytes: what a client says to a proxy (HTTP CONNECT, RFC 9110 9.3.6; SOCKS
 * 4, 4a and 5, RFC 1928 and 1929), or a load balancer to the server behind it (HAProxy's PROXY protocol, 1 and 2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PROLOGUE_H
#define QOE_PROLOGUE_H

#include <stddef.h>
#include <stdint.h>

#define QOE_PROLOGUE_MORE SIZE_MAX

/* Its length in bytes at the start of what the client sent; 0: there is none; QOE_PROLOGUE_MORE: its end is not among
 * the bytes that are there. */
size_t qoe_prologue_len(const uint8_t *data, size_t have);

#endif
