// What the plugin finds in this module: functions that open the graph window, and a dialog of Wireshark's own.
//
// For tests: QOE_UI_GRAB=FILE.png saves what the window shows, QOE_UI_SIZE=WxH sets its size before,
// QOE_UI_GRAB_MAIN=FILE.png saves Wireshark's main window, QOE_UI_QUIT=1 then closes Wireshark.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include <QAction>
#include <QApplication>
#include <QMainWindow>
#include <QMenu>
#include <QPointer>
#include <QTimer>

#include "graph_window.h"

namespace
{
constexpr int kGrabMs = 200; // after the window has been shown

QMainWindow *mainWindow()
{
    for (QWidget *widget : QApplication::topLevelWidgets())
        if (auto *window = qobject_cast<QMainWindow *>(widget))
            return window;
    return nullptr;
}

void applySize(QWidget *window)
{
    const QList<QByteArray> size = qgetenv("QOE_UI_SIZE").split('x');
    if (size.size() == 2 && size[0].toInt() > 0 && size[1].toInt() > 0)
        window->resize(size[0].toInt(), size[1].toInt());
}

void saveGrab(QWidget *widget, const char *variable)
{
    const QString file = qEnvironmentVariable(variable);
    if (widget && !file.isEmpty() && !widget->grab().save(file))
        qWarning("%s could not be written", qPrintable(file));
}

// Not QCoreApplication::quit(): Wireshark must close its capture first, and refuses to while it reads it.
void closeMainWindow()
{
    QMainWindow *window = mainWindow();
    if (window && window->isVisible() && !window->close())
        QTimer::singleShot(kGrabMs, qApp, closeMainWindow);
}

void grabAndQuit(QPointer<GraphWindow> window)
{
    saveGrab(window, "QOE_UI_GRAB");
    saveGrab(mainWindow(), "QOE_UI_GRAB_MAIN");
    if (qEnvironmentVariableIsSet("QOE_UI_QUIT"))
        closeMainWindow();
}

const char *openWindow(const qoe_ui_host *host)
{
    static QPointer<GraphWindow> open;

    // Qt's own check would end Wireshark.
    if (!qobject_cast<QApplication *>(QCoreApplication::instance()))
        return "this module was made for another version of Qt than Wireshark's (" QT_VERSION_STR ")";
    if (host->abi != QOE_UI_ABI)
        return "this module belongs to another version of the plugin";
    if (!open) {
        open = new GraphWindow(mainWindow(), host);
        open->resize(open->sizeHint());
        applySize(open);
    }
    open->show();
    open->raise();
    open->activateWindow();
    const QPointer<GraphWindow> window = open;
    QTimer::singleShot(kGrabMs, qApp, [window]() { grabAndQuit(window); });
    return nullptr;
}

bool chooseEntry(const char *text)
{
    const QMainWindow *window = mainWindow();
    if (!window)
        return false;
    for (const QMenu *menu : window->findChildren<QMenu *>())
        for (QAction *action : menu->actions())
            if (action->text().remove('&') == QString::fromUtf8(text)) {
                action->trigger();
                return true;
            }
    return false;
}
} // namespace

extern "C" Q_DECL_EXPORT const qoe_ui_module *qoe_ui_module_get(void)
{
    static const qoe_ui_module module = {QOE_UI_ABI, openWindow, chooseEntry};
    return &module;
}
