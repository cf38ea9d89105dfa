/* Which rows an expert learns from, and what of the recipe and of the data is of no use to it, for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "feature.h"
#include "trainer.h"

/* Whether an expert wants a row. */
typedef bool row_test(const expert_recipe *how, const table_row *row);

static bool is_of(char **sources, const table_row *row)
{
    return g_strv_contains((const char *const *)sources, row->source);
}

bool trainer_is_own(const expert_recipe *how, const table_row *row)
{
    return (!how->sources || is_of(how->sources, row)) &&
           (!how->groups || g_strv_contains((const char *const *)how->groups, row->group));
}

static bool is_support(const expert_recipe *how, const table_row *row)
{
    return how->support && is_of(how->support, row);
}

static bool can_learn(const expert_recipe *how, const table_row *row, int media_count)
{
    return recipe_class_of(how, row->label) < how->class_count && row->x[media_count] >= (double)how->minimum_objects;
}

/* Adds the rows of the chosen data sets that can be learned from. */
static void add_rows(const expert_recipe *how, const table *data, row_test *chosen, GPtrArray *rows)
{
    const int media_count = qoe_features_find("media_count");
    for (guint i = 0; i < data->rows->len; i++)
        if (chosen(how, table_at(data, i)) && can_learn(how, table_at(data, i), media_count))
            g_ptr_array_add(rows, data->rows->pdata[i]);
}

GPtrArray *trainer_select(const expert_recipe *how, const table *data)
{
    GPtrArray *rows = g_ptr_array_new();
    add_rows(how, data, trainer_is_own, rows);
    return rows;
}

void trainer_add_support(const expert_recipe *how, const table *data, GPtrArray *rows)
{
    add_rows(how, data, is_support, rows);
}

void trainer_narrow(expert_recipe *how, const table_row *const *rows, size_t n)
{
    size_t inputs = 0, classes = 0;
    bool occurs[QOE_MODEL_CLASSES_MAX + 1] = {false};
    for (size_t i = 0; i < how->input_count; i++)
        if (table_rows_have(rows, n, how->inputs[i])) {
            how->linear[inputs] = how->linear[i];
            how->inputs[inputs++] = how->inputs[i];
        }
    for (size_t i = 0; i < n; i++)
        occurs[recipe_class_of(how, rows[i]->label)] = true;
    for (size_t c = 0; c < how->class_count; c++)
        if (occurs[c])
            how->classes[classes++] = how->classes[c];
    how->input_count = inputs;
    how->class_count = classes;
}

/* How often each label occurs that is none of the classes, in an expert's own rows; *few: rows of a class that have too
 * few media objects. */
static GHashTable *count_unused(const expert_recipe *how, const table *data, unsigned *few)
{
    GHashTable *counts = g_hash_table_new(NULL, NULL);
    const int media_count = qoe_features_find("media_count");
    for (guint i = 0; i < data->rows->len; i++) {
        const table_row *row = table_at(data, i);
        gpointer label = GINT_TO_POINTER(row->label);
        if (!trainer_is_own(how, row) || can_learn(how, row, media_count))
            continue;
        if (recipe_class_of(how, row->label) < how->class_count)
            ++*few;
        else
            g_hash_table_insert(counts, label,
                                GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, label)) + 1));
    }
    return counts;
}

static int by_lines(gconstpointer a, gconstpointer b)
{
    return GPOINTER_TO_INT(a) - GPOINTER_TO_INT(b);
}

void trainer_note_rows(const expert_recipe *how, const table *data, const char *name, GString *out)
{
    unsigned few = 0;
    GHashTable *counts = count_unused(how, data, &few);
    GList *labels = g_list_sort(g_hash_table_get_keys(counts), by_lines);
    for (const GList *label = labels; label; label = label->next) {
        const unsigned count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, label->data));
        const int lines = GPOINTER_TO_INT(label->data);
        if (lines == 0)
            g_string_append_printf(out, "%s: %u rows left out: they have no label\n", name, count);
        else
            g_string_append_printf(out, "%s: %u rows left out: their label %d is none of its classes\n", name, count,
                                   lines);
    }
    if (few)
        g_string_append_printf(out, "%s: %u rows left out: they have fewer media objects than %u\n", name, few,
                               how->minimum_objects);
    g_list_free(labels);
    g_hash_table_destroy(counts);
}

char *trainer_notes(const expert_recipe *how, const table *data)
{
    GString *out = g_string_new(NULL), *absent = g_string_new(NULL);
    GPtrArray *rows = trainer_select(how, data);
    expert_recipe narrow = *how;
    trainer_note_rows(how, data, how->name, out);
    trainer_narrow(&narrow, (const table_row *const *)rows->pdata, rows->len);
    for (size_t c = 0; rows->len > 0 && c < how->class_count; c++)
        if (recipe_class_of(&narrow, how->classes[c]) == narrow.class_count)
            g_string_append_printf(out, "%s: no row has the label %d: it will never be an answer\n", how->name,
                                   how->classes[c]);
    for (size_t i = 0; i < how->input_count; i++)
        if (!table_rows_have((const table_row *const *)rows->pdata, rows->len, how->inputs[i]))
            g_string_append_printf(absent, " %s", qoe_features_at(how->inputs[i])->name);
    if (absent->len)
        g_string_append_printf(out, "%s: inputs left out, the data do not have them:%s\n", how->name, absent->str);
    g_string_free(absent, TRUE);
    g_ptr_array_free(rows, TRUE);
    return g_string_free(out, FALSE);
}

static void append_quoted(GString *out, const char *word)
{
    g_string_append_printf(out, "%s\"%s\"", out->len ? ", " : "", word);
}

static char *sources_of(const table *data)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < data->rows->len; i++)
        if (g_hash_table_add(seen, table_at(data, i)->source))
            append_quoted(out, table_at(data, i)->source);
    g_hash_table_destroy(seen);
    return g_string_free(out, FALSE);
}

static char *other_sources(const expert_recipe *how, const table *data)
{
    GString *wanted = g_string_new(NULL);
    for (char **source = how->sources; *source; source++)
        append_quoted(wanted, *source);
    char *there = sources_of(data);
    char *said = g_strdup_printf("its sources are %s, the data have %s (--set %s.sources=%s)", wanted->str, there,
                                 how->name, table_at(data, 0)->source);
    g_free(there);
    g_string_free(wanted, TRUE);
    return said;
}

char *trainer_no_rows(const expert_recipe *how, const table *data)
{
    bool source = false, own = false, labelled = false;
    for (guint i = 0; i < data->rows->len; i++) {
        const table_row *row = table_at(data, i);
        source = source || !how->sources || is_of(how->sources, row);
        own = own || trainer_is_own(how, row);
        labelled = labelled || (trainer_is_own(how, row) && recipe_class_of(how, row->label) < how->class_count);
    }
    char *why = labelled              ? g_strdup_printf("none has %u media objects", how->minimum_objects)
                : own                 ? g_strdup("none has a label of its classes")
                : source              ? g_strdup("none is of its groups")
                : data->rows->len > 0 ? other_sources(how, data)
                                      : g_strdup("the data have none but those that are held out");
    char *said = g_strdup_printf("%s: no rows to learn from: %s", how->name, why);
    g_free(why);
    return said;
}
