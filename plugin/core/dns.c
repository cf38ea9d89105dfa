/* DNS answers: which addresses a question's name resolved to.
 *
 * The records that can matter are listed first, then walked from the question's name, so their order in the message
 * does not count. Every target of a CNAME, an AliasMode or a ServiceMode record becomes a node of a small tree whose
 * root is the question; a chain is the way from a node up to the root.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "dns.h"

#include <glib.h>

enum {
    HEADER_LEN = 12,
    RECORD_HEAD_LEN = 10, /* type, class, TTL, length */
    LABEL_MAX = 63,
    RECORDS_MAX = 128, /* considered; honest messages have a tenth */
    CLASS_IN = 1,
    TYPE_A = 1,
    TYPE_CNAME = 5,
    TYPE_AAAA = 28,
    TYPE_SVCB = 64,
    TYPE_HTTPS = 65,
    KEY_IPV4HINT = 4,
    KEY_IPV6HINT = 6
};

typedef struct {
    const uint8_t *data;
    size_t len;
} span;

typedef struct {
    uint16_t type;
    unsigned owner_hash;
    size_t owner_at; /* of the name in the message */
    size_t rdata_at;
    size_t rdata_end; /* what the capture holds of it */
} record;

typedef struct {
    char name[QOE_DNS_NAME_MAX];
    unsigned hash;
    int parent; /* -1: the question */
} node;

typedef struct {
    span message;
    record records[RECORDS_MAX];
    size_t record_count;
    node nodes[QOE_DNS_CHAIN_MAX];
    int node_count;
    qoe_dns_answer_cb report;
    void *user_data;
    size_t reported;
} walk;

static uint16_t get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* What is no letter, digit, '-' or '_' becomes '?': a dot within a label must not look like a border. */
static char name_char(uint8_t byte)
{
    const char c = g_ascii_tolower((char)byte);
    return g_ascii_isalnum(c) || c == '-' || c == '_' ? c : '?';
}

/* Appends a label and its dot; false if the name gets longer than a name can be. */
static bool append_label(char name[QOE_DNS_NAME_MAX], size_t *name_len, const uint8_t *label, size_t len)
{
    if (*name_len + len + 1 >= QOE_DNS_NAME_MAX - 1)
        return false;
    for (size_t i = 0; i < len; i++)
        name[(*name_len)++] = name_char(label[i]);
    name[(*name_len)++] = '.';
    return true;
}

/* Reads the name at `at`; returns where the message goes on behind it, 0 if there is no whole name. A pointer may
 * only lead to before the run of labels that it ends, so there are no loops. */
static size_t read_name(span message, size_t at, char name[QOE_DNS_NAME_MAX])
{
    size_t behind = 0, run = at, name_len = 0;
    while (at < message.len) {
        const size_t len = message.data[at];
        if (len == 0) {
            name[name_len ? name_len - 1 : 0] = '\0';
            return behind ? behind : at + 1;
        }
        if (len > LABEL_MAX) {
            if (len < 0xc0 || at + 2 > message.len)
                return 0;
            const size_t target = get16(message.data + at) & 0x3fffu;
            if (target >= run)
                return 0;
            behind = behind ? behind : at + 2;
            at = run = target;
            continue;
        }
        if (at + 1 + len > message.len || !append_label(name, &name_len, message.data + at + 1, len))
            return 0;
        at += 1 + len;
    }
    return 0;
}

/* The first question's name becomes the root; returns where the questions end, 0 if the capture ends before. */
static size_t read_questions(walk *w, unsigned count)
{
    size_t at = HEADER_LEN;
    char other[QOE_DNS_NAME_MAX];
    for (unsigned i = 0; i < count; i++) {
        at = read_name(w->message, at, i == 0 ? w->nodes[0].name : other);
        if (at == 0 || at + 4 > w->message.len)
            return 0;
        at += 4;
    }
    w->nodes[0].hash = g_str_hash(w->nodes[0].name);
    w->nodes[0].parent = -1;
    w->node_count = 1;
    return at;
}

static bool is_wanted(uint16_t type, uint16_t class)
{
    return class == CLASS_IN &&
           (type == TYPE_A || type == TYPE_AAAA || type == TYPE_CNAME || type == TYPE_SVCB || type == TYPE_HTTPS);
}

/* Lists the record at `at` if it can matter; returns where the next one is, 0 if the capture ends before. */
static size_t list_record(walk *w, size_t at)
{
    const span message = w->message;
    char owner[QOE_DNS_NAME_MAX];
    const size_t head = read_name(message, at, owner);
    if (head == 0 || head + RECORD_HEAD_LEN > message.len)
        return 0;
    const uint16_t type = get16(message.data + head);
    const size_t rdata = head + RECORD_HEAD_LEN;
    const size_t next = rdata + get16(message.data + head + 8);
    if (is_wanted(type, get16(message.data + head + 2)))
        w->records[w->record_count++] = (record){type, g_str_hash(owner), at, rdata, MIN(next, message.len)};
    return next < message.len ? next : 0;
}

/* All sections: RFC 9460 puts the addresses of a target into the additional one. */
static void list_records(walk *w, size_t at, unsigned count)
{
    for (unsigned i = 0; i < count && at != 0 && w->record_count < RECORDS_MAX; i++)
        at = list_record(w, at);
}

static void report(walk *w, int at, const qoe_addr *addr)
{
    static const qoe_addr nowhere_v6 = {{0}}, nowhere_v4 = {{[10] = 0xff, [11] = 0xff}};
    if (w->reported >= QOE_DNS_ANSWERS_MAX)
        return;
    if (qoe_addr_equal(addr, &nowhere_v6) || qoe_addr_equal(addr, &nowhere_v4))
        return; /* how name blockers say "nowhere" */

    const char *chain[QOE_DNS_CHAIN_MAX];
    size_t len = 0;
    for (int i = at; i >= 0; i = w->nodes[i].parent)
        len++;
    size_t place = len;
    for (int i = at; i >= 0; i = w->nodes[i].parent)
        chain[--place] = w->nodes[i].name;
    const qoe_dns_answer answer = {chain, len, *addr};
    w->reported++;
    w->report(&answer, w->user_data);
}

/* The node of a name that `parent` leads to: a new one, or the one that it has; -1 if the tree is full. */
static int add_node(walk *w, int parent, const char *name)
{
    const unsigned hash = g_str_hash(name);
    for (int i = 0; i < w->node_count; i++)
        if (w->nodes[i].hash == hash && strcmp(w->nodes[i].name, name) == 0)
            return i;
    if (w->node_count == QOE_DNS_CHAIN_MAX)
        return -1;
    node *fresh = &w->nodes[w->node_count];
    g_strlcpy(fresh->name, name, sizeof fresh->name);
    fresh->hash = hash;
    fresh->parent = parent;
    return w->node_count++;
}

static void follow_cname(walk *w, const record *r, int owner)
{
    char target[QOE_DNS_NAME_MAX];
    const size_t end = read_name(w->message, r->rdata_at, target);
    if (end != 0 && end <= r->rdata_end && *target)
        add_node(w, owner, target);
}

static void report_hints(walk *w, int at, uint16_t key, const uint8_t *value, size_t len)
{
    const size_t step = key == KEY_IPV4HINT ? 4 : 16;
    for (size_t i = 0; i + step <= len; i += step) {
        const qoe_addr addr = step == 4 ? qoe_addr_from_v4(value + i) : qoe_addr_from_v6(value + i);
        report(w, at, &addr);
    }
}

/* RFC 9460 2.2: priority, target, parameters. "." as target is the owner itself. */
static void follow_svcb(walk *w, const record *r, int owner)
{
    char target[QOE_DNS_NAME_MAX];
    const span message = w->message;
    size_t at = r->rdata_at + 2 <= r->rdata_end ? read_name(message, r->rdata_at + 2, target) : 0;
    if (at == 0 || at > r->rdata_end)
        return;
    const int node_at = *target ? add_node(w, owner, target) : owner;
    if (node_at < 0)
        return;
    while (at + 4 <= r->rdata_end) {
        const uint16_t key = get16(message.data + at);
        const size_t len = get16(message.data + at + 2);
        at += 4;
        if (key == KEY_IPV4HINT || key == KEY_IPV6HINT)
            report_hints(w, node_at, key, message.data + at, MIN(len, r->rdata_end - at));
        if (len > r->rdata_end - at)
            return;
        at += len;
    }
}

static void follow(walk *w, const record *r, int owner)
{
    const uint8_t *rdata = w->message.data + r->rdata_at;
    const size_t len = r->rdata_end - r->rdata_at;
    qoe_addr addr;
    switch (r->type) {
    case TYPE_CNAME:
        follow_cname(w, r, owner);
        return;
    case TYPE_SVCB:
    case TYPE_HTTPS:
        follow_svcb(w, r, owner);
        return;
    case TYPE_A:
        if (len < 4)
            return;
        addr = qoe_addr_from_v4(rdata);
        break;
    default: /* AAAA: nothing else is listed */
        if (len < 16)
            return;
        addr = qoe_addr_from_v6(rdata);
        break;
    }
    report(w, owner, &addr);
}

/* The tree grows while it is walked: at most CHAIN_MAX nodes times RECORDS_MAX records. */
static void walk_tree(walk *w)
{
    char owner[QOE_DNS_NAME_MAX];
    for (int i = 0; i < w->node_count; i++)
        for (size_t k = 0; k < w->record_count; k++) {
            const record *r = &w->records[k];
            if (r->owner_hash != w->nodes[i].hash)
                continue;
            if (read_name(w->message, r->owner_at, owner) != 0 && strcmp(owner, w->nodes[i].name) == 0)
                follow(w, r, i);
        }
}

/* A response to a standard query, without error: QR 1, OPCODE 0, RCODE 0 (RFC 1035 4.1.1). */
static bool is_answer(span message)
{
    return message.len >= HEADER_LEN && (message.data[2] & 0xf8) == 0x80 && (message.data[3] & 0x0f) == 0;
}

size_t qoe_dns_parse(const uint8_t *message, size_t len, qoe_dns_answer_cb report_cb, void *user_data)
{
    walk w;
    w.message = (span){message, len};
    w.report = report_cb;
    w.user_data = user_data;
    w.record_count = 0;
    w.reported = 0;
    if (!is_answer(w.message))
        return 0;
    const unsigned questions = get16(message + 4);
    const size_t at = questions > 0 ? read_questions(&w, questions) : 0;
    if (at == 0)
        return 0;
    list_records(&w, at, (unsigned)get16(message + 6) + get16(message + 8) + get16(message + 10));
    walk_tree(&w);
    return w.reported;
}
