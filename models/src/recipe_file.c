/* A recipe's file: a key file (GLib), its groups and keys, and in which line something is wrong with them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "recipe.h"

#include <string.h>

/* GKeyFile tells no lines: they are looked up in the text, blanks around each already gone. */
typedef struct {
    GKeyFile *keys;
    char **lines;
    unsigned wrong_line; /* 0: the file as a whole */
    char *what;          /* NULL: nothing is wrong */
} recipe_file;

static bool opens_group(const char *line, const char *group)
{
    const size_t len = strlen(group);
    return line[0] == '[' && strncmp(line + 1, group, len) == 0 && line[1 + len] == ']';
}

static bool sets_key(const char *line, const char *key)
{
    const size_t len = strlen(key);
    return strncmp(line, key, len) == 0 && line[len + strspn(line + len, " \t")] == '=';
}

/* The last line that sets a group's key, which is the one that counts, or that opens the group if key is NULL. */
static unsigned line_of(char *const *lines, const char *group, const char *key)
{
    unsigned found = 1;
    bool inside = false;
    for (unsigned i = 0; lines[i]; i++) {
        if (lines[i][0] == '[')
            inside = opens_group(lines[i], group);
        if (inside && (key ? sets_key(lines[i], key) : lines[i][0] == '['))
            found = i + 1;
    }
    return found;
}

/* The first line that is no blank, comment, group, or key in a group; 0: none. */
static unsigned odd_line(char *const *lines)
{
    bool in_group = false;
    for (unsigned i = 0; lines[i]; i++) {
        const char *line = lines[i];
        if (*line == '\0' || *line == '#')
            continue;
        if (*line == '[' && strchr(line, ']'))
            in_group = true;
        else if (!in_group || *line == '[' || *line == '=' || !strchr(line, '='))
            return i + 1;
    }
    return 0;
}

static bool fail_at(recipe_file *file, const char *group, const char *key, const char *what)
{
    file->wrong_line = line_of(file->lines, group, key);
    file->what = g_strdup_printf("[%s] %s", group, what);
    return false;
}

static bool read_expert(recipe_file *file, const char *group, recipe *all)
{
    expert_recipe *expert = recipe_add_expert(all, group + strlen("expert "));
    char **keys = g_key_file_get_keys(file->keys, group, NULL, NULL);
    for (char **key = keys; *key && !file->what; key++) {
        char *value = g_key_file_get_value(file->keys, group, *key, NULL), *what = NULL;
        if (!recipe_set(expert, *key, g_strstrip(value), &what))
            fail_at(file, group, *key, what);
        g_free(what);
        g_free(value);
    }
    g_strfreev(keys);
    if (!file->what && !expert->general && !*expert->services)
        return fail_at(file, group, NULL, "it must have services or be general");
    return !file->what;
}

static bool read_head(recipe_file *file, recipe *all)
{
    all->name = g_key_file_get_string(file->keys, "bundle", "name", NULL);
    all->version = g_key_file_get_string(file->keys, "bundle", "version", NULL);
    all->origin = g_key_file_get_string_list(file->keys, "bundle", "origin", NULL, NULL);
    if (!all->origin)
        all->origin = g_new0(char *, 1);
    return (all->name && all->version) || fail_at(file, "bundle", NULL, "name and version are needed");
}

static void read_groups(recipe_file *file, recipe *all)
{
    char **groups = g_key_file_get_groups(file->keys, NULL);
    for (char **group = groups; *group && !file->what; group++) {
        if (g_str_has_prefix(*group, "expert ") && strlen(*group) > strlen("expert "))
            read_expert(file, *group, all);
        else if (strcmp(*group, "bundle") != 0)
            fail_at(file, *group, NULL, "it is neither [bundle] nor [expert NAME]");
    }
    g_strfreev(groups);
    if (!file->what && (all->experts->len == 0 || all->experts->len > QOE_MODEL_EXPERTS_MAX))
        file->what = g_strdup_printf("1 to %d experts are needed", QOE_MODEL_EXPERTS_MAX);
}

static void parse(recipe_file *file, const char *text, gsize length, recipe *all)
{
    GError *failure = NULL;
    file->lines = g_strsplit(text, "\n", -1);
    for (char **line = file->lines; *line; line++)
        g_strstrip(*line);
    if (!g_key_file_load_from_data(file->keys, text, length, G_KEY_FILE_NONE, &failure)) {
        file->wrong_line = odd_line(file->lines);
        file->what = g_strdup(failure->message);
        g_error_free(failure);
    } else if (read_head(file, all)) {
        read_groups(file, all);
    }
}

recipe *recipe_read(const char *path, char **error)
{
    char *text = NULL;
    gsize length = 0;
    GError *failure = NULL;
    if (!g_file_get_contents(path, &text, &length, &failure)) {
        *error = g_strdup_printf("%s: %s", path, failure->message);
        g_error_free(failure);
        return NULL;
    }
    recipe_file file = {.keys = g_key_file_new()};
    recipe *all = recipe_new();
    parse(&file, text, length, all);
    if (file.what) {
        *error = file.wrong_line ? g_strdup_printf("%s:%u: %s", path, file.wrong_line, file.what)
                                 : g_strdup_printf("%s: %s", path, file.what);
        recipe_free(all);
        all = NULL;
    }
    g_free(file.what);
    g_strfreev(file.lines);
    g_key_file_free(file.keys);
    g_free(text);
    return all;
}
