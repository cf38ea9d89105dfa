/* What the plugin calls to get its statistics and menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_UI_H
#define QOE_UI_H

/* The entry of the graph window. Call where the protocol is registered. */
void qoe_ui_register_menus(void);

/* All statistics. Call in the handoff routine: what is registered as a tap listener of the plugin, sharkd never sees.
 */
void qoe_ui_register_taps(void);

#endif
