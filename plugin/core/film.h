/* Is it a film at all? Speed tests, plain downloads, calls and uploads have no resolution to tell.
 *
 * Told by the shape of the last seconds' traffic: a film is asked for in pieces of seconds and hardly anything is sent
 * back. What cannot be told from a film's filling of its buffer (a speed test in small pieces) is told by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FILM_H
#define QOE_FILM_H

#include <glib.h>

#include "segment.h"
#include "server.h"

/* No segment is as large: 8 s of 25 Mbit/s. Speed tests ask for 25 MiB at a time. */
#define QOE_FILM_HUGE_BYTES (24 * 1000000ULL)

/* So long after the last packet of a speed test's page what the client gets is the test's. */
#define QOE_FILM_TEST_US 30000000

/* The traffic of about the last 20 s. All zero: none. */
typedef struct {
    double up, down; /* payload bytes, older ones count less */
    double huge;     /* of responses that have ended and were huge */
} qoe_film;

/* A response has ended. */
void qoe_film_add_response(qoe_film *film, const qoe_segment *segment);

/* A window's traffic is over. */
void qoe_film_add_window(qoe_film *film, const qoe_traffic *traffic, int64_t window_us);

/* Is what the film's last windows and this one (traffic) show no film? open: responses under way, qoe_segment *. */
bool qoe_film_is_ruled_out(const qoe_film *film, const qoe_traffic *traffic, const GPtrArray *open);

#endif
