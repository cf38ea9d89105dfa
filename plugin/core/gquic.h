/* The server name in the hello of Google's QUIC before it used TLS (Q039 to Q046): it was sent in the open. Dead on
 * the net since 2021, alive in captures of YouTube.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GQUIC_H
#define QOE_GQUIC_H

#include "sni.h"

/* Is this Google's short form? Neither the long-header bit nor the fixed bit of the IETF's (RFC 9000 17.3.1) is set. */
bool qoe_gquic_is_short(const uint8_t *datagram, size_t captured);

/* Such a packet with a version in it, which clients send until the server has answered. */
bool qoe_gquic_has_version(const uint8_t *datagram, size_t captured);

/* True if the datagram starts with a CHLO message that names a server; name is then set as by qoe_sni_copy_name. */
bool qoe_gquic_find_name(const uint8_t *datagram, size_t captured, char name[QOE_SNI_MAX]);

#endif
