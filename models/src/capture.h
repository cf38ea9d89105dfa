/* One capture through tshark and the plugin: the features of its main session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_CAPTURE_H
#define QOE_TRAIN_CAPTURE_H

#include "table.h"

typedef struct {
    char **command;     /* tshark and what stands before it, NULL-terminated */
    char **preferences; /* for -o, NULL-terminated */
    double window_s;
} capture_tool;

/* Fills an empty table with a row per window of the session that downloaded most; the rows have service, transport,
 * window, start_s and features. False with *error, also without a session; it does not name the capture if it would be
 * the same for every one. */
bool capture_read(const capture_tool *tool, const char *path, table *data, char **error);

#endif
