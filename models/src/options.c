/* Options that training and measuring share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <stdio.h>
#include <string.h>

#include "load.h"

void options_init(train_options *options)
{
    *options = (train_options){.seed_given = OPTIONS_NOT_GIVEN, .threads = (int)g_get_num_processors()};
}

void options_entries(train_options *options, GOptionEntry entries[OPTIONS_SHARED])
{
    const GOptionEntry shared[OPTIONS_SHARED] = {
        {"recipe", 'r', 0, G_OPTION_ARG_FILENAME, &options->recipe, "Experts and how to train them", "FILE"},
        {"expert", 'e', 0, G_OPTION_ARG_STRING, &options->expert, "Only this expert of the recipe", "NAME"},
        {"set", 'S', 0, G_OPTION_ARG_STRING_ARRAY, &options->set,
         "Overrule a recipe's key in every expert, or in one (EXPERT.KEY=VALUE); repeatable", "KEY=VALUE"},
        {"seed", 's', 0, G_OPTION_ARG_INT, &options->seed_given, "For draws and splits (default: 1)", "N"},
        {"held-out", 'x', 0, G_OPTION_ARG_STRING, &options->held_out, "Groups that no model may learn from",
         "GROUP,..."},
        {"threads", 'j', 0, G_OPTION_ARG_INT, &options->threads, "Default: one a core", "N"},
    };
    memcpy(entries, shared, sizeof shared);
}

bool options_check(train_options *options)
{
    const int seed = options->seed_given == OPTIONS_NOT_GIVEN ? 1 : options->seed_given;
    if (options->threads < 1 || seed < 0) {
        fprintf(stderr, "qoe-train: --threads is from 1, --seed from 0\n");
        return false;
    }
    options->seed = (unsigned)seed;
    return true;
}

void options_clear(train_options *options)
{
    g_free(options->recipe);
    g_free(options->expert);
    g_strfreev(options->set);
    g_free(options->held_out);
}

static bool apply(recipe *all, const char *setting, char **error)
{
    const char *equals = strchr(setting, '=');
    const char *dot = memchr(setting, '.', equals ? (size_t)(equals - setting) : 0);
    if (!equals) {
        *error = g_strdup_printf("--set %s: KEY=VALUE is expected", setting);
        return false;
    }
    char *name = dot ? g_strndup(setting, (gsize)(dot - setting)) : NULL;
    const char *from = dot ? dot + 1 : setting;
    char *key = g_strndup(from, (gsize)(equals - from)), *what = NULL;
    bool found = false;
    for (guint i = 0; i < all->experts->len && !what; i++) {
        expert_recipe *expert = g_ptr_array_index(all->experts, i);
        if (name && strcmp(name, expert->name) != 0)
            continue;
        found = true;
        recipe_set(expert, key, equals + 1, &what);
    }
    if (!found)
        what = g_strdup_printf("there is no expert \"%s\"", name);
    if (what)
        *error = g_strdup_printf("--set %s: %s", setting, what);
    g_free(what);
    g_free(name);
    g_free(key);
    return !*error;
}

static bool keep_only(recipe *all, const char *name, char **error)
{
    for (guint i = all->experts->len; i-- > 0;) {
        const expert_recipe *expert = g_ptr_array_index(all->experts, i);
        if (strcmp(expert->name, name) != 0)
            g_ptr_array_remove_index(all->experts, i);
    }
    if (all->experts->len == 0)
        *error = g_strdup_printf("the recipe has no expert \"%s\"", name);
    return !*error;
}

recipe *options_recipe(const train_options *options, char **error)
{
    recipe *all = options->recipe ? recipe_read(options->recipe, error) : recipe_default();
    if (all && options->expert)
        keep_only(all, options->expert, error);
    for (char **setting = options->set; all && !*error && setting && *setting; setting++)
        apply(all, *setting, error);
    if (!*error)
        return all;
    recipe_free(all);
    return NULL;
}

table *options_table(const train_options *options, char **error)
{
    table *data = table_new();
    GHashTable *owners = table_owners_new();
    for (char **file = options->files; *file && !*error; file++) {
        table *one = table_new();
        table_notes notes;
        if (load_table(one, *file, NULL, &notes, error) && notes.summary)
            fprintf(stderr, "%s: %s", *file, notes.summary);
        table_notes_clear(&notes);
        if (!*error && table_claim(one, owners, *file, error))
            table_move(data, one);
        else
            table_free(one);
    }
    g_hash_table_destroy(owners);
    if (!*error)
        return data;
    table_free(data);
    return NULL;
}

static bool has_group(const GPtrArray *rows, const char *group)
{
    for (guint i = 0; i < rows->len; i++)
        if (strcmp(((const table_row *)g_ptr_array_index(rows, i))->group, group) == 0)
            return true;
    return false;
}

table *options_hold_out(const train_options *options, table *data, char **error)
{
    char **groups = g_strsplit(options->held_out ? options->held_out : "", ",", -1);
    for (char **group = groups; *group && !*error; group++)
        if (!has_group(data->rows, g_strstrip(*group)))
            *error = g_strdup_printf("--held-out: no row is of the group \"%s\"", *group);
    table *held = table_new();
    gsize count = 0;
    gpointer *rows = g_ptr_array_steal(data->rows, &count);
    for (gsize i = 0; i < count; i++) {
        const bool out = g_strv_contains((const char *const *)groups, ((const table_row *)rows[i])->group);
        g_ptr_array_add(out ? held->rows : data->rows, rows[i]);
    }
    g_free(rows);
    g_strfreev(groups);
    if (!*error)
        return held;
    table_free(held);
    return NULL;
}
