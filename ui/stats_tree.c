/* Knows the statistics tree: -z qoe,tree and Statistics > Video QoE.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <stdio.h>

#include <epan/stats_tree.h>

#include "follow.h"
#include "packet-qoe.h"
#include "statistics.h"

/* What a tree keeps besides its nodes. */
typedef struct {
    stats_tree *tree;
    qoe_follow *follow;
    bool listening;     /* before_draw is registered */
    GHashTable *counts; /* "parent/name" -> count */
    GHashTable *names;  /* server, never looked into -> the name of its node: made once, not at every packet */
    int servers, sessions, segments, windows; /* nodes */
} tree_state;

/* All open trees, by stats_tree: Wireshark's API has no place for them. */
static GHashTable *states;

/* Counts a thing that has no time of its own: set and not ticked, so that it makes no burst at the packet by which it
 * happened to become known, which is another one in the first pass than in the second. */
static int count_node(tree_state *state, const char *name, int parent, bool with_children)
{
    char *key = g_strdup_printf("%d/%s", parent, name);
    const int count = GPOINTER_TO_INT(g_hash_table_lookup(state->counts, key)) + 1;

    g_hash_table_insert(state->counts, key, GINT_TO_POINTER(count));
    return set_stat_node(state->tree, name, parent, with_children, count);
}

/* In whole numbers: the tree's others are of single precision, and show its noise. */
static void count_value(tree_state *state, const char *name, int parent, uint64_t value)
{
    avg_stat_node_add_value_notick(state->tree, name, parent, FALSE, (gint)MIN(value, G_MAXINT));
    count_node(state, name, parent, false);
}

static void count_total(tree_state *state, const char *name)
{
    count_node(state, name, 0, true);
}

static void count_segment(tree_state *state, const qoe_segment *segment)
{
    count_total(state, "Segments");
    const int kind = count_node(state, qoe_kind_name(segment->kind), state->segments, true);
    count_value(state, "Size (bytes)", kind, segment->bytes);
    count_value(state, "Duration (ms)", kind, (uint64_t)(qoe_segment_duration_us(segment) + 500) / 1000);
}

static void count_window(tree_state *state, const qoe_window *window)
{
    char name[16];

    count_total(state, "Windows");
    if (window->resolution > 0) {
        snprintf(name, sizeof name, "%dp", window->resolution);
        count_node(state, name, state->windows, false);
        return;
    }
    const int parent = count_node(state, "no answer", state->windows, true);
    const char *reason = qoe_window_reason(window);
    count_node(state, *reason ? reason : "still open", parent, false);
}

static void tell(qoe_table table, const qoe_row *row, void *user_data)
{
    tree_state *state = user_data;

    if (table == QOE_TABLE_SEGMENTS)
        count_segment(state, row->segment);
    if (table == QOE_TABLE_WINDOWS)
        count_window(state, row->window);
    if (table == QOE_TABLE_SESSIONS) {
        count_total(state, "Sessions");
        count_node(state, row->session->service, state->sessions, false);
    }
}

static const char *server_name(tree_state *state, const qoe_server *server)
{
    char *name = g_hash_table_lookup(state->names, server);
    char address[QOE_ADDR_STRLEN];

    if (!name) {
        qoe_addr_format(&server->addr, address);
        name = *server->name ? g_strdup_printf("%s (%s)", address, server->name) : g_strdup(address);
        g_hash_table_insert(state->names, (gpointer)(uintptr_t)server, name);
    }
    return name;
}

static void tick_server(tree_state *state, const qoe_server *server)
{
    tick_stat_node(state->tree, "Servers (packets)", 0, TRUE);
    const int service = tick_stat_node(state->tree, server->service, state->servers, TRUE);
    tick_stat_node(state->tree, server_name(state, server), service, FALSE);
}

static tap_packet_status take(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                              tap_flags_t flags _U_)
{
    tree_state *state = g_hash_table_lookup(states, tree);
    const qoe_tap_info *info = data;
    qoe_analysis *analysis = qoe_current_analysis();

    if (!state || !analysis)
        return TAP_PACKET_DONT_REDRAW;
    tick_server(state, info->verdict->server);
    qoe_follow_packet(state->follow, analysis, info->packet, info->verdict, info->known);
    return TAP_PACKET_REDRAW;
}

/* A tree of noughts helps nobody. */
static void hint_if_nothing(tree_state *state)
{
    const qoe_analysis *analysis = qoe_current_analysis();

    if (analysis && qoe_analysis_end_us(analysis) > 0 && qoe_analysis_sessions(analysis) == 0 &&
        !qoe_analysis_config(analysis)->untagged)
        set_stat_node(state->tree, "No service was recognised: preference qoe.untagged may help", 0, FALSE, 0);
}

/* The draw of a listener that was registered behind the tree's, and so comes before it. In a first pass the tree
 * learns of its segments and windows here. */
static void before_draw(void *listener)
{
    tree_state *state = listener;
    qoe_host_tell_missing_model();
    qoe_follow_finish(state->follow, qoe_current_analysis());
    hint_if_nothing(state);
    qoe_host_tell_losses("qoe,tree", qoe_current_analysis());
}

/* When the program ends, 4.6 frees all listeners in a row, ours before the tree's: then there is nothing to remove. */
static void listener_gone(void *listener)
{
    tree_state *state = listener;
    state->listening = false;
}

static void free_state(gpointer data)
{
    tree_state *state = data;

    qoe_follow_free(state->follow);
    g_hash_table_destroy(state->counts);
    g_hash_table_destroy(state->names);
    g_free(state);
}

static tree_state *new_state(stats_tree *tree)
{
    tree_state *state = g_new0(tree_state, 1);

    state->tree = tree;
    state->follow = qoe_follow_new(tell, state);
    state->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    state->names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (!states)
        states = g_hash_table_new_full(NULL, NULL, NULL, free_state);
    g_hash_table_insert(states, tree, state);
    /* In the graphical Wireshark the capture has always been read before, and dialogs come and go. */
    if (!qoe_host_is_gui())
        state->listening = qoe_host_listen("qoe,tree", state, NULL, NULL, NULL, before_draw, listener_gone);
    return state;
}

/* Called for a new tree, and again whenever it starts anew; it has no nodes then. */
static void init(stats_tree *tree)
{
    tree_state *state = states ? g_hash_table_lookup(states, tree) : NULL;

    if (!state)
        state = new_state(tree);
    qoe_follow_reset(state->follow);
    g_hash_table_remove_all(state->counts);
    g_hash_table_remove_all(state->names);
    state->servers = stats_tree_create_node(tree, "Servers (packets)", 0, STAT_DT_INT, TRUE);
    state->sessions = stats_tree_create_node(tree, "Sessions", 0, STAT_DT_INT, TRUE);
    state->segments = stats_tree_create_node(tree, "Segments", 0, STAT_DT_INT, TRUE);
    state->windows = stats_tree_create_node(tree, "Windows", 0, STAT_DT_INT, TRUE);
    if (qoe_host_is_gui()) /* the capture was read before, and what has no packets is drawn without a call */
        hint_if_nothing(state);
}

static void cleanup(stats_tree *tree)
{
    tree_state *state = states ? g_hash_table_lookup(states, tree) : NULL;

    if (!state)
        return;
    if (state->listening)
        remove_tap_listener(state);
    g_hash_table_remove(states, tree);
}

void qoe_stats_tree_register(void)
{
    stats_tree_register_plugin("qoe", "qoe", QOE_WS_TREE_NAME, TL_REQUIRES_NOTHING, take, init, cleanup);
}
