/* What Wireshark looks for in a plugin, and nothing else: the only symbols that this module exports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat.h"
#include "packet-qoe.h"

#define QOE_EXPORT __attribute__((visibility("default")))

QOE_EXPORT extern const char plugin_version[];
QOE_EXPORT extern const int plugin_want_major, plugin_want_minor;
QOE_EXPORT void plugin_register(void);
QOE_EXPORT uint32_t plugin_describe(void);

const char plugin_version[] = QOE_VERSION;
const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

void plugin_register(void)
{
    static const proto_plugin plugin = {
        .register_protoinfo = qoe_proto_register,
        .register_handoff = qoe_proto_handoff,
    };
    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER;
}
