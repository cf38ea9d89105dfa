/* How a packet lies in a capture file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "pcap.h"

#include <string.h>

enum { ETHERNET = 14, IPV4 = 20, TCP = 20, UDP = 8, V4_IN_V6 = 12, SNAPLEN = 256 };
enum { START_S = 1600000000 };

static void put_be(uint8_t **at, unsigned bytes, uint32_t value)
{
    while (bytes-- > 0)
        *(*at)++ = (uint8_t)(value >> 8 * bytes);
}

void pcap_put_header(FILE *out)
{
    const uint32_t header[6] = {0xa1b2c3d4, 4u << 16 | 2, 0, 0, SNAPLEN, 1 /* Ethernet */};
    fwrite(header, sizeof header, 1, out);
}

static void put_ipv4(uint8_t **at, const qoe_packet *packet)
{
    put_be(at, 4, 0x45000000 | packet->ip_len);
    put_be(at, 4, 0x00004000); /* may not be cut into fragments */
    put_be(at, 4, 0x40000000u | (uint32_t)packet->transport << 16);
    memcpy(*at, packet->src.bytes + V4_IN_V6, 4);
    memcpy(*at + 4, packet->dst.bytes + V4_IN_V6, 4);
    *at += 8;
}

static void put_transport(uint8_t **at, const qoe_packet *packet)
{
    put_be(at, 2, packet->src_port);
    put_be(at, 2, packet->dst_port);
    if (packet->transport == QOE_UDP) {
        put_be(at, 4, (packet->payload_len + UDP) << 16);
        return;
    }
    put_be(at, 4, packet->seq);
    put_be(at, 4, packet->ack);
    put_be(at, 4, 0x50000000u | (uint32_t)packet->flags << 16 | packet->window);
    put_be(at, 4, 0);
}

void pcap_put_packet(void *user_data, const qoe_packet *packet)
{
    uint8_t frame[SNAPLEN] = {0}, *at = frame + ETHERNET;

    frame[12] = 8; /* EtherType 0x0800 */
    put_ipv4(&at, packet);
    put_transport(&at, packet);
    const size_t room = (size_t)(frame + SNAPLEN - at),
                 shown = packet->captured_len < room ? packet->captured_len : room;
    if (shown > 0)
        memcpy(at, packet->payload, shown);
    const uint32_t record[4] = {START_S + (uint32_t)(packet->time_us / 1000000), (uint32_t)(packet->time_us % 1000000),
                                (uint32_t)((size_t)(at - frame) + shown), packet->ip_len + ETHERNET};
    fwrite(record, sizeof record, 1, user_data);
    fwrite(frame, record[2], 1, user_data);
}
