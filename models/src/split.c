/* Splits by group, never by row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "split.h"

#include <string.h>

typedef struct {
    const char *name;
    unsigned rows, fold;
} group;

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(group *const *)a)->name, (*(group *const *)b)->name);
}

static void shuffle(GPtrArray *groups, unsigned seed)
{
    GRand *rand = g_rand_new_with_seed(seed);
    for (guint i = groups->len; i > 1; i--) {
        const guint j = (guint)g_rand_int_range(rand, 0, (gint32)i);
        gpointer swap = groups->pdata[i - 1];
        groups->pdata[i - 1] = groups->pdata[j];
        groups->pdata[j] = swap;
    }
    g_rand_free(rand);
}

unsigned split_groups(const table_row *const *rows, size_t n, unsigned folds, unsigned seed, unsigned *out)
{
    GHashTable *by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    GPtrArray *groups = g_ptr_array_new();
    for (size_t i = 0; i < n; i++) {
        group *found = g_hash_table_lookup(by_name, rows[i]->group);
        if (!found) {
            found = g_new0(group, 1);
            found->name = rows[i]->group;
            g_hash_table_insert(by_name, rows[i]->group, found);
            g_ptr_array_add(groups, found);
        }
        found->rows++;
    }
    /* By name first: the split must not depend on the order of the files. */
    g_ptr_array_sort(groups, compare_names);
    shuffle(groups, seed);
    unsigned *load = g_new0(unsigned, folds);
    for (guint i = 0; i < groups->len; i++) {
        group *one = g_ptr_array_index(groups, i);
        for (unsigned f = 1; f < folds; f++)
            if (load[f] < load[one->fold])
                one->fold = f;
        load[one->fold] += one->rows;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = ((group *)g_hash_table_lookup(by_name, rows[i]->group))->fold;
    const unsigned count = groups->len;
    g_free(load);
    g_ptr_array_free(groups, TRUE);
    g_hash_table_destroy(by_name);
    return count;
}

/* Notes a label; false if it is a second one. */
static bool is_lone(int *lone, int label)
{
    *lone = *lone ? *lone : label;
    return label == *lone;
}

/* The groups of a fold; more than a few are counted. */
static char *groups_of(const table_row *const *rows, size_t n, const unsigned *folds, unsigned fold)
{
    enum { FEW = 5 };
    GPtrArray *names = g_ptr_array_new();
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        if (folds[i] == fold && !g_ptr_array_find_with_equal_func(names, rows[i]->group, g_str_equal, NULL)) {
            g_ptr_array_add(names, rows[i]->group);
            if (names->len <= FEW)
                g_string_append_printf(out, "%s %s", names->len > 1 ? "," : "", rows[i]->group);
        }
    if (names->len > FEW)
        g_string_append_printf(out, " and %u more", names->len - FEW);
    g_string_prepend(out, names->len == 1 ? "group" : "groups");
    g_ptr_array_free(names, TRUE);
    return g_string_free(out, FALSE);
}

char *split_lone_label(const table_row *const *rows, size_t n, const unsigned *folds, unsigned fold,
                       const GPtrArray *support)
{
    int lone = 0;
    for (size_t i = 0; i < n; i++)
        if (folds[i] != fold && !is_lone(&lone, rows[i]->label))
            return NULL;
    for (guint i = 0; support && i < support->len; i++)
        if (!is_lone(&lone, ((const table_row *)g_ptr_array_index(support, i))->label))
            return NULL;
    if (lone == 0)
        return NULL;
    char *groups = groups_of(rows, n, folds, fold);
    char *said = g_strdup_printf("without the %s only %d is left", groups, lone);
    g_free(groups);
    return said;
}
