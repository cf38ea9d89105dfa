/* Writing of whole files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "output.h"

#include <glib.h>

bool output_write(const char *path, const char *text, size_t length, char **error)
{
    GError *failure = NULL;
    if (g_file_set_contents(path, text, (gssize)length, &failure))
        return true;
    *error = g_strdup_printf("%s: %s", path, failure->message);
    g_error_free(failure);
    return false;
}
