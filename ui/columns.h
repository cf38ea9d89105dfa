/* The tables that users get, column by column: one definition for exports, text tables and Wireshark's dialogs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_COLUMNS_H
#define QOE_COLUMNS_H

#include "analysis.h"
#include "selection.h"

typedef enum {
    QOE_TABLE_SERVERS,
    QOE_TABLE_SEGMENTS,
    QOE_TABLE_WINDOWS,
    QOE_TABLE_SESSIONS,
    QOE_TABLE_FEATURES,
    QOE_TABLES
} qoe_table;

const char *qoe_table_name(qoe_table table);  /* "servers" ... */
const char *qoe_table_title(qoe_table table); /* "Video QoE Servers" ... */

/* The table of a name; QOE_TABLES if there is none. */
qoe_table qoe_table_find(const char *name);

/* What a row is made from; only the table's own part is set. */
typedef struct {
    const qoe_analysis *analysis;
    const qoe_server *server;
    qoe_traffic traffic; /* of the server: all, or what passed a filter */
    int64_t first_us, last_us;
    const qoe_segment *segment;
    const qoe_session *session;
    const qoe_window *window;
} qoe_row;

typedef enum {
    QOE_CELL_NONE, /* not known */
    QOE_CELL_COUNT,
    QOE_CELL_TIME, /* microseconds */
    QOE_CELL_REAL,
    QOE_CELL_TEXT,
    QOE_CELL_BOOL
} qoe_cell_type;

#define QOE_CELL_EXACT (-1) /* decimals: as many as the value needs */

typedef struct {
    qoe_cell_type type;
    union {
        uint64_t count;
        int64_t time_us;
        double real;
        const char *text; /* as long as the analysis lives, or of `buf` */
        bool flag;
    } value;
    int decimals;              /* REAL */
    char buf[QOE_ADDR_STRLEN]; /* for texts made on the way */
} qoe_cell;

/* Columns of an export: stable names, in a stable order; the model adds its classes, the feature table itself.
 * model may be NULL. */
size_t qoe_columns_count(qoe_table table, const qoe_model *model);
const char *qoe_columns_name(qoe_table table, const qoe_model *model, size_t column, char buf[QOE_ADDR_STRLEN]);
void qoe_columns_cell(qoe_table table, const qoe_model *model, size_t column, const qoe_row *row, qoe_cell *cell);

/* The cell of a column with a fixed name; false if the table has none of that name. */
bool qoe_columns_named(qoe_table table, const char *name, const qoe_row *row, qoe_cell *cell);

/* Columns of a table for people: fewer, with titles and units. Not for QOE_TABLE_FEATURES. */
typedef struct {
    const char *title;
    qoe_cell_type type; /* of every cell that is not NONE */
} qoe_view_column;

size_t qoe_view_count(qoe_table table);
qoe_view_column qoe_view_column_at(qoe_table table, size_t column);
void qoe_view_cell(qoe_table table, size_t column, const qoe_row *row, qoe_cell *cell);

/* Calls back for every row, oldest first; selection NULL: all. The analysis must be settled. Rows are valid for the
 * call. Servers that were named but never spoken to have a row (without a filter); requests without an answer, and
 * windows without features have none. */
typedef void (*qoe_row_cb)(const qoe_row *row, void *user_data);
void qoe_rows_each(qoe_table table, const qoe_analysis *analysis, const qoe_selection *selection, qoe_row_cb each,
                   void *user_data);

#endif
