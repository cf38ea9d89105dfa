/* What the packet tree says of video quality: every qoe.* field.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fields.h"
#include "format.h"

#include <math.h>
#include <stdio.h>

static int proto_qoe = -1;
static int ett_qoe = -1, ett_segment = -1, ett_window = -1;

static int hf_service = -1, hf_server = -1, hf_server_name = -1, hf_server_source = -1, hf_session = -1;
static int hf_segment = -1, hf_segment_bytes = -1, hf_segment_duration = -1, hf_segment_ttfb = -1;
static int hf_segment_kind = -1, hf_segment_rate = -1, hf_segment_request_frame = -1, hf_segment_last_frame = -1;
static int hf_segment_request = -1, hf_segment_closed_in = -1;
static int hf_window = -1, hf_window_resolution = -1, hf_window_downloaded = -1, hf_window_probability = -1;
static int hf_window_segments = -1, hf_window_bytes = -1, hf_window_throughput = -1, hf_window_reason = -1;
static int hf_window_stalled = -1;
static int hf_resolution = -1, hf_resolution_changed = -1;
static int hf_buffer = -1, hf_stall = -1, hf_startup_delay = -1;

static hf_register_info hfs[] = {
    {&hf_service,
     {"Service", "qoe.service", FT_STRING, BASE_NONE, NULL, 0, "The streaming service of the server", HFILL}},
    {&hf_server,
     {"Server", "qoe.server", FT_STRING, BASE_NONE, NULL, 0, "Address of a streaming service's server", HFILL}},
    {&hf_server_name,
     {"Server name", "qoe.server.name", FT_STRING, BASE_NONE, NULL, 0, "The name that told the service", HFILL}},
    {&hf_server_source,
     {"Known by", "qoe.server.source", FT_STRING, BASE_NONE, NULL, 0,
      "How the service is known: dns, sni, host, prefix or port", HFILL}},
    {&hf_session,
     {"Session", "qoe.session", FT_UINT32, BASE_DEC, NULL, 0, "One client with one service until a long silence",
      HFILL}},
    {&hf_segment,
     {"Segment", "qoe.segment", FT_UINT32, BASE_DEC, NULL, 0,
      "Number of the segment that is known to be whole with this packet", HFILL}},
    {&hf_segment_bytes, {"Bytes", "qoe.segment.bytes", FT_UINT64, BASE_DEC, NULL, 0, "Payload of the segment", HFILL}},
    {&hf_segment_duration,
     {"Duration", "qoe.segment.duration", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, "From the request to the last byte",
      HFILL}},
    {&hf_segment_ttfb,
     {"Time to first byte", "qoe.segment.ttfb", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "From the request to the first byte", HFILL}},
    {&hf_segment_kind,
     {"Kind", "qoe.segment.kind", FT_STRING, BASE_NONE, NULL, 0, "What the segment holds: video, audio or other",
      HFILL}},
    {&hf_segment_rate,
     {"Rate", "qoe.segment.rate", FT_UINT64, BASE_DEC, NULL, 0, "Bytes over duration, in kbit/s", HFILL}},
    {&hf_segment_request_frame,
     {"Requested in", "qoe.segment.request_frame", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0,
      "The packet that asked for the segment", HFILL}},
    {&hf_segment_last_frame,
     {"Last byte in", "qoe.segment.last_frame", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_NONE), 0,
      "The packet with the segment's last byte", HFILL}},
    {&hf_segment_request,
     {"Request of segment", "qoe.segment.request", FT_UINT32, BASE_DEC, NULL, 0,
      "Number of the segment that this packet asks for", HFILL}},
    {&hf_segment_closed_in,
     {"Closed in", "qoe.segment.closed_in", FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0,
      "The packet that carries the segment's figures", HFILL}},
    {&hf_window,
     {"Window", "qoe.window", FT_UINT32, BASE_DEC, NULL, 0,
      "Index of the window that ended before this packet, from 0 at the capture's start", HFILL}},
    {&hf_window_resolution,
     {"Resolution", "qoe.window.resolution", FT_UINT16, BASE_DEC, NULL, 0,
      "Predicted resolution on screen, in lines; what was downloaded, until later passes know better", HFILL}},
    {&hf_window_downloaded,
     {"Downloaded", "qoe.window.downloaded", FT_UINT16, BASE_DEC, NULL, 0,
      "Predicted resolution of what was downloaded in the window, in lines", HFILL}},
    {&hf_window_probability,
     {"Probability", "qoe.window.probability", FT_DOUBLE, BASE_NONE, NULL, 0,
      "How sure the model is of what was downloaded, 0 to 1", HFILL}},
    {&hf_window_segments,
     {"Segments", "qoe.window.segments", FT_UINT32, BASE_DEC, NULL, 0, "Segments that ended in the window", HFILL}},
    {&hf_window_bytes,
     {"Bytes to the client", "qoe.window.bytes", FT_UINT64, BASE_DEC, NULL, 0,
      "Bytes of IP packets to the client in the window", HFILL}},
    {&hf_window_throughput,
     {"Throughput", "qoe.window.throughput", FT_UINT64, BASE_DEC, NULL, 0,
      "Bytes to the client over the window's length, in kbit/s", HFILL}},
    {&hf_window_reason,
     {"Reason", "qoe.window.reason", FT_STRING, BASE_NONE, NULL, 0, "Why the window has no resolution", HFILL}},
    {&hf_window_stalled,
     {"Stalled (estimate)", "qoe.window.stalled", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "Estimated time in the window without playback for want of media, where playback can be followed", HFILL}},
    {&hf_resolution,
     {"Resolution", "qoe.resolution", FT_UINT16, BASE_DEC, NULL, 0,
      "Predicted resolution of the film at this packet, in lines (known once the window has ended)", HFILL}},
    {&hf_buffer,
     {"Buffer (estimate)", "qoe.buffer", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "Estimated media ahead of the playhead at the window's end", HFILL}},
    {&hf_stall,
     {"Stalled (estimate)", "qoe.stall", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "The window's stalled time, at the packet that ended it, where it is above 0", HFILL}},
    {&hf_startup_delay,
     {"Startup delay (estimate)", "qoe.startup_delay", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "Estimated time from the session's first packet to the first picture", HFILL}},
    {&hf_resolution_changed,
     {"Resolution changed by", "qoe.resolution_changed", FT_INT32, BASE_DEC, NULL, 0,
      "Lines gained or lost in what was downloaded, against the last window with an answer", HFILL}},
};

void qoe_fields_register(int proto)
{
    static int *etts[] = {&ett_qoe, &ett_segment, &ett_window};

    proto_qoe = proto;
    proto_register_field_array(proto, hfs, G_N_ELEMENTS(hfs));
    proto_register_subtree_array(etts, G_N_ELEMENTS(etts));
}

static const char *server_text(const qoe_server *server, char text[QOE_ADDR_STRLEN])
{
    return *server->name ? server->name : qoe_addr_format(&server->addr, text);
}

static uint64_t kbit_per_s(uint64_t bytes, int64_t us)
{
    return us > 0 ? (uint64_t)((double)bytes * 8e3 / (double)us + 0.5) : 0;
}

static void add_text(proto_tree *tree, tvbuff_t *tvb, int hf, const char *text)
{
    proto_item_set_generated(proto_tree_add_string(tree, hf, tvb, 0, 0, text));
}

static void add_number(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

/* A frame of this file: in those before it there is nothing to go to. */
static void add_frame(proto_tree *tree, tvbuff_t *tvb, int hf, uint32_t frame, uint32_t frames_before)
{
    if (frame > frames_before)
        add_number(tree, tvb, hf, frame - frames_before);
}

static void add_number64(proto_tree *tree, tvbuff_t *tvb, int hf, uint64_t value)
{
    proto_item_set_generated(proto_tree_add_uint64(tree, hf, tvb, 0, 0, value));
}

static void add_rate(proto_tree *tree, tvbuff_t *tvb, int hf, uint64_t kbps)
{
    proto_item_set_generated(
        proto_tree_add_uint64_format_value(tree, hf, tvb, 0, 0, kbps, "%" G_GUINT64_FORMAT " kbit/s", kbps));
}

static void add_lines(proto_tree *tree, tvbuff_t *tvb, int hf, int lines)
{
    if (lines > 0)
        proto_item_set_generated(proto_tree_add_uint_format_value(tree, hf, tvb, 0, 0, (guint32)lines, "%dp", lines));
}

static void add_duration(proto_tree *tree, tvbuff_t *tvb, int hf, int64_t us)
{
    const nstime_t duration = {.secs = us / 1000000, .nsecs = (int)(us % 1000000) * 1000};

    proto_item_set_generated(proto_tree_add_time(tree, hf, tvb, 0, 0, &duration));
}

static void add_server(proto_tree *tree, tvbuff_t *tvb, const qoe_server *server)
{
    char text[QOE_ADDR_STRLEN];

    add_text(tree, tvb, hf_service, server->service);
    add_text(tree, tvb, hf_server, qoe_addr_format(&server->addr, text));
    if (*server->name)
        add_text(tree, tvb, hf_server_name, server->name);
    add_text(tree, tvb, hf_server_source, qoe_source_name(server->source));
}

static void add_closed_segment(proto_tree *tree, proto_item *whole, tvbuff_t *tvb, const qoe_segment *segment,
                               uint32_t frames_before)
{
    char bytes[QOE_FORMAT_LEN], server[QOE_ADDR_STRLEN];
    const int64_t duration_us = qoe_segment_duration_us(segment);
    char *said = g_strdup_printf("Segment %u: %s, %s in %.2f s", segment->number, qoe_kind_name(segment->kind),
                                 qoe_format_bytes((double)segment->bytes, bytes), (double)duration_us / 1e6);
    proto_item *item = proto_tree_add_uint_format(tree, hf_segment, tvb, 0, 0, segment->number, "%s from %s", said,
                                                  server_text(segment->server, server));
    proto_tree *sub = proto_item_add_subtree(item, ett_segment);

    proto_item_set_generated(item);
    proto_item_append_text(whole, ". %s", said);
    g_free(said);
    add_text(sub, tvb, hf_segment_kind, qoe_kind_name(segment->kind));
    add_number64(sub, tvb, hf_segment_bytes, segment->bytes);
    add_duration(sub, tvb, hf_segment_duration, duration_us);
    add_duration(sub, tvb, hf_segment_ttfb, qoe_segment_ttfb_us(segment));
    if (duration_us > 0)
        add_rate(sub, tvb, hf_segment_rate, kbit_per_s(segment->bytes, duration_us));
    add_frame(sub, tvb, hf_segment_request_frame, segment->request_frame, frames_before);
    add_frame(sub, tvb, hf_segment_last_frame, segment->last_frame, frames_before);
}

static void add_request(proto_tree *tree, proto_item *whole, tvbuff_t *tvb, const qoe_segment *segment, bool later,
                        uint32_t frames_before)
{
    char bytes[QOE_FORMAT_LEN];
    proto_item *item = proto_tree_add_uint_format(tree, hf_segment_request, tvb, 0, 0, segment->number,
                                                  "This packet asks for segment %u", segment->number);

    proto_item_set_generated(item);
    proto_item_append_text(whole, ". Asks for segment %u", segment->number);
    if (!later || segment->closed_frame == 0)
        return;
    proto_item_append_text(item, " (%s, %s)", qoe_kind_name(segment->kind),
                           qoe_format_bytes((double)segment->bytes, bytes));
    add_frame(proto_item_add_subtree(item, ett_segment), tvb, hf_segment_closed_in, segment->closed_frame,
              frames_before);
}

static void add_window_figures(proto_tree *tree, tvbuff_t *tvb, const qoe_window *window)
{
    const qoe_prediction *downloaded = &window->downloaded;

    add_lines(tree, tvb, hf_window_resolution, window->resolution);
    add_lines(tree, tvb, hf_window_downloaded, downloaded->resolution);
    /* Three digits are more than a model knows, and print the same in every version. */
    if (downloaded->resolution > 0)
        proto_item_set_generated(proto_tree_add_double(tree, hf_window_probability, tvb, 0, 0,
                                                       round(downloaded->probability * 1000) / 1000));
    const char *reason = qoe_window_reason(window);
    if (*reason)
        add_text(tree, tvb, hf_window_reason, reason);
    add_number(tree, tvb, hf_window_segments, window->segments);
    add_number64(tree, tvb, hf_window_bytes, window->traffic.bytes_in);
    add_rate(tree, tvb, hf_window_throughput, kbit_per_s(window->traffic.bytes_in, window->end_us - window->start_us));
    if (window->stalled_s >= 0)
        add_duration(tree, tvb, hf_window_stalled, (int64_t)(window->stalled_s * 1e6));
    if (window->buffer_s >= 0)
        add_duration(tree, tvb, hf_buffer, (int64_t)(window->buffer_s * 1e6));
}

/* What was downloaded and how sure that is, and what was on screen where it is something else. g_free. */
static char *window_said(const qoe_window *window)
{
    const int downloaded = window->downloaded.resolution, on_screen = window->resolution;
    const double percent = window->downloaded.probability * 100;
    const char *reason = qoe_reason_name(window->downloaded.reason);

    if (downloaded == 0 && on_screen == 0)
        return g_strdup_printf("no resolution (%s)", reason);
    if (downloaded == 0)
        return g_strdup_printf("%dp on screen (downloaded: %s)", on_screen, reason);
    if (on_screen == downloaded)
        return g_strdup_printf("%dp (%.0f %%)", downloaded, percent);
    if (on_screen == 0)
        return g_strdup_printf("%dp downloaded (%.0f %%), %s", downloaded, percent, qoe_window_reason(window));
    return g_strdup_printf("%dp downloaded (%.0f %%), %dp on screen", downloaded, percent, on_screen);
}

static void add_closed_window(proto_tree *tree, proto_item *whole, tvbuff_t *tvb, const qoe_window *window)
{
    char *said = window_said(window);
    proto_item *item =
        proto_tree_add_uint_format(tree, hf_window, tvb, 0, 0, window->index, "Window %u, %.6g to %.6g s: %s",
                                   window->index, (double)window->start_us / 1e6, (double)window->end_us / 1e6, said);

    proto_item_set_generated(item);
    proto_item_append_text(whole, ". Window %u: %s", window->index, said);
    g_free(said);
    add_window_figures(proto_item_add_subtree(item, ett_window), tvb, window);
}

static void add_change(proto_tree *tree, tvbuff_t *tvb, const qoe_event *event)
{
    const int lines = qoe_event_change(event);

    if (lines != 0)
        proto_item_set_generated(proto_tree_add_int_format_value(
            tree, hf_resolution_changed, tvb, 0, 0, lines, "%+d lines, from %dp to %dp", lines,
            event->before->downloaded.resolution, event->window->downloaded.resolution));
}

static void add_event(proto_tree *tree, proto_item *whole, tvbuff_t *tvb, const qoe_event *event, bool later,
                      uint32_t frames_before)
{
    switch (event->type) {
    case QOE_EVENT_SEGMENT_REQUEST:
        add_request(tree, whole, tvb, event->segment, later, frames_before);
        break;
    case QOE_EVENT_SEGMENT_CLOSED:
        add_closed_segment(tree, whole, tvb, event->segment, frames_before);
        break;
    case QOE_EVENT_WINDOW_CLOSED:
        add_closed_window(tree, whole, tvb, event->window);
        if (event->window->stalled_s > 0)
            add_duration(tree, tvb, hf_stall, (int64_t)(event->window->stalled_s * 1e6));
        break;
    case QOE_EVENT_RESOLUTION_CHANGED:
        add_change(tree, tvb, event);
        break;
    case QOE_EVENT_PLAYBACK_STARTED:
        add_duration(tree, tvb, hf_startup_delay, qoe_event_startup_us(event));
        break;
    case QOE_EVENT_SESSION_STARTED:
    case QOE_EVENT_TABLE_FULL:
    case QOE_EVENT_TIME_BACK:
        break;
    }
}

proto_item *qoe_fields_add(proto_tree *tree, tvbuff_t *tvb, const qoe_verdict *verdict, bool later,
                           uint32_t frames_before)
{
    char server[QOE_ADDR_STRLEN];
    proto_item *whole =
        verdict->server ? proto_tree_add_protocol_format(tree, proto_qoe, tvb, 0, 0, "Video quality: %s %s %s",
                                                         verdict->server->service, verdict->to_client ? "from" : "to",
                                                         server_text(verdict->server, server))
                        : proto_tree_add_protocol_format(tree, proto_qoe, tvb, 0, 0, "Video quality");
    proto_tree *sub = proto_item_add_subtree(whole, ett_qoe);

    if (verdict->server)
        add_server(sub, tvb, verdict->server);
    if (verdict->session)
        add_number(sub, tvb, hf_session, verdict->session->number);
    if (later && verdict->window)
        add_lines(sub, tvb, hf_resolution, verdict->window->resolution);
    for (const qoe_event *event = verdict->events; event; event = event->next)
        add_event(sub, whole, tvb, event, later, frames_before);
    return whole;
}

/* A DNS message in the tree: its item appears with the first server that it names. */
typedef struct {
    proto_tree *tree, *sub;
    tvbuff_t *tvb;
    const qoe_rules *rules;
} dns_naming;

/* The first name on the way from the question to the address that a rule names: the one that the tag goes by. */
static const char *naming_name(const qoe_rules *rules, const qoe_dns_answer *answer)
{
    for (size_t i = 0; i < answer->chain_len; i++)
        if (qoe_rules_by_name(rules, answer->chain[i]))
            return answer->chain[i];
    return NULL;
}

static void add_named(const qoe_dns_answer *answer, void *user_data)
{
    dns_naming *naming = user_data;
    const char *name = naming_name(naming->rules, answer);
    char text[QOE_ADDR_STRLEN];

    if (!name)
        return;
    if (!naming->sub) {
        proto_item *whole = proto_tree_add_protocol_format(naming->tree, proto_qoe, naming->tvb, 0, 0,
                                                           "Video quality: names servers of %s",
                                                           qoe_rules_by_name(naming->rules, name));
        naming->sub = proto_item_add_subtree(whole, ett_qoe);
        add_text(naming->sub, naming->tvb, hf_server_name, name);
    }
    add_text(naming->sub, naming->tvb, hf_server, qoe_addr_format(&answer->addr, text));
}

void qoe_fields_add_dns(proto_tree *tree, tvbuff_t *tvb, const qoe_packet *packet, const qoe_rules *rules)
{
    /* DNS over TCP puts a length before each message (RFC 1035, 4.2.2). */
    const uint32_t prefix = packet->transport == QOE_TCP ? 2 : 0;
    dns_naming naming = {.tree = tree, .tvb = tvb, .rules = rules};

    if (packet->captured_len > prefix)
        qoe_dns_parse(packet->payload + prefix, packet->captured_len - prefix, add_named, &naming);
}
