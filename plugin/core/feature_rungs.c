/* Features of video segments as steps of a ladder.
 *
 * A title may need half or twice the bytes of another at the same height, so a size alone says little of a title that
 * nobody has seen. But the weight stays the same throughout a film. So heights and weight are inferred together, by a
 * hidden Markov chain over the video segments: its state is a height, which mostly stays, and a weight, which never
 * changes; the media rate is what is seen.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "feature_rungs.h"

#include <math.h>
#include <string.h>

#include "durations.h"
#include "quantile.h"

#define US 1e6
#define SEGMENT_S_USUAL 4.0
#define DOWNLOAD_MIN_S 0.05
#define RECENT_AUDIO 9
#define RECENT_FETCHES 8

enum { HEIGHTS = 5, WEIGHTS = 12, CHAIN_MAX = 64 };

/* Bytes a second of an average title at 240 to 1080 lines: the middle of the four ladders of captures/lab. */
static const double height_rates[HEIGHTS] = {260e3 / 8, 560e3 / 8, 1150e3 / 8, 2500e3 / 8, 5200e3 / 8};

/* Titles from the lightest to the heaviest, evenly in their logarithm. */
static const double weight_least = 0.42, weight_most = 1.6;

/* How far a segment lies from its rung: scenes, and rungs that are not the middle ones. */
static const double rate_sd = 0.4;

/* From segment to segment a height stays, goes one up or down, or (a seek, a fault) becomes any. */
static const double stay = 0.85, step = 0.06, jump = 0.03;

typedef struct {
    double p[WEIGHTS][HEIGHTS];
    double log_rate[WEIGHTS][HEIGHTS]; /* expected */
} chain;

static double log_weight(int w)
{
    return log(weight_least) + log(weight_most / weight_least) * w / (WEIGHTS - 1);
}

static void chain_start(chain *on)
{
    for (int w = 0; w < WEIGHTS; w++)
        for (int h = 0; h < HEIGHTS; h++) {
            on->p[w][h] = 1.0 / (WEIGHTS * HEIGHTS);
            on->log_rate[w][h] = log_weight(w) + log(height_rates[h]);
        }
}

static void chain_normalise(chain *on)
{
    double sum = 0;
    for (int w = 0; w < WEIGHTS; w++)
        for (int h = 0; h < HEIGHTS; h++)
            sum += on->p[w][h];
    for (int w = 0; w < WEIGHTS; w++)
        for (int h = 0; h < HEIGHTS; h++)
            on->p[w][h] /= sum;
}

static void chain_move(chain *on)
{
    for (int w = 0; w < WEIGHTS; w++) {
        double *p = on->p[w], before[HEIGHTS], all = 0;
        memcpy(before, p, sizeof before);
        for (int h = 0; h < HEIGHTS; h++)
            all += before[h];
        for (int h = 0; h < HEIGHTS; h++)
            p[h] = stay * before[h] + step * ((h > 0 ? before[h - 1] : 0) + (h + 1 < HEIGHTS ? before[h + 1] : 0)) +
                   jump * all / HEIGHTS;
    }
}

/* Weighs each state by how well it explains a media rate: Student's t, for there are outliers. */
static void chain_see(chain *on, double rate)
{
    const double seen = log(rate);
    for (int w = 0; w < WEIGHTS; w++)
        for (int h = 0; h < HEIGHTS; h++) {
            const double z = (seen - on->log_rate[w][h]) / rate_sd, t = 1 + z * z / 3;
            on->p[w][h] /= t * t;
        }
    chain_normalise(on);
}

static double fetch_s(const qoe_media *media)
{
    return fmax(media->end_s - media->request_s, DOWNLOAD_MIN_S);
}

static bool ended_in_window(const qoe_media_list *list, size_t i, double window_s)
{
    return list->media[i].end_s >= list->now_s - window_s;
}

/* The likelihood of each height for what ended in the window, by the time that it took; else for the last one. */
static void put_heights(const qoe_media_list *list, double window_s, double segment_s, double *out)
{
    chain on;
    chain_start(&on);
    double seen[HEIGHTS] = {0}, sum = 0;
    for (size_t i = list->count > CHAIN_MAX ? list->count - CHAIN_MAX : 0; i < list->count; i++) {
        chain_move(&on);
        chain_see(&on, fmax(list->media[i].bytes, 1) / segment_s);
        const bool last = i + 1 == list->count;
        const double time = ended_in_window(list, i, window_s) || (last && sum <= 0) ? fetch_s(&list->media[i]) : 0;
        for (int w = 0; time > 0 && w < WEIGHTS; w++)
            for (int h = 0; h < HEIGHTS; h++)
                seen[h] += time * on.p[w][h];
        sum += time;
    }
    for (int h = 0; h < HEIGHTS; h++)
        out[QOE_RUNG_HEIGHT_240 + h] = seen[h] / sum;
}

/* The list as downloads in order of request; returns their number. */
static size_t to_downloads(const qoe_media_list *list, qoe_download *downloads)
{
    qoe_media by_request[QOE_HISTORY_OBJECTS];
    if (list->real == 0)
        return 0;
    qoe_media_by_request(list, by_request);
    for (size_t i = 0; i < list->count; i++)
        downloads[i] = (qoe_download){.request_us = (int64_t)(by_request[i].request_s * US),
                                      .end_us = (int64_t)(by_request[i].end_s * US),
                                      .bytes = (uint64_t)fmin(by_request[i].bytes, 1e15)};
    return list->count;
}

/* Seconds of film in a video segment; 0: not known. */
static double segment_seconds(const qoe_media_list *video, const qoe_media_list *audio)
{
    qoe_download pictures[QOE_HISTORY_OBJECTS], sounds[QOE_HISTORY_OBJECTS];
    const qoe_downloads all = {.video = pictures,
                               .audio = sounds,
                               .videos = to_downloads(video, pictures),
                               .audios = to_downloads(audio, sounds)};
    return qoe_durations_learn(&all, false).video_s;
}

static double median_of_last(const qoe_media_list *list, size_t n, double (*value)(const qoe_media *))
{
    double values[QOE_HISTORY_OBJECTS];
    const size_t take = list->count < n ? list->count : n;
    for (size_t i = 0; i < take; i++)
        values[i] = value(&list->media[list->count - take + i]);
    qoe_quantile_sort(values, take);
    return qoe_quantile_of_sorted(values, take, .5);
}

static double bytes_of(const qoe_media *media)
{
    return media->bytes;
}

static double speed_of(const qoe_media *media)
{
    return media->bytes / fetch_s(media);
}

static void put_rates(const qoe_media_list *list, double segment_s, double *out)
{
    double sizes[QOE_HISTORY_OBJECTS];
    for (size_t i = 0; i < list->count; i++)
        sizes[i] = list->media[i].bytes;
    qoe_quantile_sort(sizes, list->count);
    out[QOE_RUNG_LAST3] = qoe_media_size_last(list, 3) / segment_s;
    out[QOE_RUNG_LAST10] = qoe_media_size_last(list, 10) / segment_s;
    out[QOE_RUNG_P10] = qoe_quantile_of_sorted(sizes, list->count, .1) / segment_s;
    out[QOE_RUNG_P50] = qoe_quantile_of_sorted(sizes, list->count, .5) / segment_s;
    out[QOE_RUNG_P90] = qoe_quantile_of_sorted(sizes, list->count, .9) / segment_s;
    out[QOE_RUNG_TO_TOP] = out[QOE_RUNG_LAST3] / out[QOE_RUNG_P90];
    out[QOE_RUNG_TO_BOTTOM] = out[QOE_RUNG_LAST3] / out[QOE_RUNG_P10];
    out[QOE_RUNG_TO_LINK] = out[QOE_RUNG_LAST3] / fmax(median_of_last(list, 10, speed_of), 1);
    out[QOE_RUNG_AHEAD] = fmax((double)list->real * segment_s - list->now_s, 0);
    out[QOE_RUNG_SIZE_LAST3] = median_of_last(list, 3, bytes_of);
    out[QOE_RUNG_SIZE_LAST5] = median_of_last(list, 5, bytes_of);
}

static void put_window(const qoe_media_list *list, double window_s, double segment_s, double *out)
{
    double sum = 0, largest = 0, time = 0;
    size_t n = 0;
    for (size_t i = list->count; i-- > 0 && (n == 0 || ended_in_window(list, i, window_s)); n++) {
        sum += list->media[i].bytes;
        largest = fmax(largest, list->media[i].bytes);
    }
    out[QOE_RUNG_WINDOW] = sum / (double)n / segment_s;
    out[QOE_RUNG_SIZE_WINDOW_MAX] = largest;
    const size_t recent = list->count < RECENT_FETCHES ? list->count : RECENT_FETCHES;
    for (size_t i = list->count - recent; i < list->count; i++)
        time += fetch_s(&list->media[i]);
    out[QOE_RUNG_FETCH] = time / (double)recent;
}

static void put_audio(const qoe_media_list *audio, double videos, double *out)
{
    const double size = audio->real ? median_of_last(audio, RECENT_AUDIO, bytes_of) : 0;
    out[QOE_RUNG_TO_AUDIO] = out[QOE_RUNG_SIZE_LAST5] / fmax(size, QOE_OBJECT_MIN_BYTES);
    out[QOE_RUNG_PER_AUDIO] = videos / fmax((double)audio->real, 0.5);
}

void qoe_rung_features(const qoe_history *history, int64_t end_us, qoe_media_list *scratch,
                       double out[QOE_RUNG_FEATURES])
{
    const double window_s = fmax((double)history->window_us / US, 0.1);
    qoe_media_list audio;
    qoe_media_list_fill(&audio, history, end_us, QOE_OBJECTS_AUDIO, QOE_OBJECT_MIN_BYTES);
    qoe_media_list_fill(scratch, history, end_us, QOE_OBJECTS_VIDEO, QOE_OBJECT_MIN_BYTES);
    out[QOE_RUNG_SEGMENT_S] = segment_seconds(scratch, &audio);
    const double segment_s = out[QOE_RUNG_SEGMENT_S] > 0 ? out[QOE_RUNG_SEGMENT_S] : SEGMENT_S_USUAL;
    put_rates(scratch, segment_s, out);
    put_window(scratch, window_s, segment_s, out);
    put_heights(scratch, window_s, segment_s, out);
    put_audio(&audio, (double)scratch->real, out);
}
