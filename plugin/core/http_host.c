/* The host that a request in the open names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http_host.h"

#include <glib.h>
#include <string.h>

static const char *const methods[] = {"GET ", "HEAD ", "POST ", "PUT ", "OPTIONS "};

/* The method that the bytes are, or may become; NULL if they are none. */
static const char *method_of(const uint8_t *data, size_t have)
{
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        if (memcmp(data, methods[i], MIN(have, strlen(methods[i]))) == 0)
            return methods[i];
    return NULL;
}

bool qoe_http_is_request(const uint8_t *data, size_t have)
{
    const char *method = method_of(data, have);
    return method && have >= strlen(method);
}

/* A field's value up to the line's end: a name, perhaps a port, perhaps blanks around. */
static qoe_sni_status read_value(const uint8_t *value, size_t len, char name[QOE_SNI_MAX])
{
    while (len > 0 && (*value == ' ' || *value == '\t')) {
        value++;
        len--;
    }
    size_t end = 0;
    while (end < len && !strchr(" \t\r:", value[end]))
        end++;
    return qoe_sni_copy_name(value, end, name) ? QOE_SNI_HOST : QOE_SNI_NONE;
}

qoe_sni_status qoe_http_find_host(const uint8_t *data, size_t have, char name[QOE_SNI_MAX])
{
    static const char field[] = "host:";
    if (!method_of(data, have))
        return QOE_SNI_NONE;
    size_t at = 0;
    for (const uint8_t *end; (end = memchr(data + at, '\n', have - at)) != NULL;) {
        const size_t len = (size_t)(end - data) - at;
        if (len <= 1 && at > 0)
            return QOE_SNI_NONE; /* the head is over */
        if (len >= sizeof field && g_ascii_strncasecmp((const char *)data + at, field, sizeof field - 1) == 0)
            return read_value(data + at + sizeof field - 1, len - (sizeof field - 1), name);
        at += len + 1;
    }
    return QOE_SNI_MORE;
}
