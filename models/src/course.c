/* The course's data set: a csv of it, read as rows of this program's features.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "course.h"

#include <math.h>
#include <string.h>

#include "course_line.h"
#include "packet.h"

/* Where things are in the csv; -1: not there. */
typedef struct {
    int label, session, group, service, is_tcp, x[COURSE_COLUMNS];
} places;

char *course_lacks(const csv_file *csv)
{
    const char *const needed[] = {"session_id", course_column_names[COURSE_ELAPSED], "resolution"};
    return csv_lacks(csv, needed, G_N_ELEMENTS(needed));
}

bool course_is(const csv_file *csv)
{
    char *lacking = course_lacks(csv);
    g_free(lacking);
    return !lacking;
}

static bool find_places(csv_file *csv, const char *group, places *at, char **error)
{
    at->label = csv_find(csv, "resolution");
    at->session = csv_find(csv, "session_id");
    at->group = group ? csv_need(csv, group, error) : csv_find(csv, "video_id");
    at->service = csv_find(csv, "service");
    at->is_tcp = csv_find(csv, "is_tcp");
    for (unsigned c = 0; c < COURSE_COLUMNS; c++)
        at->x[c] = csv_find(csv, course_column_names[c]);
    if (!*error)
        csv_need(csv, course_column_names[COURSE_COUNT], error); /* without it nobody knows which windows have media */
    return !*error;
}

/* Numbers that cannot be: how many, and the line of the first. */
typedef struct {
    unsigned count, line;
} impossible;

static void take_as_missing(const csv_file *csv, double *number, impossible *odd)
{
    *number = NAN;
    if (odd->count++ == 0)
        odd->line = csv_line(csv);
}

/* A number, or NaN for what pandas writes where there is none; false with *error for other texts. */
static bool number_or_none(csv_file *csv, const char *const *fields, int column, double *out, char **error)
{
    *out = NAN;
    return column < 0 || csv_is_missing(fields[column]) || csv_number(csv, fields, column, out, error);
}

/* Services as the plugin's rules spell them. */
static const char *service_name(const char *theirs)
{
    static const char *const names[][2] = {
        {"netflix", "Netflix"}, {"youtube", "YouTube"}, {"twitch", "Twitch"}, {"amazon", "Prime Video"}};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(theirs, names[i][0]) == 0)
            return names[i][1];
    return *theirs ? theirs : "untagged";
}

static bool read_numbers(csv_file *csv, const char *const *fields, const places *at, course_line *out, impossible *odd,
                         char **error)
{
    if (!number_or_none(csv, fields, at->label, &out->label, error))
        return false;
    if (out->label < 0 || out->label > floor(out->label))
        take_as_missing(csv, &out->label, odd);
    for (unsigned c = 0; c < COURSE_COLUMNS; c++) {
        if (!number_or_none(csv, fields, at->x[c], &out->x[c], error))
            return false;
        if (out->x[c] < 0) /* all are times, counts or sizes */
            take_as_missing(csv, &out->x[c], odd);
    }
    return true;
}

static bool read_line(csv_file *csv, const char *const *fields, const places *at, course_line *out, impossible *odd,
                      char **error)
{
    static const char *const no_group[] = {"", "nan", "None", "0", "unknown", NULL};
    const char *group = at->group < 0 ? "" : fields[at->group], *tcp = at->is_tcp < 0 ? "" : fields[at->is_tcp];
    out->session = fields[at->session];
    out->group = g_strv_contains(no_group, group) ? out->session : group;
    out->service = service_name(at->service < 0 ? "" : fields[at->service]);
    out->udp = g_ascii_strcasecmp(tcp, "false") == 0 || strcmp(tcp, "0") == 0 || strcmp(tcp, "0.0") == 0;
    return read_numbers(csv, fields, at, out, odd, error);
}

/* All lines that say when they are; *left_out counts the others. */
static GArray *read_lines(csv_file *csv, const places *at, impossible *odd, unsigned *left_out, char **error)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(course_line));
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (const char *const *fields; (fields = csv_next(csv, error));) {
        course_line one;
        if (!read_line(csv, fields, at, &one, odd, error))
            break;
        if (isnan(one.x[COURSE_ELAPSED])) {
            ++*left_out;
            continue;
        }
        if (!g_hash_table_contains(numbers, one.session))
            g_hash_table_insert(numbers, (gpointer)(guintptr)one.session, GUINT_TO_POINTER(g_hash_table_size(numbers)));
        one.number = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, one.session));
        g_array_append_val(lines, one);
    }
    g_hash_table_destroy(numbers);
    return lines;
}

static int by_session_and_time(const void *a, const void *b)
{
    const course_line *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->x[COURSE_ELAPSED] > y->x[COURSE_ELAPSED]) - (x->x[COURSE_ELAPSED] < y->x[COURSE_ELAPSED]);
}

/* Of sorted lines, only the first of each time of a session: its sums count each one once. Returns how many went. */
static unsigned drop_doubled(GArray *lines)
{
    guint kept = 0;
    for (guint i = 0; i < lines->len; i++) {
        const course_line *now = &g_array_index(lines, course_line, i);
        if (kept == 0 || by_session_and_time(&g_array_index(lines, course_line, kept - 1), now) != 0)
            g_array_index(lines, course_line, kept++) = *now;
    }
    const guint doubled = lines->len - kept;
    g_array_set_size(lines, kept);
    return doubled;
}

/* relative_timestamp names the end of a row's 10 s: where it begins with 0, it names their start. */
static void settle_times(GArray *lines)
{
    double first = HUGE_VAL;
    for (guint i = 0; i < lines->len; i++)
        first = fmin(first, g_array_index(lines, course_line, i).x[COURSE_ELAPSED]);
    for (guint i = 0; first < COURSE_WINDOW_S && i < lines->len; i++)
        g_array_index(lines, course_line, i).x[COURSE_ELAPSED] += COURSE_WINDOW_S;
}

static bool *present_features(const places *at)
{
    bool *present = g_new0(bool, qoe_features_count());
    for (size_t i = 0; i < course_rule_count; i++) {
        const course_rule *rule = &course_rules[i];
        const int feature = qoe_features_find(rule->feature);
        const bool needs_other = rule->how == COURSE_RATIO;
        if (feature >= 0)
            present[feature] = at->x[rule->column] >= 0 && (!needs_other || at->x[rule->other] >= 0);
    }
    return present;
}

/* NULL if a value that is there for others is missing. */
static table_row *make_row(const course_line *first, const course_line *now, const bool *present)
{
    table_row *row = g_new0(table_row, 1);
    row->x = g_new0(double, qoe_features_count());
    bool known = now->x[COURSE_ELAPSED] > 0;
    for (size_t i = 0; i < course_rule_count; i++) {
        const int feature = qoe_features_find(course_rules[i].feature);
        if (feature >= 0 && present[feature]) {
            row->x[feature] = course_line_value(&course_rules[i], first, now);
            known = known && isfinite(row->x[feature]);
        }
    }
    row->source = g_strdup("course");
    row->capture = g_strdup(now->session);
    row->group = g_strdup(now->group);
    row->service = g_strdup(now->service);
    row->transport = now->udp ? QOE_UDP : QOE_TCP;
    row->window = (unsigned)fmin(fmax(now->x[COURSE_ELAPSED] / COURSE_WINDOW_S - .5, 0), 1e9);
    row->start_s = row->window * COURSE_WINDOW_S;
    row->label = row->displayed = now->label > 0 ? (int)fmin(now->label, 1e5) : 0;
    row->present = present;
    if (known)
        return row;
    table_row_free(row);
    return NULL;
}

/* Returns the number of lines that were left out. */
static unsigned add_rows(const GArray *lines, const bool *present, table *data)
{
    unsigned left_out = 0;
    const course_line *all = (const course_line *)(const void *)lines->data, *first = all;
    for (const course_line *now = all; now < all + lines->len; now++) {
        if (now->number != first->number)
            first = now;
        table_row *row = make_row(first, now, present);
        if (row)
            g_ptr_array_add(data->rows, row);
        else
            left_out++;
    }
    return left_out;
}

/* Segments and packets must tell of the same bytes; elsewise a column is in another unit than was thought. */
static void check_units(const GArray *lines, GString *notes)
{
    double segments = 0, packets = 0;
    for (guint i = 0; i < lines->len; i++) {
        const course_line *now = &g_array_index(lines, course_line, i);
        const bool last = i + 1 == lines->len || g_array_index(lines, course_line, i + 1).number != now->number;
        segments += last && isfinite(now->x[COURSE_SUM]) ? now->x[COURSE_SUM] : 0;
        packets += isfinite(now->x[COURSE_DOWN_BYTES]) ? now->x[COURSE_DOWN_BYTES] : 0;
    }
    if (segments > 0 && packets > 0 && !(segments / packets > .2 && segments / packets < 5))
        g_string_append_printf(
            notes,
            "attention: segments sum to %.3g bytes, packets to %.3g: is one in another unit? A model of "
            "these sizes would not fit what the plugin sees\n",
            segments, packets);
}

static char *describe_columns(const csv_file *csv)
{
    GString *notes = g_string_new(NULL);
    course_map_describe(notes);
    g_string_append(notes, "columns that are not used:\n");
    for (unsigned c = 0; c < csv_columns(csv); c++) {
        const char *name = csv_name(csv, c);
        if (!course_map_uses(name))
            g_string_append_printf(notes, "  %-32s %s\n", name, course_map_why_not(name));
    }
    return g_string_free(notes, FALSE);
}

/* How many rows were left out, and why. */
typedef struct {
    unsigned lacking, doubled;
} left_out;

static char *summarise(const csv_file *csv, const GArray *lines, const bool *present, unsigned rows, left_out gone,
                       const impossible *odd)
{
    GString *notes = g_string_new(NULL);
    unsigned features = 0;
    for (unsigned f = 0; f < qoe_features_count(); f++)
        features += present[f];
    g_string_append_printf(notes, "the course's form: %u rows, %u features from %u columns\n", rows, features,
                           csv_columns(csv));
    if (odd->count)
        g_string_append_printf(notes,
                               "%u numbers taken as missing: negative, or a resolution with a fraction (the first in "
                               "line %u)\n",
                               odd->count, odd->line);
    if (gone.lacking)
        g_string_append_printf(notes, "%u rows left out: a value that is used is missing in them, or a total falls\n",
                               gone.lacking);
    if (gone.doubled)
        g_string_append_printf(notes, "%u rows left out: their session has an earlier row of that time\n",
                               gone.doubled);
    unsigned groupless = 0;
    for (guint i = 0; i < lines->len; i++) {
        const course_line *one = &g_array_index(lines, course_line, i);
        groupless += one->group == one->session;
    }
    if (groupless)
        g_string_append_printf(notes, "%u rows without a group: their session takes its place\n", groupless);
    check_units(lines, notes);
    return g_string_free(notes, FALSE);
}

bool course_read(csv_file *csv, const char *group, table *data, table_notes *notes, char **error)
{
    places at;
    left_out gone = {0};
    impossible odd = {0};
    if (!find_places(csv, group, &at, error))
        return false;
    GArray *lines = read_lines(csv, &at, &odd, &gone.lacking, error);
    if (!*error && lines->len == 0)
        *error = csv_message(csv, "no rows in it");
    if (!*error) {
        const bool *present = table_add_present(data, present_features(&at));
        const guint before = data->rows->len;
        settle_times(lines);
        g_array_sort(lines, by_session_and_time);
        gone.doubled = drop_doubled(lines);
        gone.lacking += add_rows(lines, present, data);
        notes->summary = summarise(csv, lines, present, data->rows->len - before, gone, &odd);
        notes->columns = describe_columns(csv);
    }
    g_array_free(lines, TRUE);
    return !*error;
}
