/* Knows which entries the plugin has in Wireshark's menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

#include <epan/plugin_if.h>

#include "menu.h"
#include "packet-qoe.h"
#include "window.h"

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
}
