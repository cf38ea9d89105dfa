/* The protection of QUIC Initial packets: anybody who sees the first one can derive its keys (RFC 9001 5).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QUIC_KEYS_H
#define QOE_QUIC_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QOE_QUIC_V1 0x00000001u
#define QOE_QUIC_V2 0x6b3343cfu
#define QOE_QUIC_CID_MAX 20 /* bytes of a connection id, RFC 9000 17.2 */

/* What the client protects its Initial packets with: AES-128-GCM, headers by AES-128-ECB. */
typedef struct {
    uint8_t key[16];
    uint8_t iv[12];
    uint8_t hp[16];
} qoe_quic_keys;

/* True for the versions whose Initial packets can be opened: 1, 2, the drafts 22 to 34 and Facebook's two names for
 * drafts. */
bool qoe_quic_version_known(uint32_t version);

/* Derives the client's keys from the Destination Connection ID of its first Initial packet. False if the version is not
 * known or libgcrypt refuses. */
bool qoe_quic_keys_derive(uint32_t version, const uint8_t *dcid, size_t dcid_len, qoe_quic_keys *keys);

/* Opens an Initial packet in place: len bytes from its first byte to the end of its payload, the packet number at
 * pn_at. On success *payload_at and *payload_len say where the frames are. False if it was not protected with these
 * keys; the packet's bytes are then undefined. */
bool qoe_quic_open(const qoe_quic_keys *keys, uint8_t *packet, size_t len, size_t pn_at, size_t *payload_at,
                   size_t *payload_len);

#endif
