/* Knows how an output is opened, begun anew and closed, and who is told when it fails.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _POSIX_C_SOURCE 200809L /* fileno, ftruncate */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

#include <wsutil/report_message.h>

struct qoe_output {
    char *command, *path;
    FILE *out;
    bool is_file; /* not a pipe, a device or standard output, which cannot be begun anew */
};

/* Of what has just been opened: files alone can be cut. */
static bool is_file(FILE *out)
{
    return out != stdout && ftruncate(fileno(out), 0) == 0;
}

static FILE *open_path(const char *command, const char *path)
{
    FILE *out = NULL;

    if (strncmp(path, "-,", 2) == 0) {
        report_failure("-z %s: \"%s\": behind -, standard output, there is nothing more: it takes no filter", command,
                       path);
        return NULL;
    }
    out = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (!out)
        report_failure("-z %s: \"%s\" cannot be written: %s", command, path, g_strerror(errno));
    return out;
}

qoe_output *qoe_output_open(const char *command, const char *path)
{
    FILE *out = open_path(command, path);

    if (!out)
        return NULL;
    qoe_output *output = g_new0(qoe_output, 1);
    output->command = g_strdup(command);
    output->path = g_strdup(path);
    output->out = out;
    output->is_file = is_file(out);
    return output;
}

void qoe_output_close(qoe_output *output)
{
    if (!output)
        return;
    if (output->out != stdout)
        fclose(output->out);
    g_free(output->command);
    g_free(output->path);
    g_free(output);
}

static bool begin_anew(const qoe_output *output)
{
    return !output->is_file || (fseek(output->out, 0, SEEK_SET) == 0 && ftruncate(fileno(output->out), 0) == 0);
}

void qoe_output_write(const qoe_output *output, qoe_output_cb write, void *user_data)
{
    if (begin_anew(output) && write(output->out, user_data) && fflush(output->out) == 0 && !ferror(output->out))
        return;
    report_failure("-z %s: \"%s\" could not be written: %s", output->command, output->path, g_strerror(errno));
    qoe_host_fail();
}
