/* Where a statistic of the command line writes: a file, a pipe, a device or standard output.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_OUTPUT_H
#define QOE_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

typedef struct qoe_output qoe_output;

/* Opens a path ("-": standard output) for -z COMMAND. NULL, with a message to the user, if that cannot be, or if it is
 * a capture or the file of another output that is open. To be done before the capture is read: nobody waits for an hour
 * to learn that a folder does not exist. */
qoe_output *qoe_output_open(const char *command, const char *path);
void qoe_output_close(qoe_output *output);

/* "-", or a name that ends in the suffix (".svg")? False, with a message to the user: where that is asked for, anything
 * else is a slip, a filter of which a file would be made. */
bool qoe_output_is_named(const char *command, const char *path, const char *suffix);

/* Has write put something there. A statistic may be drawn more than once (a live capture): a file holds what was
 * written last. Where it fails, or something else has come into the file meanwhile, the user is told, and the shell by
 * tshark's exit status. */
typedef bool (*qoe_output_cb)(FILE *out, void *user_data);
void qoe_output_write(qoe_output *output, qoe_output_cb write, void *user_data);

#endif
