/* The protocol QoE: hands every packet to the analysis once, and shows what the analysis says of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet-qoe.h"

#include "expert.h"
#include "fields.h"
#include "frame.h"
#include "host.h"
#include "modelfile.h"
#include "prefs.h"
#include "ui.h"

#include <epan/tap.h>

enum { PORT_DNS = 53 };

static int proto_qoe = -1;
static int tap_qoe = -1;

/* The open capture. */
static struct {
    qoe_rules *rules;
    qoe_analysis *analysis; /* NULL: no capture, or the protocol is disabled */
    bool has_model;         /* as far as there is one: asked for once, when it is needed */
    qoe_frame_state frames;
    packet_info *pinfo; /* of the packet in hand */
    bool goes_on;       /* closed, but the next file belongs to it as well */
} capture;

static uint64_t generation; /* of the open capture's analysis */

/* Loading a model takes some 10 ms: captures without a film shall not pay for it. */
static void need_model(void)
{
    if (!capture.analysis || capture.has_model)
        return;
    capture.has_model = true;
    qoe_modelfile_use(qoe_prefs_model());
    qoe_analysis_set_model(capture.analysis, qoe_modelfile_model());
}

qoe_analysis *qoe_current_analysis(void)
{
    need_model();
    return capture.analysis;
}

uint64_t qoe_current_generation(void)
{
    return generation;
}

const qoe_model *qoe_current_model(void)
{
    need_model();
    return qoe_modelfile_model();
}

const char *qoe_current_model_message(void)
{
    need_model();
    return qoe_modelfile_message();
}

bool qoe_tell_missing_model(void)
{
    need_model();
    if (!capture.analysis || qoe_modelfile_model())
        return true;
    qoe_modelfile_tell_missing();
    return !*qoe_prefs_model();
}

int qoe_proto_id(void)
{
    return proto_qoe;
}

static void free_capture(void)
{
    qoe_analysis_free(capture.analysis);
    qoe_rules_free(capture.rules);
    memset(&capture, 0, sizeof capture);
}

static void open_capture(void)
{
    if (capture.goes_on) {
        capture.goes_on = false;
        qoe_frame_next_file(&capture.frames);
        return;
    }
    generation++;
    if (!proto_is_protocol_enabled(find_protocol_by_id(proto_qoe)))
        return;
    capture.rules = qoe_prefs_rules();
    const qoe_config config = {
        .rules = capture.rules,
        .window_us = qoe_prefs_window_us(),
        .idle_us = qoe_prefs_idle_us(),
        .confidence = qoe_prefs_confidence(),
        .untagged = qoe_prefs_untagged(),
        .stream_of = qoe_frame_stream,
        .stream_of_data = &capture.pinfo,
    };
    capture.analysis = qoe_analysis_new(&config);
    /* A model that the user asked for is looked at now, to say at once what is wrong with it. */
    if (*qoe_prefs_model())
        need_model();
}

/* A live capture into several files (tshark -b) is closed and opened at each of them, and its statistics, which
 * nobody resets, go on: so do the films. Without statistics each file is for itself, as long as the capture may run.
 * Wireshark resets them, and sharkd has none while it reads. */
static void close_capture(void)
{
    capture.goes_on = capture.analysis && qoe_host_listens() && !qoe_host_is_gui();
    if (!capture.goes_on)
        free_capture();
}

/* The capture has been read once: later visits shall see the last window, too. */
static void settle_capture(void)
{
    if (capture.analysis)
        qoe_analysis_finish(capture.analysis);
}

static void ask(packet_info *pinfo, const qoe_packet *packet, qoe_verdict *verdict)
{
    if (pinfo->fd->visited) {
        qoe_analysis_lookup(capture.analysis, packet, verdict);
        return;
    }
    capture.pinfo = pinfo;
    qoe_analysis_packet(capture.analysis, packet, verdict);
    capture.pinfo = NULL;
    if (verdict->session)
        need_model();
    if (verdict->events)
        qoe_modelfile_tell_damage();
}

/* Taps are called when the dissection is over, so what they get lives as long as the packet. */
static void queue_tap(packet_info *pinfo, const qoe_packet *packet, const qoe_verdict *verdict)
{
    struct queued {
        qoe_tap_info info;
        qoe_packet packet;
        qoe_verdict verdict;
    } *queued = wmem_new(pinfo->pool, struct queued);

    queued->packet = *packet;
    queued->verdict = *verdict;
    queued->info = (qoe_tap_info){&queued->packet, &queued->verdict, pinfo->fd->visited};
    tap_queue_packet(tap_qoe, pinfo, &queued->info);
}

static void show(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const qoe_packet *packet,
                 const qoe_verdict *verdict)
{
    if (verdict->server || verdict->events) {
        proto_item *item = qoe_fields_add(tree, tvb, verdict, pinfo->fd->visited, capture.frames.frames_before);
        qoe_expert_add(pinfo, item, verdict->events);
    } else if (packet->src_port == PORT_DNS) {
        qoe_fields_add_dns(tree, tvb, packet, capture.rules);
    }
}

static int dissect_qoe(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    qoe_packet packet;
    qoe_verdict verdict = {0};

    if (!capture.analysis)
        return 0;
    if (!pinfo->fd->visited && qoe_frame_start(&capture.frames, pinfo))
        qoe_analysis_set_epoch_us(capture.analysis, qoe_frame_epoch_us(&capture.frames));
    if (!qoe_frame_read(&capture.frames, tvb, pinfo, &packet))
        return 0;
    ask(pinfo, &packet, &verdict);
    if (verdict.server && have_tap_listener(tap_qoe))
        queue_tap(pinfo, &packet, &verdict);
    if (tree)
        show(tree, tvb, pinfo, &packet, &verdict);
    else
        qoe_expert_add(pinfo, NULL, verdict.events); /* its statistics ask for no tree */
    return (int)tvb_captured_length(tvb);
}

void qoe_proto_register(void)
{
    proto_qoe = proto_register_protocol("Video Quality of Experience", "QoE", "qoe");
    qoe_fields_register(proto_qoe);
    qoe_expert_register(proto_qoe);
    qoe_prefs_register(proto_qoe);
    tap_qoe = register_tap("qoe");
    register_init_routine(open_capture);
    register_cleanup_routine(close_capture);
    register_shutdown_routine(free_capture);
    register_postseq_cleanup_routine(settle_capture);
    register_postdissector(register_dissector("qoe", dissect_qoe, proto_qoe));
    qoe_ui_register_menus();
}

void qoe_proto_handoff(void)
{
    qoe_ui_register_taps();
}
