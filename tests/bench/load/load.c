/* The packets of a plan: films in step with one another, and the flood's packets between theirs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "load.h"

#include <stdio.h>
#include <string.h>

enum { SERVERS = 64, REQUEST = 600, HANDSHAKE = 3, DNS_MAX = 96, DATAGRAM = 1200 };
enum { IP_TCP = 40, IP_UDP = 28, PORT_DNS = 53, PORT_HTTPS = 443 };
enum { PACKET_GAP_US = 400 }; /* between two packets of one connection */

typedef struct {
    const load_plan *plan;
    load_sink sink;
    void *user_data;
    qoe_packet packet;
    uint64_t random;
    uint64_t count;
} maker;

static uint32_t next_random(maker *m)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return (uint32_t)(m->random >> 32);
}

static qoe_addr addr_of(uint32_t v4)
{
    const uint8_t bytes[4] = {(uint8_t)(v4 >> 24), (uint8_t)(v4 >> 16), (uint8_t)(v4 >> 8), (uint8_t)v4};
    return qoe_addr_from_v4(bytes);
}

static qoe_addr client_of(uint32_t i)
{
    return addr_of(0x0a000001 + i); /* 10.0.0.0/8 */
}

static qoe_addr server_of(uint32_t i)
{
    return addr_of(0xc6336401 + i % SERVERS); /* 198.51.100.0/24 */
}

static void give(maker *m)
{
    m->packet.frame++;
    m->count++;
    m->sink(m->user_data, &m->packet);
}

static void put(uint8_t **at, unsigned bytes, uint32_t value)
{
    while (bytes-- > 0)
        *(*at)++ = (uint8_t)(value >> 8 * bytes);
}

/* A DNS answer (RFC 1035 4.1) that gives a name of three labels one IPv4 address. */
static size_t put_answer(uint8_t *to, uint32_t host, const char *domain, uint32_t v4)
{
    char label[16];
    uint8_t *at = to;

    put(&at, 4, 0x00018180);
    put(&at, 4, 0x00010001);
    put(&at, 4, 0);
    snprintf(label, sizeof label, "h%08x", host);
    put(&at, 1, (uint32_t)strlen(label));
    memcpy(at, label, strlen(label));
    at += strlen(label);
    for (const char *rest = domain; *rest != '\0'; rest += *rest == '.') {
        const size_t len = strcspn(rest, ".");
        put(&at, 1, (uint32_t)len);
        memcpy(at, rest, len);
        at += len;
        rest += len;
    }
    put(&at, 1, 0);
    put(&at, 4, 0x00010001);
    put(&at, 4, 0xc00c0001);
    put(&at, 4, 0x00010000);
    put(&at, 4, 0x003c0004);
    put(&at, 4, v4);
    return (size_t)(at - to);
}

static void give_dns(maker *m, qoe_addr client, uint32_t host, const char *domain, uint32_t v4)
{
    uint8_t message[DNS_MAX];
    const uint32_t len = (uint32_t)put_answer(message, host, domain, v4);
    m->packet = (qoe_packet){.frame = m->packet.frame,
                             .time_us = m->packet.time_us,
                             .src = addr_of(0x0affff35),
                             .dst = client,
                             .src_port = PORT_DNS,
                             .dst_port = 40000,
                             .transport = QOE_UDP,
                             .ip_len = IP_UDP + len,
                             .payload = message,
                             .payload_len = len,
                             .captured_len = len};
    give(m);
}

static void give_flood(maker *m)
{
    const uint32_t drawn = next_random(m);
    if (m->plan->flood >= LOAD_FLOOD_DNS) {
        const char *domain = m->plan->flood == LOAD_FLOOD_DNS ? "example.org" : "nflxvideo.net";
        give_dns(m, client_of(drawn % m->plan->clients), drawn, domain, next_random(m) | 0x80000000);
        return;
    }
    m->packet = (qoe_packet){.frame = m->packet.frame,
                             .time_us = m->packet.time_us,
                             .src = addr_of(drawn | 0x80000000),
                             .dst = server_of(0),
                             .src_port = (uint16_t)next_random(m),
                             .dst_port = PORT_HTTPS,
                             .transport = QOE_TCP,
                             .flags = QOE_TCP_SYN,
                             .window = 1024,
                             .seq = drawn,
                             .ip_len = IP_TCP};
    if (m->plan->flood == LOAD_FLOOD_UDP) {
        m->packet.transport = QOE_UDP;
        m->packet.flags = 0;
        m->packet.payload_len = DATAGRAM;
        m->packet.ip_len = IP_UDP + DATAGRAM;
    }
    give(m);
}

static void give_tcp(maker *m, uint32_t client, uint32_t flow, bool down, uint8_t flags, uint32_t payload,
                     uint32_t sent, uint32_t received)
{
    static const uint8_t head[5] = {0x17, 3, 3, 2, 0x53}; /* a TLS record of application data: the request */
    const qoe_addr ends[2] = {client_of(client), server_of(client)};
    const uint16_t port = (uint16_t)(20000 + flow);
    const bool shown = payload == REQUEST;

    m->packet = (qoe_packet){.frame = m->packet.frame,
                             .time_us = m->packet.time_us,
                             .src = ends[down],
                             .dst = ends[!down],
                             .src_port = down ? PORT_HTTPS : port,
                             .dst_port = down ? port : PORT_HTTPS,
                             .transport = QOE_TCP,
                             .flags = flags,
                             .window = 4096,
                             .seq = sent,
                             .ack = received,
                             .ip_len = IP_TCP + payload,
                             .payload_len = payload,
                             .payload = shown ? head : NULL,
                             .captured_len = shown ? sizeof head : 0};
    give(m);
}

static uint32_t packets_of_segment(const load_plan *plan)
{
    return plan->together + plan->packets + plan->packets / 2;
}

static uint32_t packets_of_flow(const load_plan *plan)
{
    return HANDSHAKE + plan->segments * packets_of_segment(plan);
}

/* Of a segment: two packets down and one acknowledgement in turn, a request before each of the first such threes. */
static void give_segment_packet(maker *m, uint32_t client, uint32_t flow, uint32_t segment, uint32_t at)
{
    const uint32_t requests = m->plan->together, due = (at + 3) / 4, asked = due < requests ? due : requests;
    const uint32_t sent = at - asked, had = sent / 3 * 2 + sent % 3;
    const uint32_t up = 1 + (segment * requests + asked) * REQUEST;
    const uint32_t down = 1 + (segment * m->plan->packets + had) * LOAD_PAYLOAD;
    if (at % 4 == 0 && at / 4 < requests)
        give_tcp(m, client, flow, false, QOE_TCP_ACK | QOE_TCP_PSH, REQUEST, up, down);
    else if (sent % 3 == 2)
        give_tcp(m, client, flow, false, QOE_TCP_ACK, 0, up, down);
    else
        give_tcp(m, client, flow, true, QOE_TCP_ACK, LOAD_PAYLOAD, down, up);
}

/* The at-th packet of a client's film. */
static void give_film_packet(maker *m, uint32_t client, uint32_t at)
{
    if (at == 0) {
        give_dns(m, client_of(client), client % SERVERS, "nflxvideo.net", 0xc6336401 + client % SERVERS);
        return;
    }
    const uint32_t flow = (at - 1) / packets_of_flow(m->plan), of_flow = (at - 1) % packets_of_flow(m->plan);
    if (of_flow == 0)
        give_tcp(m, client, flow, false, QOE_TCP_SYN, 0, 0, 0);
    else if (of_flow == 1)
        give_tcp(m, client, flow, true, QOE_TCP_SYN | QOE_TCP_ACK, 0, 0, 1);
    else if (of_flow == 2)
        give_tcp(m, client, flow, false, QOE_TCP_ACK, 0, 1, 1);
    else
        give_segment_packet(m, client, flow, (of_flow - HANDSHAKE) / packets_of_segment(m->plan),
                            (of_flow - HANDSHAKE) % packets_of_segment(m->plan));
}

/* When it comes, from the film's start: segments at even distances, their packets close together. */
static int64_t time_of(const load_plan *plan, uint32_t at)
{
    const int64_t gap_us = (int64_t)plan->film_s * 1000000 / ((int64_t)plan->flows * plan->segments);
    if (at == 0)
        return 0;
    const uint32_t flow = (at - 1) / packets_of_flow(plan), of_flow = (at - 1) % packets_of_flow(plan);
    const uint32_t in_segments = of_flow < HANDSHAKE ? 0 : of_flow - HANDSHAKE;
    const int64_t segment = (int64_t)flow * plan->segments + in_segments / packets_of_segment(plan);
    const uint32_t behind = of_flow < HANDSHAKE ? of_flow : HANDSHAKE + in_segments % packets_of_segment(plan);
    return segment * gap_us + (1 + (int64_t)behind) * PACKET_GAP_US;
}

static uint32_t packets_of_film(const load_plan *plan)
{
    return 1 + plan->flows * packets_of_flow(plan);
}

uint64_t load_packets(const load_plan *plan)
{
    const uint64_t films = (uint64_t)plan->clients * packets_of_film(plan);
    return plan->flood == LOAD_NO_FLOOD ? films : films * (1 + plan->flood_rate);
}

uint64_t load_make(const load_plan *plan, load_sink sink, void *user_data)
{
    maker m = {.plan = plan, .sink = sink, .user_data = user_data, .random = 88172645463325252u};
    for (uint32_t first = 0, group = 0; first < plan->clients; first += plan->at_once, group++) {
        const uint32_t end = first + plan->at_once < plan->clients ? first + plan->at_once : plan->clients;
        for (uint32_t at = 0; at < packets_of_film(plan); at++)
            for (uint32_t client = first; client < end; client++) {
                /* Neighbours in a group stand within one packet's gap. */
                m.packet.time_us = (int64_t)group * plan->film_s * 1000000 + time_of(plan, at) +
                                   (int64_t)(client - first) * PACKET_GAP_US / plan->at_once;
                give_film_packet(&m, client, at);
                for (uint32_t i = 0; plan->flood != LOAD_NO_FLOOD && i < plan->flood_rate; i++)
                    give_flood(&m);
            }
    }
    return m.count;
}
