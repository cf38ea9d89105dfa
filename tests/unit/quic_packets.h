/* Makes protected QUIC Initial packets for tests, with keys given from outside: nothing here derives keys, so that it
 * can stand as a witness against the code under test.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_QUIC_PACKETS_H
#define QOE_TEST_QUIC_PACKETS_H

#include <gcrypt.h>
#include <glib.h>
#include <string.h>

#include "quic_keys.h"

/* The connection id of all published examples. */
#define EXAMPLE_DCID "8394c8f03e515708"

static inline GByteArray *bytes_of(const char *hex)
{
    GByteArray *bytes = g_byte_array_new();
    for (; hex[0] && hex[1]; hex += 2) {
        const uint8_t byte = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        g_byte_array_append(bytes, &byte, 1);
    }
    return bytes;
}

static inline void copy_hex(const char *hex, uint8_t *out)
{
    GByteArray *bytes = bytes_of(hex);
    memcpy(out, bytes->data, bytes->len);
    g_byte_array_free(bytes, TRUE);
}

static inline qoe_quic_keys keys_of(const char *key, const char *iv, const char *hp)
{
    qoe_quic_keys keys;
    copy_hex(key, keys.key);
    copy_hex(iv, keys.iv);
    copy_hex(hp, keys.hp);
    return keys;
}

/* RFC 9001 A.1, RFC 9369 A.1, and appendix A.1 of the drafts. */
static inline qoe_quic_keys keys_v1(void)
{
    return keys_of("1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2");
}

static inline qoe_quic_keys keys_v2(void)
{
    return keys_of("8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9");
}

static inline qoe_quic_keys keys_draft_29(void)
{
    return keys_of("175257a31eb09dea9366d8bb79ad80ba", "6b26114b9cba2b63a9e8dd4f", "9ddd12c994c0698b89374a9c077a3077");
}

static inline qoe_quic_keys keys_draft_23(void)
{
    return keys_of("af7fd7efebd21878ff66811248983694", "8681359410a70bb9c92f0420", "a980b8b4fb7d9fbc13e814c23164253d");
}

/* Draft 22 still printed the example of draft 20's salt; these were computed with Python's hmac. */
static inline qoe_quic_keys keys_draft_22(void)
{
    return keys_of("07863d9c083786bc86766ce0d02bf93f", "fb33da41a8f297d482df670e", "48dbcf44e335508f7f23fb2c3790a37c");
}

static inline void append_varint(GByteArray *bytes, size_t value)
{
    uint8_t two[2] = {(uint8_t)(0x40 | value >> 8), (uint8_t)value}; /* always in two bytes: up to 16,383 */
    g_byte_array_append(bytes, two, 2);
}

/* The packet `header` (in hex, unprotected, up to and with the packet number of pn_len bytes) with `payload`. */
static inline GByteArray *protect(const qoe_quic_keys *keys, const char *header, size_t pn_len,
                                  const GByteArray *payload)
{
    GByteArray *packet = bytes_of(header);
    const size_t head_len = packet->len, pn_at = head_len - pn_len;
    uint8_t nonce[12], mask[16], tag[16];
    memcpy(nonce, keys->iv, sizeof nonce);
    for (size_t i = 0; i < pn_len; i++)
        nonce[12 - pn_len + i] ^= packet->data[pn_at + i];
    g_byte_array_append(packet, payload->data, payload->len);

    gcry_cipher_hd_t cipher;
    gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_GCM, 0);
    gcry_cipher_setkey(cipher, keys->key, 16);
    gcry_cipher_setiv(cipher, nonce, 12);
    gcry_cipher_authenticate(cipher, packet->data, head_len);
    gcry_cipher_encrypt(cipher, packet->data + head_len, payload->len, NULL, 0);
    gcry_cipher_gettag(cipher, tag, 16);
    gcry_cipher_close(cipher);
    g_byte_array_append(packet, tag, 16);

    gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_ECB, 0);
    gcry_cipher_setkey(cipher, keys->hp, 16);
    gcry_cipher_encrypt(cipher, mask, 16, packet->data + pn_at + 4, 16);
    gcry_cipher_close(cipher);
    packet->data[0] ^= mask[0] & 0x0f;
    for (size_t i = 0; i < pn_len; i++)
        packet->data[pn_at + i] ^= mask[1 + i];
    return packet;
}

/* A client's Initial packet of version 1 for EXAMPLE_DCID with a packet number of two bytes. */
static inline GByteArray *initial_v1(const qoe_quic_keys *keys, const char *dcid, const char *token, unsigned pn,
                                     const GByteArray *payload)
{
    GByteArray *lengths = g_byte_array_new();
    append_varint(lengths, strlen(token) / 2);
    append_varint(lengths, payload->len + 2 + 16);
    char *header = g_strdup_printf("c100000001%02x%s00%02x%02x%s%02x%02x%04x", (unsigned)strlen(dcid) / 2, dcid,
                                   lengths->data[0], lengths->data[1], token, lengths->data[2], lengths->data[3], pn);
    GByteArray *packet = protect(keys, header, 2, payload);
    g_free(header);
    g_byte_array_free(lengths, TRUE);
    return packet;
}

/* The ClientHello of RFC 9001 A.2: for example.com, 241 bytes. */
#define EXAMPLE_HELLO                                                                                                  \
    "010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c000004130113020100"                   \
    "00c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e"             \
    "000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b00"     \
    "03020304000d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffffffffffffffff0504"         \
    "8000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff"

enum { HELLO_LEN = 241 };

static inline GByteArray *join(GByteArray *first, GByteArray *second)
{
    g_byte_array_append(first, second->data, second->len);
    g_byte_array_free(second, TRUE);
    return first;
}

/* A CRYPTO frame with the bytes [start, end) of the example's hello. */
static inline GByteArray *crypto(size_t start, size_t end)
{
    GByteArray *hello = bytes_of(EXAMPLE_HELLO), *frame = bytes_of("06");
    append_varint(frame, start);
    append_varint(frame, end - start);
    g_byte_array_append(frame, hello->data + start, (guint)(end - start));
    g_byte_array_free(hello, TRUE);
    return frame;
}

/* A packet of version 1 for the example's connection id; frees the frames. */
static inline GByteArray *packet_of(unsigned pn, GByteArray *frames)
{
    const qoe_quic_keys keys = keys_v1();
    GByteArray *packet = initial_v1(&keys, EXAMPLE_DCID, "", pn, frames);
    g_byte_array_free(frames, TRUE);
    return packet;
}

#endif
