/* The search inside a group: hypotheses, what they cost, and the beam that keeps the best of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GROUP_SEARCH_H
#define QOE_GROUP_SEARCH_H

#include "group_internal.h"

enum {
    GROUP_BEAM = 12,       /* hypotheses kept for an answer: 8 gave .815 where 1 gave .784 (F1, HTTP/2) */
    GROUP_BEAM_NARROW = 4, /* for the first guess at a group that is still open */
    GROUP_OUTSTANDING = 16 /* requests that a hypothesis holds open; players have up to 4 */
};

/* Smaller responses are init segments and indexes: they are asked for and end like segments. */
#define GROUP_TINY_BYTES 6000.0
#define GROUP_TINY_USUAL 1000.0

/* Costs are negative logarithms of probabilities. The figures were tuned on one half of the lab's titles and
 * checked on the other; most are flat: half or twice as much changes F1 by less than .01. */

/* One response as a hypothesis sees it; linked back to what it decided before. */
typedef struct {
    int before; /* index of the previous decision, -1: none */
    uint16_t request;
    uint8_t kind;
    bool at_end;       /* of the period: in an open group it goes on */
    bool aborted;      /* by the client */
    bool unsplit;      /* its bytes are those of several responses */
    double from, size; /* downlink count before it, bytes */
    int64_t end_us;    /* 0: when the count reached from + size */
} group_decision;

typedef struct {
    uint16_t request;
    uint8_t kind;
} group_open;

typedef struct {
    double cost;
    double given;          /* downlink count up to which bytes have been given to responses */
    double video, spread;  /* logarithm of a video segment's typical size (0: not known), and its variance */
    double balance, level; /* as in qoe_group_prior */
    double videos, audios; /* decided */
    bool draining;         /* what the server had queued of a reset response comes first */
    int decided;           /* index of the last decision */
    int ended_kind;        /* kind of the response that ended with the previous entry of the log; -1: none */
    unsigned open_count;
    group_open open[GROUP_OUTSTANDING];
} group_hypothesis;

typedef struct {
    const qoe_group *group;
    qoe_group_prior *prior;
    double out_of_order; /* cost of a response that overtakes an older one */
    GArray *decisions;   /* group_decision, of all hypotheses */
    group_hypothesis beam[GROUP_BEAM], next[GROUP_BEAM];
    uint8_t order[GROUP_BEAM]; /* indices into next, best first */
    unsigned beam_count, next_count, beam_max;
    uint16_t requests; /* so far */
    bool finishing;    /* now */
    bool finish;       /* give what is left to those that have not ended */
} group_search;

/* Would a hypothesis of that cost be kept? */
bool group_wants(const group_search *on, double cost);

/* Puts a hypothesis among the next ones, if it is good enough. */
void group_push(group_search *on, const group_hypothesis *added);

/* The next ones are the present ones. */
void group_turn(group_search *on);

/* An open response has ended and had so many bytes. */
void group_decide(group_search *on, group_hypothesis *state, unsigned which, double size, int64_t end_us);

double group_audio_cost(const group_search *on, double bytes);
double group_video_cost(const group_hypothesis *state, double bytes);

/* How much longer one more segment of a kind makes what has been asked for of video than of audio. */
double group_balance_step(const group_search *on, uint8_t kind);

/* Charges for a balance that is far from its mean: players keep audio and video in step. */
void group_charge_balance(const group_search *on, group_hypothesis *state);

/* Open responses of a kind. */
unsigned group_open_of(const group_hypothesis *state, uint8_t kind);

/* What it may mean that a response has ended. */
void group_take_end(group_search *on, const group_entry *end);

/* The oldest open video was reset by the client at an entry of the log; false if none is open. */
bool group_abort_video(group_search *on, const group_hypothesis *from, const group_entry *entry,
                       group_hypothesis *aborted);

/* Takes the bytes that the last audio segment lacks from the video that ended before it: they came interleaved. */
bool group_give_back(group_search *on, group_hypothesis *state, double missing, uint16_t audio_request);

#endif
