/* The subcommands of qoe-train. Each takes its own arguments (argv[0] is its name) and returns an exit
 * status: 0 done, 1 failed, 2 wrong usage.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_COMMANDS_H
#define QOE_TRAIN_COMMANDS_H

#include <glib.h>
#include <stdbool.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

int command_dataset(int argc, char **argv);
int command_clean(int argc, char **argv);
int command_fit(int argc, char **argv);
int command_evaluate(int argc, char **argv);
int command_inspect(int argc, char **argv);

/* What --help says of a command. */
typedef struct {
    const char *arguments, *summary, *examples; /* examples: a line each, indented */
} command_help;

/* Parses options; what remains are the arguments, at least `least` and at most `most` of them. On trouble prints it
 * and returns false (a usage error). */
bool command_parse(const command_help *help, const GOptionEntry *entries, int *argc, char ***argv, int least, int most);

/* Prints "qoe-train: message" to stderr, frees it and returns EXIT_FAILED. */
int command_fail(char *message);

#endif
