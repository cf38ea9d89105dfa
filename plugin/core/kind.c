/* Kinds by size, by what the solver found, and by what else their server sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "kind.h"

#include "history.h"

enum {
    PAGE_OBJECTS_MAX = 3,  /* large objects of a server that is no film's */
    FILM_OBJECTS_MIN = 10, /* large objects of the other servers: enough to know that the film comes from there */
    PAGE_SERVERS_MAX = 4
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
