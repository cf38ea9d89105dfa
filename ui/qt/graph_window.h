/* The graph window: the chart with its chooser, layers, menus and buttons.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_QT_GRAPH_WINDOW_H
#define QOE_QT_GRAPH_WINDOW_H

#include <QDialog>
#include <QList>

#include "chart_view.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QHBoxLayout;

class GraphWindow : public QDialog
{
  public:
    GraphWindow(QWidget *parent, const qoe_ui_host *host);
    ~GraphWindow() override;

  private:
    QHBoxLayout *makeChooser();
    QHBoxLayout *makeLayers();
    QWidget *makeButtons();
    QCheckBox *addLayer(QHBoxLayout *row, const QString &text, const QString &tip, unsigned layer);
    void follow();
    void showCapture(bool keepZoom);
    void listSessions();
    void showSession(bool keepZoom);
    void showHint(const qoe_hit &hit);
    void goTo(const qoe_hit &hit);
    void openMenu(const qoe_hit &hit, const QPoint &position);
    void addFilters(QMenu *menu, const qoe_hit &hit);
    void addFilter(QMenu *menu, const QString &text, const QString &filter);
    void save();
    void copy();
    QString savePng(const QString &path);
    QString saveSvg(const QString &path);
    QString windowFilter(size_t index) const;
    QString saveCsv(const char *table, const QString &path);
    QImage image();
    QString emptyMessage() const;

    const qoe_ui_host *host_;
    qoe_chart_data *data_ = nullptr;
    ChartView *view_;
    QComboBox *chooser_;
    QLabel *hint_;
    QList<QPushButton *> forChart_; // those that need one
    unsigned layers_ = QOE_LAYERS_DEFAULT;
    uint64_t state_ = 0;
    uint32_t session_ = 0; // the number that is shown; 0: none
};

#endif
