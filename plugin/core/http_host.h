/* The host that a request in the open names (RFC 9112 3.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_HTTP_HOST_H
#define QOE_HTTP_HOST_H

#include "sni.h"

/* True if a request of HTTP/1 starts here. */
bool qoe_http_is_request(const uint8_t *data, size_t have);

/* Reads the Host of a request of which so many bytes are there: QOE_SNI_HOST and name, as by qoe_sni_copy_name;
 * QOE_SNI_MORE; QOE_SNI_NONE for what is no request and for hosts without a name. */
qoe_sni_status qoe_http_find_host(const uint8_t *data, size_t have, char name[QOE_SNI_MAX]);

#endif
