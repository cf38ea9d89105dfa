/* What a segment holds: video, audio or something else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_KIND_H
#define QOE_KIND_H

#include <glib.h>

#include "audio.h"
#include "segment.h"

/* By its size and what its session knows of its audio. A shared connection's solver has told video from audio itself
 * where it knew the audio's size (solved). */
qoe_kind qoe_kind_judge(const qoe_segment *segment, const qoe_audio *audio, bool solved);

/* The scripts of the page that started the film are as large as segments, but they come from a server that sends hardly
 * anything else: makes them QOE_KIND_OTHER. segments: of one session, qoe_segment *, in order of request, judged. */
void qoe_kind_set_pages_apart(const GPtrArray *segments);

/* The same for index ranges a little larger than the smallest media: of one rendition or of several they have the very
 * same size, since they list the same number of segments. There are few of them, and nothing else is about as large. */
void qoe_kind_set_indexes_apart(const GPtrArray *segments);

#endif
