/* The C headers of the chart, as C++ sees them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QT_C_API_H
#define QOE_QT_C_API_H

#include <glib.h> // before the block: GLib's own headers have C++ in them

extern "C" {
#include "chart.h"
#include "chart_svg.h"
#include "chart_text.h"
#include "format.h"
#include "qoe_ui.h"
}

#endif
