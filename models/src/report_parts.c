/* Measurements cut by service, transport, data set and group.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <string.h>

#include "packet.h"
#include "report.h"

const char *const report_cut_names[REPORT_CUTS] = {"data set", "service", "transport", "group"};

const char *report_cut(const table_row *row, unsigned cut)
{
    const char *const values[REPORT_CUTS] = {row->source, row->service, row->transport == QOE_UDP ? "udp" : "tcp",
                                             row->group};
    return values[cut];
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(report_part *const *)a)->name, (*(report_part *const *)b)->name);
}

GPtrArray *report_cuts(const measurement *one, unsigned cut)
{
    GHashTable *lists = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    for (size_t i = 0; i < one->rows * one->partitions; i++) {
        const char *name = report_cut(one->answers[i].row, cut);
        GArray *list = g_hash_table_lookup(lists, name);
        if (!list) {
            list = g_array_new(FALSE, FALSE, sizeof(answer));
            g_hash_table_insert(lists, (gpointer)(guintptr)name, list);
        }
        g_array_append_val(list, one->answers[i]);
    }
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, lists);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const GArray *list = value;
        report_part *part = g_new0(report_part, 1);
        part->name = name;
        metrics_score((const answer *)(const void *)list->data, list->len, one->classes, one->class_count,
                      &part->scores);
        g_ptr_array_add(parts, part);
    }
    g_hash_table_destroy(lists);
    g_ptr_array_sort(parts, by_name);
    return parts;
}

const char *report_figure(double value, char text[16])
{
    g_snprintf(text, 16, isnan(value) ? "-" : "%.3f", value);
    return text;
}

void report_free(measurement *one)
{
    if (!one)
        return;
    g_free(one->title);
    g_free(one->expert);
    g_free(one->answers);
    g_free(one->of_partition);
    g_free(one);
}
