/* Truth files: resolution per second, or per window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_LABELS_H
#define QOE_TRAIN_LABELS_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    int downloaded; /* lines; what is on screen where the file knows no other; 0: none */
    int displayed;
    unsigned line; /* of the file; 0: several seconds make it */
} label;

/* Window index -> label *. Two kinds of file are told apart by their columns:
 *   second,resolution           lines on screen in each second; a window takes the commonest
 *   window,resolution           and, if there, dl_resolution (what was downloaded) and valid (0: leave the row out);
 *                               windows of 10 s only
 * A resolution that is 0 or empty is none: windows with no other have the label 0. NULL with *error. Free with
 * g_hash_table_destroy. */
GHashTable *labels_read(const char *path, double window_s, char **error);

#endif
