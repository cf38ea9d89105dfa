/* Writing of whole files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_OUTPUT_H
#define QOE_TRAIN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes a file in one go: there is the old one or all of the new one. "-" is the standard output; a link is followed,
 * a device or a pipe written into. False with *error (g_free) naming the file. */
bool output_write(const char *path, const char *text, size_t length, char **error);

/* A message (g_free) if a file to write (NULL: none) is one of the inputs, by whatever name; else NULL. */
char *output_is_input(const char *path, char *const *inputs);

bool output_is_standard(const char *path);

/* Where people are told what was done: not on the standard output if that is what is written to. */
FILE *output_messages(const char *path);

#endif
