/* Reads a rule's match as the user wrote it.
 *
 * Every refusal says what to write instead: the words appear in a dialog of Wireshark's, beside the row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service_match.h"

#include <glib.h>

#include "service.h"

enum { LABEL_MAX = 63, HOST_MAX = 253 }; /* RFC 1035 2.3.4, without the final dot */

static bool only_of(const char *text, const char *set)
{
    return text[strspn(text, set)] == '\0';
}

/* The host in "https://user@www.example.com:443/path?query"; g_free. */
static char *host_of_url(const char *text)
{
    const char *start = strstr(text, "://");
    start = start ? start + 3 : text;
    const size_t authority = strcspn(start, "/?#");
    const char *at = memchr(start, '@', authority);
    const char *host = at ? at + 1 : start;
    return g_strndup(host, MIN(strcspn(host, ":/?#"), authority - (size_t)(host - start)));
}

static char *say_url(const char *text)
{
    char *host = host_of_url(text);
    char *words = *host ? g_strdup_printf("\"%s\" is a web address; write only its host name: \"%s\"", text, host)
                        : g_strdup_printf("\"%s\" is a web address; write only a host name", text);
    g_free(host);
    return words;
}

static char *parse_prefix(const char *text, qoe_match *match)
{
    const char *slash = strchr(text, '/');
    if (!qoe_prefix_parse(text, &match->prefix))
        return g_strdup_printf("\"%s\" is not a prefix length: write /1 to /%d", slash + 1,
                               strchr(text, ':') ? 128 : 32);
    if (slash && slash[1] == '0')
        return g_strdup_printf("\"%s\" would match every address", text);

    char *host = slash ? g_strndup(text, (size_t)(slash - text)) : g_strdup(text);
    qoe_addr addr;
    const bool tidy = qoe_addr_parse(host, &addr) && qoe_addr_equal(&addr, &match->prefix.addr);
    g_free(host);
    if (!tidy) {
        char network[QOE_ADDR_STRLEN];
        return g_strdup_printf("\"%s\" has bits set behind its length; the prefix is \"%s%s\"", text,
                               qoe_addr_format(&match->prefix.addr, network), slash);
    }
    match->is_prefix = true;
    return NULL;
}

/* A label is not empty, of at most 63 characters, and of letters, digits, '-' and '_'. */
static char *check_labels(const char *name)
{
    if (strlen(name) > HOST_MAX)
        return g_strdup_printf("the name is longer than %d characters", HOST_MAX);
    for (const char *label = name;; label++) {
        const size_t len = strcspn(label, ".");
        if (len == 0)
            return g_strdup_printf("\"%s\" has an empty part between its dots", name);
        if (len > LABEL_MAX)
            return g_strdup_printf("\"%.*s\" is longer than %d characters", (int)len, label, LABEL_MAX);
        for (size_t i = 0; i < len; i++) {
            const unsigned char c = (unsigned char)label[i];
            if (c >= 0x80)
                return g_strdup_printf("\"%s\": write names outside ASCII in their xn-- form", name);
            if (!g_ascii_isalnum(c) && c != '-' && c != '_')
                return g_strdup_printf("\"%s\": '%c' cannot be in a domain name", name,
                                       c < 0x20 || c == 0x7f ? '?' : c);
        }
        label += len;
        if (!*label)
            return NULL;
    }
}

static char *parse_suffix(const char *text, qoe_match *match)
{
    if (g_str_has_prefix(text, "*.") || text[0] == '.') {
        const char *rest = text + strspn(text, "*.");
        return *rest
                   ? g_strdup_printf("write \"%s\" instead of \"%s\": a suffix matches all names below it", rest, text)
                   : g_strdup_printf("\"%s\" would match every name", text);
    }
    if (strchr(text, '*'))
        return g_strdup_printf("\"%s\": '*' is not supported; write the end of the name, such as \"nflxvideo.net\"",
                               text);

    char *name = g_ascii_strdown(text, -1);
    const size_t len = strlen(name);
    if (len > 1 && name[len - 1] == '.')
        name[len - 1] = '\0';
    char *words = check_labels(name);
    if (!words) {
        match->is_prefix = false;
        g_strlcpy(match->suffix, name, sizeof match->suffix);
    }
    g_free(name);
    return words;
}

/* True if what stands before a slash is an address, so that what stands behind it is a length. */
static bool starts_with_address(const char *text)
{
    char *host = g_strndup(text, strcspn(text, "/"));
    qoe_addr addr;
    const bool found = qoe_addr_parse(host, &addr);
    g_free(host);
    return found;
}

/* Digits and dots, or hexadecimal and colons: meant as an address. */
static bool looks_numeric(const char *text)
{
    if (strchr(text, ':'))
        return only_of(text, "0123456789abcdefABCDEF:./");
    return strpbrk(text, "0123456789") && only_of(text, "0123456789./");
}

static char *parse_trimmed(const char *text, qoe_match *match)
{
    if (!*text)
        return g_strdup("the match is empty; write a domain suffix such as \"nflxvideo.net\" or an address prefix "
                        "such as \"198.38.96.0/19\"");
    if (strstr(text, "://"))
        return say_url(text);
    if (starts_with_address(text))
        return parse_prefix(text, match);
    if (looks_numeric(text))
        return g_strdup_printf("\"%s\" is not an address; write all of it, such as \"198.38.96.0/19\" or "
                               "\"2a00:86c0::/32\"",
                               text);
    if (strpbrk(text, "/?#@:"))
        return say_url(text);
    return parse_suffix(text, match);
}

char *qoe_match_parse(const char *text, qoe_match *match)
{
    char *trimmed = g_strstrip(g_strdup(text ? text : ""));
    char *words = parse_trimmed(trimmed, match);
    g_free(trimmed);
    return words;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

char *qoe_service_name_parse(const char *text, char name[QOE_SERVICE_MAX])
{
    char *trimmed = g_strstrip(g_strdup(text ? text : ""));
    char *words = NULL;
    if (!*trimmed)
        words = g_strdup("the service is empty; write its name, such as \"Netflix\"");
    else if (strlen(trimmed) >= QOE_SERVICE_MAX)
        words = g_strdup_printf("the service's name is longer than %d bytes", QOE_SERVICE_MAX - 1);
    else if (!g_utf8_validate(trimmed, -1, NULL) || has_control(trimmed))
        words = g_strdup("the service's name has characters that cannot be shown");
    else if (g_ascii_strcasecmp(trimmed, QOE_SERVICE_UNTAGGED) == 0)
        words = g_strdup("\"" QOE_SERVICE_UNTAGGED "\" is the name for hosts that no rule names; take another one");
    else
        g_strlcpy(name, trimmed, QOE_SERVICE_MAX);
    g_free(trimmed);
    return words;
}
