/* Inline pictures of a measurement.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report_svg.h"

#include <math.h>

enum { SIZE = 220, LEFT = 44, TOP = 10, BOTTOM = 40, CELL = 48, LEGEND = 74, BAR = 16, NAME = 130, BARS = 320 };

/* Told apart by people who see no red or no green (Okabe and Ito). */
static const char *const colours[QOE_MODEL_CLASSES_MAX] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                                           "#56b4e9", "#d55e00", "#999999", "#000000"};

static double x_of(double share)
{
    return LEFT + share * SIZE;
}

static double y_of(double share)
{
    return TOP + (1 - share) * SIZE;
}

static void open_figure(const char *title, int width, int height, GString *out)
{
    g_string_append_printf(out,
                           "<div><h3>%s</h3><svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
                           "aria-label=\"%s\">",
                           title, width, height, width, height, title);
}

static void text_at(double x, double y, const char *anchor, const char *text, GString *out)
{
    g_string_append_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, text);
}

/* A unit square with ticks and names of its axes, and `beside` pixels for a legend right of it. */
static void open_plot(const char *title, const char *x_name, const char *y_name, int beside, GString *out)
{
    open_figure(title, LEFT + SIZE + 16 + beside, TOP + SIZE + BOTTOM, out);
    for (int i = 0; i <= 4; i++) {
        char number[8];
        const double share = i / 4.0;
        g_snprintf(number, sizeof number, "%g", share);
        g_string_append_printf(out, "<path d=\"M%.1f %.1fH%.1fM%.1f %.1fV%.1f\" stroke=\"#e4e7eb\"/>", x_of(0),
                               y_of(share), x_of(1), x_of(share), y_of(0), y_of(1));
        text_at(x_of(share), y_of(0) + 15, "middle", number, out);
        text_at(x_of(0) - 6, y_of(share) + 4, "end", number, out);
    }
    text_at(x_of(.5), y_of(0) + 32, "middle", x_name, out);
    g_string_append_printf(out, "<text transform=\"translate(12 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                           y_of(.5), y_name);
}

static void close_figure(GString *out)
{
    g_string_append(out, "</svg></div>\n");
}

/* Share of the row, and below it the windows. */
static void confusion_cell(const scores *all, int t, int s, size_t sum, GString *out)
{
    const int k = (int)all->class_count;
    const size_t windows = all->confusion[t][s];
    const double share = sum ? (double)windows / (double)sum : 0, x = LEFT + CELL * s, y = TOP + CELL * t;
    const char *colour = s == t ? "#0072b2" : s == k ? "#7b8794" : "#d55e00", *ink = share > .75 ? "#fff" : "#1f2933";
    g_string_append_printf(out,
                           "<rect x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.3f\" "
                           "stroke=\"#e4e7eb\"/>",
                           x, y, CELL, CELL, colour, share * .85);
    if (windows)
        g_string_append_printf(out,
                               "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" style=\"fill:%s\">%.2f</text>"
                               "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" style=\"fill:%s\">%zu</text>",
                               x + CELL / 2.0, y + CELL / 2.0 - 3, ink, share, x + CELL / 2.0, y + CELL / 2.0 + 13, ink,
                               windows);
}

void report_svg_confusion(const scores *all, GString *out)
{
    const int k = (int)all->class_count;
    char text[32];
    open_figure("Confusion: truth down, answer across (share, windows)", LEFT + CELL * (k + 1) + 8, TOP + CELL * k + 30,
                out);
    for (int t = 0; t < k; t++) {
        g_snprintf(text, sizeof text, "%d", all->classes[t]);
        text_at(LEFT - 6, TOP + CELL * t + CELL / 2.0 + 4, "end", text, out);
        text_at(LEFT + CELL * t + CELL / 2.0, TOP + CELL * k + 16, "middle", text, out);
        for (int s = 0; s <= k; s++)
            confusion_cell(all, t, s, metrics_windows(all, (size_t)t), out);
    }
    text_at(LEFT + CELL * k + CELL / 2.0, TOP + CELL * k + 16, "middle", "none", out);
    close_figure(out);
}

static void roc_legend(const measurement *one, size_t c, GString *out)
{
    const double x = x_of(1) + 10, y = y_of(1) + 16.0 * (double)c + 18;
    char text[32], area[16];
    const bool drawn = !isnan(one->all.auc[c]);
    if (c == 0)
        text_at(x, y_of(1) + 2, "start", "AUC", out);
    if (drawn)
        g_string_append_printf(out, "<path d=\"M%.1f %.1fh10\" stroke=\"%s\" stroke-width=\"3\"/>", x, y - 4,
                               colours[c]);
    g_snprintf(text, sizeof text, "%d: %s", one->classes[c], report_figure(one->all.auc[c], area));
    text_at(x + 14, y, "start", text, out);
}

static void roc_line(const measurement *one, size_t c, GString *out)
{
    double fpr[METRICS_ROC_POINTS], tpr[METRICS_ROC_POINTS];
    metrics_roc(one->answers, one->rows * one->partitions, one->classes, c, fpr, tpr);
    g_string_append_printf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" points=\"%.1f,%.1f",
                           colours[c], x_of(0), y_of(0));
    for (int i = 0; i < METRICS_ROC_POINTS; i++)
        g_string_append_printf(out, " %.1f,%.1f", x_of(fpr[i]), y_of(tpr[i]));
    g_string_append(out, "\"/>");
}

static void diagonal(GString *out)
{
    g_string_append_printf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#9aa5b1\" stroke-dasharray=\"4 4\"/>",
                           x_of(0), y_of(0), x_of(1), y_of(1));
}

void report_svg_roc(const measurement *one, GString *out)
{
    open_plot("ROC, each class against the rest", "false positive rate", "true positive rate", LEGEND, out);
    diagonal(out);
    for (size_t c = 0; c < one->class_count; c++) {
        if (!isnan(one->all.auc[c]))
            roc_line(one, c, out);
        roc_legend(one, c, out);
    }
    close_figure(out);
}

void report_svg_reliability(const scores *all, GString *out)
{
    open_plot("Reliability (bars: share of the answers)", "probability said", "share right", 0, out);
    for (int b = 0; b < METRICS_BINS; b++) {
        const double height = (double)all->bin_rows[b] / (double)all->sure;
        g_string_append_printf(out,
                               "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#cbd2d9\" "
                               "fill-opacity=\".7\"/>",
                               x_of(b / 10.0) + 2, y_of(height), SIZE / 10.0 - 4, height * SIZE);
    }
    diagonal(out);
    for (int b = 0; b < METRICS_BINS; b++)
        if (all->bin_rows[b])
            g_string_append_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#0072b2\"/>",
                                   x_of(all->bin_confidence[b]), y_of(all->bin_right[b]));
    close_figure(out);
}

/* Neighbours' figures would overlap: every other one has its own beside it. */
static void coverage_point(double share, double accuracy, bool labelled, GString *out)
{
    char text[48];
    g_snprintf(text, sizeof text, "%.3f", accuracy);
    g_string_append_printf(out,
                           "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#009e73\"><title>%s at %.0f %%</title>"
                           "</circle>",
                           x_of(share), y_of(accuracy), text, 100 * share);
    if (labelled)
        text_at(x_of(share), y_of(accuracy) + (accuracy > .9 ? 18 : -9), "middle", text, out);
}

void report_svg_coverage(const scores *all, GString *out)
{
    const double answered = (double)all->sure / (double)all->rows;
    open_plot("Answering only the surest", "share of all windows answered", "accuracy of these", 0, out);
    g_string_append(out, "<polyline fill=\"none\" stroke=\"#009e73\" stroke-width=\"2\" points=\"");
    for (int k = 0; k < METRICS_COVERAGES; k++)
        g_string_append_printf(out, "%.1f,%.1f ", x_of(metrics_coverages[k] * answered), y_of(all->accuracy_at[k]));
    g_string_append(out, "\"/>");
    for (int k = 0; k < METRICS_COVERAGES; k++)
        coverage_point(metrics_coverages[k] * answered, all->accuracy_at[k], k % 2 == 0, out);
    close_figure(out);
}

static int by_accuracy(const void *a, const void *b)
{
    const scores *x = &(*(report_part *const *)a)->scores, *y = &(*(report_part *const *)b)->scores;
    return (x->accuracy_all > y->accuracy_all) - (x->accuracy_all < y->accuracy_all);
}

static void group_bar(const report_part *part, unsigned partitions, int y, GString *out)
{
    char *name = g_utf8_validate(part->name, -1, NULL)
                     ? g_utf8_substring(part->name, 0, MIN(g_utf8_strlen(part->name, -1), 18))
                     : g_strdup("?");
    char *escaped = g_markup_escape_text(name, -1), number[16];
    g_snprintf(number, sizeof number, "%.2f", part->scores.accuracy_all);
    text_at(NAME - 6, y + 12, "end", escaped, out);
    g_string_append_printf(out,
                           "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#0072b2\" fill-opacity=\".75\">"
                           "<title>%zu windows</title></rect>",
                           NAME, y + 2, part->scores.accuracy_all * BARS, BAR - 4, part->scores.rows / partitions);
    text_at(NAME + part->scores.accuracy_all * BARS + 4, y + 12, "start", number, out);
    g_free(escaped);
    g_free(name);
}

void report_svg_groups(const measurement *one, GString *out)
{
    GPtrArray *parts = report_cuts(one, REPORT_CUT_GROUP);
    if (parts->len > 1) {
        g_ptr_array_sort(parts, by_accuracy);
        open_figure("Accuracy by group, the worst first", NAME + BARS + 40, BAR * (int)parts->len + 4, out);
        for (guint i = 0; i < parts->len; i++)
            group_bar(g_ptr_array_index(parts, i), one->partitions, BAR * (int)i, out);
        close_figure(out);
    }
    g_ptr_array_free(parts, TRUE);
}
