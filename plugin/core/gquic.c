/* The server name in the hello of Google's QUIC before it used TLS.
 *
 * Source: "QUIC Wire Layout Specification" and "QUIC Crypto" (Google, 2014-2019), checked on captures of Q039 and Q046.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "gquic.h"

#include <string.h>

enum {
    FLAG_VERSION = 0x01, /* public flags, up to Q043 */
    FLAG_CID = 0x08,
    PUBLIC_CID_LEN = 8,
    VERSION_LEN = 4,
    HASH_LEN = 12,       /* over the packet, which is not encrypted */
    FRAME_STREAM = 0x80, /* 1FDOOOSS: fin, data length, offset length, stream id length */
    FRAME_SHAPE = 0x9f,  /* of them 1, OOO and SS: the first bytes of a stream with an id of one byte */
    CRYPTO_STREAM_ID = 1,
    TAGS_MAX = 128,
    MESSAGE_HEAD_LEN = 8, /* "CHLO", number of tags, padding */
    TAG_ENTRY_LEN = 8     /* tag, where its value ends */
};

bool qoe_gquic_is_short(const uint8_t *datagram, size_t captured)
{
    return captured > 0 && (datagram[0] & 0xc0) == 0;
}

bool qoe_gquic_has_version(const uint8_t *datagram, size_t captured)
{
    return qoe_gquic_is_short(datagram, captured) && (datagram[0] & FLAG_VERSION);
}

static bool is_gquic_version(const uint8_t *bytes)
{
    return bytes[0] == 'Q' && bytes[1] == '0' && (bytes[2] == '3' || bytes[2] == '4');
}

/* Length of a connection id that a nibble of Q046's header stands for. */
static size_t cid_len(unsigned nibble)
{
    return nibble ? nibble + 3 : 0;
}

/* Where the frames start; 0 if this is no packet with a version of Google's. */
static size_t skip_header(const uint8_t *data, size_t captured)
{
    static const uint8_t pn_lens[] = {1, 2, 4, 6};
    if (captured < 1 + PUBLIC_CID_LEN + VERSION_LEN)
        return 0;
    if (data[0] & 0x80) {
        if (!is_gquic_version(data + 1))
            return 0;
        const unsigned lens = data[1 + VERSION_LEN];
        const size_t cids = cid_len(lens >> 4) + cid_len(lens & 0x0f);
        return 1 + VERSION_LEN + 1 + cids + (data[0] & 0x03u) + 1 + HASH_LEN;
    }
    if (!(data[0] & FLAG_VERSION) || !(data[0] & FLAG_CID) || !is_gquic_version(data + 1 + PUBLIC_CID_LEN))
        return 0;
    return 1 + PUBLIC_CID_LEN + VERSION_LEN + pn_lens[data[0] >> 4 & 0x03] + HASH_LEN;
}

static size_t get32(const uint8_t *bytes)
{
    return (size_t)bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
}

/* Looks up the value of the SNI tag in a message of which len bytes are there. */
static bool find_in_message(const uint8_t *message, size_t len, char name[QOE_SNI_MAX])
{
    if (len < MESSAGE_HEAD_LEN || memcmp(message, "CHLO", 4) != 0)
        return false;
    const size_t tags = (size_t)(message[4] | message[5] << 8);
    const size_t values_at = MESSAGE_HEAD_LEN + tags * TAG_ENTRY_LEN;
    if (tags > TAGS_MAX || values_at > len)
        return false;
    size_t start = 0;
    for (size_t i = 0; i < tags; i++) {
        const uint8_t *entry = message + MESSAGE_HEAD_LEN + i * TAG_ENTRY_LEN;
        const size_t end = get32(entry + 4);
        if (end < start || end > len - values_at)
            return false;
        if (memcmp(entry, "SNI", 4) == 0)
            return qoe_sni_copy_name(message + values_at + start, end - start, name);
        start = end;
    }
    return false;
}

bool qoe_gquic_find_name(const uint8_t *datagram, size_t captured, char name[QOE_SNI_MAX])
{
    size_t at = skip_header(datagram, captured);
    if (at == 0 || captured < at + 4 || (datagram[at] & FRAME_SHAPE) != FRAME_STREAM ||
        datagram[at + 1] != CRYPTO_STREAM_ID)
        return false;
    at += datagram[at] & 0x20 ? 4 : 2; /* with a data length of two bytes, or without */
    return find_in_message(datagram + at, captured - at, name);
}
