/* The flow table: a hash over five-tuples and a list in order of last use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow.h"

#include <glib.h>

struct qoe_flow_table {
    GHashTable *by_key; /* &flow->key -> newest flow of that key */
    qoe_flow *newest, *oldest;
    size_t count, max;
    uint64_t evicted;
    qoe_flow_release release;
    void *user_data;
};

static int end_compare(const qoe_packet *packet)
{
    int order = memcmp(packet->src.bytes, packet->dst.bytes, sizeof packet->src.bytes);
    return order != 0 ? order : (int)packet->src_port - (int)packet->dst_port;
}

qoe_flow_key qoe_flow_key_of(const qoe_packet *packet, unsigned *src_end)
{
    qoe_flow_key key;
    memset(&key, 0, sizeof key);
    unsigned src = end_compare(packet) <= 0 ? 0 : 1;
    key.addr[src] = packet->src;
    key.addr[1 - src] = packet->dst;
    key.port[src] = packet->src_port;
    key.port[1 - src] = packet->dst_port;
    key.transport = packet->transport;
    *src_end = src;
    return key;
}

/* The finalizer of MurmurHash3 (public domain): every input bit reaches every output bit. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

/* Each word times a number of its own (digits of pi, made odd), so that two ends never cancel each other out. */
unsigned qoe_flow_key_hash(const void *key)
{
    static const uint64_t odd[] = {0x243f6a8885a308d3, 0x13198a2e03707345, 0xa4093822299f31d1, 0x082efa98ec4e6c89,
                                   0x452821e638d01377};
    uint64_t words[G_N_ELEMENTS(odd)], sum = 0;
    G_STATIC_ASSERT(sizeof words == sizeof(qoe_flow_key));
    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++)
        sum += words[i] * odd[i];
    return (unsigned)mix(sum);
}

int qoe_flow_key_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(qoe_flow_key)) == 0;
}

qoe_server *qoe_flow_tag_at(const qoe_flow *flow, uint32_t frame)
{
    for (unsigned i = flow->tag_count; i > 0; i--) {
        if (frame >= flow->tags[i - 1].frame)
            return flow->tags[i - 1].server;
    }
    return NULL;
}

void qoe_flow_keep_opening(qoe_flow *flow, const qoe_packet *packet, bool from_client)
{
    if (flow->opening == NULL)
        flow->opening = g_new0(qoe_opening, 1);
    if (flow->opening->count == QOE_OPENING_MAX)
        return;
    qoe_opening_packet *kept = &flow->opening->packets[flow->opening->count++];
    kept->packet = *packet;
    kept->from_client = from_client;
    kept->packet.captured_len = MIN(packet->captured_len, QOE_OPENING_PAYLOAD);
    if (kept->packet.captured_len > 0)
        memcpy(kept->payload, packet->payload, kept->packet.captured_len);
}

qoe_packet qoe_flow_opening_packet(const qoe_opening *opening, unsigned i)
{
    qoe_packet packet = opening->packets[i].packet;
    packet.payload = opening->packets[i].payload;
    return packet;
}

static void list_remove(qoe_flow_table *table, qoe_flow *flow)
{
    *(flow->newer_used ? &flow->newer_used->older_used : &table->newest) = flow->older_used;
    *(flow->older_used ? &flow->older_used->newer_used : &table->oldest) = flow->newer_used;
    flow->newer_used = flow->older_used = NULL;
}

static void list_push(qoe_flow_table *table, qoe_flow *flow)
{
    flow->newer_used = NULL;
    flow->older_used = table->newest;
    *(table->newest ? &table->newest->newer_used : &table->oldest) = flow;
    table->newest = flow;
}

static void flow_free(qoe_flow_table *table, qoe_flow *flow)
{
    if (table->release)
        table->release(flow, table->user_data);
    if (flow->tls)
        qoe_sni_stream_free(flow->tls);
    if (flow->quic)
        qoe_quic_stream_free(flow->quic);
    g_free(flow->opening);
    g_free(flow);
}

/* Unhooks a flow from the hash and from the chain of flows with the same key. */
static void unhook(qoe_flow_table *table, qoe_flow *flow)
{
    qoe_flow *head = g_hash_table_lookup(table->by_key, &flow->key);
    if (head == flow && flow->older != NULL) {
        g_hash_table_replace(table->by_key, &flow->older->key, flow->older);
    } else if (head == flow) {
        g_hash_table_remove(table->by_key, &flow->key);
    } else {
        while (head != NULL && head->older != flow)
            head = head->older;
        if (head != NULL)
            head->older = flow->older;
    }
    flow->older = NULL;
}

qoe_flow_table *qoe_flow_table_new(size_t max, qoe_flow_release release, void *user_data)
{
    qoe_flow_table *table = g_new0(qoe_flow_table, 1);
    table->by_key = g_hash_table_new(qoe_flow_key_hash, qoe_flow_key_equal);
    table->max = max;
    table->release = release;
    table->user_data = user_data;
    return table;
}

void qoe_flow_table_free(qoe_flow_table *table)
{
    if (table == NULL)
        return;
    while (table->newest != NULL) {
        qoe_flow *flow = table->newest;
        list_remove(table, flow);
        flow_free(table, flow);
    }
    g_hash_table_destroy(table->by_key);
    g_free(table);
}

qoe_flow *qoe_flow_table_find(const qoe_flow_table *table, const qoe_flow_key *key)
{
    return g_hash_table_lookup(table->by_key, key);
}

static void make_room(qoe_flow_table *table)
{
    while (table->count >= table->max) {
        qoe_flow_table_remove(table, table->oldest);
        table->evicted++;
    }
}

/* Of too many conversations of one five-tuple the oldest makes room. */
static void limit_reuse(qoe_flow_table *table, const qoe_flow *newest)
{
    qoe_flow *flow = newest->older;
    for (unsigned i = 1; i < QOE_FLOW_REUSE_MAX && flow != NULL; i++)
        flow = flow->older;
    if (flow == NULL)
        return;
    qoe_flow_table_remove(table, flow);
    table->evicted++;
}

qoe_flow *qoe_flow_table_add(qoe_flow_table *table, const qoe_flow_key *key)
{
    qoe_flow *flow = g_new0(qoe_flow, 1);
    flow->key = *key;
    qoe_flow_table_adopt(table, flow);
    return flow;
}

void qoe_flow_table_adopt(qoe_flow_table *table, qoe_flow *flow)
{
    make_room(table);
    flow->older = qoe_flow_table_find(table, &flow->key);
    g_hash_table_replace(table->by_key, &flow->key, flow);
    list_push(table, flow);
    table->count++;
    limit_reuse(table, flow);
}

void qoe_flow_table_take(qoe_flow_table *table, qoe_flow *flow)
{
    unhook(table, flow);
    list_remove(table, flow);
    table->count--;
}

void qoe_flow_table_remove(qoe_flow_table *table, qoe_flow *flow)
{
    qoe_flow_table_take(table, flow);
    flow_free(table, flow);
}

void qoe_flow_table_touch(qoe_flow_table *table, qoe_flow *flow)
{
    if (table->newest == flow)
        return;
    list_remove(table, flow);
    list_push(table, flow);
}

uint64_t qoe_flow_table_evicted(const qoe_flow_table *table)
{
    return table->evicted;
}
