/* Scenes drawn with QPainter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QT_SCENE_PAINTER_H
#define QOE_QT_SCENE_PAINTER_H

#include <QFont>
#include <QPainter>

#include "c_api.h"

// The font that scenes are set in: the widget's family at a scene's own pixel size.
QFont sceneFont(const QFont &base, double size, bool bold);

// A qoe_measure; user_data is the base QFont.
double measureText(const char *text, double size, bool bold, void *user_data);

void paintScene(QPainter *painter, const qoe_scene *scene, const QFont &base, bool dark);

QColor inkColour(qoe_ink ink, bool dark, double opacity = 1);

#endif
