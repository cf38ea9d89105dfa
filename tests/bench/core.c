/* How many packets a second the core takes, without Wireshark around it.  usage: bench-core [PACKETS [MODEL]]
 *
 * Films: clients that each fetch segments of about 1 MB over four connections from servers known by prefix; every
 * second downlink packet is acknowledged. Others: the same packets of hosts that no rule names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "analysis.h"

enum { CLIENTS = 25, CONNECTIONS = 4, FLOWS = CLIENTS * CONNECTIONS };
enum { SEGMENT_PACKETS = 700, PAYLOAD = 1448, REQUEST = 600, HEADERS = 40 };
enum { STEP_US = 20 };

/* One connection: where it stands. */
typedef struct {
    qoe_addr client, server;
    uint16_t port;
    uint32_t up, down; /* next sequence numbers */
    unsigned sent;     /* packets of the segment so far */
    bool acknowledge;
} connection;

static connection flows[FLOWS];

static void open_flows(const uint8_t network[4])
{
    for (unsigned i = 0; i < FLOWS; i++) {
        const uint8_t client[4] = {10, 0, 0, (uint8_t)(1 + i / CONNECTIONS)};
        const uint8_t server[4] = {network[0], network[1], network[2], (uint8_t)(1 + i % CONNECTIONS)};
        flows[i] = (connection){.client = qoe_addr_from_v4(client),
                                .server = qoe_addr_from_v4(server),
                                .port = (uint16_t)(40000 + i),
                                .up = i * 1000,
                                .down = i * 2000};
    }
}

static void fill(qoe_packet *packet, connection *flow, bool down, uint32_t payload)
{
    packet->src = down ? flow->server : flow->client;
    packet->dst = down ? flow->client : flow->server;
    packet->src_port = down ? 443 : flow->port;
    packet->dst_port = down ? flow->port : 443;
    packet->transport = QOE_TCP;
    packet->flags = QOE_TCP_ACK;
    packet->window = 4096;
    packet->seq = down ? flow->down : flow->up;
    packet->ack = down ? flow->up : flow->down;
    packet->payload_len = payload;
    packet->ip_len = payload + HEADERS;
    if (down)
        flow->down += payload;
    else
        flow->up += payload;
}

/* The connection's next packet: a request, then a segment with its acknowledgements. */
static void next_packet(qoe_packet *packet, connection *flow)
{
    if (flow->acknowledge) {
        flow->acknowledge = false;
        fill(packet, flow, false, 0);
        return;
    }
    if (flow->sent == 0)
        fill(packet, flow, false, REQUEST);
    else
        fill(packet, flow, true, PAYLOAD);
    flow->acknowledge = flow->sent % 2 == 1;
    flow->sent = (flow->sent + 1) % (SEGMENT_PACKETS + 1);
}

static void run(const char *title, const uint8_t network[4], uint32_t packets, const qoe_config *config)
{
    qoe_analysis *analysis = qoe_analysis_new(config);
    qoe_packet packet = {0};
    qoe_verdict verdict;

    open_flows(network);
    const clock_t start = clock();
    for (uint32_t i = 0; i < packets; i++) {
        packet.frame = i + 1;
        packet.time_us = (int64_t)i * STEP_US;
        next_packet(&packet, &flows[i / 8 % FLOWS]); /* packets come in bursts of eight */
        qoe_analysis_packet(analysis, &packet, &verdict);
    }
    const double taken = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("%-7s %u packets in %.2f s: %.1f million packets/s (%zu sessions, %zu segments)\n", title, packets, taken,
           packets / taken / 1e6, qoe_analysis_sessions(analysis), qoe_analysis_segments(analysis));
    qoe_analysis_free(analysis);
}

int main(int argc, char **argv)
{
    const uint32_t packets = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 10000000;
    static const uint8_t film[4] = {198, 38, 120, 0}, other[4] = {192, 0, 2, 0};
    char *error = NULL;
    qoe_model *model = argc > 2 ? qoe_model_load(argv[2], &error) : NULL;

    if (packets == 0 || error) {
        fprintf(stderr, "bench-core: %s\n", error ? error : "the number of packets is 0");
        return 1;
    }
    qoe_rules *rules = qoe_rules_new();
    const qoe_config config = {.rules = rules, .model = model};
    run("films", film, packets, &config);
    run("others", other, packets, &config);
    qoe_rules_free(rules);
    qoe_model_free(model);
    return 0;
}
