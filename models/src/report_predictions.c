/* The answers behind a measurement as csv: for a notebook's own curves, matrices and lists of errors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "csv.h"
#include "packet.h"
#include "report.h"

static int by_lines(gconstpointer a, gconstpointer b)
{
    return *(const int *)a - *(const int *)b;
}

/* The classes of all measurements, rising (g_array_free). */
static GArray *gather_classes(const measurement *const *all, size_t count)
{
    GArray *classes = g_array_new(FALSE, FALSE, sizeof(int));
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < all[i]->class_count; c++) {
            bool before = false; /* in an earlier measurement */
            for (size_t j = 0; j < i; j++)
                before = before || metrics_class_of(&all[j]->all, all[i]->classes[c]) < all[j]->class_count;
            if (!before)
                g_array_append_val(classes, all[i]->classes[c]);
        }
    g_array_sort(classes, by_lines);
    return classes;
}

static void append_head(const measurement *first, const GArray *classes, GString *out)
{
    g_string_append(out, "source,capture,group,service,transport,window,start_s,label,answer,probability");
    for (guint c = 0; c < classes->len; c++)
        g_string_append_printf(out, ",p_%d", g_array_index(classes, int, c));
    g_string_append(out, first->how == REPORT_BUNDLE  ? "\n"
                         : first->how == REPORT_FOLDS ? ",expert,partition,fold\n"
                                                      : ",expert\n");
}

/* The table's columns, in its form. */
static void append_window(const table_row *row, GString *out)
{
    const char *const names[] = {row->source, row->capture, row->group, row->service};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        csv_append_field(out, names[i]);
        g_string_append_c(out, ',');
    }
    g_string_append_printf(out, "%s,%u,%.6f,%d,", row->transport == QOE_UDP ? "udp" : "tcp", row->window, row->start_s,
                           row->label);
}

/* Cells that nobody knows stay empty. */
static void append_answer(const measurement *one, const answer *what, const GArray *classes, GString *out)
{
    const bool asked = what->reason == QOE_REASON_NONE || what->reason == QOE_REASON_UNSURE;
    if (what->said)
        g_string_append_printf(out, "%d", what->said);
    g_string_append_c(out, ',');
    if (what->said && what->sure)
        g_string_append_printf(out, "%.9g", what->confidence);
    for (guint i = 0; i < classes->len; i++) {
        const size_t c = metrics_class_of(&one->all, g_array_index(classes, int, i));
        g_string_append_c(out, ',');
        if (asked && what->sure && c < one->class_count)
            g_string_append_printf(out, "%.9g", what->p[c]);
    }
}

static void append_row(const measurement *one, size_t at, const GArray *classes, GString *out)
{
    const answer *what = &one->answers[at];
    append_window(what->row, out);
    append_answer(one, what, classes, out);
    if (one->how != REPORT_BUNDLE) {
        g_string_append_c(out, ',');
        csv_append_field(out, one->expert);
    }
    if (one->how == REPORT_FOLDS)
        g_string_append_printf(out, ",%zu,%u", at / one->rows + 1, what->fold + 1);
    g_string_append_c(out, '\n');
}

void report_predictions(const measurement *const *all, size_t count, GString *out)
{
    GArray *classes = gather_classes(all, count);
    append_head(all[0], classes, out);
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; at < all[i]->rows * all[i]->partitions; at++)
            append_row(all[i], at, classes, out);
    g_array_free(classes, TRUE);
}
