/* The words and numbers of a bundle: everything bounded, everything finite, every error with its line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <string.h>

#include "model_internal.h"

#define NUMBER_CHARS_MAX 40 /* %.17g needs 24; a 400-digit number is damage */

bool qoe_reader_fail(qoe_reader *reader, const char *format, ...)
{
    if (reader->error)
        return false;
    va_list args;
    va_start(args, format);
    char *what = g_strdup_vprintf(format, args);
    va_end(args);
    reader->error = g_strdup_printf("%s:%zu: %s", reader->origin, reader->line, what);
    g_free(what);
    return false;
}

char *qoe_reader_line(qoe_reader *reader)
{
    reader->line++;
    char *line = reader->next;
    if (*line == '\0') {
        qoe_reader_fail(reader, "the file ends too early");
        return NULL;
    }
    char *end = strchr(line, '\n');
    reader->next = end ? end + 1 : line + strlen(line);
    if (!end)
        end = reader->next;
    if (end > line && end[-1] == '\r')
        end--;
    *end = '\0';
    return line;
}

bool qoe_reader_skip(qoe_reader *reader, size_t n)
{
    for (; n > 0; n--) {
        char *end = strchr(reader->next, '\n');
        reader->line++;
        if (!end)
            return qoe_reader_fail(reader, "the file ends too early");
        reader->next = end + 1;
    }
    return true;
}

/* What follows the word key in line; NULL if line does not start with it. */
static const char *behind_key(const char *line, const char *key)
{
    const size_t len = strlen(key);
    if (strncmp(line, key, len) != 0)
        return NULL;
    const char end = line[len];
    return end == '\0' || end == ' ' || end == '\r' || end == '\n' ? line + len : NULL;
}

bool qoe_reader_peek(const qoe_reader *reader, const char *key)
{
    return behind_key(reader->next, key) != NULL;
}

char *qoe_reader_value(qoe_reader *reader, const char *key)
{
    char *line = qoe_reader_line(reader);
    if (!line)
        return NULL;
    if (!behind_key(line, key)) {
        qoe_reader_fail(reader, "\"%s\" is expected here", key);
        return NULL;
    }
    return g_strstrip(line + strlen(key));
}

char *qoe_reader_word(char **rest)
{
    char *word = *rest;
    while (*word == ' ')
        word++;
    if (*word == '\0')
        return NULL;
    char *end = word;
    while (*end != '\0' && *end != ' ')
        end++;
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

/* Up to 15 digits are one whole number below 2^53, and powers of ten up to 10^22 are exact, too: their quotient is what
 * strtod would give (Clinger, PLDI 1990). */
bool qoe_reader_decimal(const char **at, double *value)
{
    static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *first = *at + (**at == '-'), *end = first;
    uint64_t digits = 0; /* of more than 15 it may be anything */
    for (; *end >= '0' && *end <= '9'; end++)
        digits = digits * 10 + (uint64_t)(*end - '0');
    ptrdiff_t count = end - first, behind_point = 0;
    if (*end == '.') {
        first = ++end;
        for (; *end >= '0' && *end <= '9'; end++)
            digits = digits * 10 + (uint64_t)(*end - '0');
        behind_point = end - first;
    }
    count += behind_point;
    if (count == 0 || count > 15)
        return false;
    *value = (double)digits / tens[behind_point] * (**at == '-' ? -1 : 1);
    *at = end;
    return true;
}

/* The set keeps "nan", "inf" and hexadecimal out. */
static bool parse_number(const char *word, double *value)
{
    const char *at = word;
    char *end = NULL;

    if (qoe_reader_decimal(&at, value) && *at == '\0')
        return true;
    *value = strspn(word, "+-.0123456789eE") == strlen(word) ? g_ascii_strtod(word, &end) : NAN;
    return end && *end == '\0' && isfinite(*value);
}

bool qoe_reader_number(qoe_reader *reader, const char *word, const char *what, double low, double high, double *out)
{
    if (!word || *word == '\0')
        return qoe_reader_fail(reader, "%s: a number is missing", what);
    const size_t len = strlen(word);
    if (len > NUMBER_CHARS_MAX)
        return qoe_reader_fail(reader, "%s: a number of %zu characters", what, len);
    double value = 0;
    if (!parse_number(word, &value))
        return qoe_reader_fail(reader, "%s: not a number", what);
    if (value < low || value > high)
        return qoe_reader_fail(reader, "%s: %g is not within %g to %g", what, value, low, high);
    *out = value;
    return true;
}

bool qoe_reader_count(qoe_reader *reader, const char *word, const char *what, size_t low, size_t high, size_t *out)
{
    double value = 0;
    if (!qoe_reader_number(reader, word, what, (double)low, (double)high, &value))
        return false;
    if (value != floor(value))
        return qoe_reader_fail(reader, "%s: %g is not a whole number", what, value);
    *out = (size_t)value;
    return true;
}

bool qoe_reader_numbers(qoe_reader *reader, char *rest, const char *what, double low, double high, size_t n,
                        double *out)
{
    for (size_t i = 0; i < n; i++)
        if (!qoe_reader_number(reader, qoe_reader_word(&rest), what, low, high, &out[i]))
            return false;
    return qoe_reader_word(&rest) ? qoe_reader_fail(reader, "%s: more than %zu numbers", what, n) : true;
}
