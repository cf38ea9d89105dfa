/* qoe-train evaluate: what the experts of a recipe are worth on groups that were held out, or a finished bundle on
 * a data set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "crossval.h"
#include "model_internal.h"
#include "options.h"
#include "output.h"
#include "packet.h"
#include "report.h"
#include "split.h"
#include "trainer.h"

typedef struct {
    train_options shared;
    int folds, partitions;
    char *model, *service, *json, *html, *predictions;
    gboolean brief, labels_only;
} evaluate_options;

static double majority_of(const scores *all)
{
    size_t most = 0;
    for (size_t c = 0; c < all->class_count; c++)
        most = MAX(most, metrics_windows(all, c));
    return all->rows ? (double)most / (double)all->rows : 0;
}

/* Takes the answers over. */
static measurement *measure(char *title, answer *answers, const table_row *const *rows, size_t n, unsigned partitions,
                            const int *classes, size_t class_count)
{
    measurement *one = g_new0(measurement, 1);
    unsigned *ignored = g_new(unsigned, n);
    *one = (measurement){.title = title, .rows = n, .partitions = partitions, .answers = answers};
    one->groups = split_groups(rows, n, 1, 0, ignored);
    one->class_count = class_count;
    memcpy(one->classes, classes, class_count * sizeof *classes);
    metrics_score(answers, n * partitions, classes, class_count, &one->all);
    one->of_partition = g_new(scores, partitions);
    for (unsigned p = 0; p < partitions; p++)
        metrics_score(answers + p * n, n, classes, class_count, &one->of_partition[p]);
    one->majority = majority_of(&one->all);
    g_free(ignored);
    return one;
}

/* Rows of one expert: all that its folds share, or those that it learns from and those that were held out. */
typedef struct {
    GPtrArray *learned, *held; /* held empty: folds */
    GPtrArray *support;        /* learned from as well, never measured */
} expert_rows;

static const table_row *const *list_of(const GPtrArray *rows)
{
    return (const table_row *const *)rows->pdata;
}

/* By folds over all rows, or once for the rows that were held out. */
static answer *answers_of(const expert_recipe *how, const expert_rows *rows, const crossval_plan *plan, char **error)
{
    if (rows->held->len == 0)
        return crossval_run(how, list_of(rows->learned), rows->learned->len, plan, error);
    answer *answers = g_new0(answer, rows->held->len);
    if (crossval_held_out(how, list_of(rows->learned), rows->learned->len, list_of(rows->held), rows->held->len,
                          plan->seed, !plan->labels_only, answers, error))
        return answers;
    g_free(answers);
    return NULL;
}

/* A model that sees nothing but how much came: the floor under everything else. Not measured where the data do not
 * have it. */
static bool measure_throughput(const expert_recipe *how, const expert_rows *rows, crossval_plan plan, scores *out,
                               char **error)
{
    expert_recipe plain = *how;
    const GPtrArray *measured = rows->held->len ? rows->held : rows->learned;
    plan.partitions = 1;
    plain.rows_max =
        plain.rows_max ? MIN(plain.rows_max, QOE_MODEL_SVS_MAX) : QOE_MODEL_SVS_MAX; /* all may be vectors */
    if (!recipe_set(&plain, "features", "window_down window_down_6 window_down_all", error))
        return false;
    if (!table_rows_have(list_of(rows->learned), rows->learned->len, plain.inputs[0]))
        return true;
    answer *answers = answers_of(&plain, rows, &plan, error);
    if (answers)
        metrics_score(answers, measured->len, how->classes, how->class_count, out);
    g_free(answers);
    return answers != NULL;
}

static measurement *measure_expert(const expert_recipe *how, const expert_rows *rows, const evaluate_options *options,
                                   char **error)
{
    const bool held = rows->held->len > 0;
    const crossval_plan plan = {(unsigned)options->folds, held ? 1 : (unsigned)options->partitions,
                                options->shared.seed,     options->shared.threads,
                                options->labels_only,     rows->support};
    const GPtrArray *measured = held ? rows->held : rows->learned;
    answer *answers = answers_of(how, rows, &plan, error);
    if (!answers)
        return NULL;
    measurement *one = measure(g_strdup_printf("expert %s", how->name), answers, list_of(measured), measured->len,
                               plan.partitions, how->classes, how->class_count);
    one->how = held ? REPORT_HELD_OUT : REPORT_FOLDS;
    one->expert = g_strdup(how->name);
    if (!options->brief)
        measure_throughput(how, rows, plan, &one->throughput, error);
    return one;
}

/* What will not be used of the rows to learn from, and of those that are held out. */
static void print_notes(const expert_recipe *how, const table *data, const table *held)
{
    char *notes = trainer_notes(how, data), *name = g_strdup_printf("%s, held out", how->name);
    GString *out = g_string_new(NULL);
    trainer_note_rows(how, held, name, out);
    fprintf(stderr, "%s%s", notes, out->str);
    g_string_free(out, TRUE);
    g_free(name);
    g_free(notes);
}

static measurement *evaluate_expert(const expert_recipe *how, const table *data, const table *held,
                                    const evaluate_options *options, char **error)
{
    const expert_rows rows = {trainer_select(how, data), trainer_select(how, held), g_ptr_array_new()};
    /* Folds share out what they learn from; rows that are held out are told by all the rest at once. */
    trainer_add_support(how, data, held->rows->len > 0 ? rows.learned : rows.support);
    measurement *one = NULL;
    print_notes(how, data, held);
    if (rows.learned->len == 0)
        *error = trainer_no_rows(how, data);
    else if (held->rows->len > 0 && rows.held->len == 0)
        *error = g_strdup_printf("%s: none of the rows that are held out is for it", how->name);
    else
        one = measure_expert(how, &rows, options, error);
    g_ptr_array_free(rows.learned, TRUE);
    g_ptr_array_free(rows.held, TRUE);
    g_ptr_array_free(rows.support, TRUE);
    return one;
}

static GPtrArray *evaluate_recipe(const evaluate_options *options, const table *data, const table *held, char **error)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)report_free);
    recipe *experts = options_recipe(&options->shared, error);
    for (guint i = 0; experts && !*error && i < experts->experts->len; i++) {
        measurement *one = evaluate_expert(g_ptr_array_index(experts->experts, i), data, held, options, error);
        if (one)
            g_ptr_array_add(all, one);
    }
    recipe_free(experts);
    return all;
}

/* Says whose answers will be those for --service. */
static void print_service(const qoe_model *model, const char *service)
{
    bool general[2] = {false, false};
    const bool tcp = qoe_model_expert(model, service, QOE_TCP, &general[0]);
    const bool udp = qoe_model_expert(model, service, QOE_UDP, &general[1]);
    if ((tcp && !general[0]) || (udp && !general[1]))
        return;
    fprintf(stderr, "no expert for %s: %s\n", service, tcp || udp ? "general" : "no answers");
}

/* Keeps the answers to rows of a class that the bundle knows: it cannot be right on others. Takes the answers. */
static measurement *measure_known(const evaluate_options *options, const table *data, const expert_recipe *known,
                                  answer *answers, char **error)
{
    GPtrArray *rows = g_ptr_array_new();
    GString *notes = g_string_new(NULL);
    measurement *one = NULL;
    for (guint i = 0; i < data->rows->len; i++)
        if (recipe_class_of(known, table_at(data, i)->label) < known->class_count) {
            answers[rows->len] = answers[i];
            g_ptr_array_add(rows, data->rows->pdata[i]);
        }
    trainer_note_rows(known, data, known->name, notes);
    fputs(notes->str, stderr);
    if (rows->len == 0)
        *error = g_strdup_printf("%s: no row has a label that it knows", options->model);
    else
        one = measure(g_strdup_printf("bundle %s", options->model), answers, list_of(rows), rows->len, 1,
                      known->classes, known->class_count);
    if (!one)
        g_free(answers);
    g_string_free(notes, TRUE);
    g_ptr_array_free(rows, TRUE);
    return one;
}

/* All rows are answered, as the plugin does, since a filter goes over all windows. */
static GPtrArray *evaluate_bundle(const evaluate_options *options, const table *data, char **error)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)report_free);
    qoe_model *model = qoe_model_load(options->model, error);
    if (!model)
        return all;
    expert_recipe known = {.name = "bundle"}; /* asks for nothing but its classes */
    known.class_count = qoe_model_classes(model, known.classes);
    answer *answers = g_new0(answer, data->rows->len);
    if (options->service)
        print_service(model, options->service);
    crossval_answer(model, options->service, list_of(data->rows), data->rows->len, answers);
    measurement *one = measure_known(options, data, &known, answers, error);
    if (one) {
        one->how = REPORT_BUNDLE;
        g_ptr_array_add(all, one);
    }
    qoe_model_free(model);
    return all;
}

typedef void report_writer(const measurement *const *all, size_t count, GString *out);

static void write_report(const char *path, report_writer *write, const GPtrArray *all, char **error)
{
    if (!path || *error)
        return;
    GString *out = g_string_new(NULL);
    write((const measurement *const *)all->pdata, all->len, out);
    output_write(path, out->str, out->len, error);
    g_string_free(out, TRUE);
}

static bool writes_standard(const evaluate_options *options)
{
    return output_is_standard(options->json) || output_is_standard(options->html) ||
           output_is_standard(options->predictions);
}

static void write_reports(const evaluate_options *options, const GPtrArray *all, char **error)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++)
        report_text(g_ptr_array_index(all, i), out);
    fputs(out->str, writes_standard(options) ? stderr : stdout);
    g_string_free(out, TRUE);
    write_report(options->json, report_json, all, error);
    write_report(options->html, report_html, all, error);
    write_report(options->predictions, report_predictions, all, error);
}

static int evaluate(const evaluate_options *options)
{
    char *error = NULL;
    table *data = options_table(&options->shared, &error);
    table *held = data ? options_hold_out(&options->shared, data, &error) : NULL;
    GPtrArray *all = NULL;
    if (held && options->model)
        all = evaluate_bundle(options, held->rows->len ? held : data, &error);
    else if (held)
        all = evaluate_recipe(options, data, held, &error);
    if (!error)
        write_reports(options, all, &error);
    if (all)
        g_ptr_array_free(all, TRUE);
    table_free(held);
    table_free(data);
    return error ? command_fail(error) : EXIT_DONE;
}

/* What was asked for and would do nothing; NULL: all is of use. */
static const char *idle_option(const evaluate_options *options)
{
    const train_options *shared = &options->shared;
    const bool splits = options->folds != OPTIONS_NOT_GIVEN || options->partitions != OPTIONS_NOT_GIVEN;
    const bool trains = shared->recipe || shared->expert || shared->set || shared->seed_given != OPTIONS_NOT_GIVEN ||
                        options->labels_only || options->brief;
    if (options->model && (splits || trains))
        return "--model is finished: --recipe, --expert, --set, --seed, --folds, --partitions, --labels-only and "
               "--brief do nothing to it";
    if (!options->model && options->service)
        return "--service is for asking a --model";
    return shared->held_out && splits ? "--held-out measures once: --folds and --partitions do nothing to it" : NULL;
}

/* Whether two of the files to write are one. */
static bool outputs_collide(const evaluate_options *options)
{
    const char *json = options->json, *html = options->html, *predictions = options->predictions;
    return (json && g_strcmp0(json, html) == 0) || (json && g_strcmp0(json, predictions) == 0) ||
           (html && g_strcmp0(html, predictions) == 0);
}

/* A message (g_free) if something that is read would be written over. */
static char *outputs_are_inputs(const evaluate_options *options)
{
    const char *const outputs[] = {options->json, options->html, options->predictions};
    char *model[] = {options->model, NULL}, *wrong = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(outputs) && !wrong; i++) {
        wrong = output_is_input(outputs[i], options->shared.files);
        if (!wrong)
            wrong = output_is_input(outputs[i], model);
    }
    return wrong;
}

/* Says what is wrong and returns false. */
static bool check(evaluate_options *options)
{
    const char *wrong = idle_option(options);
    options->folds = options->folds == OPTIONS_NOT_GIVEN ? 4 : options->folds;
    options->partitions = options->partitions == OPTIONS_NOT_GIVEN ? 1 : options->partitions;
    if (!wrong && (options->folds < 2 || options->partitions < 1))
        wrong = "--folds is from 2, --partitions from 1";
    if (!wrong && outputs_collide(options))
        wrong = "only one of --json, --html and --predictions can be the same file or the standard output";
    char *message = wrong ? g_strdup(wrong) : outputs_are_inputs(options);
    if (!message)
        return options_check(&options->shared);
    command_fail(message);
    return false;
}

int command_evaluate(int argc, char **argv)
{
    evaluate_options options = {.folds = OPTIONS_NOT_GIVEN, .partitions = OPTIONS_NOT_GIVEN};
    options_init(&options.shared);
    GOptionEntry entries[OPTIONS_SHARED + 10] = {0};
    options_entries(&options.shared, entries);
    const GOptionEntry own[] = {
        {"folds", 'k', 0, G_OPTION_ARG_INT, &options.folds, "Folds by group (default: 4)", "N"},
        {"partitions", 'p', 0, G_OPTION_ARG_INT, &options.partitions, "Different splits (default: 1)", "N"},
        {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "Measure this bundle instead of training", "FILE"},
        {"service", 'v', 0, G_OPTION_ARG_STRING, &options.service, "Ask the bundle as for this service", "NAME"},
        {"json", 'J', 0, G_OPTION_ARG_FILENAME, &options.json, "Also write the report as json", "FILE"},
        {"html", 'H', 0, G_OPTION_ARG_FILENAME, &options.html, "Also write it as a page with pictures", "FILE"},
        {"predictions", 'P', 0, G_OPTION_ARG_FILENAME, &options.predictions,
         "Also write each window's label, answer and probabilities as csv", "FILE"},
        {"labels-only", 'l', 0, G_OPTION_ARG_NONE, &options.labels_only, "No probabilities: six times as fast", NULL},
        {"brief", 'b', 0, G_OPTION_ARG_NONE, &options.brief, "Without the throughput-only baseline", NULL},
    };
    memcpy(entries + OPTIONS_SHARED, own, sizeof own);
    static const command_help help = {
        .arguments = "DATASET.csv...",
        .summary = "Trains on all groups but those of a fold and predicts that fold, through the plugin's own\n"
                   "code, for every fold and partition. With --held-out trains once on all other groups and\n"
                   "predicts those. With --model measures a finished bundle: only honest on groups that it did\n"
                   "not learn from (--held-out takes only those).",
        .examples = "  qoe-train evaluate --partitions 3 --html report.html films.csv\n"
                    "  qoe-train evaluate --model my.qoemodel --held-out film-http1 films.csv\n"
                    "  qoe-train evaluate --predictions predictions.csv films.csv\n"};
    if (!command_parse(&help, entries, &argc, &argv, 1, G_MAXINT))
        return EXIT_USAGE;
    options.shared.files = argv + 1;
    const int status = check(&options) ? evaluate(&options) : EXIT_USAGE;
    options_clear(&options.shared);
    g_free(options.model);
    g_free(options.service);
    g_free(options.json);
    g_free(options.html);
    g_free(options.predictions);
    return status;
}
