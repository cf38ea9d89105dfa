/* Writing of whole files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _POSIX_C_SOURCE 200809L /* lstat */
#include "output.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

bool output_is_standard(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

char *output_is_input(const char *path, char *const *inputs)
{
    GStatBuf output, input;
    if (!path || output_is_standard(path) || g_stat(path, &output) != 0)
        return NULL;
    for (; *inputs; inputs++)
        if (g_stat(*inputs, &input) == 0 && input.st_dev == output.st_dev && input.st_ino == output.st_ino)
            return g_strdup_printf("%s is read: it cannot be written to", path);
    return NULL;
}

FILE *output_messages(const char *path)
{
    return output_is_standard(path) ? stderr : stdout;
}

/* A link, a device or a pipe: a new file in its place would not be what was asked for. */
static bool is_special(const char *path)
{
    GStatBuf status;
    return g_lstat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static bool write_all(FILE *file, const char *text, size_t length)
{
    return fwrite(text, 1, length, file) == length && fflush(file) == 0;
}

static bool write_in_place(const char *path, const char *text, size_t length)
{
    FILE *file = g_fopen(path, "wb");
    if (!file)
        return false;
    const bool written = write_all(file, text, length);
    const int why = errno;
    const bool closed = fclose(file) == 0;
    if (!written)
        errno = why;
    return written && closed;
}

static bool replace(const char *path, const char *text, size_t length, char **error)
{
    GError *failure = NULL;
    if (g_file_set_contents(path, text, (gssize)length, &failure))
        return true;
    *error = g_strdup_printf("%s: %s", path, failure->message);
    g_error_free(failure);
    return false;
}

bool output_write(const char *path, const char *text, size_t length, char **error)
{
    const bool standard = output_is_standard(path);
    if (!standard && !is_special(path))
        return replace(path, text, length, error);
    if (standard ? write_all(stdout, text, length) : write_in_place(path, text, length))
        return true;
    *error = g_strdup_printf("%s: %s", standard ? "standard output" : path, g_strerror(errno));
    return false;
}
