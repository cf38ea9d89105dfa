/* Service rules: which name suffixes and address prefixes belong to which streaming service.
 *
 * Two layers, the user's and the built-in one, each with a hash of suffixes and a list of prefixes. A name is looked
 * up by its suffixes, longest first, and only by those that have no more labels than the layer's longest rule: a
 * hostile name of 127 labels costs as little as any other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service.h"

#include <glib.h>

#include "service_builtin.h"
#include "service_match.h"

typedef struct {
    qoe_prefix prefix;
    const char *service;
} prefix_rule;

typedef struct {
    GHashTable *suffixes; /* char * -> const char *service */
    unsigned labels_max;  /* of the suffixes */
    GArray *prefixes;     /* of prefix_rule, longest first, the newest first among equals */
    /* Which first bytes of addresses any prefix has: nearly all addresses of a capture fail here, at once. */
    bool v4_heads[256], v6_heads[256];
} layer;

struct qoe_rules {
    layer user, builtin;
    GHashTable *services; /* every service's name: its own key and value */
};

static void layer_init(layer *l)
{
    l->suffixes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    l->prefixes = g_array_new(FALSE, FALSE, sizeof(prefix_rule));
    l->labels_max = 0;
}

static void layer_clear(layer *l)
{
    g_hash_table_destroy(l->suffixes);
    g_array_free(l->prefixes, TRUE);
}

static unsigned count_labels(const char *name)
{
    unsigned labels = 1;
    for (; *name; name++)
        labels += *name == '.';
    return labels;
}

static size_t head_place(bool v4)
{
    return v4 ? 12 : 0;
}

static void mark_heads(layer *l, const qoe_prefix *prefix)
{
    const bool v4 = qoe_addr_is_v4(&prefix->addr);
    const unsigned bits = prefix->bits - (v4 ? 96u : 0u);
    bool *heads = v4 ? l->v4_heads : l->v6_heads;
    memset(heads + prefix->addr.bytes[head_place(v4)], true, bits < 8 ? (size_t)1 << (8 - bits) : 1);
}

static void layer_add_prefix(layer *l, const qoe_prefix *prefix, const char *service)
{
    const prefix_rule rule = {*prefix, service};
    guint at = 0;
    while (at < l->prefixes->len && g_array_index(l->prefixes, prefix_rule, at).prefix.bits > prefix->bits)
        at++;
    g_array_insert_val(l->prefixes, at, rule);
    mark_heads(l, prefix);
}

static void layer_add(layer *l, const qoe_match *match, const char *service)
{
    if (match->is_prefix) {
        layer_add_prefix(l, &match->prefix, service);
        return;
    }
    g_hash_table_insert(l->suffixes, g_strdup(match->suffix), (gpointer)service);
    l->labels_max = MAX(l->labels_max, count_labels(match->suffix));
}

/* Services are compared by address from here on: one copy of each name. A known name in other letters ("netflix") is
 * the known service, for sessions and models go by it. */
static const char *intern(qoe_rules *rules, const char *service)
{
    char *folded = g_utf8_casefold(service, -1);
    const char *known = g_hash_table_lookup(rules->services, folded);
    if (known) {
        g_free(folded);
        return known;
    }
    char *copy = g_strdup(service);
    g_hash_table_insert(rules->services, folded, copy);
    return copy;
}

static char *add_to(qoe_rules *rules, layer *l, const char *service, const char *match)
{
    char name[QOE_SERVICE_MAX];
    qoe_match parsed;
    char *words = qoe_service_name_parse(service, name);
    if (!words)
        words = qoe_match_parse(match, &parsed);
    if (!words)
        layer_add(l, &parsed, intern(rules, name));
    return words;
}

qoe_rules *qoe_rules_new(void)
{
    qoe_rules *rules = g_new0(qoe_rules, 1);
    layer_init(&rules->user);
    layer_init(&rules->builtin);
    rules->services = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(qoe_builtin_rules); i++)
        g_free(add_to(rules, &rules->builtin, qoe_builtin_rules[i].service, qoe_builtin_rules[i].match));
    return rules;
}

void qoe_rules_free(qoe_rules *rules)
{
    if (!rules)
        return;
    layer_clear(&rules->user);
    layer_clear(&rules->builtin);
    g_hash_table_destroy(rules->services);
    g_free(rules);
}

/* Hands the words to the caller or drops them; true if there are none. */
static bool settle(char *words, char **error)
{
    const bool fine = words == NULL;
    if (error)
        *error = words;
    else
        g_free(words);
    return fine;
}

bool qoe_rules_add(qoe_rules *rules, const char *service, const char *match, char **error)
{
    return settle(add_to(rules, &rules->user, service, match), error);
}

bool qoe_rule_check(const char *service, const char *match, char **error)
{
    char name[QOE_SERVICE_MAX];
    qoe_match parsed;
    char *words = qoe_service_name_parse(service, name);
    return settle(words ? words : qoe_match_parse(match, &parsed), error);
}

/* The suffix of the layer's longest rule's number of labels, or the whole name if it is shorter. */
static const char *longest_candidate(const char *name, size_t len, unsigned labels)
{
    const char *at = name + len;
    while (at > name) {
        if (at[-1] == '.' && --labels == 0)
            return at;
        at--;
    }
    return name;
}

static const char *layer_by_name(const layer *l, const char *name, size_t len)
{
    if (l->labels_max == 0)
        return NULL;
    for (const char *suffix = longest_candidate(name, len, l->labels_max); suffix;) {
        const char *service = g_hash_table_lookup(l->suffixes, suffix);
        if (service)
            return service;
        const char *dot = strchr(suffix, '.');
        suffix = dot ? dot + 1 : NULL;
    }
    return NULL;
}

const char *qoe_rules_by_name(const qoe_rules *rules, const char *name)
{
    char lower[QOE_SUFFIX_MAX];
    size_t len = strlen(name);
    if (len > 0 && name[len - 1] == '.')
        len--;
    if (len == 0 || len >= sizeof lower)
        return NULL;
    for (size_t i = 0; i < len; i++)
        lower[i] = g_ascii_tolower(name[i]);
    lower[len] = '\0';
    const char *service = layer_by_name(&rules->user, lower, len);
    return service ? service : layer_by_name(&rules->builtin, lower, len);
}

static const char *layer_by_addr(const layer *l, const qoe_addr *addr)
{
    const bool v4 = qoe_addr_is_v4(addr);
    if (!(v4 ? l->v4_heads : l->v6_heads)[addr->bytes[head_place(v4)]])
        return NULL;
    for (guint i = 0; i < l->prefixes->len; i++) {
        const prefix_rule *rule = &g_array_index(l->prefixes, prefix_rule, i);
        if (qoe_prefix_contains(&rule->prefix, addr))
            return rule->service;
    }
    return NULL;
}

const char *qoe_rules_by_addr(const qoe_rules *rules, const qoe_addr *addr)
{
    const char *service = layer_by_addr(&rules->user, addr);
    return service ? service : layer_by_addr(&rules->builtin, addr);
}

bool qoe_service_is_speed_test(const char *service)
{
    return strcmp(service, QOE_SERVICE_FAST) == 0;
}

bool qoe_service_is_film(const char *service)
{
    return strcmp(service, QOE_SERVICE_FAST) != 0 && strcmp(service, QOE_SERVICE_UPLOAD) != 0;
}
