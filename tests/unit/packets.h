/* Packets for tests, told as conversations: connect, say a name, ask, answer, hang up.
 *
 * A wire hands every packet to whoever listens. Each packet is given from a copy of its payload of the exact size, so
 * that reads behind its end are seen by the sanitizers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEST_PACKETS_H
#define QOE_TEST_PACKETS_H

#include <glib.h>

#include "packet.h"

enum { REQUEST_BYTES = 600, FULL_PACKET = 1400, RTT_MS = 20 };

typedef struct {
    void (*take)(void *listener, const qoe_packet *packet);
    void *listener;
    uint32_t frame; /* of the last packet */
    int64_t now_us; /* of the next one */
} wire;

/* A connection as it is on the wire: who speaks, and how far each direction has come. */
typedef struct {
    wire *on;
    uint8_t transport;
    qoe_addr client, server;
    uint16_t client_port, server_port;
    uint32_t up, down; /* next sequence numbers */
} talk;

static inline void wait_ms(wire *on, int64_t ms)
{
    on->now_us += ms * 1000;
}

static inline qoe_addr address(const char *text)
{
    qoe_addr addr = {{0}};
    g_assert_true(qoe_addr_parse(text, &addr));
    return addr;
}

static inline talk talk_of(wire *on, uint8_t transport, const char *client, uint16_t port, const char *server)
{
    return (talk){.on = on,
                  .transport = transport,
                  .client = address(client),
                  .server = address(server),
                  .client_port = port,
                  .server_port = 443,
                  .up = 1000,
                  .down = 5000};
}

static inline talk tcp_talk(wire *on, const char *client, uint16_t port, const char *server)
{
    return talk_of(on, QOE_TCP, client, port, server);
}

static inline talk quic_talk(wire *on, const char *client, uint16_t port, const char *server)
{
    return talk_of(on, QOE_UDP, client, port, server);
}

/* Gives a packet with so much of its payload as the capture holds. */
static inline void give(const talk *t, bool up, uint8_t flags, uint32_t seq, uint32_t len, const void *data,
                        uint32_t captured)
{
    uint8_t *copy = captured > 0 ? g_memdup2(data, captured) : NULL;
    const qoe_packet packet = {
        .frame = ++t->on->frame,
        .time_us = t->on->now_us,
        .src = up ? t->client : t->server,
        .dst = up ? t->server : t->client,
        .src_port = up ? t->client_port : t->server_port,
        .dst_port = up ? t->server_port : t->client_port,
        .transport = t->transport,
        .flags = flags,
        .seq = seq,
        .ack = up ? t->down : t->up,
        .ip_len = len + (t->transport == QOE_TCP ? 52 : 28),
        .payload_len = len,
        .payload = copy,
        .captured_len = captured,
    };
    t->on->take(t->on->listener, &packet);
    g_free(copy);
}

static inline uint8_t tcp_flags(const talk *t, uint8_t more)
{
    return t->transport == QOE_TCP ? QOE_TCP_ACK | more : 0;
}

/* The client sends a payload that starts with the given bytes. */
static inline void send_up(talk *t, uint32_t len, const void *data, uint32_t captured)
{
    give(t, true, tcp_flags(t, QOE_TCP_PSH), t->up, len, data, captured);
    t->up += len;
}

static inline void send_down(talk *t, uint32_t len, const void *data, uint32_t captured)
{
    give(t, false, tcp_flags(t, 0), t->down, len, data, captured);
    t->down += len;
}

/* The first bytes of application data over TLS, and of a QUIC packet with a short header. */
static inline const char *application_data(const talk *t)
{
    return t->transport == QOE_TCP ? "\x17\x03\x03\x02\x53\x42" : "\x4a\x01\x02\x03\x04\x05";
}

static inline void syn(talk *t)
{
    give(t, true, QOE_TCP_SYN, t->up, 0, NULL, 0);
    t->up++;
}

static inline void syn_ack(talk *t)
{
    give(t, false, QOE_TCP_SYN | QOE_TCP_ACK, t->down, 0, NULL, 0);
    t->down++;
}

/* The three-way handshake; the round-trip time is RTT_MS. */
static inline void connect_tcp(talk *t)
{
    syn(t);
    wait_ms(t->on, RTT_MS);
    syn_ack(t);
    give(t, true, QOE_TCP_ACK, t->up, 0, NULL, 0);
}

/* Application data from the client: a request if it is long, control if it is short. */
static inline void say(talk *t, uint32_t len)
{
    send_up(t, len, application_data(t), 6);
}

static inline void request(talk *t)
{
    say(t, REQUEST_BYTES);
}

/* Full packets and the rest, 1 ms apart. */
static inline void response(talk *t, uint32_t bytes)
{
    while (bytes > 0) {
        const uint32_t len = MIN(bytes, FULL_PACKET);
        wait_ms(t->on, 1);
        send_down(t, len, application_data(t), 6);
        bytes -= len;
    }
}

/* A request and its whole response, then the viewer's pause. */
static inline void fetch(talk *t, uint32_t bytes)
{
    request(t);
    wait_ms(t->on, RTT_MS);
    response(t, bytes);
    wait_ms(t->on, 200);
}

static inline void client_fin(talk *t)
{
    give(t, true, QOE_TCP_FIN | QOE_TCP_ACK, t->up, 0, NULL, 0);
    t->up++;
}

static inline void server_fin(talk *t)
{
    give(t, false, QOE_TCP_FIN | QOE_TCP_ACK, t->down, 0, NULL, 0);
    t->down++;
}

static inline void client_reset(const talk *t)
{
    give(t, true, QOE_TCP_RST, t->up, 0, NULL, 0);
}

/* The connection is closed and its client opens another one from the same port. */
static inline void reuse_port(talk *t)
{
    t->up += 1000000;
    t->down += 2000000;
    connect_tcp(t);
}

/* --- names --- */

static inline void put(GByteArray *m, unsigned bytes, size_t value)
{
    while (bytes-- > 0) {
        const uint8_t byte = (uint8_t)(value >> (8 * bytes));
        g_byte_array_append(m, &byte, 1);
    }
}

/* A TLS record with a ClientHello (RFC 8446 4.1.2) that names a server (RFC 6066 3); padded to some size. */
static inline GByteArray *client_hello(const char *name, size_t padding)
{
    const size_t len = strlen(name), extensions = 9 + len + 4 + padding, body = 2 + 32 + 1 + 4 + 2 + 2 + extensions;
    GByteArray *m = g_byte_array_new();
    put(m, 1, 22);
    put(m, 2, 0x0301);
    put(m, 2, 4 + body);
    put(m, 1, 1);
    put(m, 3, body);
    put(m, 2, 0x0303);
    for (unsigned i = 0; i < 32; i++)
        put(m, 1, i);
    put(m, 1, 0);
    put(m, 4, 0x00021301);
    put(m, 2, 0x0100);
    put(m, 2, extensions);
    put(m, 4, 5 + len); /* server_name */
    put(m, 2, 3 + len);
    put(m, 1, 0);
    put(m, 2, len);
    g_byte_array_append(m, (const uint8_t *)name, (guint)len);
    put(m, 2, 21); /* padding, RFC 7685 */
    put(m, 2, padding);
    for (size_t i = 0; i < padding; i++)
        put(m, 1, 0);
    return m;
}

static inline void hello(talk *t, const char *name)
{
    GByteArray *m = client_hello(name, 200);
    send_up(t, m->len, m->data, m->len);
    g_byte_array_free(m, TRUE);
}

/* A ClientHello in two packets. */
static inline void hello_in_two(talk *t, const char *name)
{
    GByteArray *m = client_hello(name, 1200);
    const guint first = 60; /* before the name's end */
    send_up(t, first, m->data, first);
    send_up(t, m->len - first, m->data + first, m->len - first);
    g_byte_array_free(m, TRUE);
}

/* A TLS connection up to where the client may ask. */
static inline void open_film(talk *t, const char *name)
{
    connect_tcp(t);
    hello(t, name);
    wait_ms(t->on, RTT_MS);
    send_down(t, 3000, "\x16\x03\x03\x00\x7a\x02", 6);
    send_up(t, 64, "\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x35", 11); /* ChangeCipherSpec, Finished */
    wait_ms(t->on, 5);
}

static inline void put_dns_name(GByteArray *m, const char *name)
{
    while (*name != '\0') {
        const size_t len = strcspn(name, ".");
        put(m, 1, len);
        g_byte_array_append(m, (const uint8_t *)name, (guint)len);
        name += len + (name[len] == '.');
    }
    put(m, 1, 0);
}

/* A DNS answer: the name has this IPv4 address (RFC 1035 4.1). */
static inline GByteArray *dns_message(const char *name, const char *addr)
{
    const qoe_addr parsed = address(addr);
    GByteArray *m = g_byte_array_new();
    put(m, 4, 0x00018180);
    put(m, 8, 0x0001000100000000);
    put_dns_name(m, name);
    put(m, 4, 0x00010001);
    put(m, 4, 0xc00c0001);
    put(m, 4, 0x00010000);
    put(m, 4, 0x00000004);
    g_byte_array_append(m, parsed.bytes + 12, 4);
    return m;
}

/* The same by way of a content network's edge: the name is an alias of edge.example, and that has the address. */
static inline GByteArray *edge_message(const char *name, const char *addr)
{
    const qoe_addr parsed = address(addr);
    GByteArray *target = g_byte_array_new(), *m = g_byte_array_new();
    put_dns_name(target, "edge.example");
    put(m, 4, 0x00018180);
    put(m, 8, 0x0001000200000000);
    put_dns_name(m, name);
    put(m, 4, 0x00010001);
    put(m, 4, 0xc00c0005);
    put(m, 4, 0x00010000);
    put(m, 4, target->len);
    const guint alias = m->len;
    g_byte_array_append(m, target->data, target->len);
    put(m, 2, 0xc000 | alias);
    put(m, 4, 0x00010001);
    put(m, 4, 0x00000000);
    put(m, 2, 4);
    g_byte_array_append(m, parsed.bytes + 12, 4);
    g_byte_array_free(target, TRUE);
    return m;
}

/* A resolver tells the client. */
static inline void resolver_sends(wire *on, GByteArray *m)
{
    talk t = quic_talk(on, "10.0.0.1", 40000, "10.0.0.53");
    t.server_port = 53;
    send_down(&t, m->len, m->data, m->len);
    g_byte_array_free(m, TRUE);
}

static inline void dns(wire *on, const char *name, const char *addr)
{
    resolver_sends(on, dns_message(name, addr));
}

static inline void dns_edge(wire *on, const char *name, const char *addr)
{
    resolver_sends(on, edge_message(name, addr));
}

#endif
