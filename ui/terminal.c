/* Knows what the stream that text goes to can show.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _POSIX_C_SOURCE 200809L /* fileno, isatty */
#include "chart_text.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#ifndef _WIN32
#include <sys/ioctl.h>
#include <unistd.h>
#endif

static bool is_terminal(FILE *stream)
{
#ifdef _WIN32
    (void)stream;
    return false;
#else
    return isatty(fileno(stream)) == 1;
#endif
}

/* The terminal's own word, else the shell's, else the default. */
static int columns_of(FILE *stream)
{
#ifdef TIOCGWINSZ
    struct winsize size = {0};
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#else
    (void)stream;
#endif
    const char *columns = g_getenv("COLUMNS");
    const gint64 number = columns ? g_ascii_strtoll(columns, NULL, 10) : 0;
    return number > 0 && number <= QOE_TEXT_COLUMNS_MAX ? (int)number : QOE_TEXT_COLUMNS_DEFAULT;
}

/* https://no-color.org: any value that is not empty. */
static bool colour_allowed(void)
{
    const char *forbidden = g_getenv("NO_COLOR");
    const char *term = g_getenv("TERM");

    return !(forbidden && *forbidden) && term && *term && strcmp(term, "dumb") != 0;
}

qoe_text_options qoe_text_options_for(FILE *stream)
{
    const bool terminal = is_terminal(stream);

    return (qoe_text_options){
        .columns = columns_of(stream),
        .utf8 = g_get_charset(NULL),
        .colour = terminal && colour_allowed(),
    };
}
