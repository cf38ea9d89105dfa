/* The chart as a widget: draws one session, zooms, and says what the user points at.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QT_CHART_VIEW_H
#define QOE_QT_CHART_VIEW_H

#include <functional>
#include <memory>

#include <QPixmap>
#include <QPoint>
#include <QString>
#include <QWidget>

#include "c_api.h"

struct SceneDeleter {
    void operator()(qoe_scene *scene) const
    {
        qoe_scene_free(scene);
    }
};
using ScenePointer = std::unique_ptr<qoe_scene, SceneDeleter>;

class ChartView : public QWidget
{
  public:
    explicit ChartView(QWidget *parent);

    // What happens when the user points at, clicks or asks for the menu of something.
    std::function<void(const qoe_hit &)> onPoint, onActivate;
    std::function<void(const qoe_hit &, const QPoint &)> onMenu;

    // session is borrowed and must live until the next call; nullptr with a text to show instead. keepZoom: it is the
    // session shown before, grown.
    void setData(const qoe_chart_data *session, const QString &message, bool keepZoom);
    void setLayers(unsigned layers);

    // Zooming. All of them keep inside the session.
    void zoomTo(int64_t from_us, int64_t to_us);
    void zoomBy(double factor, double x);
    void zoomOut(); // all
    void scrollBy(double share);
    bool isZoomed() const;

    // The chart as it is shown, in pixels at 100 %; nullptr without a session. `scale` makes it the widget's size.
    const qoe_scene *scene() const;
    double scale() const;
    bool isDark() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

  private:
    void redraw();
    ScenePointer layOut(double width, double height);
    void drawPicture();
    void drawPointer(QPainter *painter);
    qoe_hit hitAt(const QPointF &position) const;
    void pointAt(const qoe_hit &hit);
    bool moveSelection(int by);
    bool zoomKey(int key);
    QString textOf(const qoe_hit &hit) const;

    const qoe_chart_data *data_ = nullptr;
    QString message_;
    unsigned layers_ = QOE_LAYERS_DEFAULT;
    int64_t from_us_ = 0, to_us_ = 0; // equal: all
    ScenePointer scene_;
    qoe_chart_geometry at_ = {};
    double scale_ = 1;
    QPixmap picture_; // null: to be drawn anew
    qoe_hit pointed_ = {QOE_HIT_NOTHING, 0};
    double dragFrom_ = -1, dragTo_ = -1; // below 0: no drag
};

#endif
