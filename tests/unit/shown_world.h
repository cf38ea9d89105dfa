/* A small made capture for the tests of what is shown: two clients watch, one connection stays open at the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SHOWN_WORLD_H
#define SHOWN_WORLD_H

#include "analysis.h"
#include "packets.h"

typedef struct {
    qoe_packet packet; /* without its payload */
    qoe_verdict verdict;
} shown_packet;

typedef struct {
    wire wire;
    qoe_rules *rules;
    qoe_analysis *analysis;
    GArray *packets;                            /* of shown_packet: those of tagged servers */
    void (*seen)(void *, const shown_packet *); /* called for each in the first pass, or NULL */
    void *seen_data;
} shown_world;

static inline void shown_take(void *listener, const qoe_packet *packet)
{
    shown_world *w = listener;
    shown_packet shown = {.packet = *packet};

    qoe_analysis_packet(w->analysis, packet, &shown.verdict);
    if (!shown.verdict.server)
        return;
    shown.packet.payload = NULL;
    shown.packet.captured_len = 0;
    g_array_append_val(w->packets, shown);
    if (w->seen)
        w->seen(w->seen_data, &shown);
}

static inline shown_world *shown_world_new(const char *service)
{
    shown_world *w = g_new0(shown_world, 1);

    w->wire = (wire){.take = shown_take, .listener = w};
    w->rules = qoe_rules_new();
    g_assert_true(qoe_rules_add(w->rules, service, "video.test", NULL));
    w->analysis = qoe_analysis_new(&(qoe_config){.rules = w->rules});
    w->packets = g_array_new(FALSE, FALSE, sizeof(shown_packet));
    return w;
}

static inline void shown_world_free(shown_world *w)
{
    qoe_analysis_free(w->analysis);
    qoe_rules_free(w->rules);
    g_array_free(w->packets, TRUE);
    g_free(w);
}

/* Ten segments of two clients, 3 s apart; then a request whose response is still on its way. */
static inline void shown_film(shown_world *w)
{
    dns(&w->wire, "cdn.video.test", "192.0.2.1");
    dns(&w->wire, "other.video.test", "192.0.2.2"); /* named, never spoken to */
    talk first = tcp_talk(&w->wire, "10.0.0.1", 40001, "192.0.2.1");
    talk second = tcp_talk(&w->wire, "10.0.0.2", 40002, "192.0.2.1");
    open_film(&first, "cdn.video.test");
    open_film(&second, "cdn.video.test");
    for (int i = 0; i < 10; i++) {
        fetch(i % 3 == 2 ? &second : &first, 200000 + 10000 * (uint32_t)i);
        wait_ms(&w->wire, 3000);
    }
    request(&first);
    wait_ms(&w->wire, RTT_MS);
    response(&first, 50000);
}

#endif
