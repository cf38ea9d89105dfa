/* Where the files lie that were installed with the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_BESIDE_H
#define QOE_BESIDE_H

/* The path of a file beside the plugin; name "": of their folder. NULL: not known. g_free. */
char *qoe_beside(const char *name);

#endif
