/* Requests among what a client sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "uplink.h"

#include "quic.h"

enum {
    TLS_CHANGE_CIPHER_SPEC = 20,
    TLS_HANDSHAKE = 22,
    TLS_APPLICATION_DATA = 23,
    TLS_RECORD_HEADER = 5,
    TLS_RECORD_MAX = 16384 + 2048
};

/* An encrypted alert, which closes most connections, is 24 bytes in TLS 1.3 (RFC 8446 5.2, 6); the shortest HTTP/2
 * frame (RFC 9113 4.1) is 30 under TLS 1.2 and 31 under TLS 1.3. */
enum { TLS_ALERT_MAX = 24 };

/* The smallest full packet (QUIC's least datagram, RFC 9000 14), and how soon the next one follows it in a message. */
#define CONTINUES_US 100000
enum { FULL_PACKET_MIN = 1200 };

/* Length of the handshake, alert or change-cipher-spec record (RFC 8446 5.1) at data, header included; 0 if there
 * is none. Application data never looks like one but by a chance of 1 in 10 million a packet. */
static uint32_t handshake_record(const uint8_t *data, uint32_t captured)
{
    if (captured < TLS_RECORD_HEADER || data[0] < TLS_CHANGE_CIPHER_SPEC || data[0] > TLS_HANDSHAKE)
        return 0;
    uint32_t len = (uint32_t)data[3] << 8 | data[4];
    if (data[1] != 3 || data[2] > 4 || len == 0 || len > TLS_RECORD_MAX)
        return 0;
    return TLS_RECORD_HEADER + len;
}

/* Bytes at the start of the payload that belong to handshake records, one that an earlier packet began
 * included. May exceed the payload: the record then goes on in the next packet. */
static uint32_t handshake_bytes(qoe_uplink *uplink, const qoe_packet *packet)
{
    uint32_t skip = 0;
    if (uplink->in_record) {
        uint32_t rest = uplink->record_end - packet->seq;
        skip = rest <= TLS_RECORD_MAX ? rest : 0;
    }
    while (skip < packet->captured_len) {
        uint32_t record = handshake_record(packet->payload + skip, packet->captured_len - skip);
        if (record == 0)
            break;
        skip += record;
    }
    /* What follows handshake records is application data only if it looks like it. */
    if (skip > 0 && skip < packet->captured_len && packet->payload[skip] != TLS_APPLICATION_DATA)
        skip = packet->payload_len;
    if (skip > 0) {
        uplink->in_record = true;
        uplink->record_end = packet->seq + skip;
    }
    return skip;
}

/* Where the capture holds no payload at all, the first packet of a TLS connection is its ClientHello. */
static bool blind_client_hello(const qoe_uplink *uplink, const qoe_packet *packet)
{
    return packet->captured_len == 0 && packet->dst_port == 443 && uplink->sequence.known &&
           packet->seq == uplink->sequence.next && !uplink->in_record;
}

static qoe_uplink_type tcp_packet(qoe_uplink *uplink, const qoe_packet *packet)
{
    if (packet->flags & QOE_TCP_SYN)
        qoe_sequence_start(&uplink->sequence, packet->seq + 1);
    if (packet->payload_len == 0)
        return QOE_UPLINK_NOTHING;
    if (blind_client_hello(uplink, packet)) {
        uplink->in_record = true;
        uplink->record_end = packet->seq + packet->payload_len;
    }
    uint32_t advance = qoe_sequence_advance(&uplink->sequence, packet->seq, packet->payload_len);
    uint32_t handshake = handshake_bytes(uplink, packet);
    uint32_t data = packet->payload_len > handshake ? packet->payload_len - handshake : 0;
    if (advance == 0 || data <= TLS_ALERT_MAX)
        return QOE_UPLINK_NOTHING;
    return data >= QOE_REQUEST_MIN_TCP && advance >= QOE_REQUEST_MIN_TCP ? QOE_UPLINK_REQUEST : QOE_UPLINK_CONTROL;
}

static qoe_uplink_type quic_packet(const qoe_packet *packet)
{
    if (packet->payload_len == 0 || qoe_quic_is_long_header(packet->payload, packet->captured_len))
        return QOE_UPLINK_NOTHING;
    return packet->payload_len >= QOE_REQUEST_MIN_QUIC ? QOE_UPLINK_REQUEST : QOE_UPLINK_CONTROL;
}

/* A request with long cookies or a body, and any upload, fills packets: it is one request, however many they are. */
static bool continues(qoe_uplink *uplink, const qoe_packet *packet)
{
    const int64_t gap_us = packet->time_us - uplink->last_us;
    const bool continued = uplink->goes_on && gap_us < CONTINUES_US;
    uplink->goes_on = packet->payload_len >= FULL_PACKET_MIN;
    uplink->last_us = packet->time_us;
    return continued;
}

qoe_uplink_type qoe_uplink_packet(qoe_uplink *uplink, const qoe_packet *packet)
{
    const qoe_uplink_type type = packet->transport == QOE_TCP ? tcp_packet(uplink, packet) : quic_packet(packet);
    return type == QOE_UPLINK_REQUEST && continues(uplink, packet) ? QOE_UPLINK_NOTHING : type;
}
