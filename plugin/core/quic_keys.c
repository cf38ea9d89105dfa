/* The protection of QUIC Initial packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quic_keys.h"

#include <gcrypt.h>
#include <glib.h>
#include <string.h>

enum { SECRET_LEN = 32, SALT_LEN = 20, SAMPLE_LEN = 16, TAG_LEN = 16, PN_LEN_MAX = 4, LABEL_MAX = 18 };

/* A salt for each period in which the wire format stayed the same, and whether labels say "quicv2". */
typedef struct {
    uint32_t first, last; /* versions */
    bool v2;
    uint8_t salt[SALT_LEN];
} generation;

static const generation generations[] = {
    {QOE_QUIC_V1, /* RFC 9001 5.2 */
     QOE_QUIC_V1,
     false,
     {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
      0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    {QOE_QUIC_V2, /* RFC 9369 3.3.1 */
     QOE_QUIC_V2,
     true,
     {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
      0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9}},
    {0xff000021, /* draft-ietf-quic-tls-33 and 34: as RFC 9001 */
     0xff000022,
     false,
     {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
      0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    {0xff00001d, /* drafts 29 to 32 */
     0xff000020,
     false,
     {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
      0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}},
    {0xff000017, /* drafts 23 to 28 */
     0xff00001c,
     false,
     {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
      0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}},
    {0xff000016, /* draft 22, the first with today's long header */
     0xff000016,
     false,
     {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
      0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a}},
};

/* Facebook's implementation (mvfst) gave drafts names of its own. */
static uint32_t plain_version(uint32_t version)
{
    switch (version) {
    case 0xfaceb001:
        return 0xff000016;
    case 0xfaceb002:
        return 0xff00001b;
    default:
        return version;
    }
}

static const generation *find_generation(uint32_t version)
{
    const uint32_t plain = plain_version(version);
    for (size_t i = 0; i < G_N_ELEMENTS(generations); i++)
        if (plain >= generations[i].first && plain <= generations[i].last)
            return &generations[i];
    return NULL;
}

bool qoe_quic_version_known(uint32_t version)
{
    return find_generation(version) != NULL;
}

/* libgcrypt wants to be initialised once a process, by the program. Wireshark does so; a test or a tool may not. */
static void ensure_gcrypt(void)
{
    if (gcry_control(GCRYCTL_ANY_INITIALIZATION_P))
        return;
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0); /* keys that everybody can derive need no locked memory */
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

static bool hmac(const uint8_t *key, size_t key_len, const uint8_t *data, size_t len, uint8_t out[SECRET_LEN])
{
    const gcry_buffer_t parts[] = {{.len = key_len, .data = (void *)key}, {.len = len, .data = (void *)data}};
    return gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, out, parts, G_N_ELEMENTS(parts)) == 0;
}

/* HKDF-Expand-Label (RFC 8446 7.1) without context, for at most one block of SHA-256 (RFC 5869 2.3). */
static bool expand_label(const uint8_t secret[SECRET_LEN], const char *label, uint8_t *out, size_t out_len)
{
    static const char prefix[] = "tls13 ";
    uint8_t info[2 + 1 + sizeof prefix - 1 + LABEL_MAX + 1 + 1], block[SECRET_LEN];
    const size_t label_len = strlen(label);
    size_t len = 0;
    info[len++] = 0;
    info[len++] = (uint8_t)out_len;
    info[len++] = (uint8_t)(sizeof prefix - 1 + label_len);
    memcpy(info + len, prefix, sizeof prefix - 1);
    len += sizeof prefix - 1;
    memcpy(info + len, label, label_len);
    len += label_len;
    info[len++] = 0; /* no context */
    info[len++] = 1; /* the first block */
    if (!hmac(secret, SECRET_LEN, info, len, block))
        return false;
    memcpy(out, block, out_len);
    return true;
}

bool qoe_quic_keys_derive(uint32_t version, const uint8_t *dcid, size_t dcid_len, qoe_quic_keys *keys)
{
    const generation *g = find_generation(version);
    uint8_t initial[SECRET_LEN], client[SECRET_LEN];
    if (!g)
        return false;
    ensure_gcrypt();
    return hmac(g->salt, SALT_LEN, dcid, dcid_len, initial) && /* HKDF-Extract */
           expand_label(initial, "client in", client, sizeof client) &&
           expand_label(client, g->v2 ? "quicv2 key" : "quic key", keys->key, sizeof keys->key) &&
           expand_label(client, g->v2 ? "quicv2 iv" : "quic iv", keys->iv, sizeof keys->iv) &&
           expand_label(client, g->v2 ? "quicv2 hp" : "quic hp", keys->hp, sizeof keys->hp);
}

/* The mask over the header's first byte and packet number (RFC 9001 5.4.3). */
static bool header_mask(const uint8_t hp[16], const uint8_t sample[SAMPLE_LEN], uint8_t mask[SAMPLE_LEN])
{
    gcry_cipher_hd_t cipher;
    if (gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_ECB, 0) != 0)
        return false;
    const bool done = gcry_cipher_setkey(cipher, hp, 16) == 0 &&
                      gcry_cipher_encrypt(cipher, mask, SAMPLE_LEN, sample, SAMPLE_LEN) == 0;
    gcry_cipher_close(cipher);
    return done;
}

/* Decrypts len bytes at text, behind which the tag stands, in place. */
static bool decrypt(const qoe_quic_keys *keys, const uint8_t nonce[12], const uint8_t *head, size_t head_len,
                    uint8_t *text, size_t len)
{
    gcry_cipher_hd_t cipher;
    if (gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_GCM, 0) != 0)
        return false;
    const bool done = gcry_cipher_setkey(cipher, keys->key, sizeof keys->key) == 0 &&
                      gcry_cipher_setiv(cipher, nonce, sizeof keys->iv) == 0 &&
                      gcry_cipher_authenticate(cipher, head, head_len) == 0 &&
                      gcry_cipher_decrypt(cipher, text, len, NULL, 0) == 0 &&
                      gcry_cipher_checktag(cipher, text + len, TAG_LEN) == 0;
    gcry_cipher_close(cipher);
    return done;
}

bool qoe_quic_open(const qoe_quic_keys *keys, uint8_t *packet, size_t len, size_t pn_at, size_t *payload_at,
                   size_t *payload_len)
{
    uint8_t mask[SAMPLE_LEN], nonce[sizeof keys->iv];
    const size_t sample_at = pn_at + PN_LEN_MAX;
    if (sample_at + SAMPLE_LEN > len || !header_mask(keys->hp, packet + sample_at, mask))
        return false;
    packet[0] = (uint8_t)(packet[0] ^ (mask[0] & 0x0f));

    /* Initial packets are numbered from 0, so the number is never cut short: what is sent is all of it. */
    const size_t pn_len = (size_t)(packet[0] & 0x03) + 1;
    memcpy(nonce, keys->iv, sizeof nonce);
    for (size_t i = 0; i < pn_len; i++) {
        packet[pn_at + i] ^= mask[1 + i];
        nonce[sizeof nonce - pn_len + i] ^= packet[pn_at + i];
    }
    *payload_at = pn_at + pn_len;
    if (*payload_at + TAG_LEN > len)
        return false;
    *payload_len = len - *payload_at - TAG_LEN;
    return decrypt(keys, nonce, packet, *payload_at, packet + *payload_at, *payload_len);
}
