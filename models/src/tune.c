/* Random search over a recipe's numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tune.h"

#include <math.h>
#include <stdio.h>

#include "trainer.h"

/* Cost and gamma over two and a half powers of ten around 1, evenly in the logarithm. */
static expert_recipe draw(const expert_recipe *how, GRand *rand, size_t rows)
{
    expert_recipe drawn = *how;
    drawn.cost = exp(g_rand_double_range(rand, log(.1), log(30)));
    drawn.gamma = exp(g_rand_double_range(rand, log(.1), log(5)));
    drawn.weight_power = g_rand_double_range(rand, 0, 1);
    if (rows > 2000 && g_rand_boolean(rand))
        drawn.rows_max = (unsigned)g_rand_int_range(rand, 1000, (gint32)rows);
    drawn.minimum_probability = 0; /* without probabilities it would silence everything */
    return drawn;
}

static bool try_one(const expert_recipe *trial, const table_row *const *rows, size_t n, const crossval_plan *plan,
                    scores *out, char **error)
{
    answer *answers = crossval_run(trial, rows, n, plan, error);
    if (answers)
        metrics_score(answers, n * plan->partitions, trial->classes, trial->class_count, out);
    g_free(answers);
    return answers != NULL;
}

bool tune_expert(expert_recipe *how, const table *data, unsigned trials, const crossval_plan *plan, char **error)
{
    GPtrArray *rows = trainer_select(how, data);
    GRand *rand = g_rand_new_with_seed(plan->seed);
    expert_recipe best = *how;
    double best_f1 = -1;
    printf("%s\n%5s %9s %9s %9s %6s  %s\n", how->name, "trial", "cost", "gamma", "weights", "rows",
           "accuracy macro-F1");
    for (unsigned t = 0; t <= trials && !*error; t++) {
        expert_recipe trial = *how;
        scores out;
        trial.minimum_probability = 0;
        if (t > 0)
            trial = draw(how, rand, rows->len);
        if (!try_one(&trial, (const table_row *const *)rows->pdata, rows->len, plan, &out, error))
            break;
        printf("%5u %9.3g %9.3g %9.2f %6u  %.3f    %.3f\n", t, trial.cost, trial.gamma, trial.weight_power,
               trial.rows_max, out.accuracy_all, out.macro_f1);
        if (out.macro_f1 > best_f1) {
            best = trial;
            best_f1 = out.macro_f1;
        }
    }
    best.minimum_probability = how->minimum_probability;
    *how = best;
    g_rand_free(rand);
    g_ptr_array_free(rows, TRUE);
    return !*error;
}
