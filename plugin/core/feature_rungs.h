/* Features of video segments as steps of a ladder: bytes a second of film, where that lies within what the session has
 * shown, what the link could have carried, and which heights that makes likely.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FEATURE_RUNGS_H
#define QOE_FEATURE_RUNGS_H

#include "feature_objects.h"

/* id, name, unit, definition. A "media rate" is a video segment's size over segment_s, or over 4 s while that is not
 * known. */
#define QOE_RUNG_FEATURE_LIST(X)                                                                                       \
    X(SEGMENT_S, "segment_s", "s", "seconds of film in a video segment (durations.h); 0: not known")                   \
    X(LAST3, "rung_last3", "B/s", "media rate of the last 3 video segments")                                           \
    X(LAST10, "rung_last10", "B/s", "media rate of the last 10 video segments")                                        \
    X(WINDOW, "rung_window", "B/s", "media rate of the video segments that ended in the window, else of the last one") \
    X(P10, "rung_p10", "B/s", "10th percentile of the media rates")                                                    \
    X(P50, "rung_p50", "B/s", "median of the media rates")                                                             \
    X(P90, "rung_p90", "B/s", "90th percentile of the media rates")                                                    \
    X(TO_TOP, "rung_to_top", "1", "rung_last3 over rung_p90")                                                          \
    X(TO_BOTTOM, "rung_to_bottom", "1", "rung_last3 over rung_p10")                                                    \
    X(TO_LINK, "rung_to_link", "1", "rung_last3 over the median throughput of the last 10 video segments")             \
    X(SIZE_LAST3, "rung_size_last3", "B", "median size of the last 3 video segments")                                  \
    X(SIZE_LAST5, "rung_size_last5", "B", "median size of the last 5 video segments")                                  \
    X(SIZE_WINDOW_MAX, "rung_size_window_max", "B",                                                                    \
      "largest video segment that ended in the window, else the last one")                                             \
    X(AHEAD, "rung_ahead", "s", "seconds of film fetched less the session's time, at least 0")                         \
    X(FETCH, "rung_fetch", "s", "mean time from request to end of the last 8 video segments")                          \
    X(TO_AUDIO, "rung_to_audio", "1", "rung_size_last5 over the median size of the last 9 audio segments")             \
    X(PER_AUDIO, "rung_per_audio", "1", "video segments for each audio segment, of those remembered")                  \
    X(HEIGHT_240, "height_240", "1", "likelihood of about 240 lines, of what ended in the window")                     \
    X(HEIGHT_360, "height_360", "1", "likelihood of about 360 lines, of what ended in the window")                     \
    X(HEIGHT_480, "height_480", "1", "likelihood of about 480 lines, of what ended in the window")                     \
    X(HEIGHT_720, "height_720", "1", "likelihood of about 720 lines, of what ended in the window")                     \
    X(HEIGHT_1080, "height_1080", "1", "likelihood of about 1080 lines, of what ended in the window")

#define QOE_RUNG_FEATURE_ID(id, name, unit, text) QOE_RUNG_##id,
enum { QOE_RUNG_FEATURE_LIST(QOE_RUNG_FEATURE_ID) QOE_RUNG_FEATURES };

/* scratch is overwritten. */
void qoe_rung_features(const qoe_history *history, int64_t end_us, qoe_media_list *scratch,
                       double out[QOE_RUNG_FEATURES]);

#endif
