/* What the graph of one session shows: a plain copy, so that it may be kept while the capture is closed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CHART_DATA_H
#define QOE_CHART_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "analysis.h"

#define QOE_CHART_UNKNOWN (-1.0) /* a duration that nobody estimated */

typedef struct {
    uint32_t index; /* the window's number k */
    int64_t start_us, end_us;
    int resolution;     /* lines on screen; 0: no answer */
    double certainty;   /* of `resolution`, 0..1: the probability of the downloads that were shown */
    int downloaded;     /* lines that the network fetched; 0: no answer */
    double probability; /* of `downloaded`, 0..1 */
    const char *reason; /* why there is no answer; "" with one. Static text. */
    double bps;         /* to the client, at the IP layer */
    bool open;          /* the capture ended inside it */
    uint32_t closed_frame;
    double buffer_s;  /* seconds of media ahead of the playhead at the window's end, or QOE_CHART_UNKNOWN */
    double stalled_s; /* seconds that the picture stood still in it, or QOE_CHART_UNKNOWN */
    int64_t stall_us; /* stalled_s > 0: when it did so first */
} qoe_chart_window;

typedef struct {
    uint32_t number;
    qoe_kind kind;
    qoe_complete complete;
    int64_t request_us, end_us;
    double bytes;
    int resolution; /* lines, 0: not known */
    uint32_t request_frame, last_frame, closed_frame;
    uint32_t stream;
    uint8_t transport;
} qoe_chart_segment;

/* One session. Free with qoe_chart_data_free. */
typedef struct {
    uint32_t session;
    char *service;
    char *client;
    int64_t epoch_us;         /* when time 0 was, since 1970 began; 0: not known */
    int64_t start_us, end_us; /* first and last packet */
    uint32_t start_frame, last_frame;
    double mean_resolution; /* lines; 0: none */
    uint32_t switches;
    double startup_s; /* or QOE_CHART_UNKNOWN */
    qoe_chart_window *windows;
    size_t windows_count;
    qoe_chart_segment *segments; /* in the order of their requests */
    size_t segments_count;
} qoe_chart_data;

/* Copies the i-th session of a settled analysis, i < qoe_analysis_sessions. */
qoe_chart_data *qoe_chart_data_new(const qoe_analysis *analysis, size_t i);
void qoe_chart_data_free(qoe_chart_data *data);

/* True if any window's screen and download differ, has a buffer level, or stalled. */
bool qoe_chart_data_has_screen(const qoe_chart_data *data);
bool qoe_chart_data_has_buffer(const qoe_chart_data *data);
bool qoe_chart_data_has_stalls(const qoe_chart_data *data);

/* Mean rate to the client of a window, bit/s. A window in which the capture ended counts up to there, but for at
 * least a second. end_us: the capture's end. */
double qoe_window_bps(const qoe_window *window, int64_t end_us);

/* One sentence on a window or a segment, for tips. g_free the result. */
char *qoe_chart_window_text(const qoe_chart_data *data, size_t i);
char *qoe_chart_segment_text(const qoe_chart_data *data, size_t i);

/* A number that changes when charts of an analysis may look otherwise; 0: there is none (analysis NULL). generation:
 * another one for each analysis. */
uint64_t qoe_state_of(uint64_t generation, const qoe_analysis *analysis);

#endif
