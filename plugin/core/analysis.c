/* The façade: hands each packet through tagging, sessions and segments, and keeps what they say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "analysis.h"

#include <glib.h>

#include "detector.h"
#include "event_table.h"
#include "meter.h"
#include "session_table.h"
#include "tagging.h"

/* Times are kept within 68 years, so that no window index can overflow at the shortest window of one second. */
#define TIME_US_MAX ((int64_t)INT32_MAX * 1000000)
#define WINDOW_US_MIN 1000000

struct qoe_analysis {
    qoe_config config;
    qoe_tagging *tagging;
    qoe_session_table *sessions;
    qoe_event_table *events;
    GPtrArray *segments; /* qoe_segment *, by number - 1 */
    int64_t end_us;
    int64_t epoch_us; /* 0: not known */
    uint64_t segments_refused;
    bool loss_told, time_back_told;
    bool ending; /* being freed */
};

/* A packet on its way through the rooms. */
typedef struct {
    qoe_analysis *analysis;
    const qoe_packet *packet;
    qoe_flow *flow;
    qoe_server *server;
    const qoe_session *session;
} passage;

static void add_event(const passage *on, const qoe_event *event)
{
    qoe_event_table_add(on->analysis->events, on->packet->frame, event);
}

static void session_started(void *user_data, const qoe_session *session)
{
    add_event(user_data, &(qoe_event){.type = QOE_EVENT_SESSION_STARTED, .session = session});
}

static void window_closed(void *user_data, const qoe_session *session, const qoe_window *window,
                          const qoe_window *before)
{
    qoe_event event = {.type = QOE_EVENT_WINDOW_CLOSED, .session = session, .window = window};
    add_event(user_data, &event);
    if (before == NULL || window->resolution == 0 || window->told == before->told)
        return;
    event.type = QOE_EVENT_RESOLUTION_CHANGED;
    event.before = before;
    add_event(user_data, &event);
}

static void playback_started(void *user_data, const qoe_session *session, const qoe_window *window)
{
    add_event(user_data, &(qoe_event){.type = QOE_EVENT_PLAYBACK_STARTED,
                                      .session = session,
                                      .window = window,
                                      .startup_us = session->startup_us});
}

int qoe_event_change(const qoe_event *event)
{
    const int from = event->before->downloaded.resolution, to = event->window->downloaded.resolution;
    return from > 0 && to > 0 ? to - from : 0;
}

int64_t qoe_event_startup_us(const qoe_event *event)
{
    return event->session->startup_us >= 0 ? event->session->startup_us : event->startup_us;
}

static const qoe_session_sink session_sink = {session_started, window_closed, playback_started};

static qoe_segment *segment_opened(void *user_data, const qoe_packet *packet)
{
    const passage *on = user_data;
    qoe_analysis *analysis = on->analysis;
    if (analysis->segments->len >= analysis->config.limits.segments || on->session == NULL) {
        analysis->segments_refused++;
        return NULL;
    }
    qoe_segment *segment = g_new0(qoe_segment, 1);
    segment->number = analysis->segments->len + 1;
    segment->stream = on->flow->stream;
    segment->transport = packet->transport;
    segment->begun = qoe_detector_begun(on->flow->detector);
    segment->server = on->server;
    segment->client = *qoe_flow_client(on->flow);
    segment->client_port = on->flow->key.port[on->flow->client_end];
    segment->server_port = on->flow->key.port[1 - on->flow->client_end];
    segment->request_us = segment->first_byte_us = segment->last_byte_us = packet->time_us;
    segment->request_frame = segment->last_frame = packet->frame;
    g_ptr_array_add(analysis->segments, segment);
    qoe_session_table_opened(on->flow->sessions, segment);
    add_event(on, &(qoe_event){.type = QOE_EVENT_SEGMENT_REQUEST, .session = on->session, .segment = segment});
    return segment;
}

static void segment_closed(void *user_data, qoe_segment *segment, const qoe_packet *packet)
{
    const passage *on = user_data;
    qoe_session_table_closed(on->analysis->sessions, segment);
    if (packet == NULL || segment->packets == 0 || segment->session == 0)
        return;
    qoe_segment_say(segment);
    const qoe_session *session = qoe_session_table_at(on->analysis->sessions, segment->session - 1);
    add_event(on, &(qoe_event){.type = QOE_EVENT_SEGMENT_CLOSED, .session = session, .segment = segment});
}

static qoe_group_prior *group_prior(void *user_data)
{
    const passage *on = user_data;
    return on->flow->sessions != NULL ? qoe_session_table_prior(on->flow->sessions) : NULL;
}

static bool group_opened(void *user_data, qoe_group *group)
{
    const passage *on = user_data;
    return on->flow->sessions != NULL && qoe_session_table_group_opened(on->flow->sessions, group);
}

static void group_closed(void *user_data, const qoe_group *group)
{
    const passage *on = user_data;
    if (on->flow->sessions != NULL)
        qoe_session_table_group_closed(on->flow->sessions, group);
}

static const qoe_segment_sink segment_sink = {
    .opened = segment_opened,
    .closed = segment_closed,
    .prior = group_prior,
    .group_opened = group_opened,
    .group_closed = group_closed,
};

static void release_flow(qoe_flow *flow, void *user_data)
{
    if (flow->detector == NULL)
        return;
    passage on = {.analysis = user_data, .flow = flow};
    if (!on.analysis->ending) /* else nobody will look, and solving what is open takes time */
        qoe_detector_finish(flow->detector, &segment_sink, &on);
    g_clear_pointer(&flow->detector, qoe_detector_free);
}

static qoe_limits limits_or_default(const qoe_limits *asked)
{
    return (qoe_limits){
        .flows = asked->flows > 0 ? asked->flows : QOE_FLOWS_MAX,
        .candidates = asked->candidates > 0 ? asked->candidates : QOE_CANDIDATES_MAX,
        .sessions = asked->sessions > 0 ? asked->sessions : QOE_SESSIONS_MAX,
        .living = asked->living > 0 ? asked->living : QOE_LIVING_MAX,
        .windows = asked->windows > 0 ? asked->windows : QOE_WINDOWS_MAX,
        .segments = asked->segments > 0 ? asked->segments : QOE_SEGMENTS_MAX,
    };
}

qoe_analysis *qoe_analysis_new(const qoe_config *config)
{
    qoe_analysis *analysis = g_new0(qoe_analysis, 1);
    analysis->config = *config;
    if (analysis->config.window_us == 0)
        analysis->config.window_us = QOE_WINDOW_US_DEFAULT;
    analysis->config.window_us = MAX(analysis->config.window_us, WINDOW_US_MIN);
    if (analysis->config.idle_us <= 0)
        analysis->config.idle_us = QOE_IDLE_US_DEFAULT;
    const qoe_limits limits = limits_or_default(&config->limits);
    analysis->config.limits = limits;
    analysis->tagging =
        qoe_tagging_new(config->rules, config->untagged, limits.flows, limits.candidates, release_flow, analysis);
    analysis->sessions = qoe_session_table_new(&(qoe_session_config){
        .model = config->model,
        .window_us = analysis->config.window_us,
        .idle_us = analysis->config.idle_us,
        .step_back_us = QOE_STEP_BACK_US,
        .confidence = config->confidence,
        .sessions_max = limits.sessions,
        .windows_max = limits.windows,
        .living_max = limits.living,
    });
    analysis->events = qoe_event_table_new();
    analysis->segments = g_ptr_array_new_with_free_func(g_free);
    return analysis;
}

void qoe_analysis_set_model(qoe_analysis *analysis, const qoe_model *model)
{
    analysis->config.model = model;
    qoe_session_table_set_model(analysis->sessions, model);
}

void qoe_analysis_free(qoe_analysis *analysis)
{
    if (analysis == NULL)
        return;
    analysis->ending = true;
    qoe_tagging_free(analysis->tagging);
    qoe_session_table_free(analysis->sessions);
    qoe_event_table_free(analysis->events);
    g_ptr_array_free(analysis->segments, TRUE);
    g_free(analysis);
}

static void start_flow(const passage *on)
{
    qoe_flow *flow = on->flow;
    const qoe_config *config = &on->analysis->config;
    flow->stream = config->stream_of != NULL ? config->stream_of(config->stream_of_data) : flow->number;
    flow->detector = qoe_detector_new(flow->key.transport);
    for (qoe_flow *older = flow->older; older != NULL; older = older->older)
        release_flow(older, on->analysis);
    if (flow->early.packets_in + flow->early.packets_out > 0) {
        qoe_traffic_sum(&on->server->traffic, &flow->early);
        on->server->first_us = MIN(on->server->first_us, flow->early_us);
        on->server->last_us = MAX(on->server->last_us, flow->early_us);
    }
}

static void count_for_server(const passage *on, bool from_client)
{
    qoe_traffic_add(&on->server->traffic, on->packet, from_client);
    on->server->first_us = MIN(on->server->first_us, on->packet->time_us);
    on->server->last_us = MAX(on->server->last_us, on->packet->time_us);
}

/* The list of the flow's client and its present service, which a ClientHello may have changed. */
static qoe_session_list *sessions_of(const passage *on, bool tag_is_new, bool may_start)
{
    if (tag_is_new || on->flow->sessions == NULL)
        on->flow->sessions =
            qoe_session_table_list(on->analysis->sessions, qoe_flow_client(on->flow), on->server->service, may_start);
    return on->flow->sessions;
}

static uint64_t total_losses(const qoe_analysis *analysis)
{
    const qoe_losses losses = qoe_analysis_losses(analysis);
    return losses.flows + losses.sessions + losses.segments + losses.servers;
}

static void tell_first_loss(const passage *on)
{
    if (on->analysis->loss_told || total_losses(on->analysis) == 0)
        return;
    on->analysis->loss_told = true;
    add_event(on, &(qoe_event){.type = QOE_EVENT_TABLE_FULL});
}

static void tell_first_time_back(const passage *on)
{
    if (on->analysis->time_back_told)
        return;
    on->analysis->time_back_told = true;
    add_event(on, &(qoe_event){.type = QOE_EVENT_TIME_BACK});
}

/* The handshake of a flow that its ClientHello has named just now: there is nothing in it that opens a segment. */
static void give_opening(passage *on)
{
    qoe_opening *opening = g_steal_pointer(&on->flow->opening);
    for (unsigned i = 0; opening != NULL && i < opening->count; i++) {
        const qoe_packet packet = qoe_flow_opening_packet(opening, i);
        qoe_detector_packet(on->flow->detector, &packet, opening->packets[i].from_client, &segment_sink, on);
    }
    g_free(opening);
}

/* Of two sessions, what is under way belongs to the first. */
static void note_session(const passage *on)
{
    const uint32_t number = on->session != NULL ? on->session->number : 0;
    if (on->flow->session != 0 && on->flow->session != number)
        qoe_detector_leave_session(on->flow->detector);
    on->flow->session = number;
}

static void pass_flow(passage *on, bool from_client)
{
    const bool tag_is_new = on->flow->tags[on->flow->tag_count - 1].frame == on->packet->frame;
    if (on->flow->detector == NULL)
        start_flow(on);
    count_for_server(on, from_client);
    on->flow->answered |= !from_client || on->flow->early.packets_in > 0;
    const bool may_start = qoe_session_table_may_start(on->analysis->sessions, on->packet, on->flow->answered);
    on->session = qoe_session_table_packet(on->analysis->sessions, sessions_of(on, tag_is_new, may_start), on->packet,
                                           from_client, may_start, &session_sink, on);
    note_session(on);
    give_opening(on);
    qoe_detector_packet(on->flow->detector, on->packet, from_client, &segment_sink, on);
}

static int64_t clamp_time(int64_t time_us)
{
    return CLAMP(time_us, 0, TIME_US_MAX);
}

static void fill_verdict(const qoe_analysis *analysis, const qoe_packet *packet, qoe_verdict *verdict)
{
    if (verdict->session != NULL)
        verdict->window =
            qoe_session_window_at(verdict->session, clamp_time(packet->time_us), analysis->config.window_us);
    verdict->events = qoe_event_table_at(analysis->events, packet->frame);
}

/* Long before the capture's first packet: see QOE_STEP_BACK_US. */
static bool is_before_all(const qoe_packet *packet)
{
    return packet->time_us < -QOE_STEP_BACK_US;
}

static void leave_out(qoe_analysis *analysis, const qoe_packet *packet, qoe_verdict *verdict)
{
    tell_first_time_back(&(passage){.analysis = analysis, .packet = packet});
    *verdict = (qoe_verdict){.events = qoe_event_table_at(analysis->events, packet->frame)};
}

void qoe_analysis_packet(qoe_analysis *analysis, const qoe_packet *given, qoe_verdict *verdict)
{
    if (is_before_all(given)) {
        leave_out(analysis, given, verdict);
        return;
    }
    qoe_packet packet = *given;
    packet.time_us = clamp_time(packet.time_us);
    *verdict = (qoe_verdict){0};
    const bool steps_back = packet.time_us < analysis->end_us - QOE_STEP_BACK_US;
    analysis->end_us = MAX(analysis->end_us, packet.time_us);
    qoe_session_table_unsettle(analysis->sessions);
    qoe_session_table_expire(analysis->sessions, packet.time_us);
    unsigned src_end;
    passage on = {.analysis = analysis, .packet = &packet};
    on.flow = qoe_tagging_packet(analysis->tagging, &packet, &src_end);
    if (on.flow != NULL) {
        on.server = qoe_flow_tag_at(on.flow, packet.frame);
        verdict->server = on.server;
        verdict->to_client = src_end != on.flow->client_end;
        pass_flow(&on, !verdict->to_client);
        verdict->session = on.session;
    }
    tell_first_loss(&on);
    if (steps_back && on.flow != NULL)
        tell_first_time_back(&on);
    if (on.flow != NULL || analysis->loss_told)
        fill_verdict(analysis, &packet, verdict);
}

void qoe_analysis_lookup(const qoe_analysis *analysis, const qoe_packet *packet, qoe_verdict *verdict)
{
    *verdict = (qoe_verdict){0};
    if (is_before_all(packet)) {
        verdict->events = qoe_event_table_at(analysis->events, packet->frame);
        return;
    }
    unsigned src_end;
    const qoe_flow *flow = qoe_tagging_lookup(analysis->tagging, packet, &src_end);
    if (flow != NULL) {
        verdict->server = qoe_flow_tag_at(flow, packet->frame);
        verdict->to_client = src_end != flow->client_end;
        const qoe_session_list *list =
            qoe_session_table_find(analysis->sessions, qoe_flow_client(flow), verdict->server->service);
        verdict->session = list != NULL ? qoe_session_list_at(list, packet->frame) : NULL;
    }
    fill_verdict(analysis, packet, verdict);
}

void qoe_analysis_settle(qoe_analysis *analysis)
{
    qoe_session_table_settle(analysis->sessions, true);
}

void qoe_analysis_finish(qoe_analysis *analysis)
{
    qoe_session_table_settle(analysis->sessions, false);
}

size_t qoe_analysis_segments(const qoe_analysis *analysis)
{
    return analysis->segments->len;
}

const qoe_segment *qoe_analysis_segment(const qoe_analysis *analysis, size_t i)
{
    return g_ptr_array_index(analysis->segments, (guint)i);
}

size_t qoe_analysis_sessions(const qoe_analysis *analysis)
{
    return qoe_session_table_count(analysis->sessions);
}

const qoe_session *qoe_analysis_session(const qoe_analysis *analysis, size_t i)
{
    return qoe_session_table_at(analysis->sessions, i);
}

size_t qoe_analysis_servers(const qoe_analysis *analysis)
{
    return qoe_servers_count(qoe_tagging_servers(analysis->tagging));
}

const qoe_server *qoe_analysis_server(const qoe_analysis *analysis, size_t i)
{
    return qoe_servers_at(qoe_tagging_servers(analysis->tagging), i);
}

int64_t qoe_analysis_end_us(const qoe_analysis *analysis)
{
    return analysis->end_us;
}

void qoe_analysis_set_epoch_us(qoe_analysis *analysis, int64_t epoch_us)
{
    analysis->epoch_us = epoch_us;
}

int64_t qoe_analysis_epoch_us(const qoe_analysis *analysis)
{
    return analysis->epoch_us;
}

qoe_losses qoe_analysis_losses(const qoe_analysis *analysis)
{
    return (qoe_losses){
        .flows = qoe_tagging_evicted(analysis->tagging),
        .sessions = qoe_session_table_refused(analysis->sessions),
        .segments = analysis->segments_refused,
        .servers = qoe_servers_refused(qoe_tagging_servers(analysis->tagging)),
    };
}

const qoe_config *qoe_analysis_config(const qoe_analysis *analysis)
{
    return &analysis->config;
}
