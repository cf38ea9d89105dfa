/* Writing of whole files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_OUTPUT_H
#define QOE_TRAIN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Writes a file in one go: there is the old one or all of the new one. False with *error (g_free) naming the file. */
bool output_write(const char *path, const char *text, size_t length, char **error);

#endif
