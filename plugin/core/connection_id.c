/* Servers by their addresses and the connection IDs in short headers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "connection_id.h"

#include <glib.h>
#include <string.h>

#include "quic.h"

enum { ID_BYTES = 8, SLOTS = 4096 };

typedef struct {
    qoe_addr addr;
    uint8_t id[ID_BYTES];
    qoe_server *server; /* NULL: the slot is empty */
} id_slot;

struct qoe_connection_ids {
    id_slot slots[SLOTS];
};

qoe_connection_ids *qoe_connection_ids_new(void)
{
    return g_new0(qoe_connection_ids, 1);
}

void qoe_connection_ids_free(qoe_connection_ids *ids)
{
    g_free(ids);
}

/* Where the ID begins: behind the first byte; NULL if the packet shows none. */
static const uint8_t *id_of(const qoe_packet *packet)
{
    const bool shown = packet->transport == QOE_UDP && packet->captured_len > ID_BYTES &&
                       !qoe_quic_is_long_header(packet->payload, packet->captured_len);
    return shown ? packet->payload + 1 : NULL;
}

static size_t slot_of(const qoe_addr *addr, const uint8_t *id)
{
    unsigned hash = qoe_addr_hash(addr);
    for (unsigned i = 0; i < ID_BYTES; i++)
        hash = (hash ^ id[i]) * 16777619u; /* FNV-1a */
    return (hash ^ hash >> 16) % SLOTS;
}

void qoe_connection_ids_learn(qoe_connection_ids *ids, const qoe_packet *packet, qoe_server *server)
{
    const uint8_t *id = id_of(packet);
    if (id == NULL)
        return;
    id_slot *slot = &ids->slots[slot_of(&packet->dst, id)];
    slot->addr = packet->dst;
    memcpy(slot->id, id, ID_BYTES);
    slot->server = server;
}

qoe_server *qoe_connection_ids_find(const qoe_connection_ids *ids, const qoe_packet *packet)
{
    const uint8_t *id = id_of(packet);
    if (id == NULL)
        return NULL;
    const id_slot *slot = &ids->slots[slot_of(&packet->dst, id)];
    return qoe_addr_equal(&slot->addr, &packet->dst) && memcmp(slot->id, id, ID_BYTES) == 0 ? slot->server : NULL;
}
