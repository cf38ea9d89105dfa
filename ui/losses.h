/* What the analysis had no room for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_LOSSES_H
#define QOE_LOSSES_H

#include "analysis.h"

/* What to say below a table: how many of each were not kept, and how many are. NULL: all were. g_free. */
char *qoe_losses_text(const qoe_analysis *analysis);

#endif
