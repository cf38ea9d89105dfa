/* A progress line on a terminal; silent elsewhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_PROGRESS_H
#define QOE_TRAIN_PROGRESS_H

#include <glib.h>

typedef struct {
    const char *what;
    unsigned total, done;
    GMutex lock;
} progress;

void progress_start(progress *bar, const char *what, unsigned total);
void progress_step(progress *bar); /* from any thread */
void progress_end(progress *bar);

#endif
