/* Measurements as one html page with inline pictures: confusion, ROC, reliability, coverage, groups.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"
#include "report_svg.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width,initial-scale=1\"><title>Video resolution: measured</title>\n<style>"
    ":root{color-scheme:light}"
    "body{font:15px/1.5 system-ui,sans-serif;color:#1f2933;background:#fff;max-width:1120px;margin:2em auto;"
    "padding:0 1em}"
    "h1{font-size:1.6em;margin-bottom:0}h2{margin:2.2em 0 .3em;border-top:1px solid #d9e2ec;padding-top:1em}"
    "h3{font-size:1em;margin:0 0 .3em}table{border-collapse:collapse;margin:.5em 0}"
    "td,th{padding:.2em .8em;text-align:right;font-variant-numeric:tabular-nums}th{font-weight:600;color:#52606d}"
    "td:first-child,th:first-child{text-align:left}tbody tr:nth-child(odd){background:#f5f7fa}"
    ".row{display:flex;flex-wrap:wrap;gap:1.8em 1.5em;margin:1.6em 0}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5em,1fr));gap:1em;margin:1em 0 2em}"
    ".big{font-size:1.9em;font-weight:600;line-height:1.3}.note{color:#52606d}.cards .note{line-height:1.3}"
    ".row>div{max-width:100%;overflow-x:auto}details{margin:1em 0}summary{cursor:pointer}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}dd{margin:0}dt{font-weight:600}"
    "svg{max-width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:#52606d}"
    "</style></head><body>\n<h1>Video resolution, measured</h1>\n<p class=\"note\">How often the resolution "
    "that is predicted for a window is the true one. Every answer went through the plugin's own code.</p>\n";

/* What the model had seen of what it is measured on. */
static const char *const how_text[] = {
    [REPORT_FOLDS] = "Each window was predicted by a model that had not seen its group (video or title).",
    [REPORT_HELD_OUT] = "The model had not seen the groups (videos or titles) that are measured here.",
    [REPORT_BUNDLE] = "A finished bundle: only honest if it did not learn from these groups (videos or titles).",
};

static void append_escaped(GString *out, const char *text)
{
    gchar *escaped = g_markup_escape_text(text, -1);
    g_string_append(out, escaped);
    g_free(escaped);
}

static void append_card(GString *out, double value, const char *what)
{
    g_string_append_printf(out, "<div><div class=\"big\">%.3f</div><div class=\"note\">%s</div></div>", value, what);
}

static void append_cards(const measurement *one, GString *out)
{
    const scores *all = &one->all;
    g_string_append(out, "<div class=\"cards\">");
    append_card(out, all->accuracy_all, "accuracy: right of all windows");
    if (all->answered < all->rows)
        append_card(out, all->accuracy, "right of the windows answered");
    append_card(out, all->macro_f1, "macro-F1");
    append_card(out, all->within_one, "at most one class off, of the answers");
    append_card(out, all->rows ? (double)all->answered / (double)all->rows : 0, "windows answered");
    append_card(out, one->majority, "accuracy of always saying the commonest class");
    if (one->throughput.rows)
        append_card(out, one->throughput.accuracy_all, "accuracy of a model of the throughput alone");
    g_string_append(out, "</div>\n");
}

static void append_classes(const measurement *one, GString *out)
{
    const scores *all = &one->all;
    g_string_append(out, "<div><h3>Classes</h3><table><thead><tr><th>lines</th><th>windows</th><th>F1</th>"
                         "<th>precision</th><th>recall</th><th>AUC</th></tr></thead><tbody>");
    for (size_t c = 0; c < all->class_count; c++) {
        const double figures[] = {all->f1[c], all->precision[c], all->recall[c], all->auc[c]};
        char text[16];
        g_string_append_printf(out, "<tr><td>%d</td><td>%zu</td>", all->classes[c],
                               metrics_windows(all, c) / one->partitions);
        for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
            g_string_append_printf(out, "<td>%s</td>", report_figure(figures[i], text));
        g_string_append(out, "</tr>");
    }
    g_string_append(out, "</tbody></table></div>\n");
}

static void append_parts(const measurement *one, unsigned cut, GString *out)
{
    GPtrArray *parts = report_cuts(one, cut);
    if (parts->len > 1) {
        g_string_append_printf(out,
                               "<details%s><summary>By %s</summary><table><thead><tr><th>%s</th><th>windows</th>"
                               "<th>accuracy</th><th>macro-F1</th></tr></thead><tbody>",
                               parts->len <= 6 ? " open" : "", report_cut_names[cut], report_cut_names[cut]);
        for (guint i = 0; i < parts->len; i++) {
            const report_part *part = g_ptr_array_index(parts, i);
            g_string_append(out, "<tr><td>");
            append_escaped(out, part->name);
            g_string_append_printf(out, "</td><td>%zu</td><td>%.3f</td><td>%.3f</td></tr>",
                                   part->scores.rows / one->partitions, part->scores.accuracy_all,
                                   part->scores.macro_f1);
        }
        g_string_append(out, "</tbody></table></details>\n");
    }
    g_ptr_array_free(parts, TRUE);
}

static void append_head(const measurement *one, GString *out)
{
    g_string_append(out, "<h2>");
    append_escaped(out, one->title);
    g_string_append_printf(out, "</h2><p class=\"note\">%zu windows of %zu groups", one->rows, one->groups);
    if (one->how == REPORT_FOLDS)
        g_string_append_printf(out, ", %u partition%s into folds", one->partitions, one->partitions == 1 ? "" : "s");
    g_string_append_printf(out, ". %s", how_text[one->how]);
    if (one->partitions > 1)
        g_string_append(out, " The confusion counts each window once a partition.");
    g_string_append(out, "</p>\n");
}

static void append_one(const measurement *one, GString *out)
{
    append_head(one, out);
    append_cards(one, out);
    g_string_append(out, "<div class=\"row\">\n");
    append_classes(one, out);
    report_svg_confusion(&one->all, out);
    g_string_append(out, "</div><div class=\"row\">\n");
    if (one->all.sure) {
        report_svg_roc(one, out);
        report_svg_reliability(&one->all, out);
        report_svg_coverage(&one->all, out);
    }
    report_svg_groups(one, out);
    g_string_append(out, "</div>\n");
    for (unsigned cut = 0; cut < REPORT_CUTS; cut++)
        append_parts(one, cut, out);
}

static void append_words(GString *out)
{
    g_string_append(out, "<h2>What the figures mean</h2>\n<dl>");
    for (size_t i = 0; i < report_word_count; i++) {
        g_string_append(out, "<dt>");
        append_escaped(out, report_words[i].figure);
        g_string_append(out, "</dt><dd>");
        append_escaped(out, report_words[i].meaning);
        g_string_append(out, "</dd>\n");
    }
    g_string_append(out, "</dl>\n");
}

void report_html(const measurement *const *all, size_t count, GString *out)
{
    g_string_append(out, head);
    for (size_t i = 0; i < count; i++)
        append_one(all[i], out);
    append_words(out);
    g_string_append(out, "</body></html>\n");
}
