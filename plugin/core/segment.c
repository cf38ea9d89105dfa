/* The words for segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "segment.h"

const char *qoe_kind_name(qoe_kind kind)
{
    static const char *const names[QOE_KINDS] = {"other", "video", "audio"};
    return (unsigned)kind < QOE_KINDS ? names[kind] : "";
}

const char *qoe_complete_name(qoe_complete complete)
{
    static const char *const names[] = {"open", "yes", "aborted", "group", "push"};
    return (unsigned)complete < sizeof names / sizeof names[0] ? names[complete] : "";
}
