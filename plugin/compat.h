/* What differs between Wireshark 4.0, 4.2, 4.4 and 4.6: every version check of this plugin is here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_COMPAT_H
#define QOE_COMPAT_H

#include <stdbool.h>
#include <stdint.h>

#include <ws_version.h>

#include <epan/packet.h>
#include <epan/proto.h>

#define QOE_WIRESHARK(major, minor)                                                                                    \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* 4.4 went from GLib's gboolean, an int, to bool in preferences and UAT callbacks: the sizes differ. */
#if QOE_WIRESHARK(4, 4)
typedef bool qoe_ws_bool;
#else
typedef gboolean qoe_ws_bool;
#endif

/* From 4.4 on a plugin may say what it is. */
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif
#if !defined(WS_PLUGIN_DESC_DISSECTOR)
#define WS_PLUGIN_DESC_DISSECTOR (1U << 0)
#endif
#if !defined(WS_PLUGIN_DESC_TAP_LISTENER)
#define WS_PLUGIN_DESC_TAP_LISTENER (1U << 3)
#endif

#endif
