/* Writes of a server: records put together, and the length that is usual.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "server_writes.h"

#include <glib.h>

/* Writes that are multiples of the usual length until that is believed, and how many times as many as others. (Of
 * nginx's writes of more than one record 75 to 97 % are; the others begin or end a response.) */
enum { ALIKE_MIN = 3, ALIKE_SHARE = 2, COUNTS_MAX = 64 };

/* What is tried first. */
enum { NGINX_USUAL = 32804 };

/* A frame of response headers (HPACK, RFC 7541), with its head: measured 190 to 240 B. */
enum { HEADERS_MIN = 90, HEADERS_MAX = 340 };

/* Frames other than HEADERS and DATA. */
enum { CONTROL_MAX = 120 };

typedef struct {
    qoe_server_writes *writes;
    void (*take)(void *user_data, const qoe_write *write);
    void *user_data;
} listener;

/* What a record holds besides its contents: 16 to 24 B, by the cipher suite. Full records hold a multiple of 64. */
static uint32_t overhead(const qoe_server_writes *writes)
{
    enum { TAG = 16, STEP = 64 };
    return TAG + (writes->full - TAG) % STEP;
}

static bool is_headers(uint32_t bytes)
{
    return bytes >= HEADERS_MIN && bytes <= HEADERS_MAX;
}

static void start_over(qoe_server_writes *writes, uint32_t usual, unsigned alike)
{
    writes->usual = usual;
    writes->alike = alike;
    writes->unlike = 0;
}

static void count(qoe_server_writes *writes, bool alike)
{
    writes->alike += alike;
    writes->unlike += !alike;
    if (writes->alike + writes->unlike < COUNTS_MAX)
        return;
    writes->alike /= 2;
    writes->unlike /= 2;
}

/* Is it a multiple, or one with HEADERS? */
static bool is_made_of(uint32_t plain, uint32_t piece)
{
    return plain >= piece && (plain % piece == 0 || is_headers(plain % piece));
}

/* The usual length is the smallest one of which most others are multiples. */
static void learn(qoe_server_writes *writes, uint32_t plain)
{
    if (plain <= writes->full - overhead(writes))
        return; /* one record */
    if (writes->unlike > writes->alike || (plain < writes->usual && is_made_of(writes->usual, plain)))
        start_over(writes, plain, 1);
    else
        count(writes, is_made_of(plain, writes->usual));
}

uint32_t qoe_server_writes_piece(const qoe_server_writes *writes)
{
    const uint32_t around = overhead(writes), inside = writes->full - around;
    if (writes->records.given_up || writes->alike < ALIKE_MIN || writes->alike < ALIKE_SHARE * writes->unlike)
        return 0;
    return writes->usual + (writes->usual + inside - 1) / inside * (around + QOE_TLS_HEAD);
}

static qoe_write_mark mark_of(const qoe_server_writes *writes)
{
    if (writes->torn)
        return QOE_WRITE_UNKNOWN;
    const bool longer = writes->plain >= writes->usual;
    const uint32_t rest = writes->plain % writes->usual;
    if (rest == 0 || (!longer && rest < CONTROL_MAX))
        return QOE_WRITE_PART;
    return longer && is_headers(rest) ? QOE_WRITE_BEGINS : QOE_WRITE_ENDS;
}

static void end_write(const listener *to, uint32_t seq)
{
    qoe_server_writes *writes = to->writes;
    if (!writes->torn)
        learn(writes, writes->plain);
    if (qoe_server_writes_piece(writes) > 0) {
        const qoe_write write = {mark_of(writes), writes->from, seq, writes->plain};
        to->take(to->user_data, &write);
    }
    writes->torn = false;
    writes->plain = 0;
}

static void take_record(void *user_data, const qoe_tls_record *record)
{
    const listener *to = user_data;
    qoe_server_writes *writes = to->writes;
    if (record->torn)
        writes->plain = 0;
    writes->torn |= record->torn;
    if (record->type != QOE_TLS_APPLICATION_DATA)
        return;
    if (writes->plain == 0)
        writes->from = record->end - record->len - QOE_TLS_HEAD;
    if (record->len > writes->full) {
        writes->full = record->len;
        start_over(writes, NGINX_USUAL, 0);
    }
    writes->plain += record->len - MIN(record->len, overhead(writes));
    if (record->len < writes->full)
        end_write(to, record->end);
}

void qoe_server_writes_packet(qoe_server_writes *writes, const qoe_packet *packet,
                              void (*take)(void *user_data, const qoe_write *write), void *user_data)
{
    listener to = {writes, take, user_data};
    qoe_tls_records_packet(&writes->records, packet, take_record, &to);
}
