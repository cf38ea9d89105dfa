/* Knows that <plugins>/X.Y/epan/qoe.so has its files in <plugins>/X.Y/qoe.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE /* dladdr */
#include "beside.h"

#include <dlfcn.h>
#include <glib.h>

/* Something of this code, to ask where that was loaded from. */
static const char here;

char *qoe_beside(const char *name)
{
    Dl_info own;

    if (!dladdr(&here, &own) || !own.dli_fname)
        return NULL;
    char *epan = g_path_get_dirname(own.dli_fname);
    char *version = g_path_get_dirname(epan);
    char *path = g_build_filename(version, "qoe", *name ? name : NULL, NULL);
    g_free(version);
    g_free(epan);
    return path;
}
