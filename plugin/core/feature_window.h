/* Features of the window itself: its traffic, the objects that ended in it, and how that was some windows ago.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FEATURE_WINDOW_H
#define QOE_FEATURE_WINDOW_H

#include "feature_objects.h"

/* id, name, unit, definition. Rates are a second, so that they mean the same for other window lengths. */
#define QOE_WINDOW_FEATURE_LIST(X)                                                                                     \
    X(DOWN, "window_down", "B/s", "downlink bytes at the IP layer, a second of the window")                            \
    X(UP, "window_up", "B/s", "uplink bytes at the IP layer, a second of the window")                                  \
    X(DOWN_PACKETS, "window_down_packets", "1/s", "downlink packets, a second of the window")                          \
    X(UP_PACKETS, "window_up_packets", "1/s", "uplink packets, a second of the window")                                \
    X(PEAK, "window_peak", "B/s", "downlink payload of the window's busiest second")                                   \
    X(IDLE, "window_idle", "1", "share of the window's 100-ms slots without downlink payload")                         \
    X(PACKET, "window_packet", "B", "mean size of the window's downlink packets")                                      \
    X(UP_RATIO, "window_up_ratio", "1", "uplink packets per downlink packet of the window")                            \
    X(DOWN_3, "window_down_3", "B/s", "downlink bytes of this window and the 2 before, a second")                      \
    X(DOWN_6, "window_down_6", "B/s", "downlink bytes of this window and the 5 before, a second")                      \
    X(DOWN_ALL, "window_down_all", "B/s", "downlink bytes since the session's start, a second")                        \
    X(OBJECTS, "window_objects", "1", "media objects of 20 kB and more that ended in the window")                      \
    X(OBJECT_MEAN, "window_object_mean", "B", "mean size of the media objects that ended in the window")               \
    X(OBJECT_MAX, "window_object_max", "B", "largest size of the media objects that ended in the window")              \
    X(OBJECT_MIN, "window_object_min", "B", "smallest size of the media objects that ended in the window")             \
    X(OBJECT_SD, "window_object_sd", "B", "standard deviation of the sizes of objects that ended in the window")       \
    X(OBJECT_LINK, "window_object_link", "B/s", "mean throughput of the objects that ended in the window")             \
    X(MEDIA_LAST5, "media_last5", "B", "mean size of the last 5 objects of 20 kB and more")                            \
    X(MEDIA_MEAN, "media_mean", "B", "mean size of all objects of 20 kB and more")                                     \
    X(MEDIA_GAP, "media_gap", "s", "mean gap between the requests of the last 8 objects of 20 kB and more")            \
    X(MEDIA_BIG_GAP, "media_big_gap", "s",                                                                             \
      "median gap between the requests of the last 6 objects that are larger "                                         \
      "than half the largest of the last 12")                                                                          \
    X(MEDIA_COUNT, "media_count", "1", "objects of 20 kB and more since the session's start")                          \
    X(MEDIA_RECENT, "media_recent", "1", "objects of 20 kB and more that ended in the last 60 s")                      \
    X(AUDIO_SIZE, "audio_size", "B", "mean size of the last 5 audio objects")                                          \
    X(AUDIO_SHARE, "audio_share", "1", "audio bytes of all media bytes that are still remembered")                     \
    X(PACE_P50, "pace_p50", "B/s", "median pace of all media objects of 50 kB and more")

#define QOE_WINDOW_FEATURE_ID(id, name, unit, text) QOE_WINDOW_##id,
enum { QOE_WINDOW_FEATURE_LIST(QOE_WINDOW_FEATURE_ID) QOE_WINDOW_FEATURES };

/* Features whose values one to three windows ago are features too. */
#define QOE_LAG_FEATURE_LIST(X)                                                                                        \
    X(SIZE_LAST5, "size_last5", "B")                                                                                   \
    X(RATE_30, "rate_30", "B/s")                                                                                       \
    X(WINDOW_DOWN, "window_down", "B/s")                                                                               \
    X(OBJECT_MEAN, "window_object_mean", "B")                                                                          \
    X(PACE_P50, "pace_p50", "B/s")

#define QOE_LAG_FEATURE_ID(id, name, unit) QOE_LAG_##id,
enum { QOE_LAG_FEATURE_LIST(QOE_LAG_FEATURE_ID) QOE_LAGGED_FEATURES };
enum { QOE_LAGS = 3 };

/* scratch is overwritten: a list is too large for the stack of every caller. */
void qoe_window_features(const qoe_history *history, int64_t end_us, qoe_media_list *scratch,
                         double out[QOE_WINDOW_FEATURES]);

/* The lagged features `lag` windows ago. */
void qoe_lag_features(const qoe_history *history, int64_t end_us, unsigned lag, qoe_media_list *scratch,
                      double out[QOE_LAGGED_FEATURES]);

#endif
