/* Recipes: what experts a bundle has and how each is trained.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "recipe.h"

#include <math.h>
#include <string.h>

#include "feature.h"

static bool set_number(const char *key, const char *value, double low, double high, double *out, char **error)
{
    char *end = NULL;
    const double number = g_ascii_strtod(value, &end);
    if (end == value || *end != '\0' || !(number >= low && number <= high)) {
        *error = g_strdup_printf("%s: \"%s\" is not a number from %g to %g", key, value, low, high);
        return false;
    }
    *out = number;
    return true;
}

static bool set_count(const char *key, const char *value, double high, unsigned *out, char **error)
{
    double number = 0;
    if (!set_number(key, value, 0, high, &number, error))
        return false;
    *out = (unsigned)number;
    return true;
}

static bool set_bool(const char *key, const char *value, bool *out, char **error)
{
    *out = strcmp(value, "true") == 0;
    if (*out || strcmp(value, "false") == 0)
        return true;
    *error = g_strdup_printf("%s: true or false is expected", key);
    return false;
}

static char **split_list(const char *value)
{
    char **words = g_strsplit_set(value, ";, ", -1);
    GPtrArray *kept = g_ptr_array_new();
    for (char **word = words; *word; word++)
        g_ptr_array_add(kept, **word ? *word : NULL);
    for (guint i = kept->len; i-- > 0;)
        if (!g_ptr_array_index(kept, i)) {
            g_free(words[i]);
            g_ptr_array_remove_index(kept, i);
        }
    g_ptr_array_add(kept, NULL);
    g_free(words);
    return (char **)g_ptr_array_free(kept, FALSE);
}

/* Services may have blanks in their names. */
static char **split_services(const char *value)
{
    char **names = g_strsplit(value, ";", -1), **to = names;
    for (char **from = names; *from; from++) {
        if (*g_strstrip(*from))
            *to++ = *from;
        else
            g_free(*from);
    }
    *to = NULL;
    return names;
}

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static bool set_classes(expert_recipe *expert, const char *value, char **error)
{
    char **words = split_list(value);
    expert->class_count = 0;
    for (char **word = words; *word && !*error; word++) {
        double lines = 0;
        if (expert->class_count == QOE_MODEL_CLASSES_MAX)
            *error = g_strdup_printf("classes: more than %d", QOE_MODEL_CLASSES_MAX);
        else if (set_number("classes", *word, 1, 20000, &lines, error))
            expert->classes[expert->class_count++] = (int)lines;
    }
    g_strfreev(words);
    qsort(expert->classes, expert->class_count, sizeof *expert->classes, compare_ints);
    if (!*error && expert->class_count < 2)
        *error = g_strdup("classes: at least two are needed");
    return !*error;
}

static bool has_input(const expert_recipe *expert, unsigned feature)
{
    for (size_t i = 0; i < expert->input_count; i++)
        if (expert->inputs[i] == feature)
            return true;
    return false;
}

/* "name", "prefix*" for all that start so, "-name" or "-prefix*" to leave out what came before. */
static bool add_inputs(expert_recipe *expert, const char *word, char **error)
{
    const bool remove = *word == '-';
    const char *name = word + remove;
    const size_t len = strlen(name);
    const bool prefix = len > 0 && name[len - 1] == '*';
    unsigned matched = 0;
    for (unsigned f = 0; f < qoe_features_count(); f++) {
        const char *other = qoe_features_at(f)->name;
        if (prefix ? strncmp(name, other, len - 1) != 0 : strcmp(name, other) != 0)
            continue;
        matched++;
        if (!remove && !has_input(expert, f) && expert->input_count < RECIPE_INPUTS_MAX)
            expert->inputs[expert->input_count++] = f;
        for (size_t i = 0; remove && i < expert->input_count; i++)
            if (expert->inputs[i] == f) {
                memmove(expert->inputs + i, expert->inputs + i + 1,
                        (--expert->input_count - i) * sizeof *expert->inputs);
                break;
            }
    }
    if (!matched)
        *error = g_strdup_printf("features: there is no feature \"%s\"", name);
    return matched > 0;
}

static bool set_features(expert_recipe *expert, const char *value, char **error)
{
    char **words = split_list(value);
    expert->input_count = 0;
    memset(expert->linear, 0, sizeof expert->linear);
    for (char **word = words; *word && !*error; word++)
        add_inputs(expert, *word, error);
    g_strfreev(words);
    if (!*error && expert->input_count == 0)
        *error = g_strdup("features: none");
    return !*error;
}

/* Must come behind features. */
static bool set_linear(expert_recipe *expert, const char *value, char **error)
{
    char **words = split_list(value);
    memset(expert->linear, 0, sizeof expert->linear);
    for (char **word = words; *word && !*error; word++) {
        const int feature = qoe_features_find(*word);
        bool found = false;
        for (size_t i = 0; i < expert->input_count; i++)
            if ((int)expert->inputs[i] == feature || strcmp(*word, "*") == 0)
                found = expert->linear[i] = true;
        if (!found)
            *error = g_strdup_printf("linear: \"%s\" is not among the features", *word);
    }
    g_strfreev(words);
    return !*error;
}

static bool set_transports(expert_recipe *expert, const char *value, char **error)
{
    char **words = split_list(value);
    expert->tcp = g_strv_contains((const char *const *)words, "tcp");
    expert->udp = g_strv_contains((const char *const *)words, "udp");
    if (g_strv_length(words) != (guint)expert->tcp + expert->udp || g_strv_length(words) == 0)
        *error = g_strdup("transports: tcp, udp or both");
    g_strfreev(words);
    return !*error;
}

static bool set_label(expert_recipe *expert, const char *value, char **error)
{
    expert->by_vote = strcmp(value, "vote") == 0;
    if (!expert->by_vote && strcmp(value, "probability") != 0)
        *error = g_strdup("label: vote or probability");
    return !*error;
}

bool recipe_set(expert_recipe *expert, const char *key, const char *value, char **error)
{
    const struct {
        const char *key;
        double low, high, *to;
    } numbers[] = {
        {"minimum_probability", 0, 1, &expert->minimum_probability},
        {"silence_limit_s", 0, 86400, &expert->silence_limit_s},
        {"outside_share", 0, 1, &expert->outside_share},
        {"cost", 1e-6, 1e6, &expert->cost},
        {"gamma", 1e-6, 1e6, &expert->gamma},
        {"weight_power", 0, 2, &expert->weight_power},
        {"own_share", 0, 1, &expert->own_share},
        {"filter", 0, 1, &expert->filter_weight},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        if (strcmp(key, numbers[i].key) == 0)
            return set_number(key, value, numbers[i].low, numbers[i].high, numbers[i].to, error);
    const struct {
        const char *key;
        char ***to;
    } lists[] = {{"sources", &expert->sources},
                 {"support", &expert->support},
                 {"groups", &expert->groups},
                 {"services", &expert->services}};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (strcmp(key, lists[i].key) == 0) {
            g_strfreev(*lists[i].to);
            *lists[i].to = split_services(value);
            return true;
        }
    if (strcmp(key, "general") == 0)
        return set_bool(key, value, &expert->general, error);
    if (strcmp(key, "minimum_objects") == 0)
        return set_count(key, value, 1000, &expert->minimum_objects, error);
    if (strcmp(key, "rows") == 0)
        return set_count(key, value, 1e7, &expert->rows_max, error);
    if (strcmp(key, "classes") == 0)
        return set_classes(expert, value, error);
    if (strcmp(key, "features") == 0)
        return set_features(expert, value, error);
    if (strcmp(key, "linear") == 0)
        return set_linear(expert, value, error);
    if (strcmp(key, "transports") == 0)
        return set_transports(expert, value, error);
    if (strcmp(key, "label") == 0)
        return set_label(expert, value, error);
    *error = g_strdup_printf("there is no key \"%s\"", key);
    return false;
}

size_t recipe_class_of(const expert_recipe *expert, int lines)
{
    size_t c = 0;
    while (c < expert->class_count && expert->classes[c] != lines)
        c++;
    return c;
}

static expert_recipe *new_expert(const char *name)
{
    expert_recipe *expert = g_new0(expert_recipe, 1);
    expert->name = g_strdup(name);
    expert->services = g_new0(char *, 1);
    expert->tcp = expert->udp = expert->by_vote = true;
    expert->minimum_objects = 1;
    expert->silence_limit_s = 600;
    expert->outside_share = .5;
    expert->cost = expert->gamma = 1;
    expert->weight_power = .5;
    expert->rows_max = 5000;
    char *error = NULL;
    set_classes(expert, "240;360;480;720;1080", &error);
    set_features(expert,
                 "rate_30 rate_60 rate_120 rate_240 rate_all rate_decay_30 rate_decay_90 size_last5 size_cv10 "
                 "size_mean size_max size_p50 size_p85 size_relative silence gap_max gap_p50 elapsed count "
                 "pace_p90 pace_big_p50 pace_big_p10 link_last10 link_p90 link_last duty_60 duty_all busy_60",
                 &error);
    g_assert(!error);
    return expert;
}

static void free_expert(void *data)
{
    expert_recipe *expert = data;
    g_free(expert->name);
    g_strfreev(expert->sources);
    g_strfreev(expert->support);
    g_strfreev(expert->groups);
    g_strfreev(expert->services);
    g_free(expert);
}

recipe *recipe_new(void)
{
    recipe *all = g_new0(recipe, 1);
    all->experts = g_ptr_array_new_with_free_func(free_expert);
    return all;
}

expert_recipe *recipe_add_expert(recipe *all, const char *name)
{
    expert_recipe *expert = new_expert(name);
    g_ptr_array_add(all->experts, expert);
    return expert;
}

recipe *recipe_default(void)
{
    recipe *all = recipe_new();
    recipe_add_expert(all, "general")->general = true;
    all->name = g_strdup("unnamed");
    all->version = g_strdup("0");
    all->origin = g_new0(char *, 1);
    return all;
}

void recipe_free(recipe *all)
{
    if (!all)
        return;
    g_ptr_array_free(all->experts, TRUE);
    g_strfreev(all->origin);
    g_free(all->name);
    g_free(all->version);
    g_free(all);
}
