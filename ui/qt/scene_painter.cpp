// Knows how each shape of a scene is drawn with QPainter.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "scene_painter.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainterPath>
#include <QPolygonF>

QFont sceneFont(const QFont &base, double size, bool bold)
{
    QFont font(base);
    font.setPixelSize(qMax(1, qRound(size)));
    font.setBold(bold);
    return font;
}

double measureText(const char *text, double size, bool bold, void *user_data)
{
    const QFontMetricsF metrics(sceneFont(*static_cast<const QFont *>(user_data), size, bold));
    return metrics.horizontalAdvance(QString::fromUtf8(text));
}

QColor inkColour(qoe_ink ink, bool dark, double opacity)
{
    QColor colour(static_cast<QRgb>(qoe_ink_colour(ink, dark)));
    colour.setAlphaF(static_cast<float>(opacity));
    return colour;
}

static QRectF boxOf(const qoe_shape *shape)
{
    return QRectF(shape->x, shape->y, qMax(0.0, shape->w), qMax(0.0, shape->h));
}

static QPolygonF polygonOf(const qoe_scene *scene, const qoe_shape *shape)
{
    const qoe_point *points = qoe_scene_points(scene, shape);
    QPolygonF polygon;
    polygon.reserve(static_cast<int>(shape->points));
    for (size_t i = 0; i < shape->points; i++)
        polygon << QPointF(points[i].x, points[i].y);
    return polygon;
}

static void paintRect(QPainter *painter, const qoe_shape *shape, const QColor &colour)
{
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    if (shape->radius > 0)
        painter->drawRoundedRect(boxOf(shape), shape->radius, shape->radius);
    else
        painter->fillRect(boxOf(shape), colour);
}

// Lines of our own and no brush pattern: those do not grow with the screen's scale.
static void paintHatch(QPainter *painter, const qoe_shape *shape, const QColor &colour)
{
    const QRectF box = boxOf(shape);
    const double gap = 6 * 1.41421356;
    painter->save();
    painter->setClipRect(box, Qt::IntersectClip);
    painter->setPen(QPen(colour, 1.3));
    for (double x = box.left() - box.height() - std::fmod(box.left() - box.height(), gap); x < box.right(); x += gap)
        painter->drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()));
    painter->restore();
}

static void paintLine(QPainter *painter, const qoe_scene *scene, const qoe_shape *shape, const QColor &colour)
{
    QPen pen(colour, shape->stroke);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::MiterJoin);
    if (shape->dash > 0)
        pen.setDashPattern({shape->dash / shape->stroke, shape->dash / shape->stroke});
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    painter->drawPolyline(polygonOf(scene, shape));
}

static void paintText(QPainter *painter, const qoe_shape *shape, const QFont &base, const QColor &colour)
{
    const QString text = QString::fromUtf8(shape->text);
    const QFont font = sceneFont(base, shape->size, shape->bold);
    const double width = shape->anchor == QOE_ANCHOR_START ? 0 : QFontMetricsF(font).horizontalAdvance(text);
    const double left = shape->anchor == QOE_ANCHOR_MIDDLE ? shape->x - width / 2 : shape->x - width;
    painter->setFont(font);
    painter->setPen(colour);
    painter->drawText(QPointF(left, shape->y), text);
}

static void paintShape(QPainter *painter, const qoe_scene *scene, const qoe_shape *shape, const QFont &base, bool dark)
{
    const QColor colour = inkColour(shape->ink, dark, shape->opacity);
    switch (shape->type) {
    case QOE_SHAPE_RECT:
        if (shape->opacity > 0)
            paintRect(painter, shape, colour);
        break;
    case QOE_SHAPE_HATCH:
        paintHatch(painter, shape, colour);
        break;
    case QOE_SHAPE_LINE:
        paintLine(painter, scene, shape, colour);
        break;
    case QOE_SHAPE_AREA:
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawPolygon(polygonOf(scene, shape));
        break;
    case QOE_SHAPE_TEXT:
        paintText(painter, shape, base, colour);
        break;
    case QOE_SHAPE_CLIP:
        painter->save();
        painter->setClipRect(boxOf(shape), Qt::IntersectClip);
        break;
    case QOE_SHAPE_UNCLIP:
        painter->restore();
        break;
    }
}

void paintScene(QPainter *painter, const qoe_scene *scene, const QFont &base, bool dark)
{
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setRenderHint(QPainter::TextAntialiasing);
    for (guint i = 0; i < scene->shapes->len; i++)
        paintShape(painter, scene, qoe_scene_shape(scene, i), base, dark);
}
