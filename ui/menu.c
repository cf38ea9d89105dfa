/* Knows which entries the plugin has in Wireshark's menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <epan/plugin_if.h>

#include "menu.h"
#include "columns.h"
#include "packet-qoe.h"
#include "window.h"

/* Wireshark puts a plugin's tables among all others in the menu Statistics; here they stand together. */
static void choose(ext_menubar_gui_type type _U_, gpointer gui _U_, gpointer user_data)
{
    qoe_window_choose(user_data);
}

static void add_entry(ext_menu_t *menu, const char *label, const char *tip, const char *entry)
{
    ext_menubar_add_entry(menu, label, tip, choose, (gpointer)(uintptr_t)entry);
}

static void open_graph(ext_menubar_gui_type type _U_, gpointer gui _U_, gpointer user_data _U_)
{
    qoe_window_open();
}

void qoe_menu_register(void)
{
    ext_menu_t *menu = ext_menubar_register_menu(qoe_proto_id(), "Video QoE", TRUE);

    ext_menubar_set_parentmenu(menu, "Statistics");
    ext_menubar_add_entry(menu, "Resolution over Time", "The resolution of each streaming session, as a graph",
                          open_graph, NULL);
    add_entry(menu, "Sessions", "A row a session: startup, mean resolution, changes, stalls",
              qoe_table_title(QOE_TABLE_SESSIONS));
    add_entry(menu, "Windows", "A row a window: resolution and how sure it is, or why there is none",
              qoe_table_title(QOE_TABLE_WINDOWS));
    add_entry(menu, "Segments", "A row a segment: kind, request, duration, size", qoe_table_title(QOE_TABLE_SEGMENTS));
    add_entry(menu, "Servers", "A row a server: service, how it is known, packets and bytes",
              qoe_table_title(QOE_TABLE_SERVERS));
    if (QOE_WS_TREE_APART)
        add_entry(menu, "Summary", "Servers, sessions, segments and windows as a tree", QOE_WS_TREE_NAME);
}
