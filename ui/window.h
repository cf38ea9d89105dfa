/* The graph window: a module of its own, so that nothing but the graphical Wireshark ever loads Qt.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_WINDOW_H
#define QOE_WINDOW_H

/* Opens a graph window; a message to the user if there is no module for this Wireshark. */
void qoe_window_open(void);

/* Chooses an entry of Wireshark's own menus by its text; a message to the user if that cannot be done. */
void qoe_window_choose(const char *entry);

#endif
