/* What holds for later visits, whatever the packets: the same answer as on the first, settled in between or not.
 *
 * The packets are those of a busy and hostile network, made from a seed: clients that watch, reuse ports, break off,
 * lose and repeat packets; names that come and go; clocks that jump.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <inttypes.h>

#include "analysis.h"
#include "packets.h"
#include "sample_bundle.h"

enum { SEEDS = 5, STEPS = 1000, CLIENTS = 3, PORTS = 4, SERVERS = 4 };

/* --- a network --- */

static const char *const servers[SERVERS] = {"192.0.2.1", "192.0.2.2", "23.246.2.1", "198.51.100.7"};
static const char *const names[] = {"film.video.test", "www.netflix.com", "shop.example", "r1.googlevideo.com"};

typedef struct {
    wire wire;
    GRand *rand;
    talk talks[CLIENTS][PORTS][SERVERS];
} network;

static network *network_of(uint32_t seed)
{
    network *n = g_new0(network, 1);
    n->rand = g_rand_new_with_seed(seed);
    for (unsigned c = 0; c < CLIENTS; c++) {
        for (unsigned p = 0; p < PORTS; p++) {
            for (unsigned s = 0; s < SERVERS; s++) {
                char client[16];
                g_snprintf(client, sizeof client, "10.0.0.%u", c + 1);
                n->talks[c][p][s] =
                    talk_of(&n->wire, p == 0 ? QOE_UDP : QOE_TCP, client, (uint16_t)(50000 + p), servers[s]);
            }
        }
    }
    return n;
}

static void network_free(network *n)
{
    g_rand_free(n->rand);
    g_free(n);
}

static uint32_t below(network *n, uint32_t limit)
{
    return (uint32_t)g_rand_int_range(n->rand, 0, (gint32)limit);
}

/* Mostly a moment, at times a pause, seldom hours or a step back. */
static void let_time_pass(network *n)
{
    const uint32_t luck = below(n, 1000);
    if (luck < 900)
        wait_ms(&n->wire, below(n, 50));
    else if (luck < 990)
        wait_ms(&n->wire, below(n, 15000));
    else if (luck < 996)
        wait_ms(&n->wire, below(n, 300000));
    else if (luck < 999)
        wait_ms(&n->wire, -(int64_t)below(n, 60000));
    else
        wait_ms(&n->wire, (int64_t)below(n, 2) * 40000000000);
}

static void send_again(network *n, talk *t)
{
    const uint32_t back = below(n, 3000);
    t->down -= back;
    response(t, 1 + below(n, 4000));
    t->up -= REQUEST_BYTES;
    request(t);
}

static void step(network *n)
{
    talk *t = &n->talks[below(n, CLIENTS)][below(n, PORTS)][below(n, SERVERS)];
    const char *name = names[below(n, G_N_ELEMENTS(names))];
    let_time_pass(n);
    const uint32_t luck = below(n, 100);
    if (luck < 40)
        fetch(t, 1 + below(n, 120000));
    else if (luck < 55)
        request(t);
    else if (luck < 70)
        response(t, 1 + below(n, 40000));
    else if (luck < 76)
        say(t, 10 + below(n, 90));
    else if (luck < 80)
        hello(t, name);
    else if (luck < 83)
        hello_in_two(t, name);
    else if (luck < 86)
        dns(&n->wire, name, servers[below(n, SERVERS)]);
    else if (luck < 89)
        send_again(n, t);
    else if (luck < 91)
        t->down += below(n, 100000);
    else if (luck < 95)
        reuse_port(t);
    else if (luck < 97)
        client_fin(t);
    else if (luck < 98)
        server_fin(t);
    else
        client_reset(t);
}

/* --- who listens --- */

typedef struct {
    qoe_rules *rules;
    qoe_model *model;
    qoe_analysis *analysis;
    GArray *packets;  /* qoe_packet */
    GArray *verdicts; /* qoe_verdict: of the first visits */
    network *settles; /* when not NULL: at times the tables are settled in between */
} world;

static void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    qoe_verdict verdict;
    qoe_analysis_packet(w->analysis, packet, &verdict);
    g_array_append_val(w->packets, *packet);
    g_array_append_val(w->verdicts, verdict);
    if (w->settles != NULL && below(w->settles, 200) == 0)
        qoe_analysis_settle(w->analysis);
}

static world *world_with(bool untagged, qoe_limits limits)
{
    world *w = g_new0(world, 1);
    char *error = NULL;
    w->rules = qoe_rules_new();
    w->model = qoe_model_parse(SAMPLE_BUNDLE, strlen(SAMPLE_BUNDLE), "sample", &error);
    g_assert_null(error);
    w->analysis =
        qoe_analysis_new(&(qoe_config){.rules = w->rules, .model = w->model, .untagged = untagged, .limits = limits});
    w->packets = g_array_new(FALSE, FALSE, sizeof(qoe_packet));
    w->verdicts = g_array_new(FALSE, FALSE, sizeof(qoe_verdict));
    return w;
}

static world *world_of(bool untagged)
{
    return world_with(untagged, (qoe_limits){0});
}

static void world_free(world *w)
{
    qoe_analysis_free(w->analysis);
    qoe_model_free(w->model);
    qoe_rules_free(w->rules);
    g_array_free(w->packets, TRUE);
    g_array_free(w->verdicts, TRUE);
    g_free(w);
}

static void play(world *w, uint32_t seed)
{
    network *n = network_of(seed);
    n->wire.take = take;
    n->wire.listener = w;
    for (unsigned i = 0; i < STEPS; i++)
        step(n);
    network_free(n);
}

/* --- what must hold --- */

static void assert_looks_up_the_same(const world *w, guint i)
{
    const qoe_verdict *first = &g_array_index(w->verdicts, qoe_verdict, i);
    qoe_verdict later;
    qoe_analysis_lookup(w->analysis, &g_array_index(w->packets, qoe_packet, i), &later);
    assert_ptr_equal(later.server, first->server);
    assert_ptr_equal(later.session, first->session);
    assert_ptr_equal(later.window, first->window);
    assert_ptr_equal(later.events, first->events);
    assert_int_equal(later.to_client, first->to_client);
}

static void every_packet_gets_the_same_answer_when_it_is_looked_up(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        world *w = world_of(seed % 3 == 0);
        play(w, seed);
        for (guint i = w->packets->len; i-- > 0;)
            assert_looks_up_the_same(w, i);
        world_free(w);
    }
}

static void packets_looked_up_on_the_way_and_in_any_order_get_the_same_answer(void **state)
{
    (void)state;
    world *w = world_of(false);
    network *n = network_of(77), *order = network_of(78);
    n->wire.take = take;
    n->wire.listener = w;
    for (unsigned i = 0; i < STEPS; i++) {
        step(n);
        if (w->packets->len > 0)
            assert_looks_up_the_same(w, below(order, w->packets->len));
    }
    network_free(order);
    network_free(n);
    world_free(w);
}

/* Tables that are far too small: what was forgotten has no answer any more, but never a wrong one, and no event is
 * lost. */
static void where_tables_overflow_later_visits_get_the_same_answer_or_none(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        world *w = world_with(
            false,
            (qoe_limits){.flows = 6, .candidates = 3, .sessions = 5, .living = 2, .windows = 30, .segments = 40});
        unsigned full = 0, forgotten = 0;
        play(w, seed);
        for (guint i = 0; i < w->packets->len; i++) {
            const qoe_verdict *first = &g_array_index(w->verdicts, qoe_verdict, i);
            qoe_verdict later;
            qoe_analysis_lookup(w->analysis, &g_array_index(w->packets, qoe_packet, i), &later);
            assert_ptr_equal(later.events, first->events);
            for (const qoe_event *event = first->events; event != NULL; event = event->next)
                full += event->type == QOE_EVENT_TABLE_FULL;
            if (later.server == NULL && first->server != NULL)
                forgotten++;
            else
                assert_looks_up_the_same(w, i);
        }
        const qoe_losses losses = qoe_analysis_losses(w->analysis);
        assert_int_equal(full, 1);
        assert_int_equal(forgotten > 0, losses.flows > 0);
        assert_true(losses.flows > 0 && losses.sessions > 0 && losses.segments > 0);
        assert_in_range(qoe_analysis_sessions(w->analysis), 1, 5);
        assert_in_range(qoe_analysis_segments(w->analysis), 1, 40);
        world_free(w);
    }
}

static uint32_t number_of(const qoe_session *session)
{
    return session != NULL ? session->number : 0;
}

static void assert_same_events(const qoe_event *a, const qoe_event *b)
{
    while (a != NULL && b != NULL) {
        assert_int_equal(a->type, b->type);
        assert_int_equal(number_of(a->session), number_of(b->session));
        assert_int_equal(a->segment != NULL ? a->segment->number : 0, b->segment != NULL ? b->segment->number : 0);
        assert_int_equal(a->window != NULL ? a->window->index : 0, b->window != NULL ? b->window->index : 0);
        a = a->next;
        b = b->next;
    }
    assert_ptr_equal(a, b);
}

static void settling_on_the_way_changes_no_event(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        world *plain = world_of(false), *settled = world_of(false);
        settled->settles = network_of(seed);
        play(plain, seed);
        play(settled, seed);
        assert_int_equal(plain->packets->len, settled->packets->len);
        for (guint i = 0; i < plain->packets->len; i++)
            assert_same_events(g_array_index(plain->verdicts, qoe_verdict, i).events,
                               g_array_index(settled->verdicts, qoe_verdict, i).events);
        network_free(settled->settles);
        world_free(plain);
        world_free(settled);
    }
}

/* All that the tables say, as one text. */
static char *tables_of(const qoe_analysis *analysis)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < qoe_analysis_segments(analysis); i++) {
        const qoe_segment *s = qoe_analysis_segment(analysis, i);
        g_string_append_printf(text, "%u %u %d %d %" PRIi64 " %" PRIi64 " %" PRIu64 " %u %u %u %u\n", s->number,
                               s->session, s->kind, s->complete, s->first_byte_us, s->last_byte_us, s->bytes,
                               s->packets, s->last_frame, s->closed_frame, s->resolution);
    }
    for (size_t i = 0; i < qoe_analysis_sessions(analysis); i++) {
        const qoe_session *s = qoe_analysis_session(analysis, i);
        g_string_append_printf(text, "%u %u %" PRIu64 " %" PRIu64 " %.17g %u\n", s->number, s->segments, s->video_bytes,
                               s->audio_bytes, s->mean_resolution, s->switches);
        for (uint32_t k = 0; k < s->window_count; k++) {
            const qoe_window *w = s->windows[k];
            g_string_append_printf(text, "%u %d %u %u %d %.17g %d %d\n", w->index, w->open, w->segments,
                                   w->video_segments, w->downloaded.resolution, w->downloaded.probability,
                                   w->downloaded.reason, w->resolution);
        }
    }
    return g_string_free(text, FALSE);
}

static void settling_twice_says_the_same(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        world *w = world_of(false);
        play(w, seed);
        qoe_analysis_settle(w->analysis);
        char *once = tables_of(w->analysis);
        qoe_analysis_settle(w->analysis);
        char *twice = tables_of(w->analysis);
        assert_string_equal(once, twice);
        g_free(once);
        g_free(twice);
        world_free(w);
    }
}

static void settling_on_the_way_leaves_the_same_tables_in_the_end(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        world *plain = world_of(false), *settled = world_of(false);
        settled->settles = network_of(seed);
        play(plain, seed);
        play(settled, seed);
        qoe_analysis_finish(plain->analysis);
        qoe_analysis_finish(settled->analysis);
        char *a = tables_of(plain->analysis), *b = tables_of(settled->analysis);
        assert_string_equal(a, b);
        g_free(a);
        g_free(b);
        network_free(settled->settles);
        world_free(plain);
        world_free(settled);
    }
}

/* Each window's rows add up and follow each other; a segment lies between its request and its end. */
static void the_tables_hang_together(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        world *w = world_of(seed % 2 == 0);
        play(w, seed);
        qoe_analysis_settle(w->analysis);
        for (size_t i = 0; i < qoe_analysis_sessions(w->analysis); i++) {
            const qoe_session *session = qoe_analysis_session(w->analysis, i);
            assert_int_equal(session->number, i + 1);
            assert_true(session->last_us >= session->start_us);
            for (uint32_t k = 0; k < session->window_count; k++) {
                assert_int_equal(session->windows[k]->index, session->first_window + k);
                assert_true(session->windows[k]->resolution != 0 || *qoe_window_reason(session->windows[k]) != '\0');
            }
        }
        for (size_t i = 0; i < qoe_analysis_segments(w->analysis); i++) {
            const qoe_segment *segment = qoe_analysis_segment(w->analysis, i);
            assert_int_equal(segment->number, i + 1);
            assert_in_range(segment->session, 1, qoe_analysis_sessions(w->analysis));
            assert_true(segment->last_frame >= segment->request_frame);
            assert_true(segment->packets > 0 || segment->closed_frame == 0);
        }
        world_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packet_gets_the_same_answer_when_it_is_looked_up),
        cmocka_unit_test(packets_looked_up_on_the_way_and_in_any_order_get_the_same_answer),
        cmocka_unit_test(where_tables_overflow_later_visits_get_the_same_answer_or_none),
        cmocka_unit_test(settling_on_the_way_changes_no_event),
        cmocka_unit_test(settling_twice_says_the_same),
        cmocka_unit_test(settling_on_the_way_leaves_the_same_tables_in_the_end),
        cmocka_unit_test(the_tables_hang_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
