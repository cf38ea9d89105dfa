/* The border between the plugin and the graph window's module: plain C, checked by a number on both sides.
 *
 * The plugin knows the analysis and Wireshark, the module knows Qt; neither links the other. All calls are made from
 * the thread of the user interface.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_UI_MODULE_H
#define QOE_UI_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chart_data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Raised with every change here or in chart_data.h. */
#define QOE_UI_ABI 2

/* One session, for a chooser. */
typedef struct {
    uint32_t number;
    char service[64];
    char client[QOE_ADDR_STRLEN];
    int64_t start_us, end_us;
    bool has_media;
} qoe_ui_session;

/* What the plugin offers. */
typedef struct {
    uint32_t abi;

    /* Changes whenever the figures may have changed: cheap, made to be asked every second. */
    uint64_t (*state)(void);

    /* The sessions of the open capture as of now; 0 when none is open. */
    size_t (*sessions)(void);
    bool (*session)(size_t i, qoe_ui_session *session);

    /* A copy that outlives the capture; NULL if there is no such session. Give it back to `release`. */
    qoe_chart_data *(*data)(size_t i);
    void (*release)(qoe_chart_data *data);

    void (*goto_frame)(uint32_t frame);
    void (*apply_filter)(const char *filter);

    /* Writes a table of the whole capture ("windows", "segments") as CSV. False with a text in *error (release with
     * free_text). */
    bool (*write_csv)(const char *table, const char *path, char **error);
    void (*free_text)(char *text);

    /* What is wrong with the model, or "" (static). */
    const char *(*model_message)(void);

    /* What to say where there is no session, and what the user may try (static). */
    const char *(*nothing)(void);

    /* The open capture's name for a window's title, or "". Valid until the next call. */
    const char *(*capture_name)(void);
} qoe_ui_host;

/* What the module offers. */
typedef struct {
    uint32_t abi;

    /* Opens a window, or raises the one that is open. host stays valid as long as the program runs. NULL, or what is
     * wrong (static). */
    const char *(*open)(const qoe_ui_host *host);

    /* Chooses an entry of Wireshark's own menus by its text. False if there is none. */
    bool (*choose)(const char *text);
} qoe_ui_module;

/* The only symbol that the module exports. */
#define QOE_UI_SYMBOL "qoe_ui_module_get"
typedef const qoe_ui_module *(*qoe_ui_module_getter)(void);

#ifdef __cplusplus
}
#endif

#endif
