/* The inside of a group, shared by its files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GROUP_INTERNAL_H
#define QOE_GROUP_INTERNAL_H

#include <glib.h>

#include "group.h"

/* A request, or the beginning or end of some response: in order of time. */
typedef enum { GROUP_REQUEST, GROUP_BEGIN, GROUP_END } group_entry_type;

typedef struct {
    group_entry_type type;
    bool reset;  /* the client may have reset a response */
    bool marked; /* of a request: the beginning of its response will be told; of an end: the server's write told it */
    int64_t time_us;
    uint64_t bytes; /* downlink count by then */
    uint64_t from;  /* of a write that told: the count where it began */
    uint32_t rest;  /* of a marked end: bytes of the last piece */
} group_entry;

/* The downlink count at a time. */
typedef struct {
    int64_t time_us;
    uint64_t bytes;
    uint32_t packets; /* since the group began */
    uint32_t frame;
} group_point;

struct qoe_group {
    uint8_t transport;
    bool closed;
    bool reset;  /* belongs to the next entry */
    bool marked; /* so do the requests that come */
    uint32_t piece;
    uint64_t start_bytes;
    int64_t delay_us;    /* from a request to the first bytes of its response, at least */
    GPtrArray *segments; /* qoe_segment *, in order of request; borrowed */
    GArray *log;         /* group_entry */
    GArray *points;      /* group_point, rising */
    group_point last;    /* where the downlink stands */
};

/* Where the downlink count reached `bytes`; between two points by interpolation. */
group_point group_point_at(const qoe_group *group, double bytes);

/* The downlink count at a time, likewise. */
double group_bytes_at(const qoe_group *group, int64_t time_us);

#endif
