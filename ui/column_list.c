/* Knows what stands in each column of the exported tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "cells.h"
#include "chart_data.h"

/* --- servers --- */

static void server_service(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, row->server->service);
}

static void server_address(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_address(cell, &row->server->addr);
}

static void server_name(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, row->server->name);
}

static void server_source(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, qoe_source_name(row->server->source));
}

static void server_first(const qoe_row *row, qoe_cell *cell)
{
    if (row->first_us <= row->last_us)
        qoe_cell_time(cell, row->first_us);
}

static void server_last(const qoe_row *row, qoe_cell *cell)
{
    if (row->first_us <= row->last_us)
        qoe_cell_time(cell, row->last_us);
}

/* A counter of the row's traffic, for servers and windows alike. */
#define TRAFFIC_COLUMN(counter)                                                                                        \
    static void traffic_##counter(const qoe_row *row, qoe_cell *cell)                                                  \
    {                                                                                                                  \
        qoe_cell_count(cell, row->traffic.counter);                                                                    \
    }
TRAFFIC_COLUMN(packets_in)
TRAFFIC_COLUMN(packets_out)
TRAFFIC_COLUMN(bytes_in)
TRAFFIC_COLUMN(bytes_out)
TRAFFIC_COLUMN(payload_in)
TRAFFIC_COLUMN(payload_out)

static const qoe_column servers[] = {
    {"service", server_service},
    {"address", server_address},
    {"name", server_name},
    {"source", server_source},
    {"packets_in", traffic_packets_in},
    {"packets_out", traffic_packets_out},
    {"bytes_in", traffic_bytes_in},
    {"bytes_out", traffic_bytes_out},
    {"payload_in", traffic_payload_in},
    {"payload_out", traffic_payload_out},
    {"first_s", server_first},
    {"last_s", server_last},
};

/* --- segments --- */

static void segment_session(const qoe_row *row, qoe_cell *cell)
{
    if (row->segment->session)
        qoe_cell_count(cell, row->segment->session);
}

static void segment_service(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, row->segment->server->service);
}

static void segment_client(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_address(cell, &row->segment->client);
}

static void segment_server(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_address(cell, &row->segment->server->addr);
}

static void segment_server_name(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, row->segment->server->name);
}

static void segment_transport(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, row->segment->transport == QOE_UDP ? "udp" : "tcp");
}

static void segment_kind(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, qoe_kind_name(row->segment->kind));
}

static void segment_request_s(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->segment->request_us);
}

static void segment_first_byte_s(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->segment->first_byte_us);
}

static void segment_last_byte_s(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->segment->last_byte_us);
}

static void segment_complete(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, qoe_complete_name(row->segment->complete));
}

static void segment_resolution(const qoe_row *row, qoe_cell *cell)
{
    if (row->segment->resolution > 0)
        qoe_cell_count(cell, row->segment->resolution);
}

static void segment_answer(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, qoe_segment_is_causal(row->segment) ? "causal" : "later");
}

static void segment_shared(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_bool(cell, row->segment->shared);
}

#define SEGMENT_COUNT(member)                                                                                          \
    static void segment_##member(const qoe_row *row, qoe_cell *cell)                                                   \
    {                                                                                                                  \
        qoe_cell_count(cell, row->segment->member);                                                                    \
    }
SEGMENT_COUNT(number)
SEGMENT_COUNT(stream)
SEGMENT_COUNT(bytes)
SEGMENT_COUNT(packets)
SEGMENT_COUNT(request_frame)
SEGMENT_COUNT(last_frame)

static const qoe_column segments[] = {
    {"session", segment_session},
    {"segment", segment_number},
    {"service", segment_service},
    {"client", segment_client},
    {"server", segment_server},
    {"server_name", segment_server_name},
    {"stream", segment_stream},
    {"transport", segment_transport},
    {"kind", segment_kind},
    {"request_s", segment_request_s},
    {"first_byte_s", segment_first_byte_s},
    {"last_byte_s", segment_last_byte_s},
    {"bytes", segment_bytes},
    {"packets", segment_packets},
    {"request_frame", segment_request_frame},
    {"last_frame", segment_last_frame},
    {"complete", segment_complete},
    {"resolution", segment_resolution},
    {"shared", segment_shared},
    {"answer", segment_answer},
};

/* --- windows --- */

static void session_number(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_count(cell, row->session->number);
}

static void session_service(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_text(cell, row->session->service);
}

static void session_client(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_address(cell, &row->session->client);
}

static void window_index(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_count(cell, row->window->index);
}

static void window_start(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->window->start_us);
}

static void window_end(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->window->end_us);
}

static void window_resolution(const qoe_row *row, qoe_cell *cell)
{
    if (row->window->resolution > 0)
        qoe_cell_count(cell, (uint64_t)row->window->resolution);
}

static void window_downloaded(const qoe_row *row, qoe_cell *cell)
{
    if (row->window->downloaded.resolution > 0)
        qoe_cell_count(cell, (uint64_t)row->window->downloaded.resolution);
}

static void window_probability(const qoe_row *row, qoe_cell *cell)
{
    if (row->window->downloaded.resolution > 0)
        qoe_cell_real(cell, row->window->downloaded.probability, 6);
}

static void window_reason(const qoe_row *row, qoe_cell *cell)
{
    const char *reason = qoe_window_reason(row->window);
    if (*reason || row->window->downloaded.resolution == 0)
        qoe_cell_text(cell, reason);
}

static void window_segments(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_count(cell, row->window->segments);
}

static void window_video_segments(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_count(cell, row->window->video_segments);
}

static void window_throughput(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_real(cell, qoe_window_bps(row->window, qoe_analysis_end_us(row->analysis)) / 1000, 3);
}

static void window_open(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_bool(cell, row->window->open);
}

/* Playback is an estimate; what is not known of it stays empty. */
static void window_buffer(const qoe_row *row, qoe_cell *cell)
{
    if (row->window->buffer_s >= 0)
        qoe_cell_real(cell, row->window->buffer_s, 3);
}

static void window_stalled(const qoe_row *row, qoe_cell *cell)
{
    if (row->window->stalled_s >= 0)
        qoe_cell_real(cell, row->window->stalled_s, 3);
}

static const qoe_column windows[] = {
    {"session", session_number},
    {"window", window_index},
    {"start_s", window_start},
    {"end_s", window_end},
    {"service", session_service},
    {"client", session_client},
    {"resolution", window_resolution},
    {"downloaded", window_downloaded},
    {"probability", window_probability},
    {"reason", window_reason},
    {"segments", window_segments},
    {"video_segments", window_video_segments},
    {"bytes_in", traffic_bytes_in},
    {"bytes_out", traffic_bytes_out},
    {"packets_in", traffic_packets_in},
    {"packets_out", traffic_packets_out},
    {"throughput_kbps", window_throughput},
    {"buffer_s", window_buffer},
    {"stalled_s", window_stalled},
};

static void window_epoch(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_epoch(cell, row->analysis, row->window->start_us);
}

/* Behind the probabilities of the model's classes. */
static const qoe_column windows_last[] = {
    {"open", window_open},
    {"start_epoch", window_epoch},
};

/* --- sessions --- */

static void session_start(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->session->start_us);
}

static void session_end(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_time(cell, row->session->last_us);
}

static void session_epoch(const qoe_row *row, qoe_cell *cell)
{
    qoe_cell_epoch(cell, row->analysis, row->session->start_us);
}

static void session_mean(const qoe_row *row, qoe_cell *cell)
{
    if (row->session->mean_resolution > 0)
        qoe_cell_real(cell, row->session->mean_resolution, 1);
}

static void session_startup(const qoe_row *row, qoe_cell *cell)
{
    if (row->session->startup_us >= 0)
        qoe_cell_time(cell, row->session->startup_us);
}

static void session_stall(const qoe_row *row, qoe_cell *cell)
{
    if (row->session->stall_s >= 0)
        qoe_cell_real(cell, row->session->stall_s, 3);
}

static void session_stalls(const qoe_row *row, qoe_cell *cell)
{
    if (row->session->stall_s >= 0)
        qoe_cell_count(cell, row->session->stalls);
}

#define SESSION_COUNT(member)                                                                                          \
    static void session_##member(const qoe_row *row, qoe_cell *cell)                                                   \
    {                                                                                                                  \
        qoe_cell_count(cell, row->session->member);                                                                    \
    }
SESSION_COUNT(switches)
SESSION_COUNT(video_bytes)
SESSION_COUNT(audio_bytes)
SESSION_COUNT(segments)

static const qoe_column sessions[] = {
    {"session", session_number},
    {"service", session_service},
    {"client", session_client},
    {"start_s", session_start},
    {"end_s", session_end},
    {"startup_s", session_startup},
    {"mean_resolution", session_mean},
    {"switches", session_switches},
    {"stall_s", session_stall},
    {"stalls", session_stalls},
    {"video_bytes", session_video_bytes},
    {"audio_bytes", session_audio_bytes},
    {"segments", session_segments},
    {"start_epoch", session_epoch},
};

/* --- features: the feature table follows --- */

static const qoe_column features[] = {
    {"session", session_number},
    {"window", window_index},
    {"start_s", window_start},
};

/* --- all --- */

const qoe_column_list qoe_column_lists[QOE_TABLES] = {
    [QOE_TABLE_SERVERS] = {servers, NULL, G_N_ELEMENTS(servers), 0},
    [QOE_TABLE_SEGMENTS] = {segments, NULL, G_N_ELEMENTS(segments), 0},
    [QOE_TABLE_WINDOWS] = {windows, windows_last, G_N_ELEMENTS(windows), G_N_ELEMENTS(windows_last)},
    [QOE_TABLE_SESSIONS] = {sessions, NULL, G_N_ELEMENTS(sessions), 0},
    [QOE_TABLE_FEATURES] = {features, NULL, G_N_ELEMENTS(features), 0},
};
