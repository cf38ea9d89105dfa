/* A progress line on a terminal; silent elsewhere.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define WIDTH 40u

static void draw(const progress *bar)
{
    if (!isatty(STDERR_FILENO))
        return;
    const unsigned filled = bar->total ? WIDTH * bar->done / bar->total : WIDTH;
    fprintf(stderr, "\r%-24s [", bar->what);
    for (unsigned i = 0; i < WIDTH; i++)
        fputc(i < filled ? '#' : ' ', stderr);
    fprintf(stderr, "] %u/%u", bar->done, bar->total);
    fflush(stderr);
}

void progress_start(progress *bar, const char *what, unsigned total)
{
    bar->what = what;
    bar->total = total;
    bar->done = 0;
    g_mutex_init(&bar->lock);
    draw(bar);
}

void progress_step(progress *bar)
{
    g_mutex_lock(&bar->lock);
    bar->done++;
    draw(bar);
    g_mutex_unlock(&bar->lock);
}

void progress_end(progress *bar)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr); /* what follows takes its line */
    g_mutex_clear(&bar->lock);
}
