/* Knows how glyphs and texts are put into rows of characters, in UTF-8 or ASCII, with or without colour.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text_grid.h"

#include <string.h>

typedef struct {
    gunichar character; /* 0: blank */
    qoe_ink ink;
} cell;

struct qoe_text_grid {
    int columns, gutter;
    bool utf8, colour;
    GPtrArray *rows; /* of cell[columns] */
    bool used[QOE_GLYPHS];
    int legend_x;
};

static const struct {
    gunichar utf8;
    char ascii;
} glyphs[QOE_GLYPHS] = {
    [QOE_GLYPH_SPACE] = {' ', ' '},         [QOE_GLYPH_SURE] = {0x2501, '='}, /* heavy line */
    [QOE_GLYPH_LIKELY] = {0x2500, '-'},                                       /* light line */
    [QOE_GLYPH_UNSURE] = {0x254c, '~'},                                       /* dashes */
    [QOE_GLYPH_RISER] = {0x2502, '|'},                                        /* light upright */
    [QOE_GLYPH_LEFT_UP] = {0x256f, '\''},                                     /* round corners */
    [QOE_GLYPH_LEFT_DOWN] = {0x256e, '.'},  [QOE_GLYPH_UP_RIGHT] = {0x2570, '\''},
    [QOE_GLYPH_DOWN_RIGHT] = {0x256d, '.'}, [QOE_GLYPH_OTHER_LINE] = {0x00b7, ':'}, /* middle dot */
    [QOE_GLYPH_GAP] = {0x2591, '?'},                                                /* light shade */
    [QOE_GLYPH_AXIS] = {0x2524, '|'},       [QOE_GLYPH_CORNER] = {0x2514, '+'},
    [QOE_GLYPH_RULE] = {0x2500, '-'},       [QOE_GLYPH_TICK] = {0x252c, '+'},
    [QOE_GLYPH_BAR1] = {0x2581, '.'},       [QOE_GLYPH_BAR1 + 1] = {0x2582, '.'},
    [QOE_GLYPH_BAR1 + 2] = {0x2583, ':'},   [QOE_GLYPH_BAR1 + 3] = {0x2584, ':'},
    [QOE_GLYPH_BAR1 + 4] = {0x2585, '+'},   [QOE_GLYPH_BAR1 + 5] = {0x2586, '*'},
    [QOE_GLYPH_BAR1 + 6] = {0x2587, '#'},   [QOE_GLYPH_BAR8] = {0x2588, '#'},
};

/* The sixteen colours of every terminal: its owner's theme decides how they look. */
static const char *ansi(qoe_ink ink)
{
    switch (ink) {
    case QOE_INK_TEXT:
        return "1";
    case QOE_INK_RESOLUTION:
        return "1;34";
    case QOE_INK_DOWNLOADED:
        return "35";
    case QOE_INK_VIDEO:
    case QOE_INK_BUFFER:
        return "32";
    case QOE_INK_AUDIO:
        return "33";
    case QOE_INK_ALARM:
        return "31";
    case QOE_INK_RATE:
        return "36";
    default:
        return "";
    }
}

qoe_text_grid *qoe_grid_new(int columns, int gutter, bool utf8, bool colour)
{
    qoe_text_grid *grid = g_new0(qoe_text_grid, 1);

    grid->columns = columns;
    grid->gutter = gutter;
    grid->utf8 = utf8;
    grid->colour = colour;
    grid->rows = g_ptr_array_new_with_free_func(g_free);
    return grid;
}

int qoe_grid_rows(const qoe_text_grid *grid)
{
    return (int)grid->rows->len;
}

static int add_row(qoe_text_grid *grid)
{
    g_ptr_array_add(grid->rows, g_new0(cell, (gsize)grid->columns));
    return qoe_grid_rows(grid) - 1;
}

static void put_character(qoe_text_grid *grid, int row, int x, gunichar character, qoe_ink ink)
{
    if (row < 0 || row >= qoe_grid_rows(grid) || x < 0 || x >= grid->columns)
        return;
    cell *at = (cell *)g_ptr_array_index(grid->rows, row) + x;
    *at = (cell){character < 0x80 || grid->utf8 ? character : '?', ink};
}

void qoe_grid_put(qoe_text_grid *grid, int row, int x, qoe_glyph glyph, qoe_ink ink)
{
    put_character(grid, row, x, grid->utf8 ? glyphs[glyph].utf8 : (gunichar)glyphs[glyph].ascii, ink);
    grid->used[glyph] = true;
}

bool qoe_grid_uses(const qoe_text_grid *grid, qoe_glyph glyph)
{
    return grid->used[glyph];
}

void qoe_grid_text(qoe_text_grid *grid, int row, int x, const char *text, qoe_ink ink)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        put_character(grid, row, x++, g_utf8_get_char(at), ink);
}

int qoe_grid_band(qoe_text_grid *grid, const char *label)
{
    const int row = add_row(grid);

    qoe_grid_text(grid, row, grid->gutter - 2 - (int)g_utf8_strlen(label, -1), label, QOE_INK_MUTED);
    qoe_grid_put(grid, row, grid->gutter - 1, QOE_GLYPH_AXIS, QOE_INK_MUTED);
    return row;
}

int qoe_grid_ruler(qoe_text_grid *grid, int length)
{
    const int row = add_row(grid);

    add_row(grid);
    qoe_grid_put(grid, row, grid->gutter - 1, QOE_GLYPH_CORNER, QOE_INK_MUTED);
    for (int i = 0; i < length; i++)
        qoe_grid_put(grid, row, grid->gutter + i, QOE_GLYPH_RULE, QOE_INK_MUTED);
    return row;
}

void qoe_grid_paragraph(qoe_text_grid *grid, const char *text, qoe_ink ink)
{
    char **words = g_strsplit(text, " ", -1);
    int row = add_row(grid), x = 0;

    for (int i = 0; words[i]; i++) {
        const int width = (int)g_utf8_strlen(words[i], -1);
        if (x > 0 && x + 1 + width > grid->columns) {
            row = add_row(grid);
            x = 0;
        }
        x += x > 0;
        qoe_grid_text(grid, row, x, words[i], ink);
        x += width;
    }
    g_strfreev(words);
}

void qoe_grid_legend_start(qoe_text_grid *grid)
{
    add_row(grid);
    grid->legend_x = grid->gutter - 1;
}

void qoe_grid_legend(qoe_text_grid *grid, qoe_glyph glyph, const char *text, qoe_ink ink)
{
    const int width = 3 + (int)g_utf8_strlen(text, -1);

    if (grid->legend_x > grid->gutter - 1 && grid->legend_x + width > grid->columns)
        qoe_grid_legend_start(grid);
    /* An entry that is longer than a row starts at the very left, and wraps like a paragraph. */
    if (grid->legend_x + width > grid->columns) {
        char *line = g_strdup_printf("  %s", text);
        g_ptr_array_remove_index(grid->rows, grid->rows->len - 1);
        const int row = qoe_grid_rows(grid);
        qoe_grid_paragraph(grid, line, QOE_INK_MUTED);
        qoe_grid_put(grid, row, 0, glyph, ink);
        g_free(line);
        qoe_grid_legend_start(grid);
        return;
    }
    qoe_grid_put(grid, qoe_grid_rows(grid) - 1, grid->legend_x, glyph, ink);
    qoe_grid_text(grid, qoe_grid_rows(grid) - 1, grid->legend_x + 2, text, QOE_INK_MUTED);
    grid->legend_x += width + 1;
}

/* Escapes only where the colour changes, and never over a line's end. */
static void append_row(const qoe_text_grid *grid, const cell *row, GString *out)
{
    const char *current = "";
    int end = grid->columns;

    while (end > 0 && (row[end - 1].character == 0 || row[end - 1].character == ' '))
        end--;
    for (int x = 0; x < end; x++) {
        const char *wanted = row[x].character ? ansi(row[x].ink) : current;
        if (grid->colour && !g_str_equal(wanted, current)) {
            g_string_append_printf(out, "\033[%sm", *wanted && *current ? "0" : wanted);
            if (*wanted && *current)
                g_string_append_printf(out, "\033[%sm", wanted);
            current = wanted;
        }
        g_string_append_unichar(out, row[x].character ? row[x].character : ' ');
    }
    if (*current)
        g_string_append(out, "\033[0m");
    g_string_append_c(out, '\n');
}

char *qoe_grid_free(qoe_text_grid *grid)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < grid->rows->len; i++)
        append_row(grid, (const cell *)g_ptr_array_index(grid->rows, i), out);
    while (out->len > 1 && out->str[out->len - 1] == '\n' && out->str[out->len - 2] == '\n')
        g_string_truncate(out, out->len - 1);
    g_ptr_array_free(grid->rows, TRUE);
    g_free(grid);
    return g_string_free(out, FALSE);
}
