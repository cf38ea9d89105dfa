/* Plays the segments of a csv: the playback model alone, without detection and prediction before it.
 *
 *     replay-playback WINDOWS UNTIL_S DOUBTFUL <SEGMENTS
 *
 * SEGMENTS has a line a finished media segment, in order of request: kind (v or a), request_s, end_s, bytes, lines.
 * Writes the time of the first picture, and a line a window of 10 s: lines on screen, buffer_s, stalled_s; -1: not
 * known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

#include "playback.h"

#define WINDOW_US 10000000

static void read_segments(GArray *video, GArray *audio)
{
    char kind;
    double request_s, end_s;
    qoe_download download;
    while (scanf(" %c %lf %lf %" SCNu64 " %d", &kind, &request_s, &end_s, &download.bytes, &download.resolution) == 5) {
        download.request_us = (int64_t)(request_s * 1e6);
        download.end_us = (int64_t)(end_s * 1e6);
        g_array_append_val(kind == 'v' ? video : audio, download);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: replay-playback WINDOWS UNTIL_S DOUBTFUL <SEGMENTS\n");
        return 2;
    }
    const size_t windows = strtoul(argv[1], NULL, 10);
    GArray *video = g_array_new(FALSE, TRUE, sizeof(qoe_download)),
           *audio = g_array_new(FALSE, TRUE, sizeof(qoe_download));
    read_segments(video, audio);
    const qoe_downloads downloads = {(const qoe_download *)video->data, (const qoe_download *)audio->data, video->len,
                                     audio->len, false};
    qoe_playback_window *out = g_new0(qoe_playback_window, windows + 1);
    const qoe_durations durations = qoe_durations_learn(&downloads, argv[3][0] == '1');
    const qoe_playback playback =
        qoe_playback_run(&downloads, durations, 0, WINDOW_US, (int64_t)(atof(argv[2]) * 1e6), windows, out);
    printf("%.6f\n", playback.start_us < 0 ? -1 : (double)playback.start_us / 1e6);
    for (size_t i = 0; i < windows; i++)
        printf("%d %.3f %.3f\n", out[i].resolution, playback.followed ? out[i].buffer_s : -1,
               playback.followed ? out[i].stalled_s : -1);
    g_free(out);
    g_array_free(video, TRUE);
    g_array_free(audio, TRUE);
    return 0;
}
