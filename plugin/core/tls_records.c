/* Following the heads of TLS records by sequence number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls_records.h"

#include <glib.h>
#include <string.h>

enum {
    TYPE_FIRST = 20, /* change_cipher_spec */
    TYPE_LAST = 24,  /* heartbeat */
    LEN_MAX = 16384 + 2048,
    DATA_LEN_MIN = 17,     /* one byte and its tag */
    HEADLESS_MAX = 1 << 20 /* bytes without a head after which the next one is not where it should be */
};

typedef struct {
    void (*take)(void *user_data, const qoe_tls_record *record);
    void *user_data;
} listener;

static uint16_t len_at(const uint8_t *head)
{
    return (uint16_t)(head[3] << 8 | head[4]);
}

static bool is_head(const uint8_t *head)
{
    return head[0] >= TYPE_FIRST && head[0] <= TYPE_LAST && head[1] == 3 && head[2] <= 4 && len_at(head) > 0 &&
           len_at(head) <= LEN_MAX;
}

/* In ciphertext about one place in 60 million looks like it. */
static bool looks_like_data(const uint8_t *head)
{
    return head[0] == QOE_TLS_APPLICATION_DATA && head[1] == 3 && head[2] == 3 && len_at(head) >= DATA_LEN_MIN &&
           len_at(head) <= LEN_MAX;
}

static void tell(qoe_tls_records *records, const listener *to)
{
    if (!records->waiting || (int32_t)(records->reached - records->current.end) < 0)
        return;
    records->waiting = false;
    to->take(to->user_data, &records->current);
}

/* The head at `next` says so. */
static void begin_record(qoe_tls_records *records, uint8_t type, uint16_t len)
{
    records->current = (qoe_tls_record){type, records->torn, len, records->next + QOE_TLS_HEAD + len};
    records->next = records->current.end;
    records->have = 0;
    records->torn = false;
    records->waiting = true;
    records->headless = 0;
}

/* Where the next head is is not known any more. */
static void lose(qoe_tls_records *records)
{
    records->found = records->waiting = false;
    records->torn = true;
    records->have = 0;
    records->headless = 0;
}

/* Reads the heads that lie in the packet. */
static void read_heads(qoe_tls_records *records, const qoe_packet *packet, const listener *to)
{
    while (records->found) {
        const int64_t at = (int32_t)(records->next + records->have - packet->seq);
        if (at < 0 || at >= packet->payload_len)
            return;
        const uint32_t count = MIN(QOE_TLS_HEAD - (uint32_t)records->have, packet->payload_len - (uint32_t)at);
        memcpy(records->head + records->have, packet->payload + at, count);
        records->have = (uint8_t)(records->have + count);
        if (records->have < QOE_TLS_HEAD)
            return;
        tell(records, to);
        if (is_head(records->head))
            begin_record(records, records->head[0], len_at(records->head));
        else
            lose(records);
    }
}

static uint32_t row_end(const qoe_tls_row *row)
{
    return row->seq + row->count * (uint32_t)(QOE_TLS_HEAD + row->len);
}

/* Is a head of this row at seq? */
static bool has_head(const qoe_tls_row *row, uint32_t seq)
{
    const uint32_t from = seq - row->seq;
    return from < row_end(row) - row->seq && from % (uint32_t)(QOE_TLS_HEAD + row->len) == 0;
}

static const qoe_tls_row *remembered(const qoe_tls_records *records, uint32_t seq)
{
    for (unsigned i = 0; i < records->ahead_count; i++) {
        if (has_head(&records->ahead[i], seq))
            return &records->ahead[i];
    }
    return NULL;
}

/* The next head, if it came while one before it was missing. */
static bool take_remembered(qoe_tls_records *records, const listener *to)
{
    if (!records->found || records->have > 0)
        return false;
    const qoe_tls_row *row = remembered(records, records->next);
    if (row == NULL)
        return false;
    tell(records, to);
    begin_record(records, QOE_TLS_APPLICATION_DATA, row->len);
    return true;
}

static void forget_passed(qoe_tls_records *records)
{
    uint8_t kept = 0;
    for (unsigned i = 0; i < records->ahead_count; i++) {
        if ((int32_t)(row_end(&records->ahead[i]) - records->next) > 0)
            records->ahead[kept++] = records->ahead[i];
    }
    records->ahead_count = kept;
}

/* Remembers what looks like a head. Where there is no more place, a head that is still missing will not come. */
static void remember(qoe_tls_records *records, uint32_t seq, uint16_t len)
{
    if (remembered(records, seq) != NULL)
        return;
    for (unsigned i = 0; i < records->ahead_count; i++) {
        qoe_tls_row *row = &records->ahead[i];
        if (row->len == len && row_end(row) == seq && row->count < UINT16_MAX) {
            row->count++;
            return;
        }
    }
    if (records->ahead_count == QOE_TLS_AHEAD_MAX && records->found)
        lose(records);
    else if (records->ahead_count == QOE_TLS_AHEAD_MAX)
        records->ahead_count = 0;
    if (records->ahead_count < QOE_TLS_AHEAD_MAX)
        records->ahead[records->ahead_count++] = (qoe_tls_row){seq, len, 1};
}

static void look_for_heads(qoe_tls_records *records, uint32_t seq, const uint8_t *data, uint32_t len)
{
    const uint8_t *at = data, *end = data + len;
    while ((at = memchr(at, QOE_TLS_APPLICATION_DATA, (size_t)(end - at))) != NULL && end - at >= QOE_TLS_HEAD) {
        if (looks_like_data(at))
            remember(records, seq + (uint32_t)(at - data), len_at(at));
        at++;
    }
}

/* The packet, and the border between the last one and this one. */
static void look_ahead(qoe_tls_records *records, const qoe_packet *packet)
{
    enum { TAIL = QOE_TLS_HEAD - 1 };
    uint8_t border[2 * TAIL];
    if (packet->payload_len < TAIL)
        return;
    memcpy(border, records->tail, TAIL);
    memcpy(border + TAIL, packet->payload, TAIL);
    if (records->tail_end == packet->seq)
        look_for_heads(records, packet->seq - TAIL, border, sizeof border);
    look_for_heads(records, packet->seq, packet->payload, packet->payload_len);
    records->tail_end = packet->seq + packet->payload_len;
    memcpy(records->tail, packet->payload + packet->payload_len - TAIL, TAIL);
}

/* Of the remembered heads one is where another one's record ends. */
static void find_chain(qoe_tls_records *records)
{
    for (unsigned i = 0; i < records->ahead_count && !records->found; i++) {
        const qoe_tls_row *row = &records->ahead[i];
        records->found = row->count > 1 || remembered(records, row_end(row)) != NULL;
        records->next = row->seq;
        records->torn = true;
    }
}

/* A head that should be before this packet has not come yet, or nobody knows where it should be. */
static void search(qoe_tls_records *records, const qoe_packet *packet)
{
    look_ahead(records, packet);
    if (!records->found)
        find_chain(records);
}

/* Counts bytes in which no head was read. */
static void count_headless(qoe_tls_records *records, uint32_t bytes)
{
    records->headless += bytes;
    if (records->headless <= HEADLESS_MAX)
        return;
    records->given_up = !records->found;
    lose(records);
}

static void reach(qoe_tls_records *records, const qoe_packet *packet)
{
    const uint32_t end = packet->seq + packet->payload_len;
    if (!records->begun || (int32_t)(end - records->reached) > 0)
        records->reached = end;
    records->begun = true;
}

void qoe_tls_records_packet(qoe_tls_records *records, const qoe_packet *packet,
                            void (*take)(void *user_data, const qoe_tls_record *record), void *user_data)
{
    const listener to = {take, user_data};
    records->given_up |= packet->captured_len < packet->payload_len;
    if (records->given_up || packet->payload_len == 0)
        return;
    reach(records, packet);
    count_headless(records, packet->payload_len);
    if (!records->found || (int32_t)(packet->seq - records->next - records->have) > 0)
        search(records, packet);
    do
        read_heads(records, packet, &to);
    while (take_remembered(records, &to));
    if (records->ahead_count > 0)
        forget_passed(records);
    tell(records, &to);
}
