/* The graph of one session as text, for a terminal or a log.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_CHART_TEXT_H
#define QOE_CHART_TEXT_H

#include <stdio.h>

#include "chart_data.h"

#define QOE_TEXT_COLUMNS_MIN 40
#define QOE_TEXT_COLUMNS_DEFAULT 80
#define QOE_TEXT_COLUMNS_MAX 400

typedef struct {
    int columns; /* of the terminal; kept between MIN and MAX */
    bool utf8;   /* else plain ASCII */
    bool colour; /* ANSI escapes */
} qoe_text_options;

/* What suits a stream: blocks where the locale has UTF-8, else plain ASCII; as wide as the terminal is or $COLUMNS
 * says; on a terminal in colour, unless $NO_COLOR or a dumb $TERM forbid it. */
qoe_text_options qoe_text_options_for(FILE *stream);

/* The picture, lines no longer than options->columns. g_free the result. */
char *qoe_chart_text(const qoe_chart_data *data, const qoe_text_options *options);

#endif
