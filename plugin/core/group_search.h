/* The search inside a group: hypotheses, what they cost, and the beam that keeps the best of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GROUP_SEARCH_H
#define QOE_GROUP_SEARCH_H

#include <stddef.h>
#include <string.h>

#include "group_internal.h"

enum {
    GROUP_BEAM = 12,       /* hypotheses kept for an answer */
    GROUP_BEAM_NARROW = 4, /* for the first guess at a group that is still open */
    GROUP_OUTSTANDING = 16 /* requests that a hypothesis holds open; players have up to 6 */
};

/* Smaller responses are init segments and indexes: they are asked for and end like segments. */
#define GROUP_TINY_BYTES 6000.0
#define GROUP_TINY_USUAL 1500.0

/* Costs are negative logarithms of probabilities. The figures were tuned on one half of the lab's titles and
 * checked on the other; most are flat: half or twice as much changes F1 by less than .01. */

/* What a response is taken for: a qoe_kind (QOE_KIND_OTHER: an init segment or an index), or one that the client has
 * reset and of which only what was under way still comes. */
enum { GROUP_RESET = QOE_KINDS };

/* One response as a hypothesis sees it; linked back to what it decided before. */
typedef struct {
    int before; /* index of the previous decision, -1: none */
    uint16_t request;
    uint8_t kind;
    bool at_end;     /* of the period: in an open group it goes on */
    bool aborted;    /* by the client */
    bool unsplit;    /* its bytes are those of several responses */
    double from, to; /* downlink counts between which it came, perhaps with others */
    double size;
    int64_t end_us; /* 0: when the count reached `to` */
} group_decision;

typedef struct {
    uint16_t request;
    uint8_t kind;
    bool full;      /* has all that one of its kind needs */
    bool marked;    /* its beginning is told: `begins` is infinite until then; and so is its end */
    double before;  /* bytes of the write that began it, which may be its own or another one's */
    double asked;   /* downlink count before which nothing of it can have come */
    double begins;  /* the same, with what the server had queued before it */
    double first;   /* count when its first bytes came */
    double got;     /* bytes */
    double full_at; /* count when it was full */
} group_open;

typedef struct {
    double cost;
    double count;          /* downlink count up to which bytes have been given to responses */
    double lost;           /* bytes for which no response was open */
    double video, spread;  /* logarithm of a video segment's typical size (0: not known), and its variance */
    double balance, level; /* as in qoe_group_prior */
    double videos, audios; /* decided */
    double before;         /* bytes of the write that ended the last one: it may have begun the next one */
    int decided;           /* index of the last decision */
    int ended_kind;        /* what ended with the previous entry of the log; -1: nothing */
    unsigned open_count;
    group_open open[GROUP_OUTSTANDING]; /* last: see group_copy */
} group_hypothesis;

typedef struct {
    const qoe_group *group;
    qoe_group_prior *prior;
    double queue;                         /* bytes that a server has queued when another response begins to take part */
    bool shares;                          /* the server gives all responses equal shares; else one after the other */
    GArray *decisions;                    /* group_decision, of all hypotheses */
    group_hypothesis pool[2][GROUP_BEAM]; /* one half holds the present ones, the other the next ones */
    group_hypothesis *beam[GROUP_BEAM];   /* present ones, best first */
    group_hypothesis *next;
    uint8_t order[GROUP_BEAM]; /* indices into next, best first */
    unsigned beam_count, next_count, beam_max;
    uint16_t requests; /* so far */
    bool finishing;    /* now */
    bool finish;       /* give what is left to those that have not ended */
} group_search;

/* Copies what a hypothesis holds: mostly two or three open responses of all that it has place for. */
static inline void group_copy(group_hypothesis *to, const group_hypothesis *from)
{
    memcpy(to, from, offsetof(group_hypothesis, open) + from->open_count * sizeof from->open[0]);
}

/* Would a hypothesis of that cost be kept? */
bool group_wants(const group_search *on, double cost);

/* Puts a hypothesis among the next ones, if it is good enough. */
void group_push(group_search *on, const group_hypothesis *added);

/* The next ones are the present ones. */
void group_turn(group_search *on);

/* An open response has ended and had so many bytes, up to a count. */
void group_decide(group_search *on, group_hypothesis *state, unsigned which, double size, double to, int64_t end_us);

void group_drop(group_hypothesis *state, unsigned which);

/* The same with one that the client has given up: little comes of it any more. */
void group_drop_reset(const group_search *on, group_hypothesis *state, unsigned which);

double group_audio_cost(const group_search *on, double bytes);
double group_video_cost(const group_hypothesis *state, double bytes);

/* How much longer one more segment of a kind makes what has been asked for of video than of audio. */
double group_balance_step(const group_search *on, uint8_t kind);

/* Charges for a balance that is far from its mean: players keep audio and video in step. */
void group_charge_balance(const group_search *on, group_hypothesis *state);

/* Open responses of a kind that still wait for bytes. */
unsigned group_open_of(const group_hypothesis *state, uint8_t kind);

/* Gives the bytes up to a count to the responses under way. */
void group_deliver(const group_search *on, group_hypothesis *state, double to);

/* Takes bytes for an open response from those whose size is not known; false if they do not have as many. */
bool group_take(group_hypothesis *state, unsigned to, double bytes);

/* Responses that are full, but for open[except] (-1: none), have ended without a mark. */
void group_sweep(group_search *on, group_hypothesis *state, bool at_end);

/* The oldest response of which it was not known has begun. */
void group_take_begin(group_search *on, const group_entry *begin);

/* The response has ended with an entry of the log and has so many bytes: what it lacks was counted for others. False if
 * they do not have as many. */
bool group_end_with(group_search *on, const group_hypothesis *from, unsigned which, double size, const group_entry *end,
                    double cost);

/* Takes the bytes that an audio segment lacks from the video that ended before it: they came interleaved. */
bool group_give_back(group_search *on, group_hypothesis *state, double missing, uint16_t audio_request);

/* The client gave it up at an entry of the log. */
void group_decide_aborted(group_search *on, group_hypothesis *state, const group_open *open, const group_entry *entry);

/* All that has come of those that wait for bytes. */
double group_bytes_of_all(const group_hypothesis *state);

/* What it may mean that a write of the server ended a response. */
void group_take_marked_end(group_search *on, const group_hypothesis *state, const group_entry *end);

/* What it may mean that a response has ended. */
void group_take_end(group_search *on, const group_entry *end);

/* All open videos were reset by the client at an entry of the log; false if none is open. */
bool group_abort_videos(group_search *on, const group_hypothesis *from, const group_entry *entry,
                        group_hypothesis *aborted);

#endif
