/* What was said of segments, and the words for it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "segment.h"

#include <glib.h>

void qoe_segment_say(qoe_segment *segment)
{
    segment->said = (qoe_segment_saying){.known = true,
                                         .kind = segment->kind,
                                         .complete = segment->complete,
                                         .first_byte_us = segment->first_byte_us,
                                         .last_byte_us = segment->last_byte_us,
                                         .last_frame = segment->last_frame,
                                         .bytes = segment->bytes};
}

int64_t qoe_segment_duration_us(const qoe_segment *segment)
{
    return MAX(0, segment->last_byte_us - segment->request_us);
}

int64_t qoe_segment_ttfb_us(const qoe_segment *segment)
{
    return MAX(0, segment->first_byte_us - segment->request_us);
}

bool qoe_segment_is_causal(const qoe_segment *segment)
{
    const qoe_segment_saying *said = &segment->said;
    return said->known && said->kind == segment->kind && said->complete == segment->complete &&
           said->bytes == segment->bytes && said->first_byte_us == segment->first_byte_us &&
           said->last_byte_us == segment->last_byte_us && said->last_frame == segment->last_frame &&
           said->resolution == segment->resolution;
}

const char *qoe_kind_name(qoe_kind kind)
{
    static const char *const names[QOE_KINDS] = {"other", "video", "audio"};
    return (unsigned)kind < QOE_KINDS ? names[kind] : "";
}

const char *qoe_complete_name(qoe_complete complete)
{
    static const char *const names[] = {"open", "yes", "aborted", "group", "push"};
    return (unsigned)complete < sizeof names / sizeof names[0] ? names[complete] : "";
}
