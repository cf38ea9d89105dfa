/* Search for a recipe's best settings, by a grid or at random.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tune.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "feature.h"
#include "trainer.h"

enum { GRID_MAX = 10000 };

/* Each input stays with a probability that is drawn first: small subsets are tried as well as large ones. */
static void draw_inputs(expert_recipe *drawn, GRand *rand)
{
    const double keep = g_rand_double_range(rand, .4, 1), linear = g_rand_boolean(rand) ? 0 : .2;
    size_t kept = 0;
    for (size_t i = 0; i < drawn->input_count; i++)
        if (g_rand_double(rand) < keep) {
            drawn->inputs[kept] = drawn->inputs[i];
            drawn->linear[kept++] = drawn->linear[i] || g_rand_double(rand) < linear;
        }
    drawn->input_count = kept ? kept : drawn->input_count;
}

/* As many digits as are told: what was tried can be asked for again. */
static double told(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_ascii_strtod(g_ascii_formatd(text, sizeof text, "%.3g", value), NULL);
}

/* Cost and gamma over two and a half powers of ten around 1, evenly in the logarithm. */
static expert_recipe draw(const expert_recipe *how, GRand *rand, size_t rows)
{
    expert_recipe drawn = *how;
    drawn.cost = told(exp(g_rand_double_range(rand, log(.1), log(30))));
    drawn.gamma = told(exp(g_rand_double_range(rand, log(.1), log(5))));
    drawn.weight_power = told(g_rand_double_range(rand, 0, 1));
    if (rows > 2000 && g_rand_boolean(rand))
        drawn.rows_max = (unsigned)g_rand_int_range(rand, 1000, (gint32)rows);
    if (g_rand_boolean(rand))
        draw_inputs(&drawn, rand);
    return drawn;
}

static size_t values_of(const char *axis, char ***values)
{
    const char *equals = strchr(axis, '=');
    *values = g_strsplit(equals ? equals + 1 : "", "|", -1);
    return g_strv_length(*values);
}

static size_t grid_size(char *const *grid)
{
    size_t size = grid ? 1 : 0;
    for (; grid && *grid && size <= GRID_MAX; grid++) {
        char **values;
        size *= values_of(*grid, &values);
        g_strfreev(values);
    }
    return size;
}

/* Keys that change how a machine learns; the others change what it is asked, and no score could choose among them. */
static bool is_tunable(const char *key)
{
    static const char *const keys[] = {"cost",   "gamma",  "weight_power", "rows", "features",
                                       "linear", "filter", "label",        NULL};
    return g_strv_contains(keys, key);
}

/* The recipe with the grid's point number `at`. */
static bool set_point(expert_recipe *how, char *const *grid, size_t at, char **error)
{
    for (; *grid && !*error; grid++) {
        char **values, *key = g_strndup(*grid, strcspn(*grid, "=")), *what = NULL;
        const size_t count = values_of(*grid, &values);
        if (!is_tunable(key))
            *error = g_strdup_printf("--grid %s: \"%s\" is no key that is tuned", *grid, key);
        else if (!recipe_set(how, key, g_strstrip(values[at % count]), &what))
            *error = g_strdup_printf("--grid %s: %s", *grid, what);
        at /= count;
        g_free(what);
        g_strfreev(values);
        g_free(key);
    }
    return !*error;
}

bool tune_check(const tune_plan *what, char **error)
{
    const size_t size = grid_size(what->grid);
    if (what->grid && (size == 0 || size > GRID_MAX))
        *error = g_strdup_printf("--grid: KEY=VALUE|VALUE... is expected, %d combinations at most", GRID_MAX);
    return !*error;
}

static bool try_one(const expert_recipe *trial, const GPtrArray *rows, const crossval_plan *plan, scores *out,
                    char **error)
{
    answer *answers = crossval_run(trial, (const table_row *const *)rows->pdata, rows->len, plan, error);
    if (answers)
        metrics_score(answers, (size_t)rows->len * plan->partitions, trial->classes, trial->class_count, out);
    g_free(answers);
    return answers != NULL;
}

static unsigned linear_inputs(const expert_recipe *how)
{
    unsigned count = 0;
    for (size_t i = 0; i < how->input_count; i++)
        count += how->linear[i];
    return count;
}

static void print_head(FILE *to, const char *name, const crossval_plan *plan)
{
    fprintf(to, "%s: %u folds, %u partitions\n%5s %9s %9s %8s %6s %7s %7s  %8s %8s\n", name, plan->folds,
            plan->partitions, "trial", "cost", "gamma", "weights", "rows", "inputs", "no log", "accuracy", "macro-F1");
}

static void print_trial(FILE *to, size_t number, const expert_recipe *trial, const scores *out)
{
    fprintf(to, "%5zu %9.3g %9.3g %8.3g %6u %7zu %7u  %8.3f %8.3f\n", number, trial->cost, trial->gamma,
            trial->weight_power, trial->rows_max, trial->input_count, linear_inputs(trial), out->accuracy_all,
            out->macro_f1);
    fflush(to);
}

static void print_inputs(FILE *to, const expert_recipe *how, const char *key, bool only_linear)
{
    fprintf(to, " --set '%s.%s=", how->name, key);
    for (size_t i = 0, n = 0; i < how->input_count; i++)
        if (!only_linear || how->linear[i])
            fprintf(to, "%s%s", n++ ? " " : "", qoe_features_at(how->inputs[i])->name);
    fputc('\'', to);
}

/* So that the same can be trained again and, with the options in brackets, be measured again with the same figures.
 * `was` is the recipe before. */
static void print_best(FILE *to, const expert_recipe *was, const expert_recipe *how, const crossval_plan *plan,
                       double f1)
{
    const char *name = how->name;
    fprintf(to, "best (macro-F1 %.3f, as evaluate --seed %u --folds %u --partitions %u%s%s%s measures it):", f1,
            plan->seed, plan->folds, plan->partitions, was->minimum_probability > 0 ? " --set " : "",
            was->minimum_probability > 0 ? name : "", was->minimum_probability > 0 ? ".minimum_probability=0" : "");
    fprintf(to, " --set %s.cost=%.6g --set %s.gamma=%.6g --set %s.weight_power=%.6g --set %s.rows=%u", name, how->cost,
            name, how->gamma, name, how->weight_power, name, how->rows_max);
    if (how->filter_weight != was->filter_weight)
        fprintf(to, " --set %s.filter=%.6g", name, how->filter_weight);
    if (how->by_vote != was->by_vote)
        fprintf(to, " --set %s.label=%s", name, how->by_vote ? "vote" : "probability");
    print_inputs(to, how, "features", false);
    if (linear_inputs(how))
        print_inputs(to, how, "linear", true);
    fputc('\n', to);
}

/* Trial 0 is the recipe as it is, then come the grid's points, then the random ones. */
static bool make_trial(const expert_recipe *how, const tune_plan *what, size_t number, GRand *rand, size_t rows,
                       expert_recipe *trial, char **error)
{
    const size_t grid = grid_size(what->grid);
    *trial = *how;
    trial->minimum_probability = 0; /* without probabilities it would silence everything */
    if (number > grid)
        *trial = draw(trial, rand, rows);
    else if (number > 0)
        return set_point(trial, what->grid, number - 1, error);
    return true;
}

bool tune_expert(expert_recipe *how, const table *data, const tune_plan *what, const crossval_plan *plan, char **error)
{
    GPtrArray *rows = trainer_select(how, data), *support = g_ptr_array_new();
    trainer_add_support(how, data, support);
    crossval_plan supported = *plan;
    supported.support = support;
    GRand *rand = g_rand_new_with_seed(plan->seed);
    expert_recipe best = *how;
    double best_f1 = -1;
    const size_t last = grid_size(what->grid) + what->trials;
    trainer_narrow(how, (const table_row *const *)rows->pdata, rows->len);
    print_head(what->said, how->name, plan);
    for (size_t t = 0; t <= last && !*error; t++) {
        expert_recipe trial;
        scores out;
        if (!make_trial(how, what, t, rand, rows->len, &trial, error) ||
            !try_one(&trial, rows, &supported, &out, error))
            break;
        print_trial(what->said, t, &trial, &out);
        if (out.macro_f1 > best_f1) {
            best = trial;
            best_f1 = out.macro_f1;
        }
    }
    best.minimum_probability = how->minimum_probability;
    if (!*error)
        print_best(what->said, how, &best, plan, best_f1);
    *how = best;
    g_rand_free(rand);
    g_ptr_array_free(rows, TRUE);
    g_ptr_array_free(support, TRUE);
    return !*error;
}
