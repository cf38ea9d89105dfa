/* Durations, by what the candidates explain.
 *
 * Each pair of durations gets a cost in the manner of a log likelihood. The weights are round figures near the best of
 * a coordinate search over the lab's sessions; none of them matters by itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "durations.h"

#include <math.h>

#include <glib.h>

#include "quantile.h"

/* A duration in use, and the cost of believing in it before anything is seen. */
typedef struct {
    double seconds, cost;
} candidate;

static const candidate video_candidates[] = {{1, 1}, {2, 0},   {3, 0.7},  {4, 0},    {5, 0.7},
                                             {6, 0}, {8, 1.7}, {10, 1.7}, {12, 2.5}, {16, 2.5}};
static const candidate audio_candidates[] = {{1, 1},   {2, 0},  {3, 0.7},  {4, 0},    {5, 0.5},  {6, 0},
                                             {8, 0.5}, {10, 0}, {12, 1.0}, {16, 0.3}, {20, 2.5}, {30, 2.5}};

/* What goes together: both alike (Apple asks for 6 s), or more audio at a time (Netflix 4 and 16 s, YouTube 5 and 10
 * s), as ladders of services and their packagers have it. Any other pair needs better evidence. */
static const struct {
    double video_s, audio_s;
} usual_pairs[] = {{2, 2}, {4, 4}, {6, 6}, {8, 8}, {10, 10}, {2, 6}, {4, 2}, {4, 10}, {4, 16}, {5, 10}, {6, 10}};
static const double unusual_cost = 2;

/* Bit rates at which services code audio, in kbit/s; and what containers and TLS add. */
static const double audio_kbps[] = {32, 48, 64, 96, 128, 160, 192, 256};
static const double audio_overhead = 1.02;
static const double audio_kbps_min = 28, audio_kbps_max = 420;

enum { SEGMENTS_MIN = 3, RHYTHM_MIN = 4 };

/* Idle for such a share of the time since the last request, which is long enough to be one, a player rests. */
static const double rest_share = 0.3, rest_gap_s = 0.8;

/* Audio and video are often asked for at once after a rest. */
#define TOGETHER_US 20000

/* The largest cost at which there is an answer: for any service, and for a doubtful one. */
static const double cost_max = 6, cost_max_doubtful = -0.5;

/* What is known of one kind of segments. */
typedef struct {
    size_t count;
    double *paces; /* seconds a segment from one rest to the next; g_free */
    size_t paces_count;
} track;

/* What both kinds say together. */
typedef struct {
    track video, audio;
    double lasted_s;   /* from the first segment to the last */
    double idle_share; /* of that time: nothing was under way */
    double audio_kbit; /* the median audio segment's size */
} evidence;

const qoe_download *qoe_downloads_next(qoe_downloads_walk *walk)
{
    const qoe_downloads *from = walk->downloads;
    if (walk->video == from->videos && walk->audio == from->audios)
        return NULL;
    if (walk->audio == from->audios ||
        (walk->video < from->videos && from->video[walk->video].request_us <= from->audio[walk->audio].request_us))
        return &from->video[walk->video++];
    return &from->audio[walk->audio++];
}

bool qoe_download_rested(const qoe_download *before, const qoe_download *next, int64_t quiet_us)
{
    const double gap_s = (double)(next->request_us - before->request_us) / 1e6;
    const double idle_s = (double)(next->request_us - quiet_us) / 1e6;
    return gap_s >= rest_gap_s && idle_s > rest_share * gap_s;
}

/* A player rests when its buffer is full: between two rests it has fetched what it has played. Only when nothing of the
 * other kind is under way either does it rest: audio also waits for a video that is late. */
static track watch(const qoe_download *downloads, size_t count, const qoe_download *others, size_t others_count)
{
    track seen = {.count = count, .paces = g_new(double, count + 1)};
    size_t last = 0, other = 0;
    int64_t quiet_us = 0;
    for (size_t i = 1; i < count; i++) {
        for (; other < others_count && others[other].request_us < downloads[i].request_us - TOGETHER_US; other++)
            quiet_us = MAX(quiet_us, others[other].end_us);
        quiet_us = MAX(quiet_us, downloads[i - 1].end_us);
        if (!qoe_download_rested(&downloads[i - 1], &downloads[i], quiet_us))
            continue;
        if (last > 0)
            seen.paces[seen.paces_count++] =
                (double)(downloads[i].request_us - downloads[last].request_us) / 1e6 / (double)(i - last);
        last = i;
    }
    return seen;
}

static double median_kbit(const qoe_download *downloads, size_t count)
{
    if (count == 0)
        return 0;
    double *bytes = g_new(double, count);
    for (size_t i = 0; i < count; i++)
        bytes[i] = (double)downloads[i].bytes;
    qoe_quantile_sort(bytes, count);
    const double median = bytes[count / 2];
    g_free(bytes);
    return median * 8 / 1000;
}

static double share_idle(const qoe_downloads *downloads)
{
    static const int64_t turn_us = 500000; /* from a response to the next request, at most */
    const int64_t begin_us = downloads->video[0].end_us;
    int64_t quiet_us = begin_us, idle_us = 0;
    qoe_downloads_walk on = {.downloads = downloads};
    const qoe_download *next;
    while ((next = qoe_downloads_next(&on)) != NULL) {
        if (next->request_us > quiet_us + turn_us)
            idle_us += next->request_us - quiet_us;
        quiet_us = MAX(quiet_us, next->end_us);
    }
    return quiet_us > begin_us ? (double)idle_us / (double)(quiet_us - begin_us) : 0;
}

static evidence gather(const qoe_downloads *downloads)
{
    int64_t last_us = downloads->video[0].end_us;
    for (size_t i = 0; i < downloads->videos; i++)
        last_us = MAX(last_us, downloads->video[i].end_us);
    return (evidence){
        .video = watch(downloads->video, downloads->videos, downloads->audio, downloads->audios),
        .audio = watch(downloads->audio, downloads->audios, downloads->video, downloads->videos),
        .lasted_s = MAX((double)(last_us - downloads->video[0].end_us) / 1e6, 1),
        .idle_share = share_idle(downloads),
        .audio_kbit = median_kbit(downloads->audio, downloads->audios),
    };
}

static double square(double x)
{
    return x * x;
}

static size_t paces_near(const track *seen, double seconds)
{
    static const double tolerance = 0.1;
    size_t near = 0;
    for (size_t i = 0; i < seen->paces_count; i++)
        near += fabs(seen->paces[i] - seconds) < tolerance * seconds;
    return near;
}

/* How much of the rhythm a duration explains, 0 to nearly 1; little is believed of few rests. */
static double rhythm_share(const track *seen, double seconds)
{
    return (double)paces_near(seen, seconds) / ((double)seen->paces_count + 2);
}

/* Media that was fetched is a little more than what was watched, unless much of it stalled or is still in the buffer. A
 * player that often rests has not stalled much. */
static double total_cost(const evidence *of, double media_s)
{
    static const double usual = 1.3, spread = 0.5, enough = 0.9, rested = 40, limit = 8;
    const double lack = MAX(enough - media_s / of->lasted_s, 0);
    return square(log(media_s / of->lasted_s / usual) / spread) / 2 + MIN(rested * of->idle_share * lack, limit);
}

static double audio_rate_cost(double kbit, double seconds)
{
    static const double spread = 0.06, limit = 1.5, absurd = 2;
    const double kbps = kbit / seconds;
    double off = INFINITY;
    for (size_t i = 0; i < G_N_ELEMENTS(audio_kbps); i++)
        off = MIN(off, fabs(log(kbps / audio_overhead / audio_kbps[i])));
    return MIN(limit, square(off / spread) / 2) + (kbps < audio_kbps_min || kbps > audio_kbps_max ? absurd : 0);
}

/* Audio and video keep in step, but for the last segments of either and for what was taken for the other kind. */
static double step_cost(const evidence *of, double video_s, double audio_s)
{
    static const double mistaken = 0.2, last = 0.6, limit = 3;
    const double off = log((double)of->video.count * video_s / ((double)of->audio.count * audio_s));
    return MIN(limit, square(off) / (square(mistaken) + square(last / (double)of->audio.count)) / 2);
}

static double video_cost(const evidence *of, const candidate *video)
{
    static const double weight = 9;
    return video->cost - weight * rhythm_share(&of->video, video->seconds);
}

static double rarity_cost(double video_s, double audio_s)
{
    for (size_t i = 0; i < G_N_ELEMENTS(usual_pairs); i++) {
        if (usual_pairs[i].video_s == video_s && usual_pairs[i].audio_s == audio_s)
            return 0;
    }
    return unusual_cost;
}

static double audio_cost(const evidence *of, const candidate *audio)
{
    static const double weight = 2;
    return audio->cost - weight * rhythm_share(&of->audio, audio->seconds) +
           audio_rate_cost(of->audio_kbit, audio->seconds);
}

/* What two durations cost in addition to what each does. */
static double pair_cost(const evidence *of, double video_s, double audio_s)
{
    const double media_s = MIN((double)of->video.count * video_s, (double)of->audio.count * audio_s);
    return total_cost(of, media_s) + step_cost(of, video_s, audio_s) + rarity_cost(video_s, audio_s);
}

static qoe_durations choose_pair(const evidence *of, double limit)
{
    qoe_durations best = {0, 0};
    double audio_costs[G_N_ELEMENTS(audio_candidates)];
    for (size_t k = 0; k < G_N_ELEMENTS(audio_candidates); k++)
        audio_costs[k] = audio_cost(of, &audio_candidates[k]);
    for (size_t i = 0; i < G_N_ELEMENTS(video_candidates); i++) {
        const double video_s = video_candidates[i].seconds, video = video_cost(of, &video_candidates[i]);
        for (size_t k = 0; k < G_N_ELEMENTS(audio_candidates); k++) {
            const double audio_s = audio_candidates[k].seconds;
            const double cost = video + audio_costs[k] + pair_cost(of, video_s, audio_s);
            if (cost > limit)
                continue;
            limit = cost;
            best = (qoe_durations){video_s, audio_s};
        }
    }
    return best;
}

/* Without audio only a clear rhythm counts. */
static qoe_durations choose_alone(const evidence *of)
{
    const candidate *best = NULL;
    double least = INFINITY;
    for (size_t i = 0; i < G_N_ELEMENTS(video_candidates); i++) {
        const candidate *video = &video_candidates[i];
        const double cost = video_cost(of, video) + total_cost(of, (double)of->video.count * video->seconds);
        if (cost < least) {
            least = cost;
            best = video;
        }
    }
    const size_t paces = of->video.paces_count;
    if (best == NULL || paces < RHYTHM_MIN || 2 * paces_near(&of->video, best->seconds) < paces)
        return (qoe_durations){0, 0};
    return (qoe_durations){best->seconds, 0};
}

qoe_durations qoe_durations_learn(const qoe_downloads *downloads, bool doubtful)
{
    if (downloads->videos < SEGMENTS_MIN)
        return (qoe_durations){0, 0};
    evidence of = gather(downloads);
    const qoe_durations found = downloads->audios < SEGMENTS_MIN
                                    ? choose_alone(&of)
                                    : choose_pair(&of, doubtful ? cost_max_doubtful : cost_max);
    g_free(of.video.paces);
    g_free(of.audio.paces);
    return found;
}
