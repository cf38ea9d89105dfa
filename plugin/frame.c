/* Turns the frame in Wireshark's hands into a packet for the analysis.
 *
 * The frame's own bytes are read once more instead of asking other dissectors for their fields: that would make
 * Wireshark build a protocol tree for every packet, which costs a quarter of its time, and taps are not run in every
 * pass.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frame.h"
#include "frame_parse.h"
#include "packet-qoe.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-udp.h>

/* About 30,000 years: a hostile time stamp must not overflow what is computed from it. */
#define SECONDS_MAX 1000000000000LL

/* Edit > Time Shift changes what Wireshark shows, between visits: windows stay where they were when first read. */
static nstime_t captured_at(const packet_info *pinfo)
{
    nstime_t time;

    nstime_delta(&time, &pinfo->abs_ts, &pinfo->fd->shift_offset);
    return time;
}

bool qoe_frame_start(qoe_frame_state *state, const packet_info *pinfo)
{
    state->frames = pinfo->num;
    if (state->started || !pinfo->fd->has_ts)
        return false;
    state->started = true;
    state->origin = captured_at(pinfo);
    return true;
}

static int64_t microseconds(const nstime_t *time)
{
    return CLAMP((int64_t)time->secs, -SECONDS_MAX, SECONDS_MAX) * 1000000 + time->nsecs / 1000;
}

int64_t qoe_frame_epoch_us(const qoe_frame_state *state)
{
    return microseconds(&state->origin);
}

void qoe_frame_next_file(qoe_frame_state *state)
{
    state->frames_before += state->frames;
    state->frames = 0;
}

/* For a frame without a time, that of the one before it, which a later visit no longer knows. */
static int64_t time_before_us(const qoe_frame_state *state, packet_info *pinfo)
{
    int64_t *kept = p_get_proto_data(wmem_file_scope(), pinfo, qoe_proto_id(), 0);

    if (!kept && !pinfo->fd->visited) {
        kept = wmem_new(wmem_file_scope(), int64_t);
        *kept = state->last_us;
        p_add_proto_data(wmem_file_scope(), pinfo, qoe_proto_id(), 0, kept);
    }
    return kept ? *kept : 0;
}

static int64_t time_us(qoe_frame_state *state, packet_info *pinfo)
{
    if (!state->started)
        return 0;
    if (!pinfo->fd->has_ts)
        return time_before_us(state, pinfo);
    nstime_t since = captured_at(pinfo);
    nstime_subtract(&since, &state->origin);
    const int64_t since_us = microseconds(&since);
    if (!pinfo->fd->visited)
        state->last_us = since_us;
    return since_us;
}

static uint8_t address_len(const address *addr)
{
    if (addr->type == AT_IPv4 && addr->len == 4)
        return 4;
    return addr->type == AT_IPv6 && addr->len == 16 ? 16 : 0;
}

static bool read_bytes(qoe_frame_state *state, tvbuff_t *tvb, const packet_info *pinfo, qoe_packet *packet)
{
    const uint32_t captured = tvb_captured_length(tvb);
    const qoe_frame frame = {
        .bytes = tvb_get_ptr(tvb, 0, (int)captured),
        .captured = captured,
        .wire = MAX(tvb_reported_length(tvb), captured),
        .src = pinfo->net_src.data,
        .dst = pinfo->net_dst.data,
        .addr_len = address_len(&pinfo->net_src),
    };
    return qoe_frame_parse(&frame, &state->hint, packet);
}

/* What the wire carried in pieces (a fragmented tunnel) or encrypted (Wi-Fi and VPNs of which Wireshark has the keys)
 * is not in the frame, but in what Wireshark made of it. */
static bool read_sources(qoe_frame_state *state, tvbuff_t *frame, const packet_info *pinfo, qoe_packet *packet)
{
    for (const GSList *source = pinfo->data_src; source; source = source->next) {
        tvbuff_t *tvb = get_data_source_tvb(source->data);
        if (tvb != frame && read_bytes(state, tvb, pinfo, packet))
            return true;
    }
    return false;
}

bool qoe_frame_read(qoe_frame_state *state, tvbuff_t *tvb, packet_info *pinfo, qoe_packet *packet)
{
    const uint8_t len = address_len(&pinfo->net_src);

    if (len == 0 || address_len(&pinfo->net_dst) != len)
        return false;
    packet->frame = state->frames_before + pinfo->num;
    packet->time_us = time_us(state, pinfo);
    return read_bytes(state, tvb, pinfo, packet) || read_sources(state, tvb, pinfo, packet);
}

/* The conversation is only looked up, never made: with TCP or UDP disabled there is none to number. */
uint32_t qoe_frame_stream(void *in_hand)
{
    packet_info *pinfo = *(packet_info **)in_hand;
    conversation_t *conversation = pinfo ? find_conversation_pinfo(pinfo, 0) : NULL;

    if (!conversation)
        return 0;
    const bool tcp = pinfo->ptype == PT_TCP;
    const int proto = proto_get_id_by_filter_name(tcp ? "tcp" : "udp");
    if (!conversation_get_proto_data(conversation, proto))
        return 0;
    if (tcp)
        return get_tcp_conversation_data(conversation, pinfo)->stream;
    return pinfo->ptype == PT_UDP ? get_udp_conversation_data(conversation, pinfo)->stream : 0;
}
