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

/* From 4.6 on the start of a statistic says whether it could; before, the shell learns of a mistake only when the
 * program ends, as it does with Wireshark's own statistics in tshark. qoe_host_end_unless: ui/host.h. */
#if QOE_WIRESHARK(4, 6)
typedef bool qoe_ws_started;
#define QOE_WS_STARTED(ok) return (ok)
#else
typedef void qoe_ws_started;
#define QOE_WS_STARTED(ok)                                                                                             \
    do {                                                                                                               \
        qoe_host_end_unless(ok);                                                                                       \
        return;                                                                                                        \
    } while (0)
#endif

/* The statistics tree's place in the menus. 4.0 would show its submenu and the plugin's own of the same name as two. */
#if QOE_WIRESHARK(4, 4)
#define QOE_WS_TREE_NAME "Video QoE//Summary"
#define QOE_WS_TREE_APART false
#else
#define QOE_WS_TREE_NAME "Video QoE Summary"
#define QOE_WS_TREE_APART true
#endif

#endif
