/* Knows the tables as Wireshark's dialogs (Statistics > Video QoE Servers ...) and sharkd's "nstat" show them.
 *
 * Both tap a capture that has been read before, so every row is known at the packet that gives it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <stdio.h>

#include <epan/stat_tap_ui.h>

#include "follow.h"
#include "packet-qoe.h"
#include "statistics.h"

enum { KINDS = 4, FIELDS_MAX = 16 };

/* One kind of table. All open dialogs of a kind share one table: that is Wireshark's way. */
typedef struct {
    qoe_table table;
    char command[24];
    stat_tap_table_ui ui;
    stat_tap_table_item fields[FIELDS_MAX];
    qoe_follow *follow;      /* rows of all kinds but servers */
    qoe_selection *servers;  /* traffic that passed the filter */
    GHashTable *server_rows; /* server -> its row + 1 */
    GStringChunk *texts;
    GPtrArray *retired; /* rows that another open dialog may still point to */
    GPtrArray *retired_texts;
} kind;

static kind kinds[KINDS];

static kind *kind_of(const stat_tap_table_ui *ui)
{
    for (int i = 0; i < KINDS; i++)
        if (&kinds[i].ui == ui)
            return &kinds[i];
    return NULL;
}

static stat_tap_table *table_of(const kind *shown)
{
    return g_array_index(shown->ui.tables, stat_tap_table *, 0);
}

/* A column must have one type throughout: the dialog sorts without looking. What is not known is 0 or "". */
static void fill_item(const kind *shown, size_t column, const qoe_row *row, stat_tap_table_item_type *item)
{
    qoe_cell cell;

    qoe_view_cell(shown->table, column, row, &cell);
    item->type = shown->fields[column].type;
    if (item->type == TABLE_ITEM_STRING)
        item->value.string_value =
            g_string_chunk_insert_const(shown->texts, cell.type == QOE_CELL_TEXT ? cell.value.text : "");
    else if (item->type == TABLE_ITEM_UINT)
        item->value.uint_value = cell.type == QOE_CELL_COUNT ? (guint)MIN(cell.value.count, G_MAXUINT) : 0;
    else
        item->value.float_value = cell.type == QOE_CELL_TIME   ? (double)cell.value.time_us / 1e6
                                  : cell.type == QOE_CELL_REAL ? cell.value.real
                                                               : 0;
}

/* In the order in which they come to be known: the dialog sorts them by their first column. */
static void add_row(kind *shown, const qoe_row *row)
{
    stat_tap_table *table = table_of(shown);
    stat_tap_table_item_type items[FIELDS_MAX] = {{0}};

    for (size_t i = 0; i < shown->ui.nfields; i++)
        fill_item(shown, i, row, &items[i]);
    stat_tap_init_table_row(table, table->num_elements, table->num_fields, items);
}

static void tell(qoe_table table, const qoe_row *row, void *user_data)
{
    kind *shown = user_data;

    if (table == shown->table)
        add_row(shown, row);
}

/* Servers grow while packets pass: texts are set once, numbers at every packet. */
static void count_server(kind *shown, const qoe_analysis *analysis, const qoe_tap_info *info)
{
    const qoe_server *server = info->verdict->server;
    qoe_row row = {.analysis = analysis, .server = server};

    qoe_selection_add(shown->servers, analysis, info->packet, info->verdict, NULL, NULL);
    qoe_selection_server(shown->servers, server, &row.traffic, &row.first_us, &row.last_us);
    const guint known = GPOINTER_TO_UINT(g_hash_table_lookup(shown->server_rows, server));
    if (known == 0) {
        add_row(shown, &row);
        g_hash_table_insert(shown->server_rows, (gpointer)(uintptr_t)server,
                            GUINT_TO_POINTER(table_of(shown)->num_elements));
        return;
    }
    for (size_t i = 0; i < shown->ui.nfields; i++)
        if (shown->fields[i].type != TABLE_ITEM_STRING)
            fill_item(shown, i, &row, &table_of(shown)->elements[known - 1][i]);
}

static tap_packet_status take(void *listener, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data,
                              tap_flags_t flags _U_)
{
    kind *shown = kind_of(((const stat_data_t *)listener)->stat_tap_data);
    const qoe_tap_info *info = data;
    qoe_analysis *analysis = qoe_current_analysis();

    if (!shown || !analysis)
        return TAP_PACKET_DONT_REDRAW;
    if (shown->table == QOE_TABLE_SERVERS)
        count_server(shown, analysis, info);
    else
        qoe_follow_packet(shown->follow, analysis, info->packet, info->verdict, info->known);
    return TAP_PACKET_REDRAW;
}

static void free_texts(gpointer texts)
{
    g_string_chunk_free(texts);
}

static void forget_rows(kind *shown)
{
    qoe_follow_reset(shown->follow);
    qoe_selection_clear(shown->servers);
    g_hash_table_remove_all(shown->server_rows);
    /* Freed at once where no other dialog of this kind is open. */
    g_ptr_array_add(shown->retired_texts, shown->texts);
    shown->texts = g_string_chunk_new(1024);
    if (shown->ui.refcount <= 1) {
        g_ptr_array_set_size(shown->retired, 0);
        g_ptr_array_set_size(shown->retired_texts, 0);
    }
}

static void reset(stat_tap_table *table)
{
    for (int i = 0; i < KINDS; i++) {
        if (!kinds[i].ui.tables || kinds[i].ui.tables->len == 0 || table_of(&kinds[i]) != table)
            continue;
        for (guint row = 0; row < table->num_elements; row++)
            g_ptr_array_add(kinds[i].retired, table->elements[row]);
        g_clear_pointer(&table->elements, g_free);
        table->num_elements = 0;
        forget_rows(&kinds[i]);
    }
}

static void init(stat_tap_table_ui *ui)
{
    kind *shown = kind_of(ui);
    stat_tap_table *table = stat_tap_find_table(ui, ui->title);

    if (table) {
        reset(table);
        return;
    }
    forget_rows(shown);
    stat_tap_add_table(ui, stat_tap_init_table(ui->title, (int)ui->nfields, 0, NULL));
}

static stat_tap_table_item field_of(qoe_table table, size_t column)
{
    const qoe_view_column view = qoe_view_column_at(table, column);
    stat_tap_table_item item = {.column_name = view.title, .align = TAP_ALIGN_RIGHT};

    if (view.type == QOE_CELL_TEXT) {
        item.type = TABLE_ITEM_STRING;
        item.align = TAP_ALIGN_LEFT;
        item.field_format = "%s";
    } else if (view.type == QOE_CELL_COUNT) {
        item.type = TABLE_ITEM_UINT;
        item.field_format = "%u";
    } else {
        item.type = TABLE_ITEM_FLOAT;
        item.field_format = "%.6f";
    }
    return item;
}

static void register_kind(kind *shown, qoe_table table)
{
    shown->table = table;
    shown->follow = qoe_follow_new(tell, shown);
    shown->servers = qoe_selection_new();
    shown->server_rows = g_hash_table_new(NULL, NULL);
    shown->texts = g_string_chunk_new(1024);
    shown->retired = g_ptr_array_new_with_free_func(g_free);
    shown->retired_texts = g_ptr_array_new_with_free_func(free_texts);
    snprintf(shown->command, sizeof shown->command, "qoe,%s", qoe_table_name(table));
    const size_t count = MIN(qoe_view_count(table), FIELDS_MAX);
    for (size_t i = 0; i < count; i++)
        shown->fields[i] = field_of(table, i);
    shown->ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = qoe_table_title(table),
        .tap_name = "qoe",
        .cli_string = shown->command,
        .stat_tap_init_cb = init,
        .packet_func = take,
        .stat_tap_reset_table_cb = reset,
        .nfields = count,
        .fields = shown->fields,
    };
    register_stat_tap_table_ui(&shown->ui);
}

void qoe_table_dialogs_register(void)
{
    static const qoe_table tables[KINDS] = {QOE_TABLE_SERVERS, QOE_TABLE_SEGMENTS, QOE_TABLE_WINDOWS,
                                            QOE_TABLE_SESSIONS};

    for (int i = 0; i < KINDS; i++)
        register_kind(&kinds[i], tables[i]);
}
