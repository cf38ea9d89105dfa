/* Features of a list of media objects: what sizes came, how fast, how often.
 *
 * Measured on YouTube sessions of 2018 (Gutterman et al., Requet, MMSys 2019): rates, upper sizes, the pace of
 * requests and the throughput while downloading carry the resolution; packet inter-arrivals only cost.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "feature_objects.h"

#include <math.h>
#include <string.h>

#include "quantile.h"

#define US 1e6
#define GAP_MIN_S 0.3       /* pipelined requests would make paces without bound */
#define DOWNLOAD_MIN_S 0.05 /* objects that came within one burst of a snapped capture */
#define RECENT_REQUESTS 11
#define CLUSTER_ROUNDS 8

static bool wanted(const qoe_object *object, qoe_objects_which which, double min_bytes)
{
    if (!(object->bytes >= min_bytes) || !isfinite(object->bytes))
        return false;
    return which == QOE_OBJECTS_ALL || object->kind == (which == QOE_OBJECTS_VIDEO ? QOE_KIND_VIDEO : QOE_KIND_AUDIO);
}

void qoe_media_list_fill(qoe_media_list *list, const qoe_history *history, int64_t end_us, qoe_objects_which which,
                         double min_bytes)
{
    const int64_t start_us = history->session_start_us;
    list->now_s = fmax((double)(end_us - start_us) / US, 0.001);
    list->count = 0;
    double kept_bytes = 0;
    for (size_t i = 0; i < history->count; i++) {
        const qoe_object *object = qoe_history_object(history, i);
        kept_bytes += object->bytes;
        if (object->end_us >= end_us || !wanted(object, which, min_bytes))
            continue;
        qoe_media *media = &list->media[list->count++];
        media->end_s = fmax((double)(object->end_us - start_us) / US, 0);
        media->request_s = fmin(fmax((double)(object->request_us - start_us) / US, 0), media->end_s);
        media->bytes = object->bytes;
    }
    /* What the ring forgot keeps counting in sums over the whole session; its kinds are no longer known. */
    const uint64_t forgotten = which == QOE_OBJECTS_ALL ? history->total_objects - history->count : 0;
    list->forgotten_bytes = forgotten ? fmax(history->total_bytes - kept_bytes, 0) : 0;
    list->real = forgotten + list->count;
    if (list->count == 0)
        list->media[list->count++] = (qoe_media){0, 0, 1};
}

double qoe_media_rate(const qoe_media_list *list, double width_s)
{
    double sum = 0;
    for (size_t i = list->count; i-- > 0 && list->media[i].end_s >= list->now_s - width_s;)
        sum += list->media[i].bytes;
    return sum / fmin(width_s, list->now_s);
}

static double rate_all(const qoe_media_list *list)
{
    double sum = list->forgotten_bytes;
    for (size_t i = 0; i < list->count; i++)
        sum += list->media[i].bytes;
    return sum / list->now_s;
}

static double rate_decay(const qoe_media_list *list, double tau_s)
{
    double sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += list->media[i].bytes * exp(-(list->now_s - list->media[i].end_s) / tau_s);
    return sum / tau_s / (1 - exp(-list->now_s / tau_s));
}

double qoe_media_size_last(const qoe_media_list *list, size_t n)
{
    const size_t take = list->count < n ? list->count : n;
    double sum = 0;
    for (size_t i = list->count - take; i < list->count; i++)
        sum += list->media[i].bytes;
    return sum / (double)take;
}

static void put_rates(const qoe_media_list *list, double *out)
{
    out[QOE_OBJECT_RATE_30] = qoe_media_rate(list, 30);
    out[QOE_OBJECT_RATE_60] = qoe_media_rate(list, 60);
    out[QOE_OBJECT_RATE_120] = qoe_media_rate(list, 120);
    out[QOE_OBJECT_RATE_240] = qoe_media_rate(list, 240);
    out[QOE_OBJECT_RATE_ALL] = rate_all(list);
    out[QOE_OBJECT_RATE_DECAY_30] = rate_decay(list, 30);
    out[QOE_OBJECT_RATE_DECAY_90] = rate_decay(list, 90);
}

static void put_sizes(const qoe_media_list *list, double *out)
{
    double sizes[QOE_HISTORY_OBJECTS];
    const size_t n = list->count, last = n < 10 ? n : 10;
    for (size_t i = 0; i < n; i++)
        sizes[i] = list->media[i].bytes;
    out[QOE_OBJECT_SIZE_LAST5] = qoe_media_size_last(list, 5);
    out[QOE_OBJECT_SIZE_CV10] =
        qoe_quantile_sd(sizes + n - last, last) / fmax(qoe_quantile_mean(sizes + n - last, last), 1);
    out[QOE_OBJECT_SIZE_MEAN] = qoe_quantile_mean(sizes, n);
    qoe_quantile_sort(sizes, n);
    out[QOE_OBJECT_SIZE_MAX] = sizes[n - 1];
    out[QOE_OBJECT_SIZE_P50] = qoe_quantile_of_sorted(sizes, n, .5);
    out[QOE_OBJECT_SIZE_P85] = qoe_quantile_of_sorted(sizes, n, .85);
    out[QOE_OBJECT_SIZE_RELATIVE] = out[QOE_OBJECT_SIZE_LAST5] / fmax(sizes[n - 1], 1);
}

static bool asked_before(const qoe_media *a, const qoe_media *b)
{
    return a->request_s < b->request_s || (a->request_s == b->request_s && a->end_s < b->end_s);
}

/* The order of their ends is nearly that of their requests: insertion goes through it about once. */
void qoe_media_by_request(const qoe_media_list *list, qoe_media *sorted)
{
    for (size_t i = 0; i < list->count; i++) {
        size_t at = i;
        for (; at > 0 && asked_before(&list->media[i], &sorted[at - 1]); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = list->media[i];
    }
}

/* The border between small and big: two clusters of log sizes (Lloyd's algorithm from the extremes). */
static double cluster_border(const qoe_media *media, size_t n)
{
    double logs[QOE_HISTORY_OBJECTS], low = log(media[0].bytes), high = low;
    for (size_t i = 0; i < n; i++) {
        logs[i] = log(media[i].bytes);
        low = fmin(low, logs[i]);
        high = fmax(high, logs[i]);
    }
    for (int round = 0; round < CLUSTER_ROUNDS; round++) {
        double sum[2] = {0, 0}, count[2] = {0, 0};
        for (size_t i = 0; i < n; i++) {
            const int big = fabs(logs[i] - high) <= fabs(logs[i] - low);
            sum[big] += logs[i];
            count[big]++;
        }
        low = count[0] > 0 ? sum[0] / count[0] : low;
        high = count[1] > 0 ? sum[1] / count[1] : high;
    }
    return exp((low + high) / 2);
}

/* Bytes over the time to the next request, sorted; only of objects of at least min_bytes among themselves. */
static size_t paces(const qoe_media *by_request, size_t n, double min_bytes, double *out)
{
    const qoe_media *last = NULL;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (by_request[i].bytes < min_bytes)
            continue;
        if (last)
            out[count++] = last->bytes / fmax(by_request[i].request_s - last->request_s, GAP_MIN_S);
        last = &by_request[i];
    }
    qoe_quantile_sort(out, count);
    return count;
}

double qoe_media_pace(const qoe_media_list *list, double share)
{
    qoe_media by_request[QOE_HISTORY_OBJECTS];
    double values[QOE_HISTORY_OBJECTS];
    qoe_media_by_request(list, by_request);
    return qoe_quantile_of_sorted(values, paces(by_request, list->count, 0, values), share);
}

static void put_times(const qoe_media_list *list, double *out)
{
    qoe_media by_request[QOE_HISTORY_OBJECTS];
    double values[QOE_HISTORY_OBJECTS];
    const size_t n = list->count;
    qoe_media_by_request(list, by_request);

    const size_t first = n > RECENT_REQUESTS ? n - RECENT_REQUESTS : 0;
    size_t gaps = 0;
    for (size_t i = first; i + 1 < n; i++)
        values[gaps++] = by_request[i + 1].request_s - by_request[i].request_s;
    qoe_quantile_sort(values, gaps);
    out[QOE_OBJECT_GAP_MAX] = qoe_quantile_of_sorted(values, gaps, 1);
    out[QOE_OBJECT_GAP_P50] = qoe_quantile_of_sorted(values, gaps, .5);
    out[QOE_OBJECT_SILENCE] = list->now_s - list->media[n - 1].end_s;
    out[QOE_OBJECT_ELAPSED] = list->now_s;
    out[QOE_OBJECT_COUNT] = (double)list->real;

    out[QOE_OBJECT_PACE_P90] = qoe_quantile_of_sorted(values, paces(by_request, n, 0, values), .9);
    const size_t big = paces(by_request, n, cluster_border(by_request, n), values);
    out[QOE_OBJECT_PACE_BIG_P50] = qoe_quantile_of_sorted(values, big, .5);
    out[QOE_OBJECT_PACE_BIG_P10] = qoe_quantile_of_sorted(values, big, .1);
}

static double busy_share(const qoe_media_list *list, double width_s)
{
    const double from_s = list->now_s - width_s;
    double busy_s = 0;
    for (size_t i = list->count; i-- > 0 && list->media[i].end_s >= from_s;)
        busy_s += list->media[i].end_s - fmax(list->media[i].request_s, from_s);
    return busy_s / width_s;
}

static void put_link(const qoe_media_list *list, double *out)
{
    double speed[QOE_HISTORY_OBJECTS], recent[10];
    const size_t n = list->count, last = n < 10 ? n : 10;
    for (size_t i = 0; i < n; i++)
        speed[i] = list->media[i].bytes / fmax(list->media[i].end_s - list->media[i].request_s, DOWNLOAD_MIN_S);
    memcpy(recent, speed + n - last, last * sizeof *recent);
    out[QOE_OBJECT_LINK_LAST] = speed[n - 1];
    qoe_quantile_sort(recent, last);
    qoe_quantile_sort(speed, n);
    out[QOE_OBJECT_LINK_LAST10] = qoe_quantile_of_sorted(recent, last, .5);
    out[QOE_OBJECT_LINK_P90] = qoe_quantile_of_sorted(speed, n, .9);
    out[QOE_OBJECT_DUTY_60] = out[QOE_OBJECT_RATE_60] / fmax(out[QOE_OBJECT_LINK_LAST10], 1);
    out[QOE_OBJECT_DUTY_ALL] = out[QOE_OBJECT_RATE_ALL] / fmax(qoe_quantile_of_sorted(speed, n, .5), 1);
    out[QOE_OBJECT_BUSY_60] = busy_share(list, 60);
}

void qoe_object_features(const qoe_media_list *list, double out[QOE_OBJECT_FEATURES])
{
    put_rates(list, out);
    put_sizes(list, out);
    put_times(list, out);
    put_link(list, out);
}
