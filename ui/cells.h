/* Putting values into cells; for the definitions of columns only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CELLS_H
#define QOE_CELLS_H

#include "columns.h"

typedef struct {
    const char *name;
    void (*cell)(const qoe_row *row, qoe_cell *cell); /* the cell is empty before */
} qoe_column;

/* A table's columns; between `columns` and `last` stand those whose number depends on the model or the features. */
typedef struct {
    const qoe_column *columns, *last;
    size_t count, last_count;
} qoe_column_list;

extern const qoe_column_list qoe_column_lists[QOE_TABLES];

static inline void qoe_cell_count(qoe_cell *cell, uint64_t value)
{
    cell->type = QOE_CELL_COUNT;
    cell->value.count = value;
}

static inline void qoe_cell_time(qoe_cell *cell, int64_t time_us)
{
    cell->type = QOE_CELL_TIME;
    cell->value.time_us = time_us;
}

/* The same since 1970 began, if that is known. */
static inline void qoe_cell_epoch(qoe_cell *cell, const qoe_analysis *analysis, int64_t time_us)
{
    const int64_t epoch_us = qoe_analysis_epoch_us(analysis);
    if (epoch_us != 0)
        qoe_cell_time(cell, epoch_us + time_us);
}

static inline void qoe_cell_real(qoe_cell *cell, double value, int decimals)
{
    cell->type = QOE_CELL_REAL;
    cell->value.real = value;
    cell->decimals = decimals;
}

/* An empty text is no text. */
static inline void qoe_cell_text(qoe_cell *cell, const char *text)
{
    if (text && *text) {
        cell->type = QOE_CELL_TEXT;
        cell->value.text = text;
    }
}

static inline void qoe_cell_bool(qoe_cell *cell, bool flag)
{
    cell->type = QOE_CELL_BOOL;
    cell->value.flag = flag;
}

static inline void qoe_cell_address(qoe_cell *cell, const qoe_addr *addr)
{
    cell->type = QOE_CELL_TEXT;
    cell->value.text = qoe_addr_format(addr, cell->buf);
}

#endif
