/* Scenes as one SVG 1.1 picture, stacked from top to bottom.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CHART_SVG_H
#define QOE_CHART_SVG_H

#include "scene.h"

/* A whole SVG document of `count` scenes, each below the one before. title and description are for people who
 * cannot see it. Light or dark as the reader's system prefers. UTF-8; g_string_free the result. */
GString *qoe_chart_svg(const qoe_scene *const *scenes, size_t count, const char *title, const char *description);

#endif
