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

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-udp.h>

/* About 30,000 years: a hostile time stamp must not overflow what is computed from it. */
#define SECONDS_MAX 1000000000000LL

bool qoe_frame_start(qoe_frame_state *state, const packet_info *pinfo)
{
    state->frames = pinfo->num;
    if (state->started || !pinfo->fd->has_ts)
        return false;
    state->started = true;
    state->origin = pinfo->abs_ts;
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

static int64_t time_us(qoe_frame_state *state, const packet_info *pinfo)
{
    if (!state->started || !pinfo->fd->has_ts)
        return state->last_us;
    nstime_t since;
    nstime_delta(&since, &pinfo->abs_ts, &state->origin);
    state->last_us = microseconds(&since);
    return state->last_us;
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

bool qoe_frame_read(qoe_frame_state *state, tvbuff_t *tvb, const packet_info *pinfo, qoe_packet *packet)
{
    const uint8_t len = address_len(&pinfo->net_src);

    if (len == 0 || address_len(&pinfo->net_dst) != len)
        return false;
    packet->frame = state->frames_before + pinfo->num;
    packet->time_us = time_us(state, pinfo);
    return read_bytes(state, tvb, pinfo, packet) || read_sources(state, tvb, pinfo, packet);
}

/* The conversation is only looked up, never made: with TCP or UDP disabled there is none to number. */
uint32_t qoe_frame_stream(void *user_data)
{
    packet_info *pinfo = user_data;
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
