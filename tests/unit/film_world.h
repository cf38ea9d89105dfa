/* An analysis with a model that gives a film's windows a resolution, and packets that it takes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FILM_WORLD_H
#define FILM_WORLD_H

#include <string.h>

#include "analysis.h"
#include "packets.h"
#include "sample_bundle.h"

typedef struct {
    wire wire;
    qoe_rules *rules;
    qoe_model *model;
    qoe_analysis *analysis;
    unsigned answered;        /* windows with a resolution when they were closed */
    const qoe_event *started; /* the last PLAYBACK_STARTED; NULL: none */
} world;

static inline void take(void *listener, const qoe_packet *packet)
{
    world *w = listener;
    qoe_verdict verdict;
    qoe_analysis_packet(w->analysis, packet, &verdict);
    for (const qoe_event *event = verdict.events; event != NULL; event = event->next) {
        if (event->type == QOE_EVENT_WINDOW_CLOSED)
            w->answered += event->window->resolution > 0 || event->window->downloaded.resolution > 0;
        if (event->type == QOE_EVENT_PLAYBACK_STARTED)
            w->started = event;
    }
}

static inline int new_world(void **state)
{
    char *error = NULL;
    world *w = g_new0(world, 1);
    w->wire = (wire){.take = take, .listener = w};
    w->rules = qoe_rules_new();
    w->model = qoe_model_parse(SAMPLE_BUNDLE, strlen(SAMPLE_BUNDLE), "sample", &error);
    assert_null(error);
    assert_non_null(w->model);
    w->analysis = qoe_analysis_new(&(qoe_config){.rules = w->rules, .model = w->model});
    *state = w;
    return 0;
}

static inline int free_world(void **state)
{
    world *w = *state;
    qoe_analysis_free(w->analysis);
    qoe_model_free(w->model);
    qoe_rules_free(w->rules);
    g_free(w);
    return 0;
}

#endif
