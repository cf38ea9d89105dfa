/* A measurement as text for the terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

static void text_head(const measurement *one, GString *out)
{
    const scores *all = &one->all;
    g_string_append_printf(out, "== %s ==\n%zu windows of %zu groups, %u partition%s; answered %.3f\n", one->title,
                           one->rows, one->groups, one->partitions, one->partitions == 1 ? "" : "s",
                           all->rows ? (double)all->answered / (double)all->rows : 0);
    g_string_append_printf(out,
                           "accuracy %.3f (no answer counted as wrong: %.3f), macro-F1 %.3f, within one class %.3f\n",
                           all->accuracy, all->accuracy_all, all->macro_f1, all->within_one);
    if (one->how == REPORT_BUNDLE)
        g_string_append(out, "a finished bundle: only honest on groups that it did not learn from\n");
    if (one->partitions > 1) {
        g_string_append(out, "by partition (accuracy/macro-F1):");
        for (unsigned p = 0; p < one->partitions; p++)
            g_string_append_printf(out, " %.3f/%.3f", one->of_partition[p].accuracy_all, one->of_partition[p].macro_f1);
        g_string_append_c(out, '\n');
    }
    g_string_append_printf(out, "baselines: commonest class %.3f", one->majority);
    if (one->throughput.rows)
        g_string_append_printf(out, ", throughput only %.3f/%.3f", one->throughput.accuracy_all,
                               one->throughput.macro_f1);
    g_string_append_c(out, '\n');
}

static void text_classes(const scores *all, GString *out)
{
    g_string_append_printf(out, "\n%-7s%9s%9s%9s%9s   confusion (rows: truth; last: no answer)\n", "class", "F1",
                           "precis.", "recall", "AUC");
    for (size_t c = 0; c < all->class_count; c++) {
        const double figures[] = {all->f1[c], all->precision[c], all->recall[c], all->auc[c]};
        char text[16];
        g_string_append_printf(out, "%-7d", all->classes[c]);
        for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
            g_string_append_printf(out, "%9s", report_figure(figures[i], text));
        g_string_append(out, "  ");
        for (size_t o = 0; o <= all->class_count; o++)
            g_string_append_printf(out, "%7zu", all->confusion[c][o]);
        g_string_append_c(out, '\n');
    }
}

static void text_confidence(const scores *all, GString *out)
{
    g_string_append(out, "\nmost confident share -> accuracy:");
    for (unsigned k = 0; k < METRICS_COVERAGES; k++)
        g_string_append_printf(out, "  %.1f -> %.3f", metrics_coverages[k], all->accuracy_at[k]);
    g_string_append_printf(out, "\ncalibration error %.3f; said/right:", all->calibration_error);
    for (unsigned b = 0; b < METRICS_BINS; b++)
        if (all->bin_rows[b])
            g_string_append_printf(out, "  %.2f/%.2f (%zu)", all->bin_confidence[b], all->bin_right[b],
                                   all->bin_rows[b]);
    g_string_append_c(out, '\n');
}

static void text_reasons(const scores *all, GString *out)
{
    for (int r = QOE_REASON_NO_MODEL; r <= QOE_REASON_UNSURE; r++)
        if (all->reasons[r])
            g_string_append_printf(out, "no answer, %s: %zu\n", qoe_reason_name((qoe_reason)r), all->reasons[r]);
}

static void text_parts(const measurement *one, unsigned cut, GString *out)
{
    GPtrArray *parts = report_cuts(one, cut);
    if (parts->len > 1) {
        g_string_append_printf(out, "\nby %s (windows, accuracy, macro-F1):\n", report_cut_names[cut]);
        for (guint i = 0; i < parts->len; i++) {
            const report_part *part = g_ptr_array_index(parts, i);
            g_string_append_printf(out, "  %-24s%8zu%8.3f%8.3f\n", part->name, part->scores.rows / one->partitions,
                                   part->scores.accuracy_all, part->scores.macro_f1);
        }
    }
    g_ptr_array_free(parts, TRUE);
}

void report_text(const measurement *one, GString *out)
{
    text_head(one, out);
    text_classes(&one->all, out);
    if (one->all.sure)
        text_confidence(&one->all, out);
    text_reasons(&one->all, out);
    for (unsigned cut = 0; cut < REPORT_CUTS; cut++)
        text_parts(one, cut, out);
    g_string_append_c(out, '\n');
}
