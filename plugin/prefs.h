/* The preferences of protocol QoE: what the user may set, checked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_PREFS_H
#define QOE_PREFS_H

#include "compat.h"
#include "service.h"

void qoe_prefs_register(int proto);

/* Always within their limits: for a wrong value the default. Where the program asks, a message tells. */
int64_t qoe_prefs_window_us(void);
int64_t qoe_prefs_idle_us(void);
double qoe_prefs_confidence(void); /* 0..1 */
bool qoe_prefs_untagged(void);
const char *qoe_prefs_model(void); /* "": the installed one */

/* A new set: the built-in rules and those of the user's table. Free with qoe_rules_free. */
qoe_rules *qoe_prefs_rules(void);

#endif
