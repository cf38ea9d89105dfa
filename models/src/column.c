/* What a column's name gives away: truth that no model may see, and identity that no model may learn by heart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "column.h"

#include <glib.h>
#include <string.h>

#include "feature.h"

enum { WORD_MAX = 32 };

/* Words of a name ("c_bitrate_switches", "serverBitrateChange") that begin so. */
static const char *const truths[] = {"bitrate",  "quality", "switch", "rebuffer", "stall",     "startup",
                                     "position", "frozen",  "buffer", "playing",  "displayed", "resolution"};
/* Whole words. */
static const char *const identities[] = {"id",   "ip",       "port",      "address", "addr", "mac",
                                         "date", "datetime", "timestamp", "session", "index"};
/* Whole names. */
static const char *const truth_names[] = {"ads"};
static const char *const identity_names[] = {"capture",          "source",         "window",     "start_s",
                                             "chunk_start_time", "chunk_end_time", "Unnamed: 0", "video_duration"};

static bool is_listed(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

static bool begins_with_any(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (g_str_has_prefix(text, list[i]))
            return true;
    return false;
}

/* Copies the next word in lower case: letters and digits up to an underscore, a blank, or a capital behind a small
 * letter. Returns what follows it, NULL at the end. */
static const char *next_word(const char *from, char word[WORD_MAX])
{
    size_t n = 0;
    while (*from && !g_ascii_isalnum(*from))
        from++;
    if (!*from)
        return NULL;
    for (const char *first = from; g_ascii_isalnum(*from); from++) {
        if (from > first && g_ascii_isupper(*from) && g_ascii_islower(from[-1]))
            break;
        if (n + 1 < WORD_MAX)
            word[n++] = g_ascii_tolower(*from);
    }
    word[n] = '\0';
    return from;
}

const char *column_reason(const char *name)
{
    static const char truth[] = "truth: it tells the answer";
    static const char identity[] = "identity: it tells the session, not its traffic";
    const char *reason = NULL;
    char word[WORD_MAX];
    if (qoe_features_find(name) >= 0)
        return NULL;
    if (is_listed(name, truth_names, G_N_ELEMENTS(truth_names)))
        return truth;
    if (is_listed(name, identity_names, G_N_ELEMENTS(identity_names)))
        return identity;
    for (const char *rest = name; (rest = next_word(rest, word));) {
        if (begins_with_any(word, truths, G_N_ELEMENTS(truths)))
            return truth;
        if (is_listed(word, identities, G_N_ELEMENTS(identities)))
            reason = identity;
    }
    return reason;
}
