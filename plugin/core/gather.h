/* Puts the pieces at the start of a byte stream into one run: out of order, repeated, overlapping, or with holes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_GATHER_H
#define QOE_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QOE_GATHER_MAX 16384  /* bytes held; what lies behind is dropped */
#define QOE_GATHER_ISLANDS 32 /* pieces held that the run has not reached yet; further ones are dropped */

typedef struct {
    size_t start, end;
} qoe_island;

/* All zero is empty. Public to read: data[0..run) is there. */
typedef struct {
    uint8_t *data;
    size_t allocated;
    size_t run;                             /* bytes from the start without a hole */
    qoe_island islands[QOE_GATHER_ISLANDS]; /* behind the run, rising, apart from each other */
    size_t island_count;
} qoe_gather;

/* Adds len bytes that start at offset. What is there already stays as it is. True if the run grew. */
bool qoe_gather_add(qoe_gather *gather, uint64_t offset, const uint8_t *data, size_t len);

/* Frees what it holds; it is empty then. */
void qoe_gather_clear(qoe_gather *gather);

#endif
