/* A field of characters with a gutter of labels at its left, for charts in a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TEXT_GRID_H
#define QOE_TEXT_GRID_H

#include <stdbool.h>

#include "scene.h"

/* Each has a look in UTF-8 and one in ASCII. */
typedef enum {
    QOE_GLYPH_SPACE,
    QOE_GLYPH_SURE,
    QOE_GLYPH_LIKELY,
    QOE_GLYPH_UNSURE,
    QOE_GLYPH_RISER,
    QOE_GLYPH_LEFT_UP, /* corners: which two sides they join */
    QOE_GLYPH_LEFT_DOWN,
    QOE_GLYPH_UP_RIGHT,
    QOE_GLYPH_DOWN_RIGHT,
    QOE_GLYPH_OTHER_LINE,
    QOE_GLYPH_GAP,
    QOE_GLYPH_AXIS,
    QOE_GLYPH_CORNER,
    QOE_GLYPH_RULE,
    QOE_GLYPH_TICK,
    QOE_GLYPH_BAR1, /* an eighth of the height ... */
    QOE_GLYPH_BAR8 = QOE_GLYPH_BAR1 + 7,
    QOE_GLYPHS
} qoe_glyph;

typedef struct qoe_text_grid qoe_text_grid;

qoe_text_grid *qoe_grid_new(int columns, int gutter, bool utf8, bool colour);

/* The text, without blanks at the ends of lines; frees the grid. g_free the result. */
char *qoe_grid_free(qoe_text_grid *grid);

int qoe_grid_rows(const qoe_text_grid *grid);

/* Add a row at the bottom and return its number: one with a label and the axis, the ruler (and a row for its
 * labels below it), a paragraph broken between words. */
int qoe_grid_band(qoe_text_grid *grid, const char *label);
int qoe_grid_ruler(qoe_text_grid *grid, int length);
void qoe_grid_paragraph(qoe_text_grid *grid, const char *text, qoe_ink ink);

/* Writes into a row; what does not fit into the columns is left out. */
void qoe_grid_put(qoe_text_grid *grid, int row, int x, qoe_glyph glyph, qoe_ink ink);
void qoe_grid_text(qoe_text_grid *grid, int row, int x, const char *text, qoe_ink ink);

bool qoe_grid_uses(const qoe_text_grid *grid, qoe_glyph glyph);

/* A legend at the bottom: as many entries a row as fit. */
void qoe_grid_legend_start(qoe_text_grid *grid);
void qoe_grid_legend(qoe_text_grid *grid, qoe_glyph glyph, const char *text, qoe_ink ink);

#endif
