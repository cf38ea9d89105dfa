/* A session's windows: opening, predicting, closing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service.h"
#include "session_state.h"

/* A response that has been silent for so long at a window's end counts for its features, though nothing has told yet
 * that it is over: its next request may be seconds away. */
#define SILENT_US 500000

/* "Recent" media objects, for the question whether there is anything to judge. */
#define RECENT_US 60000000

static const double untagged_bytes_min = 1e6; /* of media; see is_too_little */

qoe_window *qoe_session_current_window(const session_state *session)
{
    return g_ptr_array_index(session->windows, session->windows->len - 1);
}

void qoe_session_open_window(const qoe_session_config *config, session_state *session, uint32_t index)
{
    qoe_window *window = g_new0(qoe_window, 1);
    window->index = index;
    window->session = session->public.number;
    window->start_us = (int64_t)index * config->window_us;
    window->end_us = window->start_us + config->window_us;
    window->open = true;
    window->buffer_s = window->stalled_s = -1;
    g_ptr_array_add(session->windows, window);
    session->public.windows = (const qoe_window *const *)session->windows->pdata;
    session->public.window_count = session->windows->len;
    qoe_meter_start(&session->life->meter);
}

qoe_object qoe_segment_object(const qoe_segment *segment)
{
    return (qoe_object){
        .request_us = segment->request_us,
        .end_us = segment->last_byte_us,
        .bytes = (double)segment->bytes,
        .kind = segment->kind,
    };
}

bool qoe_segment_is_media(const qoe_segment *segment)
{
    return segment->bytes >= QOE_OBJECT_MIN_BYTES && segment->complete != QOE_COMPLETE_ABORTED;
}

/* When it counts as over. */
static int64_t over_us(const qoe_segment *segment)
{
    return segment->last_byte_us + (segment->complete == QOE_COMPLETE_OPEN ? SILENT_US : 0);
}

static void add_media(qoe_history *history, const qoe_segment *segment)
{
    if (!qoe_segment_is_media(segment))
        return;
    const qoe_object object = qoe_segment_object(segment);
    qoe_history_add(history, &object);
}

/* The history with the window in hand and the responses that have gone silent before its end: what the window's
 * features are made of. The kept history learns of both when they are really over. */
static qoe_history *history_at(const session_state *session, const qoe_window *window)
{
    qoe_history *history = g_new(qoe_history, 1);
    *history = session->life->history;
    qoe_history_add_window(history, &window->measured);
    for (guint i = 0; i < session->life->open->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(session->life->open, i);
        if (over_us(segment) <= window->end_us)
            add_media(history, segment);
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

static bool may_be_film(const session_state *session, const qoe_window *window)
{
    const session_life *life = session->life;
    const bool tested = life->test_us >= 0 && life->test_us > window->start_us - QOE_FILM_TEST_US;
    return !tested && !qoe_film_is_ruled_out(&life->film, &life->meter.traffic, life->open);
}

/* A page or a messenger loads a few objects as large as segments when it starts (seen: a video call, 188 kB in four);
 * half a minute of the poorest film is more. Who is a service by name is believed. */
static bool is_too_little(const session_state *session, const qoe_history *history)
{
    return g_str_equal(session->public.service, QOE_SERVICE_UNTAGGED) && history->total_bytes < untagged_bytes_min;
}

/* Who gets media acknowledges it, in TCP and in QUIC. A packet or two may come before what the client sends. */
static bool is_one_way(const session_state *session)
{
    return !session->heard && session->payload_tcp + session->payload_udp >= QOE_OBJECT_MIN_BYTES;
}

/* What stands for all that an answer hangs on, but for the window's own traffic. */
static uint64_t basis_of(const session_state *session, const qoe_history *history)
{
    return history->digest ^ (uint64_t)main_transport(session);
}

static void answer(const qoe_session_config *config, const session_state *session, const qoe_history *history,
                   qoe_window *window, qoe_filter *filter)
{
    if (window->features == NULL)
        window->features = g_new0(double, qoe_features_count());
    qoe_features_compute(history, window->end_us, window->features);
    qoe_predict(config->model, session->public.service, main_transport(session), window->features,
                history->total_objects, recent_objects(history, window->end_us), filter, &window->downloaded);
    if (window->downloaded.resolution != 0 && is_too_little(session, history))
        window->downloaded = (qoe_prediction){.reason = QOE_REASON_TOO_FEW, .classes = window->downloaded.classes};
    qoe_prediction_limit(&window->downloaded, config->confidence);
    if (window->one_way && window->downloaded.reason != QOE_REASON_NOT_FILM)
        window->downloaded = (qoe_prediction){.reason = QOE_REASON_ONE_WAY, .classes = window->downloaded.classes};
    if (window->ruled_out)
        window->downloaded = (qoe_prediction){.reason = QOE_REASON_NOT_FILM, .classes = window->downloaded.classes};
    window->resolution = window->downloaded.resolution;
    window->probability = window->downloaded.probability;
    window->basis = basis_of(session, history);
    window->filtered = filter->started;
}

void qoe_session_measure_window(const session_state *session, qoe_window *window)
{
    window->measured = qoe_meter_read(&session->life->meter, window->start_us);
    window->ruled_out = !may_be_film(session, window);
    window->one_way = is_one_way(session);
}

static gint by_over(gconstpointer a, gconstpointer b)
{
    const int64_t x = over_us(*(const qoe_segment *const *)a), y = over_us(*(const qoe_segment *const *)b);
    return (x > y) - (x < y);
}

void qoe_session_predict_again(const qoe_session_config *config, session_state *session)
{
    GPtrArray *segments = g_ptr_array_copy(session->segments, NULL, NULL);
    g_ptr_array_sort(segments, by_over);
    qoe_history *history = g_new(qoe_history, 1);
    qoe_history_init(history, session->public.start_us, config->window_us);
    qoe_filter filter = {0};
    guint next = 0;
    for (guint i = 0; i < session->windows->len; i++) {
        qoe_window *window = g_ptr_array_index(session->windows, i);
        for (; next < segments->len && over_us(g_ptr_array_index(segments, next)) <= window->end_us; next++)
            add_media(history, g_ptr_array_index(segments, next));
        qoe_history_add_window(history, &window->measured);
        if (window->open || window->filtered || filter.started || window->basis != basis_of(session, history))
            answer(config, session, history, window, &filter);
    }
    g_free(history);
    g_ptr_array_unref(segments);
}

void qoe_session_close_window(const qoe_session_config *config, session_state *session, uint32_t frame)
{
    qoe_window *window = qoe_session_current_window(session);
    qoe_session_measure_window(session, window);
    qoe_history *history = history_at(session, window);
    answer(config, session, history, window, &session->life->filter);
    g_free(history);
    qoe_history_add_window(&session->life->history, &window->measured);
    qoe_film_add_window(&session->life->film, &session->life->meter.traffic, config->window_us);
    window->open = false;
    window->closed_frame = frame;
    window->told = frame > 0 ? (uint16_t)window->downloaded.resolution : 0;
}

const char *qoe_window_reason(const qoe_window *window)
{
    if (window->resolution > 0)
        return "";
    if (window->downloaded.resolution == 0)
        return qoe_reason_name(window->downloaded.reason);
    const bool stood = window->screen == QOE_SCREEN_STILL || window->screen == QOE_SCREEN_OVER;
    return stood ? "nothing new on screen" : "nothing on screen yet";
}

qoe_window *qoe_session_state_window(const session_state *session, int64_t time_us, int64_t window_us)
{
    const int64_t i = time_us / window_us - session->public.first_window;
    return i >= 0 && i < session->windows->len ? g_ptr_array_index(session->windows, (guint)i) : NULL;
}
