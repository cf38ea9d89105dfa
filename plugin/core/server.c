/* Servers: which address speaks for which service, why, and since when.
 *
 * Two tables. Bindings say what the newest DNS answer made of an address; they come and go. Records are the roles in
 * which addresses were named or used by flows; they stay. A flood of DNS answers can therefore fill the bindings, where
 * those that no flow has used are forgotten first, but never more than half of the records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "server.h"

#include <glib.h>

/* Servers that were only named, not used, have records too while the table is emptier than this: a user wants to see
 * all addresses of a service. The rest of the table is for those in use. */
enum { RECORDS_EAGER = QOE_SERVERS_MAX / 2 };

/* What the newest DNS answer says of an address. */
typedef struct {
    qoe_addr addr;
    const char *service; /* interned by the rules */
    char *name;
    bool own; /* see qoe_server */
    uint32_t frame;
    qoe_server *server; /* its record; NULL until a flow asks */
    GList in_unused;    /* in queue `unused` while server is NULL */
} binding;

struct qoe_servers {
    const qoe_rules *rules;
    GHashTable *bindings; /* &binding.addr -> binding */
    GQueue unused;        /* bindings that no flow has asked for, oldest first */
    GHashTable *by_role;  /* a set of qoe_server, equal by address and service */
    GPtrArray *records;   /* of qoe_server, owned */
    uint32_t generation;
    uint64_t refused;
};

static unsigned role_hash(const void *key)
{
    const qoe_server *server = key;
    return qoe_addr_hash(&server->addr) ^ g_direct_hash(server->service);
}

static int role_equal(const void *a, const void *b)
{
    const qoe_server *x = a, *y = b;
    return x->service == y->service && qoe_addr_equal(&x->addr, &y->addr);
}

static void free_binding(gpointer data)
{
    binding *b = data;
    g_free(b->name);
    g_free(b);
}

static void free_record(gpointer data)
{
    qoe_server *server = data;
    g_free((gpointer)server->name);
    g_free(server);
}

qoe_servers *qoe_servers_new(const qoe_rules *rules)
{
    qoe_servers *servers = g_new0(qoe_servers, 1);
    servers->rules = rules;
    servers->bindings = g_hash_table_new_full(qoe_addr_hash, qoe_addr_equal_keys, NULL, free_binding);
    servers->by_role = g_hash_table_new(role_hash, role_equal);
    servers->records = g_ptr_array_new_with_free_func(free_record);
    g_queue_init(&servers->unused);
    return servers;
}

void qoe_servers_free(qoe_servers *servers)
{
    if (!servers)
        return;
    g_hash_table_destroy(servers->by_role);
    g_hash_table_destroy(servers->bindings); /* the queue's links live in them */
    g_ptr_array_free(servers->records, TRUE);
    g_free(servers);
}

/* --- bindings --- */

static void forget(qoe_servers *servers, binding *b)
{
    if (!b->server)
        g_queue_unlink(&servers->unused, &b->in_unused);
    g_hash_table_remove(servers->bindings, &b->addr);
}

/* Those that a flow uses stay; of the others the oldest goes. False if all are in use. */
static bool make_room(qoe_servers *servers)
{
    if (g_hash_table_size(servers->bindings) < QOE_NAMES_MAX)
        return true;
    servers->refused++;
    const GList *oldest = g_queue_peek_head_link(&servers->unused);
    if (!oldest)
        return false;
    forget(servers, oldest->data);
    return true;
}

static binding *new_binding(qoe_servers *servers, const qoe_addr *addr)
{
    if (!make_room(servers))
        return NULL;
    binding *b = g_new0(binding, 1);
    b->addr = *addr;
    b->in_unused.data = b;
    g_queue_push_tail_link(&servers->unused, &b->in_unused);
    g_hash_table_insert(servers->bindings, &b->addr, b);
    return b;
}

/* --- records --- */

/* A name tells more than a prefix or a port; the first name stays. */
static void enrich(qoe_server *server, qoe_source source, const char *name)
{
    if (*server->name || !*name)
        return;
    g_free((gpointer)server->name);
    server->name = g_strdup(name);
    server->source = source;
}

/* The record of an address in a role: found, or made; NULL if the table is full. service must be interned. */
static qoe_server *record_of(qoe_servers *servers, const qoe_addr *addr, const char *service, qoe_source source,
                             const char *name, uint32_t frame)
{
    const qoe_server wanted = {.addr = *addr, .service = service};
    qoe_server *server = g_hash_table_lookup(servers->by_role, &wanted);
    if (server) {
        enrich(server, source, name);
        return server;
    }
    if (servers->records->len >= QOE_SERVERS_MAX) {
        servers->refused++;
        return NULL;
    }
    server = g_new0(qoe_server, 1);
    *server = (qoe_server){.addr = *addr,
                           .service = service,
                           .name = g_strdup(name),
                           .source = source,
                           .since_frame = frame,
                           .first_us = INT64_MAX,
                           .last_us = INT64_MIN};
    g_hash_table_add(servers->by_role, server);
    g_ptr_array_add(servers->records, server);
    return server;
}

/* --- learning --- */

/* Gives a binding its record, NULL if there is no room. */
static qoe_server *use_binding(qoe_servers *servers, binding *b)
{
    b->server = record_of(servers, &b->addr, b->service, QOE_SOURCE_DNS, b->name, b->frame);
    if (b->server) {
        b->server->own |= b->own;
        g_queue_unlink(&servers->unused, &b->in_unused);
    }
    return b->server;
}

/* A binding that changes its service is new for its queue: no flow has asked for it in its new role. */
static void bind(qoe_servers *servers, const qoe_dns_answer *answer, const char *service, size_t name, bool own,
                 uint32_t frame)
{
    binding *b = g_hash_table_lookup(servers->bindings, &answer->addr);
    if (b && b->service == service)
        return;
    if (b)
        forget(servers, b);
    b = new_binding(servers, &answer->addr);
    if (!b)
        return;
    b->service = service;
    b->name = g_strdup(answer->chain[name]);
    b->own = own;
    b->frame = frame;
    if (servers->records->len < RECORDS_EAGER)
        use_binding(servers, b);
    servers->generation++;
}

static void unbind(qoe_servers *servers, const qoe_addr *addr)
{
    binding *b = g_hash_table_lookup(servers->bindings, addr);
    if (!b)
        return;
    forget(servers, b);
    servers->generation++;
}

typedef struct {
    qoe_servers *servers;
    uint32_t frame;
    size_t tagged;
} lesson;

static void learn_answer(const qoe_dns_answer *answer, void *user_data)
{
    lesson *l = user_data;
    for (size_t i = 0; i < answer->chain_len; i++) {
        const char *service = qoe_rules_by_name(l->servers->rules, answer->chain[i]);
        if (!service)
            continue;
        const char *last = qoe_rules_by_name(l->servers->rules, answer->chain[answer->chain_len - 1]);
        bind(l->servers, answer, service, i, last == service, l->frame);
        l->tagged++;
        return;
    }
    unbind(l->servers, &answer->addr);
}

size_t qoe_servers_learn_dns(qoe_servers *servers, const uint8_t *message, size_t len, uint32_t frame)
{
    lesson l = {servers, frame, 0};
    qoe_dns_parse(message, len, learn_answer, &l);
    return l.tagged;
}

qoe_server *qoe_servers_by_addr(qoe_servers *servers, const qoe_addr *addr, uint32_t frame)
{
    binding *b = g_hash_table_lookup(servers->bindings, addr);
    if (b && b->server)
        return b->server;
    if (b)
        return use_binding(servers, b);
    const char *service = qoe_rules_by_addr(servers->rules, addr);
    qoe_server *server = service ? record_of(servers, addr, service, QOE_SOURCE_PREFIX, "", frame) : NULL;
    if (server)
        server->own = true;
    return server;
}

qoe_server *qoe_servers_by_name(qoe_servers *servers, const qoe_addr *addr, qoe_source source, const char *name,
                                uint32_t frame)
{
    const char *service = qoe_rules_by_name(servers->rules, name);
    return service ? record_of(servers, addr, service, source, name, frame) : NULL;
}

qoe_server *qoe_servers_untagged(qoe_servers *servers, const qoe_addr *addr, uint32_t frame)
{
    static const char untagged[] = QOE_SERVICE_UNTAGGED;
    return record_of(servers, addr, untagged, QOE_SOURCE_PORT, "", frame);
}

/* --- reading --- */

uint32_t qoe_servers_generation(const qoe_servers *servers)
{
    return servers->generation;
}

size_t qoe_servers_count(const qoe_servers *servers)
{
    return servers->records->len;
}

const qoe_server *qoe_servers_at(const qoe_servers *servers, size_t i)
{
    return g_ptr_array_index(servers->records, i);
}

uint64_t qoe_servers_refused(const qoe_servers *servers)
{
    return servers->refused;
}

const char *qoe_source_name(qoe_source source)
{
    static const char *const names[] = {"dns", "sni", "prefix", "port", "host"};
    return (unsigned)source < G_N_ELEMENTS(names) ? names[source] : "";
}
