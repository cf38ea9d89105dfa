// The graph window without Wireshark: a made host, and the mouse and keyboard of Qt's own test library.
//
// usage: test_window MODULE            run the tests
//        test_window MODULE FILE.png [WIDTHxHEIGHT] [dark] [windows]   only save a picture of the window
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include <dlfcn.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTimer>
#include <QtTest/QtTest>

#include <glib.h>

extern "C" {
#include "chart.h"
#include "qt/qoe_ui.h"
#include "sample.h"
}

namespace
{
// --- the host: two sessions, and what was asked of it ---

struct Host {
    uint64_t state = 1;
    size_t sessions = 2, windows = 30;
    uint32_t frame = 0;
    QString filter;
    int alive = 0; // copies of sessions that were not given back
} host;

uint64_t hostState()
{
    return host.state;
}

size_t hostSessions()
{
    return host.sessions;
}

bool hostSession(size_t i, qoe_ui_session *out)
{
    *out = {};
    out->number = static_cast<uint32_t>(i + 1);
    snprintf(out->service, sizeof out->service, "Service %zu", i + 1);
    snprintf(out->client, sizeof out->client, "10.0.0.%zu", i + 1);
    out->end_us = static_cast<int64_t>(host.windows) * 10000000;
    out->has_media = true;
    return i < host.sessions;
}

qoe_chart_data *hostData(size_t i)
{
    host.alive++;
    return sample_new(host.windows, static_cast<uint32_t>(i + 1));
}

void hostRelease(qoe_chart_data *data)
{
    host.alive--;
    qoe_chart_data_free(data);
}

void hostGoto(uint32_t frame)
{
    host.frame = frame;
}

void hostFilter(const char *filter)
{
    host.filter = QString::fromUtf8(filter);
}

bool hostWrite(const char *name, const char *path, char **error)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        *error = strdup("no");
        return false;
    }
    fprintf(file, "%s\n", name);
    return fclose(file) == 0;
}

void hostFree(char *text)
{
    free(text);
}

const char *hostModel()
{
    return "";
}

const char *hostNothing()
{
    return "Nothing here.";
}

const char *hostName()
{
    return host.state ? "film.pcapng" : "";
}

qoe_ui_host table = {QOE_UI_ABI, hostState, hostSessions, hostSession, hostData,    hostRelease, hostGoto,
                     hostFilter, hostWrite, hostFree,     hostModel,   hostNothing, hostName};

// --- the window ---

const qoe_ui_module *module;
int failures;

void check(bool right, const char *what, const char *test, int line)
{
    if (right)
        return;
    fprintf(stderr, "%s, line %d: not true: %s\n", test, line, what);
    failures++;
}
#define CHECK(what) check((what), #what, __func__, __LINE__)

QDialog *window()
{
    for (QWidget *widget : QApplication::topLevelWidgets())
        if (auto *dialog = qobject_cast<QDialog *>(widget))
            return dialog;
    return nullptr;
}

QWidget *chart()
{
    for (QWidget *widget : window()->findChildren<QWidget *>())
        if (widget->accessibleName() == "Resolution over time")
            return widget;
    return nullptr;
}

QLabel *hint()
{
    for (QLabel *label : window()->findChildren<QLabel *>())
        if (label->accessibleName() == "What the pointer is at")
            return label;
    return nullptr;
}

void openWindow()
{
    host = Host();
    CHECK(module->open(&table) == nullptr);
    window()->resize(1000, 700);
    QTest::qWait(20);
}

void closeWindow()
{
    window()->close();
    QTest::qWait(20); // deleted on close
    CHECK(window() == nullptr);
    CHECK(host.alive == 0);
}

// A place in the chart: x and y as shares of its width and height. The steps stand around a third of its height.
QPoint at(double x, double y = 0.4)
{
    return QPoint(qRound(chart()->width() * x), qRound(chart()->height() * y));
}

void moveTo(const QPoint &place)
{
    QMouseEvent event(QEvent::MouseMove, place, chart()->mapToGlobal(place), Qt::NoButton, Qt::NoButton,
                      Qt::NoModifier);
    QApplication::sendEvent(chart(), &event);
}

uint32_t frameBehindClick(const QPoint &place)
{
    host.frame = 0;
    QTest::mouseClick(chart(), Qt::LeftButton, Qt::NoModifier, place);
    return host.frame;
}

void drag(const QPoint &from, const QPoint &to)
{
    QTest::mousePress(chart(), Qt::LeftButton, Qt::NoModifier, from);
    QMouseEvent event(QEvent::MouseMove, to, chart()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(chart(), &event);
    QTest::mouseRelease(chart(), Qt::LeftButton, Qt::NoModifier, to);
}

QAction *menuAction(const QString &start)
{
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    if (!menu)
        return nullptr;
    for (QAction *action : menu->actions())
        if (action->text().remove('&').startsWith(start))
            return action;
    return nullptr;
}

void openMenu(const QPoint &place)
{
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, chart()->mapToGlobal(place));
    QApplication::sendEvent(chart(), &event);
    QTest::qWait(20);
}

void trigger(const QString &start)
{
    QAction *action = menuAction(start);
    CHECK(action != nullptr);
    if (action)
        action->trigger();
    if (QApplication::activePopupWidget())
        QApplication::activePopupWidget()->close();
    QTest::qWait(20);
}

// --- what users do ---

void a_click_on_a_window_goes_to_the_packet_that_closed_it()
{
    const uint32_t left = frameBehindClick(at(0.3)), right = frameBehindClick(at(0.7));
    CHECK(left > 0 && left % 100 == 0); // window i was closed by packet (i + 1) * 100
    CHECK(right > left);
}

void a_click_on_a_segment_goes_to_its_request()
{
    uint32_t found = 0;
    for (double y = 0.5; y < 0.95 && found == 0; y += 0.01) {
        moveTo(at(0.5, y));
        if (hint()->text().startsWith("Segment"))
            found = frameBehindClick(at(0.5, y));
    }
    CHECK(found % 25 == 1); // segment i was asked for by packet i * 25 + 1
}

void a_click_beside_the_chart_goes_nowhere()
{
    CHECK(frameBehindClick(QPoint(3, 3)) == 0);
}

void the_hint_tells_what_the_pointer_is_at()
{
    moveTo(at(0.5));
    CHECK(hint()->text().startsWith("Window "));
    CHECK(chart()->accessibleDescription() == hint()->text());
    moveTo(QPoint(3, 3));
    CHECK(hint()->text().startsWith("Click: "));
}

void a_drag_zooms_in_and_a_double_click_out()
{
    const uint32_t before = frameBehindClick(at(0.7));
    drag(at(0.3), at(0.5));
    const uint32_t zoomed = frameBehindClick(at(0.7));
    CHECK(zoomed < before);
    QTest::mouseDClick(chart(), Qt::LeftButton, Qt::NoModifier, at(0.5));
    CHECK(frameBehindClick(at(0.7)) == before);
}

void the_wheel_scrolls_in_a_zoomed_chart()
{
    drag(at(0.4), at(0.5));
    const uint32_t before = frameBehindClick(at(0.5));
    for (int i = 0; i < 12; i++) {
        const QPoint place = at(0.5);
        QWheelEvent event(place, chart()->mapToGlobal(place), QPoint(), QPoint(0, -120), Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(chart(), &event);
    }
    CHECK(frameBehindClick(at(0.5)) > before);
    QTest::keyClick(chart(), Qt::Key_0);
}

void nobody_scrolls_out_of_the_session()
{
    drag(at(0.4), at(0.5));
    for (int i = 0; i < 100; i++)
        QTest::keyClick(chart(), Qt::Key_PageDown);
    CHECK(frameBehindClick(at(0.9)) == 3000); // the last of 30 windows
    for (int i = 0; i < 200; i++)
        QTest::keyClick(chart(), Qt::Key_PageUp);
    CHECK(frameBehindClick(at(0.1)) == 100);
    for (int i = 0; i < 200; i++)
        QTest::keyClick(chart(), Qt::Key_Plus);
    for (int i = 0; i < 400; i++)
        QTest::keyClick(chart(), Qt::Key_Minus);
    CHECK(frameBehindClick(at(0.12)) <= 300 && frameBehindClick(at(0.88)) >= 2800);
}

void the_keyboard_walks_from_window_to_window()
{
    moveTo(QPoint(3, 3));
    QTest::keyClick(chart(), Qt::Key_Right);
    CHECK(hint()->text().startsWith("Window 0"));
    QTest::keyClick(chart(), Qt::Key_Right);
    QTest::keyClick(chart(), Qt::Key_Right);
    QTest::keyClick(chart(), Qt::Key_Left);
    QTest::keyClick(chart(), Qt::Key_Return);
    CHECK(host.frame == 200);
}

void the_menu_filters_the_window_and_the_session()
{
    moveTo(at(0.5));
    openMenu(at(0.5));
    trigger("Filter This Window");
    const QRegularExpression frames("^qoe\\.session == 1 && frame\\.number >= (\\d+)00 && frame\\.number < (\\d+)00$");
    const QRegularExpressionMatch match = frames.match(host.filter);
    CHECK(match.hasMatch() && match.captured(2).toInt() == match.captured(1).toInt() + 1);
    openMenu(at(0.5));
    trigger("Filter This Session");
    CHECK(host.filter == "qoe.session == 1");
    openMenu(QPoint(3, 3));
    CHECK(menuAction("Filter This Window") == nullptr);
    trigger("Zoom Out");
}

void the_menu_filters_the_connection_of_a_segment()
{
    for (double y = 0.5; y < 0.95; y += 0.01) {
        moveTo(at(0.5, y));
        if (!hint()->text().startsWith("Segment"))
            continue;
        openMenu(at(0.5, y));
        trigger("Filter Its Connection");
        CHECK(host.filter == "tcp.stream == 0");
        return;
    }
    CHECK(!"no segment was found");
}

void another_session_can_be_chosen()
{
    auto *chooser = window()->findChild<QComboBox *>();
    CHECK(chooser->count() == 2);
    chooser->setFocus();
    QTest::keyClick(chooser, Qt::Key_Down);
    openMenu(at(0.5));
    trigger("Filter This Session");
    CHECK(host.filter == "qoe.session == 2");
}

void layers_can_be_switched()
{
    const QImage before = chart()->grab().toImage();
    for (QAbstractButton *button : window()->findChildren<QAbstractButton *>()) {
        if (!button->isCheckable())
            continue;
        const bool on = button->isChecked();
        button->click();
        CHECK(button->isChecked() != on);
    }
    CHECK(chart()->grab().toImage() != before);
}

QAbstractButton *buttonOf(const QString &text)
{
    for (QAbstractButton *button : window()->findChildren<QAbstractButton *>())
        if (button->text().remove('&').startsWith(text))
            return button;
    return nullptr;
}

void a_live_capture_grows_in_the_window()
{
    const uint32_t before = frameBehindClick(at(0.9));
    host.windows = 60;
    host.state++;
    QTest::qWait(1200);
    CHECK(frameBehindClick(at(0.9)) > before + 1000);
}

void the_capture_may_be_closed_under_the_window()
{
    host.sessions = 0;
    host.state = 0;
    QTest::qWait(1200);
    CHECK(host.alive == 0);
    CHECK(frameBehindClick(at(0.5)) == 0);
    moveTo(at(0.5));
    QTest::keyClick(chart(), Qt::Key_Right);
    QTest::keyClick(chart(), Qt::Key_Plus);
    openMenu(at(0.5));
    CHECK(QApplication::activePopupWidget() == nullptr);
    CHECK(!buttonOf("Copy")->isEnabled() && !buttonOf("Save As")->isEnabled() && buttonOf("Close")->isEnabled());
    CHECK(hint()->text().isEmpty());
    host.sessions = 1;
    host.state = 7;
    QTest::qWait(1200);
    CHECK(frameBehindClick(at(0.5)) > 0);
}

void clickButton(const QString &text)
{
    if (buttonOf(text))
        buttonOf(text)->click();
}

void the_chart_is_copied_as_picture_and_as_text()
{
    clickButton("Copy");
    const QMimeData *mime = QApplication::clipboard()->mimeData();
    CHECK(mime->hasImage());
    CHECK(mime->text().contains("1080p"));
}

// Answers the file dialog that a click opens, and a warning behind it.
void saveAs(const QString &kind, const QString &path, bool *warned = nullptr)
{
    QTimer::singleShot(100, [kind, path]() {
        auto *dialog = qobject_cast<QFileDialog *>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        for (const QString &filter : dialog->nameFilters())
            if (filter.startsWith(kind))
                dialog->selectNameFilter(filter);
        dialog->findChild<QLineEdit *>()->setText(path);
        QMetaObject::invokeMethod(dialog, "accept", Qt::DirectConnection);
    });
    QTimer::singleShot(600, [warned]() {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (warned)
            *warned = box != nullptr;
        if (box)
            box->accept();
    });
    clickButton("Save As");
    QTest::qWait(700);
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void the_chart_is_saved_as_picture_drawing_and_table()
{
    QTemporaryDir folder;
    saveAs("Picture", folder.filePath("a"));
    CHECK(QImage(folder.filePath("a.png")).width() >= 2 * chart()->width() - 2);
    saveAs("Drawing", folder.filePath("b.svg"));
    CHECK(contents(folder.filePath("b.svg")).startsWith("<?xml"));
    CHECK(contents(folder.filePath("b.svg")).endsWith("</svg>\n"));
    saveAs("Windows", folder.filePath("c"));
    CHECK(contents(folder.filePath("c.csv")) == "windows\n");
    saveAs("Segments", folder.filePath("d.csv"));
    CHECK(contents(folder.filePath("d.csv")) == "segments\n");
}

void a_file_that_cannot_be_written_is_told()
{
    bool warned = false;
    saveAs("Windows", "/nowhere/at/all", &warned);
    CHECK(warned);
}

void every_control_has_a_name()
{
    for (QWidget *widget : window()->findChildren<QWidget *>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible())
            continue;
        auto *button = qobject_cast<QAbstractButton *>(widget);
        const QString name = button ? button->text() : widget->accessibleName();
        check(!name.isEmpty(), widget->metaObject()->className(), __func__, __LINE__);
    }
}

void the_window_fits_a_small_screen()
{
    CHECK(window()->minimumSizeHint().width() <= 600);
    CHECK(window()->minimumSizeHint().height() <= 560);
}

void the_title_names_the_capture_as_long_as_it_is_open()
{
    CHECK(window()->windowTitle().endsWith(" film.pcapng"));
    host.sessions = 0;
    host.state = 0;
    QTest::qWait(1200);
    CHECK(window()->windowTitle().endsWith("Resolution over Time"));
}

void a_day_is_drawn_as_fast_as_an_hour()
{
    const auto cpuSeconds = [](size_t windows) {
        host.windows = windows;
        host.state++;
        QTest::qWait(1200);
        const clock_t begun = clock();
        chart()->resize(chart()->width() - 1, chart()->height());
        chart()->grab();
        return static_cast<double>(clock() - begun) / CLOCKS_PER_SEC;
    };
    const double hour = cpuSeconds(360), day = cpuSeconds(8640);
    printf("drawing took %.3f s for an hour, %.3f s for a day\n", hour, day);
    CHECK(day < 3 * hour + 0.05);
}

void entries_of_the_main_window_s_menus_can_be_chosen()
{
    QMainWindow main;
    int chosen = 0;
    QAction *action = main.menuBar()->addMenu("&Statistics")->addAction("Video QoE &Windows");
    QObject::connect(action, &QAction::triggered, [&chosen]() { chosen++; });
    CHECK(module->choose("Video QoE Windows"));
    CHECK(chosen == 1);
    CHECK(!module->choose("Video QoE Nothing"));
}

void only_one_window_opens()
{
    CHECK(module->open(&table) == nullptr);
    int count = 0;
    for (QWidget *widget : QApplication::topLevelWidgets())
        count += qobject_cast<QDialog *>(widget) != nullptr;
    CHECK(count == 1);
}

void another_plugin_version_is_refused()
{
    qoe_ui_host other = table;
    other.abi = 999;
    CHECK(module->open(&other) != nullptr);
}

#define TEST(function)                                                                                                 \
    {                                                                                                                  \
#function, function                                                                                            \
    }
const struct {
    const char *name;
    std::function<void()> run;
} tests[] = {
    TEST(a_click_on_a_window_goes_to_the_packet_that_closed_it),
    TEST(a_click_on_a_segment_goes_to_its_request),
    TEST(a_click_beside_the_chart_goes_nowhere),
    TEST(the_hint_tells_what_the_pointer_is_at),
    TEST(a_drag_zooms_in_and_a_double_click_out),
    TEST(the_wheel_scrolls_in_a_zoomed_chart),
    TEST(nobody_scrolls_out_of_the_session),
    TEST(the_keyboard_walks_from_window_to_window),
    TEST(the_menu_filters_the_window_and_the_session),
    TEST(the_menu_filters_the_connection_of_a_segment),
    TEST(another_session_can_be_chosen),
    TEST(layers_can_be_switched),
    TEST(a_live_capture_grows_in_the_window),
    TEST(the_capture_may_be_closed_under_the_window),
    TEST(the_chart_is_copied_as_picture_and_as_text),
    TEST(the_chart_is_saved_as_picture_drawing_and_table),
    TEST(a_file_that_cannot_be_written_is_told),
    TEST(every_control_has_a_name),
    TEST(the_window_fits_a_small_screen),
    TEST(the_title_names_the_capture_as_long_as_it_is_open),
    TEST(a_day_is_drawn_as_fast_as_an_hour),
    TEST(entries_of_the_main_window_s_menus_can_be_chosen),
    TEST(only_one_window_opens),
    TEST(another_plugin_version_is_refused),
};

void darken()
{
    QPalette dark(QColor(0x2b, 0x2e, 0x33), QColor(0x23, 0x26, 0x2a));
    dark.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x23));
    QApplication::setPalette(dark);
}

int savePicture(const QStringList &arguments)
{
    if (arguments.contains("dark"))
        darken();
    host = Host();
    host.windows = arguments.size() > 5 ? arguments[5].toUInt() : 42;
    if (module->open(&table))
        return 1;
    const QStringList size = arguments.value(3, "1000x700").split('x');
    window()->resize(size[0].toInt(), size[1].toInt());
    QTest::qWait(50);
    moveTo(at(0.5));
    return window()->grab().save(arguments[2]) ? 0 : 1;
}
} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    void *handle = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
    auto get = handle ? reinterpret_cast<qoe_ui_module_getter>(dlsym(handle, QOE_UI_SYMBOL)) : nullptr;
    if (!get) {
        fprintf(stderr, "usage: test_window MODULE: %s\n", argc > 1 ? dlerror() : "no module given");
        return 2;
    }
    module = get();
    if (argc > 2)
        return savePicture(app.arguments());
    int failed = 0;
    for (const auto &test : tests) {
        const int before = failures;
        openWindow();
        test.run();
        closeWindow();
        printf("%s : %s\n", failures == before ? "PASS  " : "FAIL! ", test.name); // as Qt's own tests say it
        failed += failures != before;
    }
    printf("%zu tests, %d failed\n", sizeof tests / sizeof tests[0], failed);
    return failed > 0;
}
