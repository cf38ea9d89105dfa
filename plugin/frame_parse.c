/* Reads the IP and TCP or UDP headers out of a frame's bytes, whatever lies before them.
 *
 * The link layer need not be understood: the two addresses stand side by side in an IP header, so that header is
 * where they are found. Every length in it is somebody else's claim and is checked against the frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frame_parse.h"

enum { V4_HEADER = 20, V4_ADDRESSES = 12, V6_HEADER = 40, V6_ADDRESSES = 8 };
enum { TCP_HEADER = 20, TCP_TO_WINDOW = 16, UDP_HEADER = 8 };
enum { V6_EXTENSIONS_MAX = 8 };

/* IANA protocol numbers that end the search: what they carry is never a film, and a packet quoted in an ICMP error
 * is not one that went by. */
enum { PROTO_ICMP = 1, PROTO_IGMP = 2, PROTO_ICMPV6 = 58 };

/* IPv6 extension headers (RFC 8200; AH: RFC 4302) */
enum { V6_HOP_BY_HOP = 0, V6_ROUTING = 43, V6_FRAGMENT = 44, V6_AUTH = 51, V6_DESTINATION = 60 };

typedef enum { FOUND, NOT_OURS, SEARCH_ON } finding;

/* What lies behind an IP header. */
typedef struct {
    uint32_t at;     /* offset of the header */
    uint32_t behind; /* offset of what it carries */
    uint32_t end;    /* offset behind the IP packet on the wire */
    uint8_t protocol;
    bool later_fragment;
} ip_header;

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t header_len(const qoe_frame *frame)
{
    return frame->addr_len == 4 ? V4_HEADER : V6_HEADER;
}

/* Of a known length the compiler compares without a call. */
static bool same_address(const uint8_t *a, const uint8_t *b, bool v4)
{
    return v4 ? memcmp(a, b, 4) == 0 : memcmp(a, b, 16) == 0;
}

static bool is_header_at(const qoe_frame *frame, uint32_t at)
{
    const bool v4 = frame->addr_len == 4;
    const uint8_t *header = frame->bytes + at;

    if (header[0] >> 4 != (v4 ? 4 : 6))
        return false;
    const uint8_t *addresses = header + (v4 ? V4_ADDRESSES : V6_ADDRESSES);
    return same_address(addresses, frame->src, v4) && same_address(addresses + frame->addr_len, frame->dst, v4);
}

/* A length of 0 is what a network card's offloading leaves in the packets that a host captures of itself: everything
 * up to the end of the frame then belongs to the packet. */
static uint32_t end_of(const qoe_frame *frame, uint32_t at, uint32_t claimed)
{
    const uint32_t rest = frame->wire - at;
    return at + (claimed == 0 ? rest : smaller(claimed, rest));
}

static bool read_v4(const qoe_frame *frame, ip_header *ip)
{
    const uint8_t *header = frame->bytes + ip->at;
    const uint32_t len = (header[0] & 0x0fu) * 4u;

    if (len < V4_HEADER)
        return false;
    ip->end = end_of(frame, ip->at, get16(header + 2));
    ip->behind = ip->at + len;
    ip->protocol = header[9];
    ip->later_fragment = (get16(header + 6) & 0x1fff) != 0;
    return ip->behind <= ip->end;
}

static bool is_extension(uint8_t next)
{
    return next == V6_HOP_BY_HOP || next == V6_ROUTING || next == V6_DESTINATION || next == V6_AUTH ||
           next == V6_FRAGMENT;
}

static uint32_t extension_len(uint8_t extension, const uint8_t *header)
{
    if (extension == V6_FRAGMENT)
        return 8;
    return extension == V6_AUTH ? (header[1] + 2u) * 4u : (header[1] + 1u) * 8u;
}

static bool read_v6(const qoe_frame *frame, ip_header *ip)
{
    const uint8_t *header = frame->bytes + ip->at;
    const uint16_t claimed = get16(header + 4);

    ip->end = end_of(frame, ip->at, claimed == 0 ? 0u : claimed + (uint32_t)V6_HEADER);
    ip->behind = ip->at + V6_HEADER;
    ip->protocol = header[6];
    ip->later_fragment = false;
    for (int i = 0; is_extension(ip->protocol); i++) {
        if (i == V6_EXTENSIONS_MAX || ip->behind + 8 > frame->captured || ip->later_fragment)
            return false;
        const uint8_t *extension = frame->bytes + ip->behind;
        ip->later_fragment = ip->protocol == V6_FRAGMENT && (get16(extension + 2) & 0xfff8) != 0;
        ip->behind += extension_len(ip->protocol, extension);
        ip->protocol = extension[0];
    }
    return ip->behind <= ip->end;
}

static bool read_tcp(const uint8_t *tcp, uint32_t captured, uint32_t on_wire, qoe_packet *packet, uint32_t *header)
{
    if (captured < TCP_TO_WINDOW || on_wire < TCP_HEADER)
        return false;
    packet->seq = get32(tcp + 4);
    packet->ack = get32(tcp + 8);
    packet->flags = tcp[13] & 0x1f;
    packet->window = get16(tcp + 14);
    *header = (tcp[12] >> 4) * 4u;
    return *header >= TCP_HEADER && *header <= on_wire;
}

static bool read_udp(const uint8_t *udp, uint32_t captured, uint32_t *on_wire, qoe_packet *packet, uint32_t *header)
{
    if (captured < UDP_HEADER || *on_wire < UDP_HEADER)
        return false;
    const uint32_t claimed = get16(udp + 4);
    /* 0: a jumbogram or an offloaded datagram. More than there is: a first fragment. */
    if (claimed != 0 && claimed < UDP_HEADER)
        return false;
    if (claimed != 0)
        *on_wire = smaller(*on_wire, claimed);
    packet->seq = packet->ack = 0;
    packet->flags = 0;
    packet->window = 0;
    *header = UDP_HEADER;
    return true;
}

static bool read_transport(const qoe_frame *frame, const ip_header *ip, qoe_packet *packet)
{
    if (ip->behind >= frame->captured)
        return false;
    const uint8_t *transport = frame->bytes + ip->behind;
    const uint32_t captured = smaller(frame->captured, ip->end) - ip->behind;
    uint32_t on_wire = ip->end - ip->behind, header = 0;
    const bool ok = ip->protocol == QOE_TCP ? read_tcp(transport, captured, on_wire, packet, &header)
                                            : read_udp(transport, captured, &on_wire, packet, &header);

    if (!ok)
        return false;
    packet->transport = ip->protocol;
    packet->src_port = get16(transport);
    packet->dst_port = get16(transport + 2);
    packet->ip_len = ip->end - ip->at;
    packet->payload_len = on_wire - header;
    packet->captured_len = captured > header ? smaller(captured - header, packet->payload_len) : 0;
    packet->payload = packet->captured_len > 0 ? transport + header : NULL;
    return true;
}

/* Tunnels of IP in IP between the same two hosts repeat the addresses: then the search goes on behind the outer header.
 * (Those in UDP are not looked into then: their ports are all that tells them from media.) */
static finding read_at(const qoe_frame *frame, uint32_t at, qoe_packet *packet)
{
    ip_header ip = {.at = at};

    if (!(frame->addr_len == 4 ? read_v4(frame, &ip) : read_v6(frame, &ip)))
        return NOT_OURS;
    if (ip.protocol == PROTO_ICMP || ip.protocol == PROTO_IGMP || ip.protocol == PROTO_ICMPV6)
        return NOT_OURS;
    if (ip.protocol != QOE_TCP && ip.protocol != QOE_UDP)
        return SEARCH_ON;
    return !ip.later_fragment && read_transport(frame, &ip, packet) ? FOUND : NOT_OURS;
}

static bool search_from(const qoe_frame *frame, uint32_t from, uint32_t limit, uint32_t *hint, qoe_packet *packet)
{
    for (uint32_t at = from; at < limit; at++) {
        if (!is_header_at(frame, at))
            continue;
        const finding found = read_at(frame, at, packet);
        if (found == FOUND)
            *hint = at;
        if (found != SEARCH_ON)
            return found == FOUND;
    }
    return false;
}

static void set_addresses(const qoe_frame *frame, qoe_packet *packet)
{
    if (frame->addr_len == 4) {
        packet->src = qoe_addr_from_v4(frame->src);
        packet->dst = qoe_addr_from_v4(frame->dst);
    } else {
        packet->src = qoe_addr_from_v6(frame->src);
        packet->dst = qoe_addr_from_v6(frame->dst);
    }
}

bool qoe_frame_parse(const qoe_frame *frame, uint32_t *hint, qoe_packet *packet)
{
    if (frame->captured < header_len(frame) || frame->wire < frame->captured)
        return false;
    const uint32_t limit = smaller(frame->captured - header_len(frame) + 1, QOE_FRAME_SEARCH_MAX);
    const uint32_t guess = *hint < limit ? *hint : 0;
    const bool as_before = is_header_at(frame, guess);

    if (!search_from(frame, as_before ? guess : 0, limit, hint, packet))
        return false;
    set_addresses(frame, packet);
    return true;
}
