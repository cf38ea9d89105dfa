// Knows what surrounds the chart: the choice of a session, layers, filters, saving; and that the capture may change.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "graph_window.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QSaveFile>
#include <QTimer>

#include "scene_painter.h"

namespace
{
constexpr int kFollowMs = 1000;
constexpr size_t kChoicesMost = 1000;
const char kHint[] = "Click: go to the packet. Drag: zoom in. Double-click: zoom out. Wheel: scroll. "
                     "Right click: filters.";

QString clock(int64_t time_us)
{
    char buf[QOE_FORMAT_LEN];
    return QString::fromUtf8(qoe_format_clock(time_us, 0, buf));
}
} // namespace

GraphWindow::GraphWindow(QWidget *parent, const qoe_ui_host *host)
    : QDialog(parent, Qt::Window), host_(host), view_(new ChartView(this)), chooser_(new QComboBox(this)),
      hint_(new QLabel(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    auto *column = new QVBoxLayout(this);
    column->addLayout(makeChooser());
    column->addWidget(view_, 1);
    hint_->setAccessibleName(tr("What the pointer is at"));
    hint_->setWordWrap(true);
    hint_->setTextFormat(Qt::PlainText);
    column->addWidget(hint_);
    column->addLayout(makeLayers());
    column->addWidget(makeButtons());

    view_->onPoint = [this](const qoe_hit &hit) { showHint(hit); };
    view_->onActivate = [this](const qoe_hit &hit) { goTo(hit); };
    view_->onMenu = [this](const qoe_hit &hit, const QPoint &position) { openMenu(hit, position); };
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this]() { follow(); });
    timer->start(kFollowMs);
    state_ = host_->state();
    showCapture(false);
    view_->setFocus();
}

GraphWindow::~GraphWindow()
{
    view_->setData(nullptr, QString(), false);
    if (data_)
        host_->release(data_);
}

QHBoxLayout *GraphWindow::makeChooser()
{
    auto *row = new QHBoxLayout;
    auto *label = new QLabel(tr("&Session:"), this);
    label->setBuddy(chooser_);
    chooser_->setAccessibleName(tr("Session"));
    chooser_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    chooser_->setMinimumContentsLength(24);
    row->addWidget(label);
    row->addWidget(chooser_, 1);
    connect(chooser_, static_cast<void (QComboBox::*)(int)>(&QComboBox::activated), this, [this](int) {
        session_ = chooser_->currentData().toUInt();
        showSession(false);
    });
    return row;
}

QCheckBox *GraphWindow::addLayer(QHBoxLayout *row, const QString &text, const QString &tip, unsigned layer)
{
    auto *box = new QCheckBox(text, this);
    box->setChecked(layers_ & layer);
    box->setToolTip(tip);
    connect(box, &QCheckBox::toggled, this, [this, layer](bool on) {
        layers_ = on ? layers_ | layer : layers_ & ~layer;
        view_->setLayers(layers_);
    });
    row->addWidget(box);
    return box;
}

QHBoxLayout *GraphWindow::makeLayers()
{
    auto *row = new QHBoxLayout;
    addLayer(row, tr("&Throughput"), tr("Bits a second to the client, per window"), QOE_LAYER_RATE);
    addLayer(row, tr("&Video"), tr("Video segments, as high as they are large"), QOE_LAYER_VIDEO);
    addLayer(row, tr("&Audio"), tr("Audio segments, as high as they are large"), QOE_LAYER_AUDIO);
    addLayer(row, tr("&Other"), tr("Responses that are neither: manifests, images, index ranges"), QOE_LAYER_OTHER);
    addLayer(row, tr("&Buffer"), tr("Seconds of media ahead of the playhead (an estimate)"), QOE_LAYER_BUFFER);
    addLayer(row, tr("Sta&lls"), tr("Where the picture stood still, and when it began (estimates)"), QOE_LAYER_STALLS);
    row->addStretch(1);
    return row;
}

QWidget *GraphWindow::makeButtons()
{
    auto *box = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto *out = box->addButton(tr("&Zoom Out"), QDialogButtonBox::ActionRole);
    auto *copyButton = box->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
    auto *saveButton = box->addButton(tr("Save &As\u2026"), QDialogButtonBox::ActionRole);
    out->setToolTip(tr("Show the whole session (key 0)"));
    copyButton->setToolTip(tr("Copy the chart as a picture and as text"));
    saveButton->setToolTip(tr("Save the chart as PNG or SVG, or the figures as CSV"));
    forChart_ = {out, copyButton, saveButton};
    // Return goes to a packet, it presses no button.
    for (QPushButton *button : box->findChildren<QPushButton *>())
        button->setAutoDefault(false);
    connect(out, &QPushButton::clicked, this, [this]() { view_->zoomOut(); });
    connect(copyButton, &QPushButton::clicked, this, [this]() { copy(); });
    connect(saveButton, &QPushButton::clicked, this, [this]() { save(); });
    connect(box, &QDialogButtonBox::rejected, this, [this]() { close(); });
    return box;
}

QString GraphWindow::emptyMessage() const
{
    return state_ == 0 ? tr("No capture is open.") : QString::fromUtf8(host_->nothing());
}

// Wireshark's dialogs are named after what they show and the capture.
void GraphWindow::showCapture(bool keepZoom)
{
    const QString name = QString::fromUtf8(host_->capture_name());
    const QString title = QStringLiteral("Wireshark \u00b7 Video QoE Resolution over Time");

    setWindowTitle(name.isEmpty() ? title : title + QStringLiteral(" \u00b7 ") + name);
    listSessions();
    showSession(keepZoom);
}

// Once a second: a live capture grows, another file is opened, the open one is closed.
void GraphWindow::follow()
{
    const uint64_t now = host_->state();
    if (now == state_)
        return;
    state_ = now;
    showCapture(true);
}

void GraphWindow::listSessions()
{
    const size_t count = host_->sessions();
    qoe_ui_session info;
    bool media = false, found = false;

    chooser_->clear();
    for (size_t i = 0; i < count; i++)
        media |= host_->session(i, &info) && info.has_media;
    for (size_t i = 0; i < count && chooser_->count() < static_cast<int>(kChoicesMost); i++) {
        if (!host_->session(i, &info) || (media && !info.has_media))
            continue;
        chooser_->addItem(QStringLiteral("%1: %2 \u2192 %3, %4\u2013%5")
                              .arg(info.number)
                              .arg(QString::fromUtf8(info.service), QString::fromUtf8(info.client),
                                   clock(info.start_us), clock(info.end_us)),
                          info.number);
        if (info.number == session_) {
            found = true;
            chooser_->setCurrentIndex(chooser_->count() - 1);
        }
    }
    if (!found) {
        chooser_->setCurrentIndex(0);
        session_ = chooser_->count() > 0 ? chooser_->itemData(0).toUInt() : 0;
    }
    chooser_->setEnabled(chooser_->count() > 0);
}

void GraphWindow::showSession(bool keepZoom)
{
    const bool same = data_ && data_->session == session_;
    // Sessions are numbered from 1 in the order of the table.
    qoe_chart_data *shown = session_ > 0 ? host_->data(session_ - 1) : nullptr;

    view_->setData(shown, emptyMessage(), keepZoom && same);
    if (data_)
        host_->release(data_);
    data_ = shown;
    for (QPushButton *button : forChart_)
        button->setEnabled(data_ != nullptr);
    showHint({QOE_HIT_NOTHING, 0});
}

void GraphWindow::showHint(const qoe_hit &hit)
{
    if (!data_ || hit.type == QOE_HIT_NOTHING) {
        const char *problem = host_->model_message();
        hint_->setText(*problem ? tr("No model: %1").arg(QString::fromUtf8(problem))
                       : data_  ? QString::fromUtf8(kHint)
                                : QString());
        return;
    }
    char *text =
        hit.type == QOE_HIT_WINDOW ? qoe_chart_window_text(data_, hit.index) : qoe_chart_segment_text(data_, hit.index);
    hint_->setText(QString::fromUtf8(text));
    g_free(text);
}

void GraphWindow::goTo(const qoe_hit &hit)
{
    uint32_t frame = 0;
    if (hit.type == QOE_HIT_WINDOW) {
        const qoe_chart_window *window = &data_->windows[hit.index];
        frame = window->closed_frame ? window->closed_frame : data_->last_frame;
    } else if (hit.type == QOE_HIT_SEGMENT) {
        frame = data_->segments[hit.index].request_frame;
    }
    if (frame > 0)
        host_->goto_frame(frame);
}

void GraphWindow::addFilter(QMenu *menu, const QString &text, const QString &filter)
{
    QAction *action = menu->addAction(text);
    action->setToolTip(filter);
    connect(action, &QAction::triggered, this, [this, filter]() { host_->apply_filter(filter.toUtf8().constData()); });
}

// By frames: frame.time_relative counts from the last time reference, if the user has set one.
QString GraphWindow::windowFilter(size_t index) const
{
    const uint32_t from = index > 0 ? data_->windows[index - 1].closed_frame : data_->start_frame;
    const uint32_t behind = data_->windows[index].closed_frame;
    const QString filter = QStringLiteral("qoe.session == %1 && frame.number >= %2").arg(data_->session).arg(from);

    return behind > 0 ? filter + QStringLiteral(" && frame.number < %1").arg(behind) : filter;
}

void GraphWindow::addFilters(QMenu *menu, const qoe_hit &hit)
{
    if (hit.type == QOE_HIT_WINDOW)
        addFilter(menu, tr("Filter This &Window (%1)").arg(data_->windows[hit.index].index), windowFilter(hit.index));
    if (hit.type == QOE_HIT_SEGMENT) {
        const qoe_chart_segment *segment = &data_->segments[hit.index];
        const QString stream =
            QStringLiteral("%1.stream == %2").arg(segment->transport == QOE_UDP ? "udp" : "tcp").arg(segment->stream);
        addFilter(menu, tr("Filter This Se&gment (%1)").arg(segment->number),
                  QStringLiteral("%1 && frame.number >= %2 && frame.number <= %3")
                      .arg(stream)
                      .arg(segment->request_frame)
                      .arg(qMax(segment->last_frame, segment->request_frame)));
        addFilter(menu, tr("Filter Its &Connection (%1)").arg(stream), stream);
    }
    addFilter(menu, tr("Filter This &Session (%1)").arg(data_->session),
              QStringLiteral("qoe.session == %1").arg(data_->session));
}

void GraphWindow::openMenu(const qoe_hit &hit, const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    if (hit.type != QOE_HIT_NOTHING) {
        connect(menu->addAction(tr("&Go to Packet")), &QAction::triggered, this, [this, hit]() { goTo(hit); });
        menu->addSeparator();
    }
    addFilters(menu, hit);
    menu->addSeparator();
    QAction *out = menu->addAction(tr("&Zoom Out"));
    out->setEnabled(view_->isZoomed());
    connect(out, &QAction::triggered, this, [this]() { view_->zoomOut(); });
    connect(menu->addAction(tr("&Copy")), &QAction::triggered, this, [this]() { copy(); });
    connect(menu->addAction(tr("Save &As\u2026")), &QAction::triggered, this, [this]() { save(); });
    menu->popup(position);
}

// The chart as it stands, at twice its size: sharp when it is shown larger.
QImage GraphWindow::image()
{
    const qoe_scene *chart = view_->scene();
    const double scale = 2 * view_->scale();
    if (!chart)
        return QImage();
    QImage picture((QSizeF(chart->width, chart->height) * scale).toSize(), QImage::Format_RGB32);
    QPainter painter(&picture);
    painter.scale(scale, scale);
    paintScene(&painter, chart, view_->font(), view_->isDark());
    return picture;
}

// Each of these returns what went wrong, or an empty text.
QString GraphWindow::savePng(const QString &path)
{
    QSaveFile file(path);
    const QImage picture = image();
    if (picture.isNull())
        return tr("there is no chart");
    if (!file.open(QIODevice::WriteOnly) || !picture.save(&file, "PNG") || !file.commit())
        return file.errorString();
    return QString();
}

QString GraphWindow::saveSvg(const QString &path)
{
    const qoe_scene *chart = view_->scene();
    QSaveFile file(path);
    if (!chart)
        return tr("there is no chart");
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString();
    GString *svg = qoe_chart_svg(&chart, 1, "Resolution over time, as estimated from encrypted traffic",
                                 chooser_->currentText().toUtf8().constData());
    file.write(svg->str, static_cast<qint64>(svg->len));
    g_string_free(svg, TRUE);
    return file.commit() ? QString() : file.errorString();
}

QString GraphWindow::saveCsv(const char *table, const QString &path)
{
    char *error = nullptr;
    host_->write_csv(table, QFile::encodeName(path).constData(), &error);
    const QString why = QString::fromUtf8(error);
    host_->free_text(error);
    return why;
}

void GraphWindow::save()
{
    const QString png = tr("Picture (*.png)"), svg = tr("Drawing (*.svg)");
    const QString windows = tr("Windows of all sessions (*.csv)"), segments = tr("Segments of all sessions (*.csv)");
    QString chosen = png;
    QString path =
        QFileDialog::getSaveFileName(this, tr("Save As\u2026"), QStringLiteral("qoe"),
                                     QStringList({png, svg, windows, segments}).join(QStringLiteral(";;")), &chosen);
    if (path.isEmpty())
        return;
    const QString suffix = chosen == png ? ".png" : chosen == svg ? ".svg" : ".csv";
    // The dialog has asked about the name without the suffix.
    if (!path.endsWith(suffix, Qt::CaseInsensitive)) {
        path += suffix;
        if (QFile::exists(path) &&
            QMessageBox::question(this, windowTitle(), tr("\"%1\" is there already. Replace it?").arg(path)) !=
                QMessageBox::Yes)
            return;
    }
    const QString why = chosen == png       ? savePng(path)
                        : chosen == svg     ? saveSvg(path)
                        : chosen == windows ? saveCsv("windows", path)
                                            : saveCsv("segments", path);
    if (!why.isEmpty())
        QMessageBox::warning(this, windowTitle(), tr("\"%1\" could not be written: %2.").arg(path, why));
}

void GraphWindow::copy()
{
    if (!data_)
        return;
    const qoe_text_options options = {100, true, false};
    char *text = qoe_chart_text(data_, &options);
    auto *mime = new QMimeData;
    mime->setImageData(image());
    mime->setText(QString::fromUtf8(text));
    g_free(text);
    QApplication::clipboard()->setMimeData(mime);
}
