/* Sessions and windows: opening, counting, closing, predicting, ending.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "session_table.h"

#include <glib.h>

#include "audio.h"
#include "meter.h"

/* A response that has been silent for so long at a window's end counts for its features, though nothing has told yet
 * that it is over: its next request may be seconds away. */
#define SILENT_US 500000

/* "Recent" media objects, for the question whether there is anything to judge. */
#define RECENT_US 60000000

/* What only a living session needs. */
typedef struct {
    qoe_history history;
    qoe_filter filter;
    qoe_meter meter;
    GPtrArray *open; /* qoe_segment * */
} session_life;

typedef struct session_state {
    qoe_session public;  /* first: a qoe_session * is a session_state * */
    GPtrArray *windows;  /* qoe_window * */
    GPtrArray *segments; /* qoe_segment *, borrowed */
    GPtrArray *groups;   /* qoe_group *, of shared connections */
    qoe_audio audio;
    qoe_group_prior prior;
    session_life *life; /* NULL once the session has ended */
    uint64_t payload_tcp, payload_udp;
    int last_answer; /* lines; 0: none yet */
    double answer_sum;
    uint32_t answers;
    struct session_state *newer_used, *older_used; /* living sessions in order of last use */
} session_state;

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
    uint64_t refused;
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

qoe_session_list *qoe_session_table_list(qoe_session_table *table, const qoe_addr *client, const char *service)
{
    const qoe_session_list key = {.client = *client, .service = service};
    qoe_session_list *list = g_hash_table_lookup(table->lists, &key);
    if (list == NULL) {
        list = g_new0(qoe_session_list, 1);
        list->client = *client;
        list->service = service;
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
}

static void link_used(qoe_session_table *table, session_state *session)
{
    session->older_used = table->newest;
    *(table->newest ? &table->newest->newer_used : &table->oldest) = session;
    table->newest = session;
}

static qoe_window *current_window(const session_state *session)
{
    return g_ptr_array_index(session->windows, session->windows->len - 1);
}

static void open_window(const qoe_session_table *table, session_state *session, uint32_t index)
{
    qoe_window *window = g_new0(qoe_window, 1);
    window->index = index;
    window->session = session->public.number;
    window->start_us = (int64_t)index * table->config.window_us;
    window->end_us = window->start_us + table->config.window_us;
    window->open = true;
    g_ptr_array_add(session->windows, window);
    session->public.windows = (const qoe_window *const *)session->windows->pdata;
    session->public.window_count = session->windows->len;
    qoe_meter_start(&session->life->meter);
}

static session_state *start_session(qoe_session_table *table, qoe_session_list *list, const qoe_packet *packet)
{
    if (table->sessions->len >= table->config.sessions_max) {
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
    session->public.first_window = (uint32_t)(time_us / table->config.window_us);
    session->windows = g_ptr_array_new_with_free_func(window_free);
    session->segments = g_ptr_array_new();
    session->groups = g_ptr_array_new_with_free_func(group_free);
    session->life = g_new0(session_life, 1);
    session->life->open = g_ptr_array_new();
    qoe_history_init(&session->life->history, time_us, table->config.window_us);
    g_ptr_array_add(table->sessions, session);
    g_ptr_array_add(list->sessions, session);
    link_used(table, session);
    open_window(table, session, session->public.first_window);
    return session;
}

static qoe_object object_of(const qoe_segment *segment)
{
    return (qoe_object){
        .request_us = segment->request_us,
        .end_us = segment->last_byte_us,
        .bytes = (double)segment->bytes,
        .kind = segment->kind,
    };
}

static bool is_media(const qoe_segment *segment)
{
    return segment->bytes >= QOE_OBJECT_MIN_BYTES && segment->complete != QOE_COMPLETE_ABORTED;
}

/* The history with the window in hand and the responses that have gone silent before its end: what the window's
 * features are made of. The kept history learns of both when they are really over. */
static qoe_history *history_at(const session_state *session, const qoe_window *window)
{
    qoe_history *history = g_new(qoe_history, 1);
    *history = session->life->history;
    const qoe_window_traffic traffic = qoe_meter_read(&session->life->meter, window->start_us);
    qoe_history_add_window(history, &traffic);
    for (guint i = 0; i < session->life->open->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(session->life->open, i);
        if (is_media(segment) && segment->last_byte_us + SILENT_US <= window->end_us) {
            const qoe_object object = object_of(segment);
            qoe_history_add(history, &object);
        }
    }
    return history;
}

static uint64_t recent_objects(const qoe_history *history, int64_t end_us)
{
    uint64_t recent = 0;
    for (size_t i = history->count; i > 0; i--) {
        const qoe_object *object = qoe_history_object(history, i - 1);
        if (object->end_us < end_us - RECENT_US)
            break;
        if (object->end_us < end_us)
            recent++;
    }
    return recent;
}

static int main_transport(const session_state *session)
{
    return session->payload_udp > session->payload_tcp ? QOE_UDP : QOE_TCP;
}

/* Predicts a window with a filter that is the session's own at its close and a copy before. */
static void predict_window(const qoe_session_table *table, const session_state *session, qoe_window *window,
                           qoe_filter *filter)
{
    qoe_history *history = history_at(session, window);
    if (window->features == NULL)
        window->features = g_new0(double, qoe_features_count());
    qoe_features_compute(history, window->end_us, window->features);
    qoe_predict(table->config.model, session->public.service, main_transport(session), window->features,
                history->total_objects, recent_objects(history, window->end_us), filter, &window->downloaded);
    window->resolution = window->downloaded.resolution;
    g_free(history);
}

static void close_window(const qoe_session_table *table, session_state *session, uint32_t frame)
{
    qoe_window *window = current_window(session);
    predict_window(table, session, window, &session->life->filter);
    const qoe_window_traffic traffic = qoe_meter_read(&session->life->meter, window->start_us);
    qoe_history_add_window(&session->life->history, &traffic);
    window->open = false;
    window->closed_frame = frame;
}

static void remember_answer(session_state *session, const qoe_window *window)
{
    if (window->resolution != 0)
        session->last_answer = window->resolution;
}

static void end_session(qoe_session_table *table, session_state *session)
{
    close_window(table, session, 0);
    unlink_used(table, session);
    life_free(session->life);
    session->life = NULL;
}

void qoe_session_table_expire(qoe_session_table *table, int64_t now_us)
{
    while (table->oldest != NULL && now_us - table->oldest->public.last_us > table->config.idle_us)
        end_session(table, table->oldest);
}

/* Closes windows until the packet's own is open. */
static void advance_windows(const qoe_session_table *table, session_state *session, const qoe_packet *packet,
                            const qoe_session_sink *sink, void *user_data)
{
    while (packet->time_us >= current_window(session)->end_us) {
        qoe_window *window = current_window(session);
        const int before = session->last_answer;
        close_window(table, session, packet->frame);
        remember_answer(session, window);
        sink->window_closed(user_data, &session->public, window, before);
        open_window(table, session, window->index + 1);
    }
}

static session_state *living_session(const qoe_session_list *list)
{
    if (list->sessions->len == 0)
        return NULL;
    session_state *session = g_ptr_array_index(list->sessions, list->sessions->len - 1);
    return session->life != NULL ? session : NULL;
}

static void count_packet(session_state *session, const qoe_packet *packet, bool from_client)
{
    qoe_meter_packet(&session->life->meter, packet, from_client);
    current_window(session)->traffic = session->life->meter.traffic;
    if (packet->transport == QOE_UDP)
        session->payload_udp += packet->payload_len;
    else
        session->payload_tcp += packet->payload_len;
    session->public.last_us = MAX(session->public.last_us, packet->time_us);
    session->public.last_frame = packet->frame;
}

const qoe_session *qoe_session_table_packet(qoe_session_table *table, qoe_session_list *list, const qoe_packet *packet,
                                            bool from_client, const qoe_session_sink *sink, void *user_data)
{
    session_state *session = living_session(list);
    if (session == NULL) {
        session = start_session(table, list, packet);
        if (session == NULL)
            return NULL;
        sink->started(user_data, &session->public);
    } else {
        advance_windows(table, session, packet, sink, user_data);
        if (table->newest != session) {
            unlink_used(table, session);
            link_used(table, session);
        }
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

static qoe_window *window_at(const session_state *session, int64_t time_us, int64_t window_us)
{
    const int64_t i = time_us / window_us - session->public.first_window;
    return i >= 0 && i < session->windows->len ? g_ptr_array_index(session->windows, (guint)i) : NULL;
}

static void judge_kind(const session_state *session, qoe_segment *segment)
{
    if (segment->bytes < QOE_OBJECT_MIN_BYTES)
        segment->kind = QOE_KIND_OTHER;
    else
        segment->kind = qoe_audio_matches(&session->audio, (double)segment->bytes) ? QOE_KIND_AUDIO : QOE_KIND_VIDEO;
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
    session->public.segments++;
    if (!segment->shared && segment->complete != QOE_COMPLETE_ABORTED)
        qoe_audio_vote(&session->audio, (double)segment->bytes, 1.0);
    judge_kind(session, segment);
    qoe_window *window = window_at(session, segment->last_byte_us, table->config.window_us);
    if (window != NULL) {
        window->segments++;
        window->video_segments += segment->kind == QOE_KIND_VIDEO;
    }
    if (session->life != NULL && is_media(segment)) {
        const qoe_object object = object_of(segment);
        qoe_history_add(&session->life->history, &object);
    }
}

qoe_group_prior *qoe_session_table_prior(qoe_session_list *list)
{
    session_state *session = living_session(list);
    if (session == NULL)
        return NULL;
    session->prior.audio_size = qoe_audio_size(&session->audio);
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
    if (session != NULL)
        qoe_group_votes(group, vote, session);
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
    return low > 0 ? g_ptr_array_index(list->sessions, low - 1) : NULL;
}

const qoe_window *qoe_session_window_at(const qoe_session *session, int64_t time_us, int64_t window_us)
{
    return window_at((const session_state *)session, MAX(time_us, session->start_us), window_us);
}

/* Shared connections once more, with the audio's size as it is known by now. */
static void solve_groups(session_state *session)
{
    qoe_group_prior prior = {.audio_size = qoe_audio_size(&session->audio)};
    for (guint i = 0; i < session->groups->len; i++)
        qoe_group_solve(g_ptr_array_index(session->groups, i), &prior, true);
}

/* Mean resolution and switches over the windows that have an answer. */
static void summarize(session_state *session)
{
    double sum = 0;
    unsigned answers = 0;
    int before = 0;
    session->public.switches = 0;
    for (guint i = 0; i < session->windows->len; i++) {
        const int resolution = ((const qoe_window *)g_ptr_array_index(session->windows, i))->resolution;
        if (resolution == 0)
            continue;
        session->public.switches += before != 0 && before != resolution;
        before = resolution;
        sum += resolution;
        answers++;
    }
    session->public.mean_resolution = answers > 0 ? sum / answers : 0;
}

/* Kinds by what is known of the audio now, and what follows from them. */
static void judge_again(const qoe_session_table *table, session_state *session)
{
    for (guint i = 0; i < session->windows->len; i++)
        ((qoe_window *)g_ptr_array_index(session->windows, i))->video_segments = 0;
    session->public.video_bytes = session->public.audio_bytes = 0;
    for (guint i = 0; i < session->segments->len; i++) {
        qoe_segment *segment = g_ptr_array_index(session->segments, i);
        judge_kind(session, segment);
        qoe_window *window = window_at(session, segment->last_byte_us, table->config.window_us);
        const bool video = segment->kind == QOE_KIND_VIDEO;
        if (video)
            session->public.video_bytes += segment->bytes;
        if (segment->kind == QOE_KIND_AUDIO)
            session->public.audio_bytes += segment->bytes;
        if (window != NULL && video && segment->complete != QOE_COMPLETE_OPEN)
            window->video_segments++;
        segment->resolution = window != NULL && video ? (uint16_t)window->downloaded.resolution : 0;
    }
}

void qoe_session_table_settle(qoe_session_table *table)
{
    for (session_state *session = table->newest; session != NULL; session = session->older_used) {
        qoe_filter filter = session->life->filter;
        predict_window(table, session, current_window(session), &filter);
    }
    for (guint i = 0; i < table->sessions->len; i++) {
        session_state *session = g_ptr_array_index(table->sessions, i);
        solve_groups(session);
        judge_again(table, session);
        summarize(session);
    }
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
