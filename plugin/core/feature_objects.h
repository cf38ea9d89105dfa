/* Features of a list of media objects: what sizes came, how fast, how often.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FEATURE_OBJECTS_H
#define QOE_FEATURE_OBJECTS_H

#include "history.h"

/* Responses below this are not counted here: small audio and images drown what video sizes tell. */
#define QOE_MEDIA_MIN_BYTES 50000

/* Kinds of objects that a list may hold. */
typedef enum { QOE_OBJECTS_ALL, QOE_OBJECTS_VIDEO, QOE_OBJECTS_AUDIO } qoe_objects_which;

/* Seconds from the session's start. */
typedef struct {
    double request_s, end_s, bytes;
} qoe_media;

/* The objects that had ended by a time, in order of their end. Never empty: without objects it holds one
 * of a byte at time 0, and `real` is 0. */
typedef struct {
    double now_s;           /* the time: seconds from the session's start, above 0 */
    size_t count;           /* >= 1 */
    uint64_t real;          /* objects since the session's start, forgotten ones included */
    double forgotten_bytes; /* of objects that the history no longer holds */
    qoe_media media[QOE_HISTORY_OBJECTS];
} qoe_media_list;

/* Collects what had ended before end_us and has at least min_bytes. */
void qoe_media_list_fill(qoe_media_list *list, const qoe_history *history, int64_t end_us, qoe_objects_which which,
                         double min_bytes);

/* Copies the objects into sorted[list->count], in order of their requests. */
void qoe_media_by_request(const qoe_media_list *list, qoe_media *sorted);

/* X(id, name, unit, definition), T(...) for what no object tells. Rates in bytes a second; a "pace" is an object's
 * bytes over the time until the next request, the nearest thing to a media rate that can be seen. */
#define QOE_OBJECT_FEATURE_LIST(X, T)                                                                                  \
    X(RATE_30, "rate_30", "B/s", "bytes that ended in the last 30 s, a second")                                        \
    X(RATE_60, "rate_60", "B/s", "bytes that ended in the last 60 s, a second")                                        \
    X(RATE_120, "rate_120", "B/s", "bytes that ended in the last 120 s, a second")                                     \
    X(RATE_240, "rate_240", "B/s", "bytes that ended in the last 240 s, a second")                                     \
    X(RATE_ALL, "rate_all", "B/s", "all bytes since the session's start, a second")                                    \
    X(RATE_DECAY_30, "rate_decay_30", "B/s", "bytes a second, weighted by exp(-age / 30 s)")                           \
    X(RATE_DECAY_90, "rate_decay_90", "B/s", "bytes a second, weighted by exp(-age / 90 s)")                           \
    X(SIZE_LAST5, "size_last5", "B", "mean size of the last 5")                                                        \
    X(SIZE_CV10, "size_cv10", "1", "standard deviation over mean of the sizes of the last 10")                         \
    X(SIZE_MEAN, "size_mean", "B", "mean size")                                                                        \
    X(SIZE_MAX, "size_max", "B", "largest size")                                                                       \
    X(SIZE_P50, "size_p50", "B", "median size")                                                                        \
    X(SIZE_P85, "size_p85", "B", "85th percentile of the sizes")                                                       \
    X(SIZE_RELATIVE, "size_relative", "1", "mean size of the last 5 over the largest size")                            \
    X(SILENCE, "silence", "s", "time since the last one ended")                                                        \
    X(GAP_MAX, "gap_max", "s", "longest gap between the last 11 requests")                                             \
    X(GAP_P50, "gap_p50", "s", "median gap between the last 11 requests")                                              \
    T(ELAPSED, "elapsed", "s", "time from the session's start to the window's end")                                    \
    X(COUNT, "count", "1", "number since the session's start")                                                         \
    X(PACE_P90, "pace_p90", "B/s", "90th percentile of the paces")                                                     \
    X(PACE_BIG_P50, "pace_big_p50", "B/s", "median pace of the larger ones of two size clusters")                      \
    X(PACE_BIG_P10, "pace_big_p10", "B/s", "10th percentile of the pace of the larger ones of two size clusters")      \
    X(LINK_LAST10, "link_last10", "B/s", "median throughput from request to end of the last 10")                       \
    X(LINK_P90, "link_p90", "B/s", "90th percentile of the throughput from request to end")                            \
    X(LINK_LAST, "link_last", "B/s", "throughput from request to end of the last one")                                 \
    X(DUTY_60, "duty_60", "1", "rate_60 over link_last10")                                                             \
    X(DUTY_ALL, "duty_all", "1", "rate_all over the median throughput from request to end")                            \
    X(BUSY_60, "busy_60", "1", "share of the last 60 s spent downloading what ended in it, overlaps counted twice")

#define QOE_OBJECT_FEATURE_ID(id, name, unit, text) QOE_OBJECT_##id,
enum { QOE_OBJECT_FEATURE_LIST(QOE_OBJECT_FEATURE_ID, QOE_OBJECT_FEATURE_ID) QOE_OBJECT_FEATURES };

void qoe_object_features(const qoe_media_list *list, double out[QOE_OBJECT_FEATURES]);

/* Single features of the above, for other times than now. */
double qoe_media_rate(const qoe_media_list *list, double width_s);
double qoe_media_size_last(const qoe_media_list *list, size_t n);
/* Quantile of the paces of all objects; 0 for fewer than two. */
double qoe_media_pace(const qoe_media_list *list, double share);

#endif
