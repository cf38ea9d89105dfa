/* The statistics of this folder, each registered by its own file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_STATISTICS_H
#define QOE_STATISTICS_H

void qoe_export_register(void);
void qoe_tables_register(void);        /* -z qoe,servers ... of tshark */
void qoe_table_dialogs_register(void); /* the same in Wireshark's menu, and in sharkd */
void qoe_stats_tree_register(void);
void qoe_graph_register(void);

#endif
