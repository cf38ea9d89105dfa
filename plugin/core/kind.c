/* Kinds by size, by what the solver found, and by what else their server sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "kind.h"

#include "history.h"

enum {
    PAGE_OBJECTS_MAX = 3,  /* large objects of a server that is no film's */
    FILM_OBJECTS_MIN = 10, /* large objects of the other servers: enough to know that the film comes from there */
    PAGE_SERVERS_MAX = 4,
    INDEX_BYTES_MAX = 40000,
    INDEX_BYTES_APART = 8, /* heads differ by a digit or two */
    INDEX_ALONE = 12,      /* within one part in so many of its size there is nothing else: segments' sizes spread */
    INDEXES_MIN = 3,
    INDEXES_MAX = 12 /* renditions; audio of an exactly constant rate has more */
};

qoe_kind qoe_kind_judge(const qoe_segment *segment, const qoe_audio *audio, bool solved)
{
    if (segment->bytes < QOE_OBJECT_MIN_BYTES)
        return QOE_KIND_OTHER;
    if (segment->shared && solved && segment->kind != QOE_KIND_OTHER)
        return segment->kind;
    return qoe_audio_matches(audio, (double)segment->bytes) ? QOE_KIND_AUDIO : QOE_KIND_VIDEO;
}

/* The server of the first large object from segments[*first] on that still counts as media; NULL: none. */
static const qoe_server *first_media_server(const GPtrArray *segments)
{
    for (guint i = 0; i < segments->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(segments, i);
        if (segment->kind != QOE_KIND_OTHER)
            return segment->server;
    }
    return NULL;
}

static guint count_media(const GPtrArray *segments, const qoe_server *server, bool of_server)
{
    guint count = 0;
    for (guint i = 0; i < segments->len; i++) {
        const qoe_segment *segment = g_ptr_array_index(segments, i);
        count += segment->kind != QOE_KIND_OTHER && (segment->server == server) == of_server;
    }
    return count;
}

void qoe_kind_set_pages_apart(const GPtrArray *segments)
{
    for (unsigned n = 0; n < PAGE_SERVERS_MAX; n++) {
        const qoe_server *server = first_media_server(segments);
        if (server == NULL || count_media(segments, server, true) > PAGE_OBJECTS_MAX ||
            count_media(segments, server, false) < FILM_OBJECTS_MIN)
            return;
        for (guint i = 0; i < segments->len; i++) {
            qoe_segment *segment = g_ptr_array_index(segments, i);
            if (segment->server == server)
                segment->kind = QOE_KIND_OTHER;
        }
    }
}

static int by_size(const void *a, const void *b)
{
    const qoe_segment *x = *(qoe_segment *const *)a, *y = *(qoe_segment *const *)b;
    return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

/* Media not much larger than an index, smallest first. */
static GPtrArray *small_media(const GPtrArray *segments)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < segments->len; i++) {
        qoe_segment *segment = g_ptr_array_index(segments, i);
        if (segment->kind != QOE_KIND_OTHER && segment->bytes <= INDEX_BYTES_MAX)
            g_ptr_array_add(found, segment);
    }
    g_ptr_array_sort(found, by_size);
    return found;
}

static uint64_t bytes_at(const GPtrArray *sorted, guint i)
{
    return ((const qoe_segment *)g_ptr_array_index(sorted, i))->bytes;
}

/* Nothing of about the size of sorted[first .. first + count) lies beside them. */
static bool stand_alone(const GPtrArray *sorted, guint first, guint count)
{
    const uint64_t margin = bytes_at(sorted, first) / INDEX_ALONE, last = bytes_at(sorted, first + count - 1);
    return (first == 0 || bytes_at(sorted, first - 1) + margin < bytes_at(sorted, first)) &&
           (first + count == sorted->len || last + margin < bytes_at(sorted, first + count));
}

void qoe_kind_set_indexes_apart(const GPtrArray *segments)
{
    GPtrArray *sorted = small_media(segments);
    guint count;
    for (guint first = 0; first < sorted->len; first += count) {
        for (count = 1; first + count < sorted->len; count++) {
            if (bytes_at(sorted, first + count) > bytes_at(sorted, first) + INDEX_BYTES_APART)
                break;
        }
        if (count < INDEXES_MIN || count > INDEXES_MAX || !stand_alone(sorted, first, count))
            continue;
        for (guint i = first; i < first + count; i++) {
            qoe_segment *segment = g_ptr_array_index(sorted, i);
            if (segment->kind == QOE_KIND_VIDEO && !segment->shared)
                segment->kind = QOE_KIND_OTHER;
        }
    }
    g_ptr_array_free(sorted, TRUE);
}
