/* Knows how many columns an exported table has, how they are called, and where the model's and the features' stand.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "columns.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "cells.h"

/* Without a model those of the one that comes with the plugin: the tables of a loop over many captures fit together,
 * also where a model could not be read. */
static size_t classes_of(const qoe_model *model, int classes[QOE_MODEL_CLASSES_MAX])
{
    static const int usual[] = {144, 240, 360, 480, 720, 1080};

    if (model)
        return qoe_model_classes(model, classes);
    memcpy(classes, usual, sizeof usual);
    return G_N_ELEMENTS(usual);
}

/* Columns whose number depends on the model or on the feature table. */
static size_t variable_count(qoe_table table, const qoe_model *model)
{
    int classes[QOE_MODEL_CLASSES_MAX];

    if (table == QOE_TABLE_WINDOWS)
        return classes_of(model, classes);
    return table == QOE_TABLE_FEATURES ? qoe_features_count() : 0;
}

size_t qoe_columns_count(qoe_table table, const qoe_model *model)
{
    return qoe_column_lists[table].count + variable_count(table, model) + qoe_column_lists[table].last_count;
}

/* The column's own definition; NULL for the variable ones, with *variable its place among them. */
static const qoe_column *find(qoe_table table, const qoe_model *model, size_t i, size_t *variable)
{
    if (i < qoe_column_lists[table].count)
        return &qoe_column_lists[table].columns[i];
    *variable = i - qoe_column_lists[table].count;
    if (*variable < variable_count(table, model))
        return NULL;
    return &qoe_column_lists[table].last[*variable - variable_count(table, model)];
}

const char *qoe_columns_name(qoe_table table, const qoe_model *model, size_t i, char buf[QOE_ADDR_STRLEN])
{
    size_t variable = 0;
    const qoe_column *fixed = find(table, model, i, &variable);
    int classes[QOE_MODEL_CLASSES_MAX];

    if (fixed)
        return fixed->name;
    if (table == QOE_TABLE_FEATURES)
        return qoe_features_at((unsigned)variable)->name;
    classes_of(model, classes);
    snprintf(buf, QOE_ADDR_STRLEN, "p_%d", classes[variable]);
    return buf;
}

void qoe_columns_cell(qoe_table table, const qoe_model *model, size_t i, const qoe_row *row, qoe_cell *cell)
{
    size_t variable = 0;
    const qoe_column *fixed = find(table, model, i, &variable);

    cell->type = QOE_CELL_NONE;
    if (fixed)
        fixed->cell(row, cell);
    else if (table == QOE_TABLE_FEATURES)
        qoe_cell_real(cell, row->window->features[variable], QOE_CELL_EXACT);
    else if (variable < row->window->downloaded.classes)
        qoe_cell_real(cell, row->window->downloaded.p[variable], 6);
}

bool qoe_columns_named(qoe_table table, const char *name, const qoe_row *row, qoe_cell *cell)
{
    cell->type = QOE_CELL_NONE;
    for (size_t i = 0; i < qoe_column_lists[table].count; i++)
        if (strcmp(qoe_column_lists[table].columns[i].name, name) == 0) {
            qoe_column_lists[table].columns[i].cell(row, cell);
            return true;
        }
    return false;
}

const char *qoe_table_name(qoe_table table)
{
    static const char *const names[] = {"servers", "segments", "windows", "sessions", "features"};
    return table < QOE_TABLES ? names[table] : "";
}

qoe_table qoe_table_find(const char *name)
{
    int table = 0;
    while (table < QOE_TABLES && strcmp(qoe_table_name((qoe_table)table), name) != 0)
        table++;
    return (qoe_table)table;
}
