/* Any bytes as packets of a busy network: nothing breaks, whatever they say; what is looked up is what was said on the
 * first visit; settling in between changes no event.
 *
 * Input: a byte of settings, then packets of 8 bytes, see `code`, and their payload. Few addresses and ports, so that
 * packets meet; sequence numbers go on by themselves but for the jumps that the input asks for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <stdlib.h>

#include "analysis.h"
#include "packet.h"

enum { PACKETS_MAX = 4096, CODE_LEN = 8, PORTS = 4, SETTLINGS = 4 };

typedef struct {
    qoe_packet packet; /* its payload is not kept */
    qoe_verdict verdict;
} visit;

typedef struct {
    qoe_rules *rules;
    qoe_analysis *analysis;
    visit *visits;
    unsigned count;
    bool limited; /* to small tables */
    int64_t now_us;
    uint32_t seq[4][PORTS][2]; /* by pair of addresses, client's port, direction */
} network;

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Servers by DNS (if the input makes an answer), by prefix, and nobody's. */
static qoe_addr address_of(unsigned end, unsigned pair)
{
    static const uint8_t v4[2][2][4] = {{{10, 0, 0, 1}, {10, 0, 0, 2}}, {{23, 246, 2, 1}, {192, 0, 2, 1}}};
    return qoe_addr_from_v4(v4[end][end == 0 ? pair & 1 : pair >> 1 & 1]);
}

/* The first byte tells the time that passes: mostly little, seldom very much, in either direction. */
static int64_t step_of(uint8_t code)
{
    if (code < 224)
        return (int64_t)code * 500;
    if (code < 252)
        return (int64_t)(code - 223) * 5000000;
    static const int64_t odd[4] = {-1000000, -3600000000LL, INT64_MAX / 4, INT64_MIN / 4};
    return odd[code - 252];
}

static int64_t add_time(int64_t now_us, int64_t step_us)
{
    int64_t sum;
    return __builtin_add_overflow(now_us, step_us, &sum) ? now_us : sum;
}

/* code: time; ends, port, direction; transport and server's port; TCP flags; payload on the wire (2); of that captured
 * (1); jump of the sequence number. */
static void decode(network *n, const uint8_t *code, qoe_packet *packet)
{
    static const uint16_t ports[4] = {443, 443, 80, 53};
    static const uint32_t jumps[8] = {0, 1448, 0u - 1448, 100000, 0x3fffffff, 0x40000001, 0x80000000, 0xffffffff};
    const unsigned pair = code[1] & 3, port = code[1] >> 2 & 3;
    const bool up = code[1] & 16;
    const qoe_addr client = address_of(0, pair), server = address_of(1, pair);
    n->now_us = add_time(n->now_us, step_of(code[0]));
    *packet = (qoe_packet){
        .frame = n->count + 1,
        .time_us = n->now_us,
        .src = up ? client : server,
        .dst = up ? server : client,
        .src_port = up ? (uint16_t)(50000 + port) : ports[code[2] >> 1 & 3],
        .dst_port = up ? ports[code[2] >> 1 & 3] : (uint16_t)(50000 + port),
        .transport = code[2] & 1 ? QOE_UDP : QOE_TCP,
        .payload_len = (uint32_t)code[4] << 8 | code[5],
    };
    packet->ip_len = packet->payload_len + 40;
    uint32_t *seq = &n->seq[pair][port][up];
    if (packet->transport == QOE_TCP) {
        packet->flags = code[3] & 0x1f;
        *seq += jumps[code[7] & 7];
        packet->seq = *seq;
        *seq += packet->payload_len + (packet->flags & QOE_TCP_SYN ? 1 : 0);
    }
}

/* From a copy of the exact size, so that every read behind it is seen. */
static void take(network *n, qoe_packet *packet, const uint8_t *payload, uint32_t captured)
{
    uint8_t *copy = malloc(captured ? captured : 1);
    memcpy(copy, payload, captured);
    packet->payload = captured ? copy : NULL;
    packet->captured_len = captured;
    visit *v = &n->visits[n->count++];
    qoe_analysis_packet(n->analysis, packet, &v->verdict);
    free(copy);
    packet->payload = NULL;
    v->packet = *packet;
}

static void check_lookups(const network *n)
{
    for (unsigned i = n->count; i-- > 0;) {
        const qoe_verdict *first = &n->visits[i].verdict;
        qoe_verdict later;
        qoe_analysis_lookup(n->analysis, &n->visits[i].packet, &later);
        require(later.events == first->events);
        if (n->limited && later.server == NULL)
            continue; /* its flow had to make room */
        require(later.server == first->server && later.session == first->session && later.window == first->window);
        require(later.to_client == first->to_client);
    }
}

static void check_tables(const qoe_analysis *analysis)
{
    for (size_t i = 0; i < qoe_analysis_segments(analysis); i++) {
        const qoe_segment *segment = qoe_analysis_segment(analysis, i);
        require(segment->number == i + 1 && segment->session >= 1);
        require(segment->session <= qoe_analysis_sessions(analysis));
        require((unsigned)segment->kind < QOE_KINDS && segment->last_frame >= segment->request_frame);
    }
    for (size_t i = 0; i < qoe_analysis_sessions(analysis); i++) {
        const qoe_session *session = qoe_analysis_session(analysis, i);
        require(session->number == i + 1 && session->last_us >= session->start_us && session->window_count > 0);
        for (uint32_t k = 0; k < session->window_count; k++)
            require(session->windows[k]->index == session->first_window + k);
    }
}

static network *network_of(uint8_t settings)
{
    network *n = g_new0(network, 1);
    n->rules = qoe_rules_new();
    n->visits = g_new0(visit, PACKETS_MAX);
    n->limited = settings & 128;
    n->analysis = qoe_analysis_new(&(qoe_config){
        .rules = n->rules,
        .untagged = settings & 1,
        .limits = n->limited ? (qoe_limits){3, 2, 4, 2, 20, 10} : (qoe_limits){0},
    });
    return n;
}

static void network_free(network *n)
{
    qoe_analysis_free(n->analysis);
    qoe_rules_free(n->rules);
    g_free(n->visits);
    g_free(n);
}

/* Plays the input; settle_each: after so many packets the tables are settled, SETTLINGS times, for each solves all
 * groups anew; 0 for never. */
static network *play(const uint8_t *data, size_t size, unsigned settle_each)
{
    network *n = network_of(data[0]);
    data++, size--;
    while (size >= CODE_LEN && n->count < PACKETS_MAX) {
        qoe_packet packet;
        decode(n, data, &packet);
        const uint32_t captured = (uint32_t)MIN(MIN(data[6], packet.payload_len), size - CODE_LEN);
        take(n, &packet, data + CODE_LEN, captured);
        data += CODE_LEN + captured;
        size -= CODE_LEN + captured;
        if (settle_each > 0 && n->count % settle_each == 0 && n->count <= SETTLINGS * settle_each)
            qoe_analysis_settle(n->analysis);
    }
    return n;
}

static void check_same_events(const network *a, const network *b)
{
    for (unsigned i = 0; i < a->count; i++) {
        const qoe_event *x = a->visits[i].verdict.events, *y = b->visits[i].verdict.events;
        for (; x != NULL && y != NULL; x = x->next, y = y->next)
            require(x->type == y->type);
        require(x == NULL && y == NULL);
    }
}

static void check_same_segments(const qoe_analysis *a, const qoe_analysis *b)
{
    require(qoe_analysis_segments(a) == qoe_analysis_segments(b));
    for (size_t i = 0; i < qoe_analysis_segments(a); i++) {
        const qoe_segment *x = qoe_analysis_segment(a, i), *y = qoe_analysis_segment(b, i);
        require(x->bytes == y->bytes && x->kind == y->kind && x->last_byte_us == y->last_byte_us);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    network *plain = play(data, size, 0), *settled = play(data, size, 8 + (data[0] >> 1 & 63));
    check_same_events(plain, settled);
    qoe_analysis_finish(plain->analysis);
    qoe_analysis_finish(settled->analysis);
    check_same_segments(plain->analysis, settled->analysis);
    check_lookups(plain);
    check_tables(plain->analysis);
    network_free(plain);
    network_free(settled);
    return 0;
}
