/* The server name in the hello of Google's QUIC before it used TLS (Q039 to Q046): it was sent in the open. Dead on
 * the net since 2021, alive in captures of YouTube.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GQUIC_H
#define QOE_GQUIC_H

#include "sni.h"

/* True if the datagram starts with a CHLO message that names a server; name is then set as by qoe_sni_copy_name. */
bool qoe_gquic_find_name(const uint8_t *datagram, size_t captured, char name[QOE_SNI_MAX]);

#endif
