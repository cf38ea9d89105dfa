/* From a packet to its flow and from the flow to its server.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tagging.h"

#include <glib.h>

#include "connection_id.h"
#include "dns_stream.h"
#include "http_host.h"
#include "meter.h"

enum {
    PORT_DNS = 53,
    PORT_HTTP = 80,
    PORT_HTTPS = 443,
    FOREIGN_SLOTS = 4096 /* flows remembered as nobody's */
};

/* A flow that no service claimed when the server table had this generation. */
typedef struct {
    qoe_flow_key key;
    uint32_t generation;
} foreign_slot;

struct qoe_tagging {
    qoe_servers *servers;
    bool untagged;
    qoe_flow_table *flows;      /* a server claims or claimed them */
    qoe_flow_table *candidates; /* their ClientHello may yet come */
    qoe_connection_ids *ids;
    qoe_dns_streams *dns;
    uint32_t next_number;
    foreign_slot foreign[FOREIGN_SLOTS]; /* a cache: what falls out of it is asked for again */
};

qoe_tagging *qoe_tagging_new(const qoe_rules *rules, bool untagged, size_t flows_max, size_t candidates_max,
                             qoe_flow_release release, void *user_data)
{
    qoe_tagging *tagging = g_new0(qoe_tagging, 1);
    tagging->servers = qoe_servers_new(rules);
    tagging->untagged = untagged;
    tagging->flows = qoe_flow_table_new(flows_max, release, user_data);
    tagging->candidates = qoe_flow_table_new(candidates_max, NULL, NULL);
    tagging->ids = qoe_connection_ids_new();
    tagging->dns = qoe_dns_streams_new();
    tagging->next_number = 1;
    return tagging;
}

void qoe_tagging_free(qoe_tagging *tagging)
{
    if (tagging == NULL)
        return;
    qoe_flow_table_free(tagging->flows);
    qoe_flow_table_free(tagging->candidates);
    qoe_connection_ids_free(tagging->ids);
    qoe_dns_streams_free(tagging->dns);
    qoe_servers_free(tagging->servers);
    g_free(tagging);
}

static foreign_slot *foreign_slot_of(qoe_tagging *tagging, const qoe_flow_key *key)
{
    return &tagging->foreign[qoe_flow_key_hash(key) % FOREIGN_SLOTS];
}

static bool is_foreign(qoe_tagging *tagging, const qoe_flow_key *key)
{
    const foreign_slot *slot = foreign_slot_of(tagging, key);
    return qoe_flow_key_equal(&slot->key, key) && slot->generation == qoe_servers_generation(tagging->servers);
}

static void set_foreign(qoe_tagging *tagging, const qoe_flow_key *key)
{
    foreign_slot *slot = foreign_slot_of(tagging, key);
    slot->key = *key;
    slot->generation = qoe_servers_generation(tagging->servers);
}

/* Who learns from a DNS message, and when. */
typedef struct {
    qoe_servers *servers;
    uint32_t frame;
} pupil;

static void learn_message(const uint8_t *message, size_t len, void *user_data)
{
    const pupil *p = user_data;
    qoe_servers_learn_dns(p->servers, message, len, p->frame);
}

static void learn_dns(qoe_tagging *tagging, const qoe_packet *packet)
{
    pupil p = {tagging->servers, packet->frame};
    if (packet->src_port != PORT_DNS)
        return;
    if (packet->transport == QOE_TCP)
        qoe_dns_streams_add(tagging->dns, packet, learn_message, &p);
    else if (packet->captured_len > 0)
        learn_message(packet->payload, packet->captured_len, &p);
}

static bool is_dns(const qoe_packet *packet)
{
    return packet->src_port == PORT_DNS || packet->dst_port == PORT_DNS;
}

static bool opens_connection(const qoe_packet *packet)
{
    return packet->transport == QOE_TCP && (packet->flags & (QOE_TCP_SYN | QOE_TCP_ACK)) == QOE_TCP_SYN;
}

static bool is_web_port(uint16_t port)
{
    return port == PORT_HTTPS || port == PORT_HTTP;
}

/* The client's end of a flow whose server no table knows: the one that opens it, else the one without a web port. */
static unsigned guess_client_end(const qoe_packet *packet, unsigned src_end)
{
    if (opens_connection(packet))
        return src_end;
    if (packet->transport == QOE_TCP && (packet->flags & QOE_TCP_SYN))
        return 1 - src_end;
    return is_web_port(packet->src_port) && !is_web_port(packet->dst_port) ? 1 - src_end : src_end;
}

static bool starts_client_hello(const qoe_packet *packet)
{
    return packet->captured_len >= 6 && packet->payload[0] == 0x16 && packet->payload[1] == 3 &&
           packet->payload[5] == 1;
}

/* What names a server even where the connection's start was not captured. */
static bool names_server(const qoe_packet *packet)
{
    return starts_client_hello(packet) ||
           (packet->captured_len > 0 && qoe_http_is_request(packet->payload, packet->captured_len));
}

/* May a ClientHello or request come (or be here) that names this flow's service? */
static bool may_be_named(const qoe_packet *packet, bool from_client)
{
    if (packet->transport == QOE_UDP)
        return from_client && packet->captured_len > 5 &&
               qoe_quic_is_long_header(packet->payload, packet->captured_len);
    return opens_connection(packet) || names_server(packet);
}

static void set_tag(qoe_flow *flow, qoe_server *server, uint32_t frame)
{
    unsigned i = flow->tag_count < QOE_FLOW_TAGS ? flow->tag_count++ : QOE_FLOW_TAGS - 1;
    flow->tags[i] = (qoe_flow_tag){frame, server};
}

/* The server at one end of a flow by its address, or in untagged mode by its port; *end is that end. */
static qoe_server *server_by_address(qoe_tagging *tagging, const qoe_packet *packet, unsigned src_end, unsigned *end)
{
    unsigned likely = 1 - guess_client_end(packet, src_end);
    for (unsigned i = 0; i < 2; i++) {
        *end = i == 0 ? likely : 1 - likely;
        const qoe_addr *addr = *end == src_end ? &packet->src : &packet->dst;
        qoe_server *server = qoe_servers_by_addr(tagging->servers, addr, packet->frame);
        if (server != NULL)
            return server;
    }
    *end = likely;
    const bool server_is_src = likely == src_end;
    if (!tagging->untagged || !is_web_port(server_is_src ? packet->src_port : packet->dst_port))
        return NULL;
    return qoe_servers_untagged(tagging->servers, server_is_src ? &packet->src : &packet->dst, packet->frame);
}

/* A connection that goes on from another port, whose server's address no name has told; *end is the server's. */
static qoe_server *server_by_connection(const qoe_tagging *tagging, const qoe_packet *packet, unsigned src_end,
                                        unsigned *end)
{
    qoe_server *server = qoe_connection_ids_find(tagging->ids, packet);
    if (server != NULL)
        *end = 1 - src_end;
    return server;
}

static void init_flow(qoe_flow *flow, const qoe_packet *packet, unsigned client_end, uint32_t generation)
{
    flow->client_end = client_end;
    flow->first_frame = packet->frame;
    flow->last_us = packet->time_us;
    flow->early_us = packet->time_us;
    flow->generation = generation;
}

/* A flow for a packet that belongs to none yet; NULL if it is nobody's so far. Where it follows a tagged conversation
 * of the same five-tuple it takes that one's place even without a server: the old tag must not speak for it. */
static qoe_flow *start_flow(qoe_tagging *tagging, const qoe_packet *packet, const qoe_flow_key *key, unsigned src_end)
{
    unsigned server_end;
    qoe_server *server = server_by_address(tagging, packet, src_end, &server_end);
    if (server == NULL)
        server = server_by_connection(tagging, packet, src_end, &server_end);
    if (server == NULL && !may_be_named(packet, server_end != src_end)) {
        set_foreign(tagging, key);
        return NULL;
    }
    const bool follows = qoe_flow_table_find(tagging->flows, key) != NULL;
    const bool is_candidate = server == NULL && !follows;
    qoe_flow *flow = qoe_flow_table_add(is_candidate ? tagging->candidates : tagging->flows, key);
    init_flow(flow, packet, 1 - server_end, qoe_servers_generation(tagging->servers));
    if (!is_candidate) {
        flow->number = tagging->next_number++;
        set_tag(flow, server, packet->frame);
    }
    return flow;
}

static void promote(qoe_tagging *tagging, qoe_flow *flow, qoe_server *server, uint32_t frame)
{
    qoe_flow_table_take(tagging->candidates, flow);
    qoe_flow_table_adopt(tagging->flows, flow);
    flow->number = tagging->next_number++;
    set_tag(flow, server, frame);
}

/* A candidate whose address has become known since it was last asked for. */
static void recheck_candidate(qoe_tagging *tagging, qoe_flow *flow, const qoe_packet *packet)
{
    uint32_t generation = qoe_servers_generation(tagging->servers);
    if (flow->generation == generation)
        return;
    flow->generation = generation;
    qoe_server *server = qoe_servers_by_addr(tagging->servers, qoe_flow_server_addr(flow), packet->frame);
    if (server != NULL)
        promote(tagging, flow, server, packet->frame);
}

static qoe_sni_status read_tcp_name(qoe_flow *flow, const qoe_packet *packet, char name[QOE_SNI_MAX])
{
    const bool is_syn = opens_connection(packet);
    if (is_syn) {
        flow->isn_known = true;
        flow->isn_up = packet->seq;
    }
    if (packet->payload_len == 0)
        return QOE_SNI_MORE;
    if (!flow->isn_known) {
        if (!names_server(packet))
            return QOE_SNI_NONE; /* the capture began in mid-connection */
        flow->isn_known = true;
        flow->isn_up = packet->seq - 1;
    }
    if (flow->tls == NULL)
        flow->tls = qoe_sni_stream_new();
    const uint32_t data_seq = is_syn ? packet->seq + 1 : packet->seq; /* RFC 9293 3.4: the SYN takes a number */
    return qoe_sni_stream_add(flow->tls, data_seq - flow->isn_up - 1, packet->payload, packet->captured_len,
                              packet->payload_len, name);
}

static qoe_sni_status read_quic_name(qoe_flow *flow, const qoe_packet *packet, char name[QOE_SNI_MAX])
{
    if (!qoe_quic_is_long_header(packet->payload, packet->captured_len))
        return packet->payload_len == 0 ? QOE_SNI_MORE : QOE_SNI_NONE;
    if (flow->quic == NULL)
        flow->quic = qoe_quic_stream_new();
    return qoe_quic_stream_add(flow->quic, packet->payload, packet->captured_len, packet->payload_len, name);
}

static void settle_name(qoe_flow *flow)
{
    flow->name_settled = true;
    g_clear_pointer(&flow->tls, qoe_sni_stream_free);
    g_clear_pointer(&flow->quic, qoe_quic_stream_free);
}

static qoe_server *tag_of(const qoe_flow *flow)
{
    return flow->tag_count > 0 ? flow->tags[flow->tag_count - 1].server : NULL;
}

/* The name that the client gave overrules what the address said. A name outside all rules takes the tag away where many
 * names share an address; a service's own machine stays one, whatever a client calls it. */
static void apply_name(qoe_tagging *tagging, qoe_flow *flow, qoe_source source, const char *name,
                       const qoe_packet *packet)
{
    const qoe_addr *addr = qoe_flow_server_addr(flow);
    qoe_server *server = qoe_servers_by_name(tagging->servers, addr, source, name, packet->frame);
    if (server == NULL && tag_of(flow) != NULL && tag_of(flow)->own)
        return;
    if (server == NULL && tagging->untagged)
        server = qoe_servers_untagged(tagging->servers, addr, packet->frame);
    if (flow->tag_count > 0) {
        if (server != tag_of(flow))
            set_tag(flow, server, packet->frame);
    } else if (server != NULL) {
        promote(tagging, flow, server, packet->frame);
    }
}

static void learn_name(qoe_tagging *tagging, qoe_flow *flow, const qoe_packet *packet)
{
    char name[QOE_SNI_MAX];
    qoe_sni_status status =
        packet->transport == QOE_TCP ? read_tcp_name(flow, packet, name) : read_quic_name(flow, packet, name);
    if (status == QOE_SNI_MORE)
        return;
    settle_name(flow);
    if (status != QOE_SNI_NONE)
        apply_name(tagging, flow, status == QOE_SNI_HOST ? QOE_SOURCE_HOST : QOE_SOURCE_SNI, name, packet);
}

/* A connection's handshake tells its detector the round-trip time and where requests begin. Only what a client says
 * before its ClientHello (to a proxy) is not for it. */
static void keep_opening(qoe_flow *flow, const qoe_packet *packet, bool from_client)
{
    const bool hello = from_client && packet->payload_len > 0 && (flow->hello_begun || starts_client_hello(packet));
    flow->hello_begun |= hello;
    if (hello || (packet->flags & QOE_TCP_SYN))
        qoe_flow_keep_opening(flow, packet, from_client);
}

/* A new conversation on the five-tuple of an old one: a SYN that is no retransmission of the old one's. */
static bool is_new_conversation(const qoe_flow *flow, const qoe_packet *packet)
{
    if (!opens_connection(packet))
        return false;
    return flow->isn_known ? packet->seq != flow->isn_up : flow->fin_seen;
}

static qoe_flow *find_flow(qoe_tagging *tagging, const qoe_packet *packet, const qoe_flow_key *key, unsigned src_end)
{
    qoe_flow *flow = qoe_flow_table_find(tagging->flows, key);
    if (flow == NULL)
        flow = qoe_flow_table_find(tagging->candidates, key);
    if (flow != NULL && !is_new_conversation(flow, packet))
        return flow;
    if (flow == NULL && is_foreign(tagging, key) && !may_be_named(packet, true))
        return NULL;
    return start_flow(tagging, packet, key, src_end);
}

/* A candidate with nothing more to hope for is dropped, so that the table keeps those that have. */
static void drop_candidate(qoe_tagging *tagging, qoe_flow *flow)
{
    set_foreign(tagging, &flow->key);
    qoe_flow_table_remove(tagging->candidates, flow);
}

qoe_flow *qoe_tagging_packet(qoe_tagging *tagging, const qoe_packet *packet, unsigned *src_end)
{
    if (is_dns(packet)) {
        learn_dns(tagging, packet);
        return NULL;
    }
    const qoe_flow_key key = qoe_flow_key_of(packet, src_end);
    qoe_flow *flow = find_flow(tagging, packet, &key, *src_end);
    if (flow == NULL)
        return NULL;
    const bool from_client = *src_end == flow->client_end;
    if (flow->tag_count == 0)
        recheck_candidate(tagging, flow, packet);
    if (from_client && !flow->name_settled)
        learn_name(tagging, flow, packet);
    if (flow->tag_count == 0) {
        qoe_traffic_add(&flow->early, packet, from_client);
        keep_opening(flow, packet, from_client);
        if (flow->name_settled)
            drop_candidate(tagging, flow);
        return NULL;
    }
    qoe_flow_table_touch(tagging->flows, flow);
    flow->last_us = packet->time_us;
    flow->fin_seen |= (packet->flags & (QOE_TCP_FIN | QOE_TCP_RST)) != 0;
    if (from_client && tag_of(flow) != NULL)
        qoe_connection_ids_learn(tagging->ids, packet, tag_of(flow));
    return qoe_flow_tag_at(flow, packet->frame) != NULL ? flow : NULL;
}

const qoe_flow *qoe_tagging_lookup(const qoe_tagging *tagging, const qoe_packet *packet, unsigned *src_end)
{
    const qoe_flow_key key = qoe_flow_key_of(packet, src_end);
    const qoe_flow *flow = qoe_flow_table_find(tagging->flows, &key);
    while (flow != NULL && flow->first_frame > packet->frame)
        flow = flow->older;
    return flow != NULL && qoe_flow_tag_at(flow, packet->frame) != NULL ? flow : NULL;
}

qoe_servers *qoe_tagging_servers(const qoe_tagging *tagging)
{
    return tagging->servers;
}

uint64_t qoe_tagging_evicted(const qoe_tagging *tagging)
{
    return qoe_flow_table_evicted(tagging->flows);
}
