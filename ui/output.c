/* Knows how an output is opened, begun anew and closed, and who is told when it fails.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _POSIX_C_SOURCE 200809L /* fileno, ftruncate */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "host.h"

#include <wiretap/wtap.h>
#include <wsutil/report_message.h>

struct qoe_output {
    char *command, *path;
    FILE *out;
    bool is_file;  /* not a pipe, a device or standard output, which cannot be begun anew */
    GStatBuf file; /* which, if it is one */
    off_t size;    /* of the file, as we left it */
};

/* What has been opened and not closed yet, of qoe_output. */
static GSList *outputs;

/* Of what has just been opened: files alone can be cut. */
static bool is_file(FILE *out)
{
    return out != stdout && ftruncate(fileno(out), 0) == 0;
}

static bool is_same(const GStatBuf *one, const GStatBuf *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static bool is_standard_output(const GStatBuf *file)
{
    GStatBuf standard;
    return g_stat("/dev/stdout", &standard) == 0 && is_same(file, &standard);
}

/* An earlier table or picture, or a text of somebody else's. wiretap is not asked of such: it takes some of our exports
 * for captures of old formats, and that of 4.6 looks for logs in any text, and complains. */
static bool is_text(const char *path)
{
    char begin[64];
    FILE *file = fopen(path, "r");
    bool text = file != NULL;

    const size_t len = file ? fread(begin, 1, sizeof begin, file) : 0;
    for (size_t i = 0; i < len && text; i++)
        text = !g_ascii_iscntrl(begin[i]) || g_ascii_isspace(begin[i]);
    if (file)
        fclose(file);
    return text;
}

/* Something that Wireshark reads as packets, whole or damaged. JSON and pictures it opens, too, as one packet. */
static bool is_capture(const char *path)
{
    int error = 0;
    char *details = NULL;
    wtap *opened = is_text(path) ? NULL : wtap_open_offline(path, WTAP_TYPE_AUTO, &error, &details, FALSE);
    const int encapsulation = opened ? wtap_file_encap(opened) : WTAP_ENCAP_UNKNOWN;

    g_free(details);
    if (!opened)
        return error == WTAP_ERR_UNSUPPORTED || error == WTAP_ERR_BAD_FILE;
    wtap_close(opened);
    return encapsulation != WTAP_ENCAP_JSON && encapsulation != WTAP_ENCAP_MIME;
}

static bool is_taken(const GStatBuf *file)
{
    for (const GSList *at = outputs; at; at = at->next) {
        const qoe_output *other = at->data;
        if (other->is_file && is_same(file, &other->file))
            return true;
    }
    return false;
}

/* Why a file that is there must stay; NULL: it may be overwritten. */
static const char *reason_to_keep(const char *path, const GStatBuf *file)
{
    if (!S_ISREG(file->st_mode))
        return NULL;
    if (is_taken(file))
        return "another statistic writes there already";
    return file->st_size > 0 && is_capture(path) ? "it is a capture, which is not overwritten" : NULL;
}

static FILE *open_path(const char *command, const char *path)
{
    GStatBuf file;
    const bool there = g_stat(path, &file) == 0;

    /* By any name: a second way into the file behind it would write over what the first has written. */
    if (strcmp(path, "-") == 0 || (there && is_standard_output(&file)))
        return stdout;
    const char *reason = there ? reason_to_keep(path, &file) : NULL;
    FILE *out = reason ? NULL : fopen(path, "w");
    if (!out)
        report_failure("-z %s: \"%s\" cannot be written: %s", command, path, reason ? reason : g_strerror(errno));
    return out;
}

bool qoe_output_is_named(const char *command, const char *path, const char *suffix)
{
    const size_t len = strlen(path), end = strlen(suffix);

    if (strcmp(path, "-") == 0 || (len > end && g_ascii_strcasecmp(path + len - end, suffix) == 0))
        return true;
    report_failure("-z %s: \"%s\" is neither a file named *%s nor - for standard output; a filter is not taken",
                   command, path, suffix);
    return false;
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
    output->is_file = is_file(out) && g_stat(path, &output->file) == 0;
    outputs = g_slist_prepend(outputs, output);
    return output;
}

void qoe_output_close(qoe_output *output)
{
    if (!output)
        return;
    outputs = g_slist_remove(outputs, output);
    if (output->out != stdout)
        fclose(output->out);
    g_free(output->command);
    g_free(output->path);
    g_free(output);
}

/* Nobody has written there since: tshark opens the capture of its -w later than statistics their outputs. */
static bool is_untouched(const qoe_output *output)
{
    return !output->is_file || (fseek(output->out, 0, SEEK_END) == 0 && ftello(output->out) == output->size);
}

static bool begin_anew(const qoe_output *output)
{
    return !output->is_file || (fseek(output->out, 0, SEEK_SET) == 0 && ftruncate(fileno(output->out), 0) == 0);
}

static bool write_all(qoe_output *output, qoe_output_cb write, void *user_data)
{
    if (!begin_anew(output) || !write(output->out, user_data) || fflush(output->out) != 0 || ferror(output->out))
        return false;
    output->size = output->is_file ? ftello(output->out) : 0;
    return true;
}

void qoe_output_write(qoe_output *output, qoe_output_cb write, void *user_data)
{
    const bool untouched = is_untouched(output);

    if (untouched && write_all(output, write, user_data))
        return;
    report_failure("-z %s: \"%s\" could not be written: %s", output->command, output->path,
                   untouched ? g_strerror(errno) : "something else (-w?) has been written there meanwhile");
    qoe_host_fail();
}
