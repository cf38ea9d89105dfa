/* TCP sequence accounting with wrap-around (RFC 9293 3.4): how far one direction has advanced.
 *
 * The size of an object is the advance of the highest sequence number, not the sum of packets: retransmitted
 * bytes count once and bytes that the capture missed count too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SEQUENCE_H
#define QOE_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing seen yet. */
typedef struct {
    bool known;
    uint32_t next; /* the sequence number behind the highest byte seen */
} qoe_sequence;

/* A jump further than this is not a hole in the capture but another connection or a hostile packet; it
 * exceeds the largest receive window (RFC 7323: 1 GiB). */
#define QOE_SEQUENCE_JUMP_MAX 0x40000000u

/* Sets the number that the first payload byte will have (behind a SYN). */
static inline void qoe_sequence_start(qoe_sequence *sequence, uint32_t next)
{
    sequence->known = true;
    sequence->next = next;
}

/* Takes a payload of len bytes at seq; returns by how many bytes the direction advanced, holes before seq
 * included: 0 for a retransmission. The first payload of a direction that has no start advances by its own length. */
static inline uint32_t qoe_sequence_advance(qoe_sequence *sequence, uint32_t seq, uint32_t len)
{
    uint32_t end = seq + len;
    if (!sequence->known) {
        qoe_sequence_start(sequence, end);
        return len;
    }
    uint32_t advance = end - sequence->next;
    if (advance == 0 || advance > 0x80000000u)
        return 0;
    sequence->next = end;
    return advance > QOE_SEQUENCE_JUMP_MAX ? len : advance;
}

#endif
