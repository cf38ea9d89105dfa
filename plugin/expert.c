/* What Analyze > Expert Information says of video quality.
 *
 * The texts are fixed: Wireshark makes one summary row of each text, and rows with numbers in them would fill the
 * window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expert.h"

#include <epan/expert.h>

#define LONG_STARTUP_US 10000000

static expert_field ei_down = EI_INIT;
static expert_field ei_up = EI_INIT;
static expert_field ei_stalled = EI_INIT;
static expert_field ei_long_startup = EI_INIT;
static expert_field ei_no_model = EI_INIT;
static expert_field ei_no_segments = EI_INIT;
static expert_field ei_outside = EI_INIT;
static expert_field ei_one_way = EI_INIT;
static expert_field ei_time_back = EI_INIT;
static expert_field ei_table_full = EI_INIT;

void qoe_expert_register(int proto)
{
    static ei_register_info infos[] = {
        {&ei_down, {"qoe.resolution_down", PI_SEQUENCE, PI_WARN, "The resolution downloaded went down", EXPFILL}},
        {&ei_up, {"qoe.resolution_up", PI_SEQUENCE, PI_CHAT, "The resolution downloaded went up", EXPFILL}},
        {&ei_stalled, {"qoe.stalled", PI_SEQUENCE, PI_WARN, "Playback probably stalled (an estimate)", EXPFILL}},
        {&ei_long_startup,
         {"qoe.long_startup", PI_SEQUENCE, PI_NOTE, "The picture took over 10 s to start (an estimate)", EXPFILL}},
        {&ei_no_model,
         {"qoe.no_model", PI_ASSUMPTION, PI_WARN,
          "No model for this service: its resolution cannot be told (preference qoe.model)", EXPFILL}},
        {&ei_no_segments,
         {"qoe.no_segments", PI_SEQUENCE, PI_NOTE, "No segment of a film seen: this window has no resolution",
          EXPFILL}},
        {&ei_outside,
         {"qoe.outside", PI_ASSUMPTION, PI_NOTE,
          "Unlike everything that the model was trained on: this window has no resolution", EXPFILL}},
        {&ei_one_way,
         {"qoe.one_way", PI_ASSUMPTION, PI_WARN,
          "Nothing of what the client sent was captured: this window has no resolution", EXPFILL}},
        {&ei_time_back,
         {"qoe.time_back", PI_ASSUMPTION, PI_WARN,
          "Time goes back: put the packets in order (reordercap), or some are left out of the video analysis",
          EXPFILL}},
        {&ei_table_full,
         {"qoe.table_full", PI_ASSUMPTION, PI_WARN, "A table of the video analysis is full: figures are too low",
          EXPFILL}},
    };
    expert_register_field_array(expert_register_protocol(proto), infos, G_N_ELEMENTS(infos));
}

static expert_field *of_reason(qoe_reason reason)
{
    switch (reason) {
    case QOE_REASON_NO_MODEL:
        return &ei_no_model;
    case QOE_REASON_NO_SEGMENTS:
        return &ei_no_segments;
    case QOE_REASON_OUTSIDE:
        return &ei_outside;
    case QOE_REASON_ONE_WAY:
        return &ei_one_way;
    default:
        return NULL;
    }
}

static expert_field *of_change(int lines)
{
    return lines == 0 ? NULL : lines > 0 ? &ei_up : &ei_down;
}

static expert_field *of_event(const qoe_event *event)
{
    switch (event->type) {
    case QOE_EVENT_RESOLUTION_CHANGED:
        return of_change(qoe_event_change(event));
    case QOE_EVENT_PLAYBACK_STARTED:
        return qoe_event_startup_us(event) > LONG_STARTUP_US ? &ei_long_startup : NULL;
    case QOE_EVENT_TABLE_FULL:
        return &ei_table_full;
    case QOE_EVENT_TIME_BACK:
        return &ei_time_back;
    case QOE_EVENT_WINDOW_CLOSED:
        return event->window->resolution == 0 ? of_reason(event->window->downloaded.reason) : NULL;
    default:
        return NULL;
    }
}

void qoe_expert_add(packet_info *pinfo, proto_item *item, const qoe_event *events)
{
    for (const qoe_event *event = events; event; event = event->next) {
        expert_field *info = of_event(event);
        if (info)
            expert_add_info(pinfo, item, info);
        /* By what is known by now: a stall may come to be seen in a later pass only. */
        if (event->type == QOE_EVENT_WINDOW_CLOSED && event->window->stalled_s > 0)
            expert_add_info(pinfo, item, &ei_stalled);
    }
}
