/* A busy period of a connection that carries several responses at once (HTTP/2, HTTP/3), and the search for the
 * sizes and kinds of its responses.
 *
 * What can be seen of such a period is when each request was sent, when the player turned to its next request
 * because a response had just ended, and how many bytes had come by then. Which response it was that ended is a guess:
 * the solver weighs a few hypotheses (a beam search), in which audio segments have their session's size, video
 * segments a plausible one, and both are asked for in the rhythm in which they play. Rules and figures: measured
 * against players' logs, see tests/segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GROUP_H
#define QOE_GROUP_H

#include <stddef.h>

#include "segment.h"

/* Points of the growing downlink, at most one each 100 ms: memory grows with time, not with packets. */
#define QOE_GROUP_STEP_US 100000

/* A longer period is cut in two. */
enum { QOE_GROUP_REQUESTS_MAX = 256 };

typedef struct qoe_group qoe_group;

/* What a session has learned and a solution needs. All zero at a session's start; the solver updates what it says. */
typedef struct {
    double audio_size;   /* bytes; 0: not known */
    double ratio;        /* video segments that play as long as one of audio; 0: not known */
    double video_size;   /* typical bytes of a video segment; 0: not known. Updated */
    double video_spread; /* variance of its logarithm; 0: not known. Updated */
    double balance;      /* video segments asked for, less audio segments times ratio. Updated */
    double level;        /* the balance's running mean. Updated */
} qoe_group_prior;

/* How well a prior explains groups: sums over them. All zero at first. */
typedef struct {
    double cost; /* negative logarithm of the likelihood, up to a constant */
    double videos, audios;
    int64_t start_us, end_us; /* of all groups; both 0: of none yet */
} qoe_group_fit;

/* start_bytes: the connection's downlink count when the period began. */
qoe_group *qoe_group_new(uint8_t transport, uint64_t start_bytes, int64_t start_us, uint32_t frame);
void qoe_group_free(qoe_group *group);

/* How long after a request its response comes, at least; 0 if nothing is said. */
void qoe_group_set_delay(qoe_group *group, int64_t delay_us);

/* The downlink has reached a count of bytes at a packet. */
void qoe_group_progress(qoe_group *group, int64_t time_us, uint64_t bytes, uint32_t frame);

/* A request was sent; its segment will get what the solver finds. */
void qoe_group_request(qoe_group *group, qoe_segment *segment);

/* The client may have reset its responses with the request or end that is told next. */
void qoe_group_reset(qoe_group *group);

/* A response ended, when the count was bytes: not known which one. */
void qoe_group_response_end(qoe_group *group, int64_t time_us, uint64_t bytes);

/* From now on what the server writes at once tells where responses begin and end: see server_writes.h. Responses come
 * in pieces of so many bytes; 0: nothing tells any more. */
void qoe_group_set_piece(qoe_group *group, uint32_t bytes);

/* A write from one count to another began the oldest response that had not begun. */
void qoe_group_response_begin(qoe_group *group, int64_t time_us, uint64_t from, uint64_t to);

/* A write that began at a count of bytes ended a response when the count was `to`: one of those that have begun, or all
 * of a small one. Its last piece has `rest` bytes. The time may lie before the last request. */
void qoe_group_marked_end(qoe_group *group, int64_t time_us, uint64_t from, uint64_t to, uint32_t rest);

/* Takes the last n requests back out of the group (they belong to the next period) into segments[n]. */
void qoe_group_take_back(qoe_group *group, size_t n, qoe_segment **segments);

/* All responses have ended with the last progress. */
void qoe_group_close(qoe_group *group);

size_t qoe_group_requests(const qoe_group *group);
bool qoe_group_is_closed(const qoe_group *group);

/* Finds kind, bytes, last_byte_us and completeness of the group's segments from all that is known of it, and writes
 * them into the segments. May be asked again when more is known. In an open group only the responses that have ended
 * are written; with so_far also what has come of the others, marked as open. */
void qoe_group_solve(const qoe_group *group, qoe_group_prior *prior, bool so_far);

/* Adds to fit how well the prior explains the group; writes no segment. Thorough: with as many
 * hypotheses as for an answer, else with half of them. */
void qoe_group_weigh(const qoe_group *group, qoe_group_prior *prior, qoe_group_fit *fit, bool thorough);

/* Bytes of responses that stood alone or between two ends, for learning the size of audio segments: calls
 * vote(user_data, bytes, weight) for what the closed group shows. */
void qoe_group_votes(const qoe_group *group, void (*vote)(void *user_data, double bytes, double weight),
                     void *user_data);

#endif
