// Knows how the chart follows the mouse and the keyboard.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "chart_view.h"

#include <cmath>

#include <QAccessible>
#include <QContextMenuEvent>
#include <QFontInfo>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <QToolTip>
#include <QWheelEvent>

#include "scene_painter.h"

namespace
{
constexpr double kBaseFont = 12; // pixels, what the layout is made for
constexpr double kDragLeast = 6; // pixels, below it is a click
constexpr int kFitAttempts = 4;
constexpr int64_t kZoomLeast = 1000; // microseconds

// Qt 5 has pos() where Qt 6 has position().
QPointF positionOf(const QMouseEvent *event)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 0, 0)
    return event->position();
#else
    return event->localPos();
#endif
}

double fontScale(const QFont &font)
{
    return qMax(1.0, QFontInfo(font).pixelSize() / kBaseFont);
}

bool isSame(const qoe_hit &a, const qoe_hit &b)
{
    return a.type == b.type && (a.type == QOE_HIT_NOTHING || a.index == b.index);
}
} // namespace

ChartView::ChartView(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Resolution over time"));
}

void ChartView::setData(const qoe_chart_data *session, const QString &message, bool keepZoom)
{
    data_ = session;
    message_ = message;
    pointed_ = {QOE_HIT_NOTHING, 0};
    dragFrom_ = dragTo_ = -1;
    if (!keepZoom || !session)
        from_us_ = to_us_ = 0;
    redraw();
}

void ChartView::setLayers(unsigned layers)
{
    layers_ = layers;
    redraw();
}

bool ChartView::isZoomed() const
{
    return to_us_ > from_us_;
}

void ChartView::zoomOut()
{
    from_us_ = to_us_ = 0;
    redraw();
}

void ChartView::zoomTo(int64_t from_us, int64_t to_us)
{
    if (!data_)
        return;
    int64_t first_us, last_us;
    qoe_chart_range(data_, &first_us, &last_us);
    const int64_t length = qBound(kZoomLeast, to_us - from_us, qMax(kZoomLeast, last_us - first_us));
    from_us_ = qBound(first_us, from_us, qMax(first_us, last_us - length));
    to_us_ = from_us_ + length;
    if (from_us_ <= first_us && to_us_ >= last_us)
        from_us_ = to_us_ = 0;
    redraw();
}

void ChartView::zoomBy(double factor, double x)
{
    const int64_t centre = qoe_chart_time(&at_, x);
    const double before = static_cast<double>(centre - at_.from_us) * factor;
    const double behind = static_cast<double>(at_.to_us - centre) * factor;
    zoomTo(centre - std::llround(before), centre + std::llround(behind));
}

void ChartView::scrollBy(double share)
{
    if (!isZoomed())
        return;
    const int64_t by = std::llround(share * static_cast<double>(to_us_ - from_us_));
    zoomTo(from_us_ + by, to_us_ + by);
}

double ChartView::scale() const
{
    return scale_;
}

const qoe_scene *ChartView::scene() const
{
    return scene_.get();
}

bool ChartView::isDark() const
{
    return palette().color(QPalette::Base).lightness() < 128;
}

ScenePointer ChartView::layOut(double width, double height)
{
    QFont base = font();
    qoe_chart_options options = {};
    options.width = width;
    options.height = height;
    options.from_us = from_us_;
    options.to_us = to_us_;
    options.layers = layers_;
    options.measure = measureText;
    options.measure_data = &base;
    return ScenePointer(data_ ? qoe_chart_scene(data_, &options, &at_) : nullptr);
}

QSize ChartView::sizeHint() const
{
    return (QSizeF(900, 480) * fontScale(font())).toSize();
}

QSize ChartView::minimumSizeHint() const
{
    return (QSizeF(QOE_CHART_WIDTH_MIN, 240) * fontScale(font())).toSize();
}

// The layout is made at once, for the next click may come before the next painting. As large as the user's font wants
// it, and smaller where the window is too low for that: nothing is cut.
void ChartView::redraw()
{
    scale_ = fontScale(font());
    for (int attempt = 0; attempt < kFitAttempts; attempt++) {
        scene_ = layOut(width() / scale_, height() / scale_);
        if (!scene_ || scene_->height * scale_ <= height() + 1)
            break;
        scale_ *= qMax(0.5, height() / (scene_->height * scale_));
    }
    picture_ = QPixmap();
    update();
}

// Drawn once and kept: the pointer's movement redraws nothing but what it points at.
void ChartView::drawPicture()
{
    picture_ = QPixmap(size() * devicePixelRatioF());
    picture_.setDevicePixelRatio(devicePixelRatioF());
    picture_.fill(inkColour(QOE_INK_PAPER, isDark()));
    QPainter painter(&picture_);
    if (scene_) {
        painter.scale(scale_, scale_);
        paintScene(&painter, scene_.get(), font(), isDark());
        return;
    }
    painter.setPen(inkColour(QOE_INK_MUTED, isDark()));
    painter.drawText(rect().adjusted(20, 20, -20, -20), Qt::AlignCenter | Qt::TextWordWrap, message_);
}

static QRectF bandOf(const qoe_chart_band &band, double left, double right)
{
    return QRectF(left, band.y, right - left, band.h);
}

// Frames what the pointer or the keyboard is at, and shows the time that is being drawn up.
void ChartView::drawPointer(QPainter *painter)
{
    painter->scale(scale_, scale_);
    painter->setClipRect(QRectF(at_.x, at_.steps.y - 1, at_.w, 10000));
    QColor frame = palette().color(QPalette::Highlight);
    painter->setPen(QPen(frame, 1.5));
    frame.setAlpha(36);
    painter->setBrush(frame);
    if (pointed_.type == QOE_HIT_WINDOW && pointed_.index < data_->windows_count) {
        const qoe_chart_window *window = &data_->windows[pointed_.index];
        painter->drawRect(bandOf(at_.steps, qoe_chart_x(&at_, window->start_us), qoe_chart_x(&at_, window->end_us)));
    }
    if (pointed_.type == QOE_HIT_SEGMENT && pointed_.index < data_->segments_count) {
        const qoe_chart_segment *segment = &data_->segments[pointed_.index];
        const double left = qoe_chart_x(&at_, segment->request_us);
        const double right = qMax(left + 2, qoe_chart_x(&at_, segment->end_us));
        painter->drawRect(bandOf(at_.kinds[segment->kind], left - 1, right + 1));
    }
    if (dragFrom_ >= 0 && std::fabs(dragTo_ - dragFrom_) >= kDragLeast)
        painter->drawRect(QRectF(QPointF(qMin(dragFrom_, dragTo_), at_.steps.y - 1),
                                 QPointF(qMax(dragFrom_, dragTo_), height() / scale_)));
}

void ChartView::paintEvent(QPaintEvent *)
{
    if (picture_.isNull())
        drawPicture();
    QPainter painter(this);
    painter.drawPixmap(0, 0, picture_);
    if (hasFocus()) { // as the style shows it, for those who use the keyboard
        QStyleOptionFocusRect option;
        option.initFrom(this);
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
    }
    if (data_)
        drawPointer(&painter);
}

void ChartView::resizeEvent(QResizeEvent *)
{
    redraw();
}

void ChartView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        redraw();
    QWidget::changeEvent(event);
}

QString ChartView::textOf(const qoe_hit &hit) const
{
    if (!data_ || hit.type == QOE_HIT_NOTHING)
        return QString();
    char *text =
        hit.type == QOE_HIT_WINDOW ? qoe_chart_window_text(data_, hit.index) : qoe_chart_segment_text(data_, hit.index);
    const QString copy = QString::fromUtf8(text);
    g_free(text);
    return copy;
}

qoe_hit ChartView::hitAt(const QPointF &position) const
{
    const qoe_hit nothing = {QOE_HIT_NOTHING, 0};
    return data_ ? qoe_chart_hit(data_, &at_, position.x() / scale_, position.y() / scale_) : nothing;
}

void ChartView::pointAt(const qoe_hit &hit)
{
    if (isSame(hit, pointed_))
        return;
    pointed_ = hit;
    setAccessibleDescription(textOf(hit)); // screen readers tell it
    if (onPoint)
        onPoint(hit);
    update();
}

bool ChartView::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = textOf(hitAt(help->pos()));
        text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

void ChartView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && data_)
        dragFrom_ = dragTo_ = positionOf(event).x() / scale_;
}

void ChartView::mouseMoveEvent(QMouseEvent *event)
{
    pointAt(hitAt(positionOf(event)));
    if (dragFrom_ >= 0) {
        dragTo_ = positionOf(event).x() / scale_;
        update();
    }
}

void ChartView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || dragFrom_ < 0)
        return;
    const double from = qMin(dragFrom_, dragTo_), to = qMax(dragFrom_, dragTo_);
    dragFrom_ = dragTo_ = -1;
    update();
    if (to - from >= kDragLeast) {
        zoomTo(qoe_chart_time(&at_, qMax(from, at_.x)), qoe_chart_time(&at_, qMin(to, at_.x + at_.w)));
        return;
    }
    const qoe_hit hit = hitAt(positionOf(event));
    pointAt(hit);
    if (hit.type != QOE_HIT_NOTHING && onActivate)
        onActivate(hit);
}

void ChartView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        zoomOut();
}

void ChartView::leaveEvent(QEvent *)
{
    if (!hasFocus())
        pointAt({QOE_HIT_NOTHING, 0});
}

void ChartView::wheelEvent(QWheelEvent *event)
{
    const QPoint angle = event->angleDelta();
    const double notches = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
    if (event->modifiers() & Qt::ControlModifier)
        zoomBy(std::pow(0.8, notches), event->position().x() / scale_);
    else
        scrollBy(-0.15 * notches);
    event->accept();
}

// To the next or previous window; brings it into the picture.
bool ChartView::moveSelection(int by)
{
    if (!data_ || data_->windows_count == 0)
        return false;
    const auto last = static_cast<qint64>(data_->windows_count) - 1;
    const qint64 now = pointed_.type == QOE_HIT_WINDOW ? static_cast<qint64>(pointed_.index) + by : by > 0 ? 0 : last;
    const auto index = static_cast<size_t>(qBound<qint64>(0, now, last));
    const qoe_chart_window *window = &data_->windows[index];
    if (isZoomed() && (window->start_us < from_us_ || window->end_us > to_us_)) {
        const int64_t length = to_us_ - from_us_;
        const int64_t from = by > 0 ? window->end_us - length : window->start_us;
        zoomTo(from, from + length);
    }
    pointAt({QOE_HIT_WINDOW, index});
    return true;
}

bool ChartView::zoomKey(int key)
{
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(0.7, at_.x + at_.w / 2);
        return true;
    case Qt::Key_Minus:
        zoomBy(1 / 0.7, at_.x + at_.w / 2);
        return true;
    case Qt::Key_0:
        zoomOut();
        return true;
    case Qt::Key_PageUp:
        scrollBy(-0.9);
        return true;
    case Qt::Key_PageDown:
        scrollBy(0.9);
        return true;
    default:
        return false;
    }
}

void ChartView::keyPressEvent(QKeyEvent *event)
{
    const int key = event->key();
    if ((key == Qt::Key_Left || key == Qt::Key_Right) && moveSelection(key == Qt::Key_Left ? -1 : 1))
        return;
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && pointed_.type != QOE_HIT_NOTHING && onActivate) {
        onActivate(pointed_);
        return;
    }
    if (!data_ || !zoomKey(key))
        QWidget::keyPressEvent(event);
}

void ChartView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const qoe_hit hit = keyboard ? pointed_ : hitAt(event->pos());
    if (onMenu && data_)
        onMenu(hit, keyboard ? mapToGlobal(rect().center()) : event->globalPos());
}
