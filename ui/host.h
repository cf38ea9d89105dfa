/* The program that we are in: Wireshark, tshark or sharkd.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_HOST_H
#define QOE_HOST_H

#include <stdbool.h>

#include <epan/packet.h>
#include <epan/tap.h>

#include "analysis.h"
#include "compat.h"

/* In the graphical Wireshark? */
bool qoe_host_is_gui(void);

/* Ends the program with status 1 where a statistic of the command line could not start and nothing else would tell
 * the shell. Not in the graphical Wireshark. */
void qoe_host_end_unless(bool ok);

/* Has the program end with status 1 when all else is done: something could not be written, or was made without the
 * model that the user named. Not the graphical Wireshark. */
void qoe_host_fail(void);

/* To be called by what tells resolutions when it is drawn: says once that there is no model, and has the program end
 * with status 1 if the user has named one. */
void qoe_host_tell_missing_model(void);

/* Says what the analysis (or NULL) had no room for, if so. Not on standard output: that may be the table's. */
void qoe_host_tell_losses(const char *command, const qoe_analysis *analysis);

/* What to say where an analysis (or NULL) has found no session, and what the user may try. Static text, in lines. */
const char *qoe_host_nothing(const qoe_analysis *analysis);

/* The rest of a -z argument behind "command," ("" if there is none). NULL, with a message to the user, where
 * something else follows the command: "-z qoe,graphs" is no "-z qoe,graph". */
const char *qoe_host_argument(const char *argument, const char *command);

/* Listens to the tap "qoe". False, with a message to the user, if the filter is wrong. filter NULL or "": all. */
bool qoe_host_listen(const char *command, void *listener, const char *filter, void (*reset)(void *),
                     tap_packet_cb packet, void (*draw)(void *), void (*finish)(void *));

/* Is anything listening by the above? Others (a script in Lua) may listen to the tap as well. */
bool qoe_host_listens(void);

#endif
