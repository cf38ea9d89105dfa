/* Sessions: finding, starting, counting, ending.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "session_state.h"

struct qoe_session_list {
    qoe_addr client;
    const char *service;
    GPtrArray *sessions; /* session_state *, in order of time */
};

struct qoe_session_table {
    qoe_session_config config;
    GHashTable *lists;   /* of qoe_session_list: key and value are the same */
    GPtrArray *sessions; /* session_state *, by number - 1 */
    session_state *newest, *oldest;
    const char *speed_test; /* that service's name; NULL: not seen */
    size_t windows;         /* of all sessions */
    size_t living;
    uint64_t refused;
    bool settled;
};

static unsigned list_hash(const void *key)
{
    const qoe_session_list *list = key;
    return qoe_addr_hash(&list->client) * 31 + g_direct_hash(list->service);
}

static int list_equal(const void *a, const void *b)
{
    const qoe_session_list *one = a, *other = b;
    return one->service == other->service && qoe_addr_equal(&one->client, &other->client);
}

static void list_free(void *data)
{
    qoe_session_list *list = data;
    g_ptr_array_free(list->sessions, TRUE);
    g_free(list);
}

static void window_free(void *data)
{
    qoe_window *window = data;
    g_free(window->features);
    g_free(window);
}

static void life_free(session_life *life)
{
    if (life == NULL)
        return;
    g_ptr_array_free(life->open, TRUE);
    g_free(life);
}

static void group_free(void *data)
{
    qoe_group_free(data);
}

static void session_free(void *data)
{
    session_state *session = data;
    life_free(session->life);
    g_ptr_array_free(session->windows, TRUE);
    g_ptr_array_free(session->segments, TRUE);
    g_ptr_array_free(session->groups, TRUE);
    g_clear_pointer(&session->before, g_array_unref);
    g_free(session);
}

qoe_session_table *qoe_session_table_new(const qoe_session_config *config)
{
    qoe_session_table *table = g_new0(qoe_session_table, 1);
    table->config = *config;
    table->lists = g_hash_table_new_full(list_hash, list_equal, NULL, list_free);
    table->sessions = g_ptr_array_new_with_free_func(session_free);
    return table;
}

void qoe_session_table_set_model(qoe_session_table *table, const qoe_model *model)
{
    table->config.model = model;
}

void qoe_session_table_free(qoe_session_table *table)
{
    if (table == NULL)
        return;
    g_hash_table_destroy(table->lists);
    g_ptr_array_free(table->sessions, TRUE);
    g_free(table);
}

const qoe_session_list *qoe_session_table_find(const qoe_session_table *table, const qoe_addr *client,
                                               const char *service)
{
    const qoe_session_list key = {.client = *client, .service = service};
    return g_hash_table_lookup(table->lists, &key);
}

static bool is_full(const qoe_session_table *table)
{
    return table->sessions->len >= table->config.sessions_max || table->windows >= table->config.windows_max;
}

qoe_session_list *qoe_session_table_list(qoe_session_table *table, const qoe_addr *client, const char *service,
                                         bool make)
{
    const qoe_session_list key = {.client = *client, .service = service};
    qoe_session_list *list = g_hash_table_lookup(table->lists, &key);
    if (list == NULL && make && !is_full(table)) {
        list = g_new0(qoe_session_list, 1);
        list->client = *client;
        list->service = service;
        if (qoe_service_is_speed_test(service))
            table->speed_test = service;
        list->sessions = g_ptr_array_new();
        g_hash_table_add(table->lists, list);
    }
    return list;
}

static void unlink_used(qoe_session_table *table, session_state *session)
{
    *(session->newer_used ? &session->newer_used->older_used : &table->newest) = session->older_used;
    *(session->older_used ? &session->older_used->newer_used : &table->oldest) = session->newer_used;
    session->newer_used = session->older_used = NULL;
    table->living--;
}

static void link_used(qoe_session_table *table, session_state *session)
{
    session->older_used = table->newest;
    *(table->newest ? &table->newest->newer_used : &table->oldest) = session;
    table->newest = session;
    table->living++;
}

/* When the client was last seen at a speed test's page, whose bytes come from the same servers as a film's; -1: never.
 */
static int64_t last_test_us(const qoe_session_table *table, const session_state *session)
{
    const qoe_session_list *list =
        table->speed_test != NULL ? qoe_session_table_find(table, &session->public.client, table->speed_test) : NULL;
    if (list == NULL || list->sessions->len == 0)
        return -1;
    return ((const qoe_session *)g_ptr_array_index(list->sessions, list->sessions->len - 1))->last_us;
}

static void end_session(qoe_session_table *table, session_state *session)
{
    session->life->test_us = last_test_us(table, session);
    qoe_session_close_window(&table->config, session, 0);
    unlink_used(table, session);
    life_free(session->life);
    session->life = NULL;
}

static session_state *start_session(qoe_session_table *table, qoe_session_list *list, const qoe_packet *packet)
{
    if (list == NULL || is_full(table)) {
        table->refused++;
        return NULL;
    }
    const int64_t time_us = MAX(packet->time_us, 0);
    session_state *session = g_new0(session_state, 1);
    session->public.number = table->sessions->len + 1;
    session->public.service = list->service;
    session->public.client = list->client;
    session->public.start_us = session->public.last_us = time_us;
    session->public.start_frame = session->public.last_frame = packet->frame;
    session->public.startup_us = -1;
    session->public.stall_s = -1;
    session->public.first_window = (uint32_t)(time_us / table->config.window_us);
    session->windows = g_ptr_array_new_with_free_func(window_free);
    session->segments = g_ptr_array_new();
    session->groups = g_ptr_array_new_with_free_func(group_free);
    session->life = g_new0(session_life, 1);
    session->life->open = g_ptr_array_new();
    session->life->test_us = -1;
    qoe_history_init(&session->life->history, time_us, table->config.window_us);
    g_ptr_array_add(table->sessions, session);
    g_ptr_array_add(list->sessions, session);
    if (table->living >= table->config.living_max && table->oldest != NULL)
        end_session(table, table->oldest);
    link_used(table, session);
    qoe_session_open_window(&table->config, session, session->public.first_window);
    table->windows++;
    return session;
}

void qoe_session_table_expire(qoe_session_table *table, int64_t now_us)
{
    while (table->oldest != NULL && now_us - table->oldest->public.last_us > table->config.idle_us)
        end_session(table, table->oldest);
}

static void remember_answer(session_state *session, const qoe_window *window)
{
    if (window->resolution != 0)
        session->last_answered = window;
}

/* Closes windows until the packet's own is open; ends the session when there is no room for it. */
static bool advance_windows(qoe_session_table *table, session_state *session, const qoe_packet *packet,
                            const qoe_session_sink *sink, void *user_data)
{
    while (packet->time_us >= qoe_session_current_window(session)->end_us) {
        if (table->windows >= table->config.windows_max) {
            end_session(table, session);
            return false;
        }
        qoe_window *window = qoe_session_current_window(session);
        const qoe_window *before = session->last_answered;
        session->life->test_us = last_test_us(table, session);
        const bool had_started = session->public.startup_us >= 0;
        qoe_session_close_window(&table->config, session, packet->frame);
        qoe_session_follow_window(&table->config, session, window);
        remember_answer(session, window);
        sink->window_closed(user_data, &session->public, window, before);
        if (!had_started && session->public.startup_us >= 0)
            sink->playback_started(user_data, &session->public, window);
        qoe_session_open_window(&table->config, session, window->index + 1);
        table->windows++;
    }
    return true;
}

/* A clock that steps back far has been set: what follows is another session. One of a time far ahead keeps those behind
 * it in the list from expiring: they are found too old here. */
static bool is_over(const qoe_session_table *table, const session_state *session, const qoe_packet *packet)
{
    const int64_t silence_us = packet->time_us - session->public.last_us;
    return silence_us > table->config.idle_us || -silence_us > table->config.step_back_us;
}

static session_state *living_session(const qoe_session_list *list)
{
    if (list == NULL || list->sessions->len == 0)
        return NULL;
    session_state *session = g_ptr_array_index(list->sessions, list->sessions->len - 1);
    return session->life != NULL ? session : NULL;
}

static void count_packet(session_state *session, const qoe_packet *packet, bool from_client)
{
    qoe_meter_packet(&session->life->meter, packet, from_client);
    qoe_session_current_window(session)->traffic = session->life->meter.traffic;
    if (packet->transport == QOE_UDP)
        session->payload_udp += packet->payload_len;
    else
        session->payload_tcp += packet->payload_len;
    session->heard |= from_client;
    session->public.last_us = MAX(session->public.last_us, packet->time_us);
    session->public.last_frame = packet->frame;
}

bool qoe_session_table_may_start(const qoe_session_table *table, const qoe_packet *packet, bool answered)
{
    if (!answered && table->sessions->len >= table->config.sessions_max / 2)
        return false;
    return packet->transport != QOE_TCP || packet->payload_len > 0 ||
           (packet->flags & (QOE_TCP_SYN | QOE_TCP_RST)) == 0;
}

const qoe_session *qoe_session_table_packet(qoe_session_table *table, qoe_session_list *list, const qoe_packet *packet,
                                            bool from_client, bool may_start, const qoe_session_sink *sink,
                                            void *user_data)
{
    session_state *session = living_session(list);
    if (session != NULL && is_over(table, session, packet)) {
        end_session(table, session);
        session = NULL;
    }
    if (session != NULL && !advance_windows(table, session, packet, sink, user_data))
        session = NULL;
    if (session == NULL && !may_start)
        return NULL;
    if (session == NULL) {
        session = start_session(table, list, packet);
        if (session == NULL)
            return NULL;
        sink->started(user_data, &session->public);
    } else if (table->newest != session) {
        unlink_used(table, session);
        link_used(table, session);
    }
    count_packet(session, packet, from_client);
    return &session->public;
}

void qoe_session_table_opened(qoe_session_list *list, qoe_segment *segment)
{
    session_state *session = living_session(list);
    if (session == NULL)
        return;
    segment->session = session->public.number;
    g_ptr_array_add(session->segments, segment);
    g_ptr_array_add(session->life->open, segment);
}

void qoe_session_table_closed(qoe_session_table *table, qoe_segment *segment)
{
    if (segment->session == 0)
        return;
    session_state *session = g_ptr_array_index(table->sessions, segment->session - 1);
    if (session->life != NULL)
        g_ptr_array_remove_fast(session->life->open, segment);
    if (segment->packets == 0)
        return;
    if (session->life != NULL)
        qoe_film_add_response(&session->life->film, segment);
    if (!segment->shared && segment->complete != QOE_COMPLETE_ABORTED)
        qoe_audio_vote(&session->audio, (double)segment->bytes, 1.0);
    qoe_session_judge_kind(session, segment);
    qoe_window *window = qoe_session_state_window(session, segment->last_byte_us, table->config.window_us);
    if (window != NULL) {
        window->segments++;
        window->video_segments += segment->kind == QOE_KIND_VIDEO;
    }
    if (session->life != NULL && qoe_segment_is_media(segment)) {
        const qoe_object object = qoe_segment_object(segment);
        qoe_history_add(&session->life->history, &object);
    }
}

qoe_group_prior *qoe_session_table_prior(qoe_session_list *list)
{
    session_state *session = living_session(list);
    if (session == NULL)
        return NULL;
    session->prior.audio_size = qoe_session_audio_size(session);
    session->prior.ratio = session->rhythm.ratio;
    return &session->prior;
}

bool qoe_session_table_group_opened(qoe_session_list *list, qoe_group *group)
{
    session_state *session = living_session(list);
    if (session == NULL)
        return false;
    g_ptr_array_add(session->groups, group);
    return true;
}

static void vote(void *user_data, double bytes, double weight)
{
    session_state *session = user_data;
    qoe_audio_vote(&session->audio, bytes, weight);
}

void qoe_session_table_group_closed(qoe_session_list *list, const qoe_group *group)
{
    session_state *session = living_session(list);
    if (session == NULL)
        return;
    qoe_group_votes(group, vote, session);
    session->grouped += qoe_group_requests(group);
    if (qoe_rhythm_is_due(&session->rhythm, session->grouped)) {
        session->rhythm.requests = session->grouped;
        qoe_rhythm_learn(&session->rhythm, session->groups, &session->audio);
    }
}

const qoe_session *qoe_session_list_at(const qoe_session_list *list, uint32_t frame)
{
    guint low = 0, high = list->sessions->len;
    while (low < high) {
        const guint middle = low + (high - low) / 2;
        const session_state *session = g_ptr_array_index(list->sessions, middle);
        if (session->public.start_frame <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    const qoe_session *session = low > 0 ? g_ptr_array_index(list->sessions, low - 1) : NULL;
    return session != NULL && frame <= session->last_frame ? session : NULL;
}

const qoe_window *qoe_session_window_at(const qoe_session *session, int64_t time_us, int64_t window_us)
{
    return qoe_session_state_window((const session_state *)session, MAX(time_us, session->start_us), window_us);
}

void qoe_session_table_unsettle(qoe_session_table *table)
{
    if (!table->settled)
        return;
    for (guint i = 0; i < table->sessions->len; i++)
        qoe_session_unsettle(g_ptr_array_index(table->sessions, i));
    table->settled = false;
}

void qoe_session_table_settle(qoe_session_table *table, bool more_comes)
{
    qoe_session_table_unsettle(table);
    for (guint i = 0; i < table->sessions->len; i++)
        qoe_session_remember(g_ptr_array_index(table->sessions, i));
    for (session_state *session = table->newest; session != NULL; session = session->older_used)
        session->life->test_us = last_test_us(table, session);
    for (guint i = 0; i < table->sessions->len; i++)
        qoe_session_settle(&table->config, g_ptr_array_index(table->sessions, i), more_comes);
    table->settled = true;
}

size_t qoe_session_table_count(const qoe_session_table *table)
{
    return table->sessions->len;
}

const qoe_session *qoe_session_table_at(const qoe_session_table *table, size_t i)
{
    return g_ptr_array_index(table->sessions, (guint)i);
}

uint64_t qoe_session_table_refused(const qoe_session_table *table)
{
    return table->refused;
}
