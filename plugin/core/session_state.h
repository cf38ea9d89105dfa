/* The inside of a session, shared by the files that open, fill and settle it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SESSION_STATE_H
#define QOE_SESSION_STATE_H

#include <glib.h>

#include "audio.h"
#include "film.h"
#include "meter.h"
#include "rhythm.h"
#include "session_table.h"

/* What only a living session needs. */
typedef struct {
    qoe_history history;
    qoe_filter filter;
    qoe_meter meter;
    GPtrArray *open; /* qoe_segment * */
    qoe_film film;
    int64_t test_us; /* last packet of a speed test's page of the same client; -1: none */
} session_life;

typedef struct session_state {
    qoe_session public;  /* first: a qoe_session * is a session_state * */
    GPtrArray *windows;  /* qoe_window * */
    GPtrArray *segments; /* qoe_segment *, borrowed */
    GPtrArray *groups;   /* qoe_group *, of shared connections */
    qoe_audio audio;
    qoe_rhythm rhythm;   /* learned as the session goes on */
    qoe_rhythm settled;  /* the same from all that is there, for settling */
    float settled_votes; /* the audio's scale then: it changes with every vote */
    size_t grouped;      /* requests in closed groups */
    qoe_group_prior prior;
    session_life *life; /* NULL once the session has ended */
    uint64_t payload_tcp, payload_udp;
    bool heard;                      /* something that the client sent was seen */
    const qoe_window *last_answered; /* NULL: none yet */
    GArray *before;     /* qoe_segment: its segments as they were before it was settled; NULL: it is not settled */
    int64_t startup_us; /* likewise the public one */
    struct session_state *newer_used, *older_used; /* living sessions in order of last use */
} session_state;

/* The window in hand is the last one: opens the one with that index, or closes it at a frame (0: at none). */
qoe_window *qoe_session_current_window(const session_state *session);
void qoe_session_open_window(const qoe_session_config *config, session_state *session, uint32_t index);
void qoe_session_close_window(const qoe_session_config *config, session_state *session, uint32_t frame);

/* Takes down the traffic of the window in hand as far as it has come, whether it is a film's, and whether both
 * directions were seen by then. */
void qoe_session_measure_window(const session_state *session, qoe_window *window);

/* Once the segments are settled: windows again, each from what had ended before its end, as it is known now; but those
 * of which nothing new is known keep their answers, since a long film is settled at each redraw. */
void qoe_session_predict_again(const qoe_session_config *config, session_state *session);

/* The window of a time; NULL if the session has none then. */
qoe_window *qoe_session_state_window(const session_state *session, int64_t time_us, int64_t window_us);

/* A finished response that counts as a media object. */
bool qoe_segment_is_media(const qoe_segment *segment);
qoe_object qoe_segment_object(const qoe_segment *segment);

/* What is known of the size of an audio segment while the session goes on; 0: nothing. */
double qoe_session_audio_size(const session_state *session);

/* Judges what a segment holds by what is known of the session's audio. */
void qoe_session_judge_kind(const session_state *session, qoe_segment *segment);

/* What can be said of playback when a window closes: its buffer and stalls, and when the picture started. */
void qoe_session_follow_window(const qoe_session_config *config, session_state *session, qoe_window *window);

/* Brings all that may become richer up to date: shared connections, kinds, playback, summary; while more comes, shared
 * connections are told apart by a rhythm that may have been learned from four fifths of them. */
void qoe_session_settle(const qoe_session_config *config, session_state *session, bool more_comes);

/* Remembers, before any session is settled, and takes back what settling changes of that upon which the packets to come
 * build. (A shared connection that goes on over a silence holds segments of two sessions.) */
void qoe_session_remember(session_state *session);
void qoe_session_unsettle(session_state *session);

#endif
