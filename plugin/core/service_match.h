/* Reads a rule's match as the user wrote it: a domain suffix or an address prefix, or words about what is wrong.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_SERVICE_MATCH_H
#define QOE_SERVICE_MATCH_H

#include "addr.h"

#define QOE_SUFFIX_MAX 256 /* 253 characters and a NUL, rounded up */
#define QOE_SERVICE_MAX 65 /* bytes of a service's name and a NUL */

typedef struct {
    bool is_prefix;
    qoe_prefix prefix;
    char suffix[QOE_SUFFIX_MAX]; /* lower case, without a final dot */
} qoe_match;

/* NULL if text (blanks around it do not count) is a match, else words for the user (g_free). */
char *qoe_match_parse(const char *text, qoe_match *match);

/* NULL if text is a service's name, copied without the blanks around it; else words for the user (g_free). */
char *qoe_service_name_parse(const char *text, char name[QOE_SERVICE_MAX]);

#endif
