/* Which model bundle is in use: the user's, or the one installed beside the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "modelfile.h"

#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include <wsutil/report_message.h>

#include "beside.h"

#define SUFFIX ".qoemodel"

/* The model in use and the file it came from, to notice when that is another one. */
static struct {
    char *path;
    gint64 changed, size;
    qoe_model *model;
    char *message;
    bool told; /* the message */
} in_use;

/* The first in the order of names, so that the choice does not hang on the file system. NULL: none. */
static char *installed_model(void)
{
    char *folder = qoe_beside("");
    GDir *dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
    char *best = NULL;

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        if (!g_str_has_suffix(name, SUFFIX) || (best && strcmp(name, best) >= 0))
            continue;
        g_free(best);
        best = g_strdup(name);
    }
    char *path = best ? g_build_filename(folder, best, NULL) : NULL;
    if (dir)
        g_dir_close(dir);
    g_free(best);
    g_free(folder);
    return path;
}

static void forget(void)
{
    qoe_model_free(in_use.model);
    g_free(in_use.message);
    g_free(in_use.path);
    memset(&in_use, 0, sizeof in_use);
}

static void tell(void)
{
    in_use.told = true;
    report_failure("QoE: the model cannot be used, so no resolution is told: %s", in_use.message);
}

static void fail(char *message)
{
    in_use.message = message;
    tell();
}

static void load(char *path, bool whole, const GStatBuf *file)
{
    char *error = NULL;

    forget();
    in_use.path = path;
    in_use.changed = file->st_mtime;
    in_use.size = file->st_size;
    in_use.model = whole ? qoe_model_load(path, &error) : qoe_model_open(path, &error);
    if (!in_use.model)
        fail(error ? error : g_strdup(path));
}

void qoe_modelfile_use(const char *path)
{
    char *wanted = *path ? g_strdup(path) : installed_model();
    GStatBuf file = {0};

    if (!wanted) {
        forget();
        in_use.message = g_strdup("none (*" SUFFIX ") is installed beside the plugin");
        return;
    }
    /* A file that is not there looks like an empty one of the year 1970; loading it tells what is wrong. */
    if (g_stat(wanted, &file) != 0)
        memset(&file, 0, sizeof file);
    if (in_use.path && strcmp(in_use.path, wanted) == 0 && in_use.changed == file.st_mtime &&
        in_use.size == file.st_size) {
        g_free(wanted);
        return;
    }
    load(wanted, *path != '\0', &file);
}

void qoe_modelfile_tell_damage(void)
{
    const char *damage = in_use.model ? qoe_model_damage(in_use.model) : NULL;

    if (damage && !in_use.message)
        fail(g_strdup(damage));
}

void qoe_modelfile_tell_missing(void)
{
    if (!in_use.model && in_use.message && !in_use.told)
        tell();
}

const qoe_model *qoe_modelfile_model(void)
{
    return in_use.model;
}

const char *qoe_modelfile_message(void)
{
    return in_use.message;
}
