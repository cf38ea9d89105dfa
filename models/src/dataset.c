/* qoe-train dataset: features of captures by tshark and the plugin, joined with their labels.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "commands.h"
#include "labels.h"
#include "load.h"
#include "output.h"
#include "progress.h"

typedef struct {
    const capture_tool *tool;
    const char *labels_dir; /* NULL: each capture's own */
    const char *source;     /* NULL: "data", or what a csv says */
    const char *group;      /* column of a csv; NULL: its default */
    GHashTable *groups;     /* capture -> group; NULL: each capture is its own */
    const char *sessions;   /* where they are from */
    const char *column;
    progress bar;
} job_shared;

typedef struct {
    job_shared *shared;
    char *path, *name;
    table *rows;
    table_notes notes;
    char *error;
} job;

static char *name_of(const char *path)
{
    static const char *const suffixes[] = {".zst", ".gz", ".lz4", ".pcap", ".pcapng", ".cap"};
    char *name = g_path_get_basename(path);
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(name, suffixes[i]))
            name[strlen(name) - strlen(suffixes[i])] = '\0';
    return name;
}

static bool is_csv(const char *path)
{
    return g_str_has_suffix(path, ".csv");
}

/* The first and the last window that has a label. */
static void label_range(GHashTable *labels, unsigned *first, unsigned *last)
{
    GHashTableIter iter;
    gpointer window, truth;
    *first = G_MAXUINT;
    *last = 0;
    g_hash_table_iter_init(&iter, labels);
    while (g_hash_table_iter_next(&iter, &window, &truth)) {
        if (((const label *)truth)->downloaded == 0)
            continue;
        *first = MIN(*first, GPOINTER_TO_UINT(window));
        *last = MAX(*last, GPOINTER_TO_UINT(window));
    }
}

/* Whether a window of the capture has a label. */
static bool overlaps(job *work, GHashTable *labels)
{
    const GPtrArray *rows = work->rows->rows;
    unsigned first, last;
    for (guint i = 0; i < rows->len; i++) {
        const label *truth = g_hash_table_lookup(labels, GUINT_TO_POINTER(table_at(work->rows, i)->window));
        if (truth && truth->downloaded > 0)
            return true;
    }
    label_range(labels, &first, &last);
    work->error =
        g_strdup_printf("%s: no window of the capture (%u to %u) has a label (%u to %u)", work->path,
                        table_at(work->rows, 0)->window, table_at(work->rows, rows->len - 1)->window, first, last);
    return false;
}

static void join(job *work, GHashTable *labels)
{
    for (guint i = work->rows->rows->len; i-- > 0;) {
        table_row *row = g_ptr_array_index(work->rows->rows, i);
        const label *truth = g_hash_table_lookup(labels, GUINT_TO_POINTER(row->window));
        if (!truth) {
            g_ptr_array_remove_index(work->rows->rows, i);
            continue;
        }
        const char *group = work->shared->groups ? g_hash_table_lookup(work->shared->groups, work->name) : NULL;
        row->source = g_strdup(work->shared->source ? work->shared->source : "data");
        row->capture = g_strdup(work->name);
        row->group = g_strdup(group && *group ? group : work->name);
        row->label = truth->downloaded;
        row->displayed = truth->displayed;
    }
}

static char *labels_path(const job *work)
{
    char *file = g_strconcat(work->name, ".labels.csv", NULL), *own = g_path_get_dirname(work->path);
    char *path = g_build_filename(work->shared->labels_dir ? work->shared->labels_dir : own, file, NULL);
    g_free(own);
    g_free(file);
    return path;
}

static void read_capture(job *work)
{
    char *path = labels_path(work);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        work->error = g_strdup_printf("%s: no labels (%s)", work->path, path);
    } else {
        GHashTable *labels = labels_read(path, work->shared->tool->window_s, &work->error);
        if (labels && capture_read(work->shared->tool, work->path, work->rows, &work->error) && overlaps(work, labels))
            join(work, labels);
        if (labels)
            g_hash_table_destroy(labels);
    }
    g_free(path);
}

static void read_csv(job *work)
{
    if (!load_table(work->rows, work->path, work->shared->group, &work->notes, &work->error) || !work->shared->source)
        return;
    for (guint i = 0; i < work->rows->rows->len; i++) {
        table_row *row = g_ptr_array_index(work->rows->rows, i);
        g_free(row->source);
        row->source = g_strdup(work->shared->source);
    }
}

static void run_job(gpointer data, gpointer user_data)
{
    job *work = data;
    (void)user_data;
    if (is_csv(work->path))
        read_csv(work);
    else
        read_capture(work);
    progress_step(&work->shared->bar);
}

static GHashTable *read_groups(const char *path, const char *column, char **error)
{
    csv_file *csv = csv_open(path, error);
    if (!csv)
        return NULL;
    GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const int session = csv_need(csv, "session", error), group = *error ? -1 : csv_need(csv, column, error);
    for (const char *const *fields; !*error && (fields = csv_next(csv, error));) {
        const char *name = fields[session], *earlier = g_hash_table_lookup(groups, name);
        if (earlier && strcmp(earlier, fields[group]) != 0)
            *error = csv_message(csv, "the %s of %s is \"%s\" here, but \"%s\" in an earlier row", column, name,
                                 fields[group], earlier);
        g_hash_table_insert(groups, g_strdup(name), g_strdup(fields[group]));
    }
    csv_close(csv);
    if (!*error)
        return groups;
    g_hash_table_destroy(groups);
    return NULL;
}

/* Says which captures are a group of their own because the csv of groups has no row, or an empty cell, for them. */
static void say_groupless(const job_shared *shared, GPtrArray *jobs, bool with_row, const char *lacks)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < jobs->len; i++) {
        const job *work = g_ptr_array_index(jobs, i);
        const char *group = g_hash_table_lookup(shared->groups, work->name);
        if (!is_csv(work->path) && (with_row ? group && !*group : !group))
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", work->name);
    }
    if (names->len)
        fprintf(stderr, "%s: no %s for %s: each is a group of its own\n", shared->sessions, lacks, names->str);
    g_string_free(names, TRUE);
}

static GPtrArray *make_jobs(job_shared *shared, char **paths)
{
    GPtrArray *jobs = g_ptr_array_new();
    for (; *paths; paths++) {
        job *work = g_new0(job, 1);
        work->shared = shared;
        work->path = *paths;
        work->name = name_of(*paths);
        work->rows = table_new();
        g_ptr_array_add(jobs, work);
    }
    return jobs;
}

static void run_jobs(job_shared *shared, GPtrArray *jobs, int threads)
{
    GThreadPool *pool = g_thread_pool_new(run_job, NULL, threads, FALSE, NULL);
    progress_start(&shared->bar, "captures", jobs->len);
    for (guint i = 0; i < jobs->len; i++)
        g_thread_pool_push(pool, g_ptr_array_index(jobs, i), NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    progress_end(&shared->bar);
}

/* What became of one input: its trouble on stderr, once if all have the same, and what was made of a csv where that is
 * wanted. */
static void report(const job *work, GHashTable *said, FILE *to)
{
    if (work->error && g_hash_table_add(said, g_strdup(work->error)))
        fprintf(stderr, "qoe-train: %s\n", work->error);
    if (work->notes.summary)
        fprintf(to, "%s: %s", work->path, work->notes.summary);
    if (work->notes.columns)
        fprintf(to, "qoe-train inspect %s lists where each feature is from\n", work->path);
}

/* Moves all rows into one table, in the order of the arguments; returns the number of inputs that failed. */
static unsigned gather(GPtrArray *jobs, table *all, FILE *to)
{
    unsigned failed = 0;
    GHashTable *said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), *owners = table_owners_new();
    for (guint i = 0; i < jobs->len; i++) {
        job *work = g_ptr_array_index(jobs, i);
        if (!work->error)
            table_claim(work->rows, owners, work->path, &work->error);
        report(work, said, to);
        failed += work->error != NULL;
        if (work->error)
            table_free(work->rows);
        else
            table_move(all, work->rows);
        table_notes_clear(&work->notes);
        g_free(work->error);
        g_free(work->name);
        g_free(work);
    }
    g_ptr_array_free(jobs, TRUE);
    g_hash_table_destroy(owners);
    g_hash_table_destroy(said);
    return failed;
}

static unsigned count_labelled(const table *all)
{
    unsigned count = 0;
    for (guint i = 0; i < all->rows->len; i++)
        count += table_at(all, i)->label > 0;
    return count;
}

static void print_count(const char *output, unsigned rows, unsigned labelled)
{
    fprintf(stderr, "%s: %u labelled windows", output, labelled);
    if (rows > labelled)
        fprintf(stderr, ", %u without a label", rows - labelled);
    fputc('\n', stderr);
}

static int make_dataset(job_shared *shared, char **paths, int threads, const char *output)
{
    char *error = NULL;
    GPtrArray *jobs = make_jobs(shared, paths);
    table *all = table_new();
    if (shared->groups) {
        say_groupless(shared, jobs, false, "row");
        say_groupless(shared, jobs, true, shared->column);
    }
    run_jobs(shared, jobs, threads);
    const unsigned count = jobs->len, failed = gather(jobs, all, output_messages(output));
    const unsigned labelled = count_labelled(all);
    if (labelled == 0)
        error = g_strdup_printf("%s is not written: there is no labelled window", output);
    else if (table_write(all, output, &error))
        print_count(output, all->rows->len, labelled);
    if (failed && !error)
        error = g_strdup_printf("%u of %u inputs failed and are not in %s", failed, count, output);
    table_free(all);
    return error ? command_fail(error) : EXIT_DONE;
}

typedef struct {
    char *tshark, *labels, *sessions, *group, *source, *output, **preferences;
    int threads;
    double window_s; /* WINDOW_NOT_GIVEN until it is */
} dataset_options;

#define WINDOW_NOT_GIVEN (-G_MAXDOUBLE)

static void clear_options(dataset_options *options)
{
    char *const texts[] = {options->tshark, options->labels, options->sessions,
                           options->group,  options->source, options->output};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(options->preferences);
}

/* What was asked for and would do nothing; NULL: all is of use. */
static const char *idle_option(const dataset_options *options, char *const *paths)
{
    unsigned csvs = 0, captures = 0;
    for (; *paths; paths++)
        *(is_csv(*paths) ? &csvs : &captures) += 1;
    if (captures == 0 && (options->labels || options->sessions || options->preferences || options->tshark ||
                          options->window_s != WINDOW_NOT_GIVEN))
        return "--labels, --sessions, --preference, --tshark and --window are for captures";
    if (csvs == 0 && options->group && !options->sessions)
        return "--group is a column of a csv or of --sessions";
    return NULL;
}

/* Says what is wrong and returns false. */
static bool check_options(dataset_options *options, char *const *paths, char ***command)
{
    const char *wrong = idle_option(options, paths);
    options->window_s = options->window_s == WINDOW_NOT_GIVEN ? 10 : options->window_s;
    if (!wrong && (options->threads < 1 || !(options->window_s >= 1 && options->window_s <= 600)))
        wrong = "--threads is from 1, --window from 1 to 600 s";
    if (!wrong && options->sessions && !options->group)
        wrong = "--sessions needs --group: which of its columns says what must not be split";
    if (!wrong && !g_shell_parse_argv(options->tshark ? options->tshark : "tshark", NULL, command, NULL))
        wrong = "--tshark: not a command";
    if (wrong)
        fprintf(stderr, "qoe-train: %s\n", wrong);
    return !wrong;
}

static int run_dataset(const dataset_options *options, char **command, char **paths)
{
    char *error = NULL;
    const capture_tool tool = {command, options->preferences, options->window_s};
    job_shared shared = {.tool = &tool,
                         .labels_dir = options->labels,
                         .source = options->source,
                         .sessions = options->sessions,
                         .column = options->group,
                         .group = options->sessions ? NULL : options->group};
    if (options->sessions && !(shared.groups = read_groups(options->sessions, options->group, &error)))
        return command_fail(error);
    const int status =
        make_dataset(&shared, paths, options->threads, options->output ? options->output : "dataset.csv");
    if (shared.groups)
        g_hash_table_destroy(shared.groups);
    return status;
}

int command_dataset(int argc, char **argv)
{
    dataset_options options = {.threads = (int)g_get_num_processors(), .window_s = WINDOW_NOT_GIVEN};
    char **command = NULL;
    const GOptionEntry entries[] = {
        {"labels", 'l', 0, G_OPTION_ARG_FILENAME, &options.labels,
         "Folder with NAME.labels.csv (default: the captures')", "DIR"},
        {"sessions", 's', 0, G_OPTION_ARG_FILENAME, &options.sessions, "csv with the columns session and GROUP",
         "FILE"},
        {"group", 'g', 0, G_OPTION_ARG_STRING, &options.group,
         "Column that names what must not be split (of a csv: video_id)", "COLUMN"},
        {"source", 'n', 0, G_OPTION_ARG_STRING, &options.source,
         "Name of this data set in recipes (default: data, of a csv: course)", "NAME"},
        {"preference", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &options.preferences, "Given to tshark as -o; repeatable",
         "PREF:VALUE"},
        {"tshark", 't', 0, G_OPTION_ARG_STRING, &options.tshark, "tshark, with what must stand before it", "COMMAND"},
        {"window", 'w', 0, G_OPTION_ARG_DOUBLE, &options.window_s, "Length of a window (default: 10)", "SECONDS"},
        {"threads", 'j', 0, G_OPTION_ARG_INT, &options.threads, "Captures at the same time (default: one a core)", "N"},
        {"output", 'O', 0, G_OPTION_ARG_FILENAME, &options.output, "csv to write (default: dataset.csv)", "FILE"},
        G_OPTION_ENTRY_NULL};
    static const command_help help = {
        .arguments = "CAPTURE...|FILE.csv...",
        .summary =
            "Runs tshark with the QoE plugin over captures and joins each window's features with its label.\n"
            "A label file has the columns second,resolution or window,resolution[,dl_resolution][,valid]; a\n"
            "resolution that is 0 or empty is none.\n"
            "A csv of the course's data set (netflix_dataset.pkl) is read as it is: its columns become features\n"
            "where they mean the same (inspect lists them). An input without labels of its windows, without a\n"
            "session, of a name that another one has had, or a damaged one, is left out of what is written and\n"
            "makes the exit status 1.",
        .examples =
            "  qoe-train dataset -O films.csv captures/*.pcap.gz\n"
            "  qoe-train dataset -s sessions.csv -g title -o 'uat:qoe_services:\"Mine\",\"video.example\"' *.pcap\n"
            "  qoe-train dataset -O course.csv netflix_dataset.csv\n"};
    int status = EXIT_USAGE;
    if (command_parse(&help, entries, &argc, &argv, 1, G_MAXINT) && check_options(&options, argv + 1, &command))
        status = run_dataset(&options, command, argv + 1);
    g_strfreev(command);
    clear_options(&options);
    return status;
}
