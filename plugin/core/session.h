/* Sessions and their windows: one client with one service until a long silence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SESSION_H
#define QOE_SESSION_H

#include "playback.h"
#include "predict.h"

/* [index * length, (index + 1) * length) from the capture's first packet. Public to read. */
typedef struct {
    uint32_t index;   /* k: rows line up with io,stat of the same interval */
    uint32_t session; /* its session's number */
    int64_t start_us, end_us;
    bool open;                         /* the capture stands inside it: figures so far */
    uint32_t closed_frame;             /* the packet that closed it; 0 if none did */
    qoe_traffic traffic;               /* bytes at the IP layer */
    qoe_window_traffic measured;       /* the same and its course, as features read it */
    uint32_t segments, video_segments; /* that ended in it; all kinds, video */
    bool ruled_out;                    /* the shape of its traffic is no film's */
    bool one_way;                      /* up to its end nothing was seen of what the client sent */
    qoe_prediction downloaded;         /* what the network fetched; once settled, by all that its segments tell then */
    uint16_t told;                     /* the lines of it that the closing packet told; 0: none */
    /* Playback, estimated: known once the window is settled; negative: not known. */
    double buffer_s;   /* seconds of media ahead of the playhead at its end */
    double stalled_s;  /* seconds in it without playback for want of media */
    int64_t stall_us;  /* stalled_s > 0: when it stalled first in it; its start where that is not known */
    qoe_screen screen; /* what it showed */
    /* Lines on screen: at first the downloaded; once settled, by playback as far as it can be followed. 0: no answer,
     * or playback had not begun at its end. And how sure those downloads are that it comes from. */
    int resolution;
    double probability;
    double *features; /* qoe_features_count() values; NULL until computed */
    uint64_t basis;   /* stands for what the features and the answer were made of */
    bool filtered;    /* the answer hangs on those of the windows before as well */
} qoe_window;

/* Public to read. Numbers count from 1. */
typedef struct {
    uint32_t number;
    const char *service;
    qoe_addr client;
    int64_t start_us, last_us; /* first and last packet */
    uint32_t start_frame, last_frame;
    uint32_t first_window; /* index of windows[0] */
    uint32_t window_count; /* windows[i].index == first_window + i: silent ones included */
    const qoe_window *const *windows;
    uint32_t segments; /* all kinds, with at least a byte */
    uint64_t video_bytes, audio_bytes;
    /* Summary over windows with an answer in which media was played. */
    double mean_resolution; /* lines; 0: none */
    int64_t startup_us;     /* from the first packet to the first frame on screen, estimated; negative: not known */
    uint32_t stalls;        /* estimated, as is their length */
    double stall_s;         /* negative: not known */
    uint32_t switches;      /* changes from one answered window to the next such */
} qoe_session;

/* Why the window has no resolution; "": it has one, or none was asked for yet. */
const char *qoe_window_reason(const qoe_window *window);

#endif
