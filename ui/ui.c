/* Knows the list of statistics and menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ui.h"

#include "host.h"
#include "menu.h"
#include "statistics.h"

void qoe_ui_register_menus(void)
{
    qoe_menu_register();
}

void qoe_ui_register_taps(void)
{
    qoe_export_register();
    qoe_graph_register();
    qoe_stats_tree_register();
    qoe_table_dialogs_register();
    /* Wireshark answers -z qoe,servers with the dialog; tshark would print the dialog's columns out of line, so there
     * our own are registered, which come first. */
    if (!qoe_host_is_gui())
        qoe_tables_register();
}
