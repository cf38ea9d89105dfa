/* Features of the window itself: its traffic, the objects that ended in it, and how that was some windows ago.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "feature_window.h"

#include <math.h>

#include "quantile.h"

#define US 1e6
#define SLOTS_PER_S 10.0
#define DOWNLOAD_MIN_S 0.05
#define AUDIO_RECENT 5
#define RECENT_S 60

static double window_s(const qoe_history *history)
{
    return fmax((double)history->window_us / US, 0.1);
}

/* Downlink bytes a second of the `n` newest windows, skipping the newest `skip`. */
static double down_rate(const qoe_history *history, size_t skip, size_t n)
{
    double bytes = 0;
    size_t found = 0;
    for (; found < n; found++) {
        const qoe_window_traffic *window = qoe_history_window(history, skip + found);
        if (!window)
            break;
        bytes += (double)window->bytes_in;
    }
    return found ? bytes / ((double)found * window_s(history)) : 0;
}

static void put_traffic(const qoe_history *history, double elapsed_s, double *out)
{
    static const qoe_window_traffic silent = {0};
    const qoe_window_traffic *kept = qoe_history_window(history, 0), *window = kept ? kept : &silent;
    const double length_s = window_s(history), packets_in = fmax((double)window->packets_in, 1);
    out[QOE_WINDOW_DOWN] = (double)window->bytes_in / length_s;
    out[QOE_WINDOW_UP] = (double)window->bytes_out / length_s;
    out[QOE_WINDOW_DOWN_PACKETS] = (double)window->packets_in / length_s;
    out[QOE_WINDOW_UP_PACKETS] = (double)window->packets_out / length_s;
    out[QOE_WINDOW_PEAK] = (double)window->peak_1s;
    out[QOE_WINDOW_IDLE] = fmax(1 - (double)window->active_100ms / (length_s * SLOTS_PER_S), 0);
    out[QOE_WINDOW_PACKET] = (double)window->bytes_in / packets_in;
    out[QOE_WINDOW_UP_RATIO] = (double)window->packets_out / packets_in;
    out[QOE_WINDOW_DOWN_3] = down_rate(history, 0, 3);
    out[QOE_WINDOW_DOWN_6] = down_rate(history, 0, 6);
    out[QOE_WINDOW_DOWN_ALL] = (double)history->total_bytes_in / fmax(elapsed_s, length_s);
}

static void put_window_objects(const qoe_media_list *list, double length_s, double *out)
{
    double sizes[QOE_HISTORY_OBJECTS], speed = 0;
    size_t n = 0;
    for (size_t i = list->count; i-- > 0 && list->media[i].end_s >= list->now_s - length_s;) {
        if (list->real == 0)
            break;
        const qoe_media *media = &list->media[i];
        sizes[n++] = media->bytes;
        speed += media->bytes / fmax(media->end_s - media->request_s, DOWNLOAD_MIN_S);
    }
    out[QOE_WINDOW_OBJECTS] = (double)n;
    out[QOE_WINDOW_OBJECT_LINK] = n ? speed / (double)n : 0;
    out[QOE_WINDOW_OBJECT_MEAN] = qoe_quantile_mean(sizes, n);
    out[QOE_WINDOW_OBJECT_SD] = qoe_quantile_sd(sizes, n);
    qoe_quantile_sort(sizes, n);
    out[QOE_WINDOW_OBJECT_MIN] = qoe_quantile_of_sorted(sizes, n, 0);
    out[QOE_WINDOW_OBJECT_MAX] = qoe_quantile_of_sorted(sizes, n, 1);
}

/* Gaps between the requests of the last `most` objects of at least min_bytes, sorted. */
static size_t request_gaps(const qoe_media_list *list, size_t most, double min_bytes, double *gaps)
{
    double requests[QOE_HISTORY_OBJECTS];
    size_t n = 0;
    for (size_t i = list->count; i-- > 0 && n < most;)
        if (list->media[i].bytes >= min_bytes)
            requests[n++] = list->media[i].request_s;
    qoe_quantile_sort(requests, n);
    for (size_t i = 0; i + 1 < n; i++)
        gaps[i] = requests[i + 1] - requests[i];
    qoe_quantile_sort(gaps, n ? n - 1 : 0);
    return n ? n - 1 : 0;
}

static double largest_of_last(const qoe_media_list *list, size_t n)
{
    double largest = 0;
    for (size_t i = list->count > n ? list->count - n : 0; i < list->count; i++)
        largest = fmax(largest, list->media[i].bytes);
    return largest;
}

static size_t ended_since(const qoe_media_list *list, double from_s)
{
    size_t n = 0;
    while (list->real > 0 && n < list->count && list->media[list->count - 1 - n].end_s >= from_s)
        n++;
    return n;
}

static void put_media(const qoe_media_list *list, double *out)
{
    double gaps[QOE_HISTORY_OBJECTS], sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += list->media[i].bytes;
    out[QOE_WINDOW_MEDIA_COUNT] = (double)list->real;
    out[QOE_WINDOW_MEDIA_RECENT] = (double)ended_since(list, list->now_s - RECENT_S);
    out[QOE_WINDOW_MEDIA_LAST5] = qoe_media_size_last(list, 5);
    out[QOE_WINDOW_MEDIA_MEAN] = sum / (double)list->count;
    out[QOE_WINDOW_MEDIA_GAP] = qoe_quantile_mean(gaps, request_gaps(list, 8, 0, gaps));
    const size_t big = request_gaps(list, 6, largest_of_last(list, 12) / 2, gaps);
    out[QOE_WINDOW_MEDIA_BIG_GAP] = qoe_quantile_of_sorted(gaps, big, .5);
}

static void put_audio(const qoe_history *history, int64_t end_us, qoe_media_list *scratch, double *out)
{
    double audio = 0, all = 0;
    for (size_t i = 0; i < history->count; i++) {
        const qoe_object *object = qoe_history_object(history, i);
        if (object->end_us >= end_us)
            continue;
        all += object->bytes;
        audio += object->kind == QOE_KIND_AUDIO ? object->bytes : 0;
    }
    qoe_media_list_fill(scratch, history, end_us, QOE_OBJECTS_AUDIO, 1);
    out[QOE_WINDOW_AUDIO_SIZE] = scratch->real ? qoe_media_size_last(scratch, AUDIO_RECENT) : 0;
    out[QOE_WINDOW_AUDIO_SHARE] = all > 0 ? audio / all : 0;
}

void qoe_window_features(const qoe_history *history, int64_t end_us, qoe_media_list *scratch,
                         double out[QOE_WINDOW_FEATURES])
{
    put_audio(history, end_us, scratch, out);
    qoe_media_list_fill(scratch, history, end_us, QOE_OBJECTS_ALL, QOE_MEDIA_MIN_BYTES);
    out[QOE_WINDOW_PACE_P50] = qoe_media_pace(scratch, .5);
    qoe_media_list_fill(scratch, history, end_us, QOE_OBJECTS_ALL, QOE_OBJECT_MIN_BYTES);
    put_traffic(history, scratch->now_s, out);
    put_window_objects(scratch, window_s(history), out);
    put_media(scratch, out);
}

void qoe_lag_features(const qoe_history *history, int64_t end_us, unsigned lag, qoe_media_list *scratch,
                      double out[QOE_LAGGED_FEATURES])
{
    double window[QOE_WINDOW_FEATURES];
    const int64_t then_us = end_us - (int64_t)lag * history->window_us;
    qoe_media_list_fill(scratch, history, then_us, QOE_OBJECTS_ALL, QOE_MEDIA_MIN_BYTES);
    out[QOE_LAG_SIZE_LAST5] = qoe_media_size_last(scratch, 5);
    out[QOE_LAG_RATE_30] = qoe_media_rate(scratch, 30);
    out[QOE_LAG_PACE_P50] = qoe_media_pace(scratch, .5);
    qoe_media_list_fill(scratch, history, then_us, QOE_OBJECTS_ALL, QOE_OBJECT_MIN_BYTES);
    put_window_objects(scratch, window_s(history), window);
    out[QOE_LAG_OBJECT_MEAN] = window[QOE_WINDOW_OBJECT_MEAN];
    out[QOE_LAG_WINDOW_DOWN] = down_rate(history, lag, 1);
}
