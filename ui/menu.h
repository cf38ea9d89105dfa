/* The plugin's own entries in Wireshark's menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_MENU_H
#define QOE_MENU_H

/* Statistics > Video QoE > Resolution over Time. Nothing happens outside the graphical Wireshark. */
void qoe_menu_register(void);

#endif
