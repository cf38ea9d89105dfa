/* Training of one expert: standardise, fit, learn how sure it may be, write.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "trainer.h"

#include <string.h>

#include "confidence.h"
#include "model_internal.h"
#include "packet.h"
#include "predict.h"
#include "split.h"
#include "svm_fit.h"

enum { INNER_FOLDS = 5 };

/* What the folds inside the training rows say of rows that a machine has not seen. */
typedef struct {
    svm_machine *machine[INNER_FOLDS];
    unsigned *fold; /* of each row */
} inner;

/* How many of the rows are of the expert's own sources: they come before the support. */
static size_t count_own(const expert_recipe *how, const table_row *const *rows, size_t n)
{
    size_t own = 0;
    while (own < n && trainer_is_own(how, rows[own]))
        own++;
    return own;
}

/* Swaps `count` of the rows, drawn at random, to the beginning. */
static void draw_first(const table_row **rows, size_t count, size_t n, GRand *rand)
{
    for (size_t i = 0; i < count; i++) {
        const size_t j = (size_t)g_rand_int_range(rand, (gint32)i, (gint32)n);
        const table_row *swap = rows[i];
        rows[i] = rows[j];
        rows[j] = swap;
    }
}

const table_row **trainer_draw(const expert_recipe *how, const table_row *const *rows, size_t *n, unsigned seed)
{
    const size_t all = *n, most = how->rows_max;
    const table_row **drawn = g_new(const table_row *, all);
    memcpy(drawn, rows, all * sizeof *drawn);
    if (most == 0 || all <= most)
        return drawn;
    const size_t own = how->own_share > 0 ? count_own(how, rows, all) : 0, support = all - own;
    size_t kept = MIN(own, (size_t)(how->own_share * (double)most));
    kept = MAX(kept, most - MIN(support, most));
    GRand *rand = g_rand_new_with_seed(seed);
    draw_first(drawn, kept, own, rand);
    draw_first(drawn + own, most - kept, support, rand);
    g_rand_free(rand);
    memmove(drawn + kept, drawn + own, (most - kept) * sizeof *drawn);
    *n = most;
    return drawn;
}

static bool train_inner(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                        unsigned seed, inner *in, char **error)
{
    in->fold = g_new(unsigned, n);
    split_groups(rows, n, INNER_FOLDS, seed, in->fold);
    const table_row **rest = g_new(const table_row *, n);
    for (unsigned f = 0; f < INNER_FOLDS && !*error; f++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            if (in->fold[i] != f)
                rest[count++] = rows[i];
        char *lone = count < n ? split_lone_label(rows, n, in->fold, f, NULL) : NULL;
        if (lone)
            *error = g_strdup_printf("%s: %s, and nothing tells how sure it may be: every class must occur in two of "
                                     "the groups that it learns from",
                                     how->name, lone);
        else if (count > 0 && count < n)
            in->machine[f] = svm_machine_train(how, scale, rest, count, error);
        g_free(lone);
    }
    g_free(rest);
    return !*error;
}

static void free_inner(inner *in)
{
    for (unsigned f = 0; f < INNER_FOLDS; f++)
        svm_machine_free(in->machine[f]);
    g_free(in->fold);
}

/* Fits the pairs' sigmoids to the decisions on held-out rows of either class. */
static void fit_sigmoids(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                         const inner *in, svm_sigmoids *sigmoids)
{
    const size_t k = how->class_count;
    struct svm_node *nodes = g_new(struct svm_node, how->input_count + 1);
    double(*decisions)[SVM_PAIRS_MAX] = g_malloc0_n(n, sizeof *decisions);
    bool(*known)[SVM_PAIRS_MAX] = g_malloc0_n(n, sizeof *known);
    double *values = g_new(double, n);
    bool *first = g_new(bool, n);
    for (size_t r = 0; r < n; r++)
        if (in->machine[in->fold[r]]) {
            svm_scale_apply(how, scale, rows[r]->x, nodes);
            svm_machine_decide(how, in->machine[in->fold[r]], nodes, decisions[r], known[r]);
        }
    for (size_t i = 0, pair = 0; i < k; i++)
        for (size_t j = i + 1; j < k; j++, pair++) {
            size_t count = 0;
            for (size_t r = 0; r < n; r++)
                if (known[r][pair] && (rows[r]->label == how->classes[i] || rows[r]->label == how->classes[j])) {
                    values[count] = decisions[r][pair];
                    first[count++] = rows[r]->label == how->classes[i];
                }
            confidence_fit_sigmoid(values, first, count, &sigmoids->a[pair], &sigmoids->b[pair]);
        }
    g_free(first);
    g_free(values);
    g_free(known);
    g_free(decisions);
    g_free(nodes);
}

static void append_who(const expert_recipe *how, GString *out)
{
    g_string_append_printf(out, "expert %s\n", how->name);
    for (char **service = how->services; *service; service++)
        g_string_append_printf(out, "service %s\n", *service);
    g_string_append_printf(out, "%stransports%s%s\nclasses", how->general ? "general\n" : "", how->tcp ? " tcp" : "",
                           how->udp ? " udp" : "");
    for (size_t c = 0; c < how->class_count; c++)
        g_string_append_printf(out, " %d", how->classes[c]);
    g_string_append_printf(out,
                           "\nlabel %s\nminimum_objects %u\nminimum_probability %g\nsilence_limit_s %g\n"
                           "outside_share %g\n",
                           how->by_vote ? "vote" : "probability", how->minimum_objects, how->minimum_probability,
                           how->silence_limit_s, how->outside_share);
}

static void append_inputs(const expert_recipe *how, const svm_scale *scale, GString *out)
{
    g_string_append_printf(out, "inputs %zu\n", how->input_count);
    for (size_t i = 0; i < how->input_count; i++)
        g_string_append_printf(out, "%s %s %.9g %.9g %.6g %.6g\n", qoe_features_at(how->inputs[i])->name,
                               how->linear[i] ? "none" : "log1p", scale->mean[i], scale->sd[i], scale->low[i],
                               scale->high[i]);
}

/* Transitions between neighbouring windows of a capture, one count added to each so that nothing is impossible. */
static char *filter_of(const expert_recipe *how, const table_row *const *rows, size_t n)
{
    if (!(how->filter_weight > 0))
        return g_strdup("filter none\n");
    double count[QOE_MODEL_CLASSES_MAX][QOE_MODEL_CLASSES_MAX];
    const size_t k = how->class_count;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            count[i][j] = 1;
    for (size_t r = 1; r < n; r++) {
        if (strcmp(rows[r]->capture, rows[r - 1]->capture) != 0 || rows[r]->window != rows[r - 1]->window + 1)
            continue;
        const size_t from = recipe_class_of(how, rows[r - 1]->label), to = recipe_class_of(how, rows[r]->label);
        if (from < k && to < k)
            count[from][to]++;
    }
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "filter forward %g\n", how->filter_weight);
    for (size_t i = 0; i < k; i++) {
        double sum = 0;
        for (size_t j = 0; j < k; j++)
            sum += count[i][j];
        for (size_t j = 0; j < k; j++)
            g_string_append_printf(out, "%s%.5f", j ? " " : "", count[i][j] / sum);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static char *section_of(const expert_recipe *how, const svm_scale *scale, const char *calibration, const char *filter,
                        const svm_machine *machine, const svm_sigmoids *sigmoids)
{
    GString *out = g_string_new(NULL);
    append_who(how, out);
    append_inputs(how, scale, out);
    g_string_append(out, calibration);
    g_string_append(out, filter);
    svm_machine_append(machine, sigmoids, out);
    g_string_append(out, "end expert\n");
    return g_string_free(out, FALSE);
}

qoe_model *trainer_load(const char *section, char **error)
{
    char *text = g_strdup_printf("qoemodel 1\nname held-out\nversion 0\nfeatures %d\nexperts 1\n%send bundle\n",
                                 QOE_FEATURES_VERSION, section);
    qoe_model *model = qoe_model_parse(text, strlen(text), "(model in training)", error);
    g_free(text);
    return model;
}

/* Answers of one inner machine, through the plugin's own code, to the rows of its fold. */
static size_t raw_answers(const expert_recipe *how, const table_row *const *rows, size_t n, const inner *in, unsigned f,
                          const qoe_model *model, double *raw, bool *right)
{
    size_t count = 0;
    for (size_t r = 0; r < n; r++) {
        if (in->fold[r] != f)
            continue;
        qoe_prediction out;
        qoe_filter filter = {0};
        qoe_predict(model, *how->services ? *how->services : "", how->tcp ? QOE_TCP : QOE_UDP, rows[r]->x, 1000, 1000,
                    &filter, &out);
        if (out.resolution == 0)
            continue;
        raw[count] = out.probability;
        right[count++] = out.resolution == rows[r]->label;
    }
    return count;
}

static char *calibration_of(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                            const inner *in, const svm_sigmoids *sigmoids)
{
    double *raw = g_new(double, n), x[CONFIDENCE_KNOTS], y[CONFIDENCE_KNOTS];
    bool *right = g_new(bool, n);
    size_t count = 0;
    expert_recipe all = *how; /* calibrated on all answers, not on those that the limit lets through */
    all.minimum_probability = 0;
    for (unsigned f = 0; f < INNER_FOLDS; f++) {
        const svm_machine *machine = in->machine[f];
        if (!machine || (size_t)machine->model->nr_class != how->class_count)
            continue;
        char *error = NULL, *section = section_of(&all, scale, "calibration 0\n", "filter none\n", machine, sigmoids);
        qoe_model *model = trainer_load(section, &error);
        if (model)
            count += raw_answers(how, rows, n, in, f, model, raw + count, right + count);
        qoe_model_free(model);
        g_free(error);
        g_free(section);
    }
    const size_t knots = confidence_fit_knots(raw, right, count, x, y);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "calibration %zu\n", knots);
    for (size_t i = 0; i < knots; i++)
        g_string_append_printf(out, "%.6f %.6f\n", x[i], y[i]);
    g_free(raw);
    g_free(right);
    return g_string_free(out, FALSE);
}

/* Takes the machine. */
static char *finish_unsure(const expert_recipe *how, const svm_scale *scale, const char *filter, svm_machine *machine)
{
    const svm_sigmoids flat = {0};
    char *section = section_of(how, scale, "calibration 0\n", filter, machine, &flat);
    svm_machine_free(machine);
    return section;
}

/* What the plugin would refuse is said in the words of a recipe. */
static svm_machine *train_machine(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows,
                                  size_t n, char **error)
{
    svm_machine *machine = svm_machine_train(how, scale, rows, n, error);
    if (!machine || machine->model->l <= QOE_MODEL_SVS_MAX)
        return machine;
    *error =
        g_strdup_printf("%s: %d support vectors of %zu rows, more than %d: learn from fewer (rows=) or at a higher "
                        "cost",
                        how->name, machine->model->l, n, QOE_MODEL_SVS_MAX);
    svm_machine_free(machine);
    return NULL;
}

static char *train(const expert_recipe *how, const svm_scale *scale, const table_row *const *rows, size_t n,
                   const char *filter, unsigned seed, bool sure, char **error)
{
    svm_sigmoids sigmoids = {0};
    inner in = {0};
    char *section = NULL;
    svm_machine *machine = train_machine(how, scale, rows, n, error);
    if (!*error && !trainer_is_sure(how, sure))
        return finish_unsure(how, scale, filter, machine);
    if (!*error && train_inner(how, scale, rows, n, seed, &in, error)) {
        fit_sigmoids(how, scale, rows, n, &in, &sigmoids);
        char *calibration = calibration_of(how, scale, rows, n, &in, &sigmoids);
        section = section_of(how, scale, calibration, filter, machine, &sigmoids);
        g_free(calibration);
    }
    free_inner(&in);
    svm_machine_free(machine);
    return section;
}

char *trainer_expert(const expert_recipe *how, const table_row *const *rows, size_t n, unsigned seed, bool sure,
                     char **error)
{
    size_t drawn_count = n;
    const table_row **drawn = trainer_draw(how, rows, &drawn_count, seed);
    expert_recipe narrow = *how;
    trainer_narrow(&narrow, drawn, drawn_count);
    char *section = NULL;
    if (narrow.input_count == 0) {
        *error = g_strdup_printf("%s: the data have none of its inputs", how->name);
    } else {
        svm_scale scale;
        svm_scale_fit(&narrow, drawn, drawn_count, &scale);
        char *filter = filter_of(&narrow, rows, n);
        section = train(&narrow, &scale, drawn, drawn_count, filter, seed, sure, error);
        g_free(filter);
    }
    g_free(drawn);
    return section;
}

char *trainer_bundle(const recipe *all, char *const *sections, size_t count)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "qoemodel 1\nname %s\nversion %s\n", all->name, all->version);
    for (char **line = all->origin; *line; line++)
        g_string_append_printf(out, "origin %s\n", *line);
    g_string_append_printf(out, "features %d\nexperts %zu\n", QOE_FEATURES_VERSION, count);
    for (size_t i = 0; i < count; i++)
        g_string_append(out, sections[i]);
    g_string_append(out, "end bundle\n");
    return g_string_free(out, FALSE);
}
