/* Measurements as json.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>

#include "report.h"

static const char *const how_name[] = {
    [REPORT_FOLDS] = "folds", [REPORT_HELD_OUT] = "held-out groups", [REPORT_BUNDLE] = "all rows given"};

static void append_string(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c < 0x20)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, (char)c);
    }
    g_string_append_c(out, '"');
}

/* What is not known is null. */
static void append_figure(GString *out, const char *name, double value)
{
    g_string_append_printf(out, isnan(value) ? ",\"%s\":null" : ",\"%s\":%.4f", name, value);
}

static void append_class(const scores *all, size_t c, GString *out)
{
    g_string_append_printf(out, "{\"class\":%d", all->classes[c]);
    append_figure(out, "f1", all->f1[c]);
    append_figure(out, "precision", all->precision[c]);
    append_figure(out, "recall", all->recall[c]);
    append_figure(out, "auc", all->auc[c]);
    g_string_append(out, ",\"said\":[");
    for (size_t o = 0; o <= all->class_count; o++)
        g_string_append_printf(out, "%s%zu", o ? "," : "", all->confusion[c][o]);
    g_string_append(out, "]}");
}

static void append_scores(const scores *all, GString *out)
{
    g_string_append_printf(out,
                           "{\"rows\":%zu,\"answered\":%zu,\"accuracy\":%.4f,\"accuracy_all\":%.4f,\"macro_f1\":%.4f,"
                           "\"within_one\":%.4f",
                           all->rows, all->answered, all->accuracy, all->accuracy_all, all->macro_f1, all->within_one);
    append_figure(out, "calibration_error", all->calibration_error);
    g_string_append(out, ",\"classes\":[");
    for (size_t c = 0; c < all->class_count; c++) {
        g_string_append(out, c ? "," : "");
        append_class(all, c, out);
    }
    g_string_append(out, "],\"coverage\":[");
    for (unsigned k = 0; all->sure && k < METRICS_COVERAGES; k++)
        g_string_append_printf(out, "%s[%.2f,%.4f]", k ? "," : "", metrics_coverages[k], all->accuracy_at[k]);
    g_string_append(out, "],\"reliability\":[");
    for (unsigned b = 0, n = 0; b < METRICS_BINS; b++)
        if (all->bin_rows[b])
            g_string_append_printf(out, "%s[%.4f,%.4f,%zu]", n++ ? "," : "", all->bin_confidence[b], all->bin_right[b],
                                   all->bin_rows[b]);
    g_string_append(out, "]}");
}

static void append_parts(const measurement *one, unsigned cut, GString *out)
{
    GPtrArray *parts = report_cuts(one, cut);
    g_string_append_c(out, ',');
    append_string(out, report_cut_names[cut]);
    g_string_append(out, ":{");
    for (guint i = 0; i < parts->len; i++) {
        const report_part *part = g_ptr_array_index(parts, i);
        g_string_append(out, i ? "," : "");
        append_string(out, part->name);
        g_string_append_c(out, ':');
        append_scores(&part->scores, out);
    }
    g_string_append_c(out, '}');
    g_ptr_array_free(parts, TRUE);
}

void report_json(const measurement *const *all, size_t count, GString *out)
{
    g_string_append_c(out, '[');
    for (size_t i = 0; i < count; i++) {
        const measurement *one = all[i];
        g_string_append(out, i ? ",\n{\"title\":" : "\n{\"title\":");
        append_string(out, one->title);
        g_string_append_printf(out, ",\"measured_on\":\"%s\"", how_name[one->how]);
        g_string_append_printf(out, ",\"windows\":%zu,\"groups\":%zu,\"partitions\":%u,\"majority\":%.4f,\"scores\":",
                               one->rows, one->groups, one->partitions, one->majority);
        append_scores(&one->all, out);
        if (one->throughput.rows) {
            g_string_append(out, ",\"throughput_only\":");
            append_scores(&one->throughput, out);
        }
        for (unsigned cut = 0; cut < REPORT_CUTS; cut++)
            append_parts(one, cut, out);
        g_string_append_c(out, '}');
    }
    g_string_append(out, "\n]\n");
}
