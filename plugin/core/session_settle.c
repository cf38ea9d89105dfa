/* What becomes richer while a session goes on: kinds, shared connections, playback, its summary.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "session_state.h"

#include "kind.h"
#include "playback.h"
#include "starved.h"

double qoe_session_audio_size(const session_state *session)
{
    return session->rhythm.audio_size > 0 ? session->rhythm.audio_size : qoe_audio_size(&session->audio);
}

void qoe_session_judge_kind(const session_state *session, qoe_segment *segment)
{
    segment->kind = qoe_kind_judge(segment, &session->audio, qoe_session_audio_size(session) > 0);
}

/* Learns the audio's rhythm from all that has closed, unless nothing has come to it since the last time; while there is
 * more to come, only when it is a quarter more: it takes tenths of a second, and live captures are drawn all the time.
 */
static void learn_rhythm(session_state *session, bool more_comes)
{
    size_t requests = 0;
    for (guint i = 0; i < session->groups->len; i++) {
        const qoe_group *group = g_ptr_array_index(session->groups, i);
        requests += qoe_group_is_closed(group) ? qoe_group_requests(group) : 0;
    }
    if (session->settled.requests == requests && session->settled_votes == session->audio.scale)
        return;
    if (more_comes && session->settled.requests > 0 && requests < session->settled.requests * 5 / 4)
        return;
    session->settled = (qoe_rhythm){.requests = requests};
    session->settled_votes = session->audio.scale;
    qoe_rhythm_learn(&session->settled, session->groups, &session->audio);
}

/* Shared connections once more, with what is known of the audio by now. */
static bool solve_groups(session_state *session, bool more_comes)
{
    learn_rhythm(session, more_comes);
    qoe_group_prior prior = {
        .audio_size = session->settled.audio_size > 0 ? session->settled.audio_size : qoe_session_audio_size(session),
        .ratio = session->settled.ratio,
    };
    for (guint i = 0; i < session->groups->len; i++)
        qoe_group_solve(g_ptr_array_index(session->groups, i), &prior, true);
    return prior.audio_size > 0;
}

/* Mean resolution and switches over the windows that have an answer; a viewer who pauses for an hour watches no hour of
 * the last picture. */
static void summarize(session_state *session)
{
    double sum = 0;
    unsigned answers = 0;
    int before = 0;
    session->public.switches = 0;
    for (guint i = 0; i < session->windows->len; i++) {
        const qoe_window *window = g_ptr_array_index(session->windows, i);
        if (window->resolution == 0 || window->screen == QOE_SCREEN_STILL)
            continue;
        session->public.switches += before != 0 && before != window->resolution;
        before = window->resolution;
        sum += window->resolution;
        answers++;
    }
    session->public.mean_resolution = answers > 0 ? sum / answers : 0;
}

/* Kinds by what is known of the audio now. */
static void judge_again(session_state *session, bool solved)
{
    for (guint i = 0; i < session->segments->len; i++) {
        qoe_segment *segment = g_ptr_array_index(session->segments, i);
        segment->kind = qoe_kind_judge(segment, &session->audio, solved);
    }
    qoe_kind_set_pages_apart(session->segments);
    qoe_kind_set_indexes_apart(session->segments);
}

/* What windows and session hold, and what the windows' answers say of their segments. */
static void count_again(const qoe_session_config *config, session_state *session)
{
    for (guint i = 0; i < session->windows->len; i++) {
        qoe_window *window = g_ptr_array_index(session->windows, i);
        window->segments = window->video_segments = 0;
    }
    session->public.segments = 0;
    session->public.video_bytes = session->public.audio_bytes = 0;
    for (guint i = 0; i < session->segments->len; i++) {
        qoe_segment *segment = g_ptr_array_index(session->segments, i);
        qoe_window *window = qoe_session_state_window(session, segment->last_byte_us, config->window_us);
        const bool video = segment->kind == QOE_KIND_VIDEO;
        session->public.segments += segment->packets > 0;
        if (video)
            session->public.video_bytes += segment->bytes;
        if (segment->kind == QOE_KIND_AUDIO)
            session->public.audio_bytes += segment->bytes;
        if (window != NULL && segment->packets > 0 && segment->complete != QOE_COMPLETE_OPEN) {
            window->segments++;
            window->video_segments += video;
        }
        segment->resolution = window != NULL && video ? (uint16_t)window->downloaded.resolution : 0;
        segment->said.resolution = window != NULL && video ? window->told : 0;
    }
}

/* Segments that are looked back upon while the session goes on: more than half an hour of a film. */
enum { FOLLOW_MAX = 512 };

/* The session's segments of a kind from segments[first] on, in order of request; returns their number. open: those as
 * well of which more is to come. */
static size_t collect(const session_state *session, int64_t window_us, guint first, bool open, qoe_kind kind,
                      qoe_download *downloads)
{
    size_t count = 0;
    for (guint i = first; i < session->segments->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(session->segments, i);
        if (segment->kind != kind || (segment->complete == QOE_COMPLETE_OPEN && !open) ||
            !qoe_segment_is_media(segment))
            continue;
        const qoe_window *window = qoe_session_state_window(session, segment->last_byte_us, window_us);
        downloads[count++] = (qoe_download){segment->request_us, segment->last_byte_us, segment->bytes,
                                            segment->resolution, window != NULL ? window->downloaded.probability : 0};
    }
    return count;
}

/* YouTube's players ask for ranges of bytes that hold any time; and what an untagged host serves is anyone's guess. */
static bool may_lack_durations(const char *service)
{
    return g_str_equal(service, "YouTube") || g_str_equal(service, QOE_SERVICE_UNTAGGED);
}

/* What playback knows of the screen, or what was downloaded in its place. */
static void write_screen(qoe_window *window, const qoe_playback *playback, const qoe_playback_window *shown)
{
    window->resolution = qoe_playback_lines(playback, shown, window->end_us, window->downloaded.resolution);
    window->probability = window->resolution == 0  ? 0
                          : shown->resolution != 0 ? shown->probability
                                                   : window->downloaded.probability;
    window->screen = shown->screen;
}

static void write_playback(session_state *session, const qoe_playback *playback, const qoe_playback_window *shown)
{
    for (guint i = 0; i < session->windows->len; i++) {
        qoe_window *window = g_ptr_array_index(session->windows, i);
        write_screen(window, playback, &shown[i]);
        window->buffer_s = playback->followed ? shown[i].buffer_s : -1;
        window->stalled_s = playback->followed ? shown[i].stalled_s : -1;
        window->stall_us = shown[i].stall_us;
    }
    const bool start_known = playback->start_us >= 0 && !playback->joined;
    session->public.startup_us = start_known ? playback->start_us - session->public.start_us : -1;
    session->public.stalls = playback->stalls;
    session->public.stall_s = playback->followed ? playback->stall_s : -1;
}

/* Had the film begun before the capture? Its first media connection had, then. A page loads some things before. */
static bool is_joined(const session_state *session)
{
    for (guint i = 0; i < MIN(session->segments->len, FOLLOW_MAX); i++) {
        const qoe_segment *segment = g_ptr_array_index(session->segments, i);
        if (segment->kind != QOE_KIND_OTHER && qoe_segment_is_media(segment))
            return !segment->begun;
    }
    return false;
}

/* The session's media from segments[first] on, none if its requests cannot be seen; free_media() it. */
static qoe_downloads gather_media(const session_state *session, int64_t window_us, guint first, bool open)
{
    const size_t most = session->segments->len - first + 1;
    qoe_download *video = g_new(qoe_download, most), *audio = g_new(qoe_download, most);
    return (qoe_downloads){
        .video = video,
        .audio = audio,
        .videos = !session->heard ? 0 : collect(session, window_us, first, open, QOE_KIND_VIDEO, video),
        .audios = !session->heard ? 0 : collect(session, window_us, first, open, QOE_KIND_AUDIO, audio),
        .joined = is_joined(session),
    };
}

static void free_media(qoe_downloads *media)
{
    g_free((gpointer)media->video);
    g_free((gpointer)media->audio);
}

/* Plays media through `windows` windows from first_us. */
static qoe_playback play_media(const qoe_session_config *config, const session_state *session,
                               const qoe_downloads *media, int64_t first_us, size_t windows, qoe_playback_window *shown)
{
    const qoe_durations durations = qoe_durations_learn(media, may_lack_durations(session->public.service));
    return qoe_playback_run(media, durations, first_us, config->window_us, session->public.last_us, windows, shown);
}

void qoe_session_follow_window(const qoe_session_config *config, session_state *session, qoe_window *window)
{
    const guint first = session->segments->len > FOLLOW_MAX ? session->segments->len - FOLLOW_MAX : 0;
    qoe_playback_window shown;
    qoe_downloads media = gather_media(session, config->window_us, first, false);
    const qoe_playback playback = play_media(config, session, &media, window->start_us, 1, &shown);
    free_media(&media);
    write_screen(window, &playback, &(qoe_playback_window){0});
    if (playback.start_us < 0)
        return;
    if (playback.followed) {
        window->buffer_s = shown.buffer_s;
        window->stalled_s = shown.stalled_s;
        window->stall_us = shown.stall_us;
    }
    if (session->public.startup_us < 0 && !playback.joined)
        session->public.startup_us = playback.start_us - session->public.start_us;
}

/* Where playback cannot be followed, the windows that got too little. The player also waits for what never ended: the
 * capture did before, or the client went on from another address. */
static void judge_starved(const qoe_session_config *config, session_state *session, int64_t start_us)
{
    const guint count = session->windows->len;
    qoe_starved_window *windows = g_new(qoe_starved_window, count);
    for (guint i = 0; i < count; i++) {
        const qoe_window *window = g_ptr_array_index(session->windows, i);
        windows[i] = (qoe_starved_window){
            .start_us = window->start_us,
            .end_us = window->end_us,
            .bytes = window->traffic.bytes_in,
            .lines = window->downloaded.resolution,
        };
    }
    qoe_downloads media = gather_media(session, config->window_us, 0, true);
    qoe_starved_judge(&media, start_us, windows, count);
    free_media(&media);
    for (guint i = 0; i < count; i++) {
        qoe_window *window = g_ptr_array_index(session->windows, i);
        window->stalled_s = windows[i].stalled_s;
        window->stall_us = window->start_us;
        if (!(window->stalled_s > 0))
            continue;
        session->public.stall_s = MAX(session->public.stall_s, 0) + windows[i].stalled_s;
        session->public.stalls += i == 0 || windows[i - 1].stalled_s < 0;
    }
    g_free(windows);
}

static void follow_playback(const qoe_session_config *config, session_state *session)
{
    qoe_playback_window *shown = g_new(qoe_playback_window, session->windows->len);
    qoe_downloads media = gather_media(session, config->window_us, 0, false);
    const qoe_playback playback =
        play_media(config, session, &media, (int64_t)session->public.first_window * config->window_us,
                   session->windows->len, shown);
    write_playback(session, &playback, shown);
    if (!playback.followed && playback.start_us >= 0 && may_lack_durations(session->public.service))
        judge_starved(config, session, playback.start_us);
    free_media(&media);
    g_free(shown);
}

void qoe_session_remember(session_state *session)
{
    session->before = g_array_new(FALSE, FALSE, sizeof(qoe_segment));
    for (guint i = 0; i < session->segments->len; i++)
        g_array_append_vals(session->before, g_ptr_array_index(session->segments, i), 1);
    session->startup_us = session->public.startup_us;
}

void qoe_session_unsettle(session_state *session)
{
    if (session->before == NULL)
        return;
    for (guint i = 0; i < session->before->len; i++)
        *(qoe_segment *)g_ptr_array_index(session->segments, i) = g_array_index(session->before, qoe_segment, i);
    g_clear_pointer(&session->before, g_array_unref);
    session->public.startup_us = session->startup_us;
    qoe_window *window = qoe_session_current_window(session);
    if (!window->open)
        return;
    window->buffer_s = window->stalled_s = -1;
    window->screen = QOE_SCREEN_UNKNOWN;
}

void qoe_session_settle(const qoe_session_config *config, session_state *session, bool more_comes)
{
    if (session->life != NULL)
        qoe_session_measure_window(session, qoe_session_current_window(session));
    judge_again(session, solve_groups(session, more_comes));
    qoe_session_predict_again(config, session);
    count_again(config, session);
    follow_playback(config, session);
    summarize(session);
}
