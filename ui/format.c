/* Knows how numbers, sizes, rates and clock times are written, and which steps an axis takes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdbool.h>
#include <string.h>

#include <glib.h>

enum { US_PER_S = 1000000 };

const char *qoe_format_fixed(double value, int decimals, char buf[QOE_FORMAT_LEN])
{
    char format[8];

    snprintf(format, sizeof format, "%%.%df", CLAMP(decimals, 0, 9));
    /* A value that rounds to nothing is no "-0". */
    if (!isfinite(value) || fabs(value) < 0.5 * pow(10, -decimals))
        value = 0;
    return g_ascii_formatd(buf, QOE_FORMAT_LEN, format, CLAMP(value, -1e18, 1e18));
}

const char *qoe_format_short(double value, int decimals, char buf[QOE_FORMAT_LEN])
{
    qoe_format_fixed(value, decimals, buf);
    if (strchr(buf, '.')) {
        size_t len = strlen(buf);
        while (buf[len - 1] == '0')
            len--;
        if (buf[len - 1] == '.')
            len--;
        buf[len] = '\0';
    }
    return buf;
}

const char *qoe_format_seconds(int64_t time_us, char buf[QOE_FORMAT_LEN])
{
    const uint64_t size = time_us < 0 ? 0 - (uint64_t)time_us : (uint64_t)time_us;

    snprintf(buf, QOE_FORMAT_LEN, "%s%" PRIu64 ".%06" PRIu64, time_us < 0 ? "-" : "", size / US_PER_S, size % US_PER_S);
    return buf;
}

/* Three significant digits and the first unit that keeps the number below 1000. */
static const char *format_scaled(double value, const char *const *units, char buf[QOE_FORMAT_LEN])
{
    char number[QOE_FORMAT_LEN];

    while (value >= 999.5 && units[1]) {
        value /= 1000;
        units++;
    }
    qoe_format_fixed(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, number);
    snprintf(buf, QOE_FORMAT_LEN, "%.12s %s", number, *units);
    return buf;
}

const char *qoe_format_bytes(double bytes, char buf[QOE_FORMAT_LEN])
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", NULL};

    if (bytes < 999.5) {
        snprintf(buf, QOE_FORMAT_LEN, "%.0f B", bytes > 0 ? bytes : 0);
        return buf;
    }
    return format_scaled(bytes / 1000, units, buf);
}

const char *qoe_format_rate(double bits_per_s, char buf[QOE_FORMAT_LEN])
{
    static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", NULL};

    if (bits_per_s < 999.5) {
        snprintf(buf, QOE_FORMAT_LEN, "%.0f bit/s", bits_per_s > 0 ? bits_per_s : 0);
        return buf;
    }
    return format_scaled(bits_per_s, units, buf);
}

const char *qoe_format_clock(int64_t time_us, int decimals, char buf[QOE_FORMAT_LEN])
{
    int64_t unit_us = US_PER_S;
    for (int i = 0; i < decimals && i < 6; i++)
        unit_us /= 10;

    /* Rounded first, so that 59.96 s with one decimal is 1:00.0 and not 0:60.0. */
    const bool negative = time_us < 0;
    const int64_t size = negative ? -MAX(time_us, -INT64_MAX + US_PER_S) : MIN(time_us, INT64_MAX - US_PER_S);
    const int64_t rounded = (size + unit_us / 2) / unit_us * unit_us;
    const int64_t seconds = rounded / US_PER_S;
    char fraction[12] = "";

    if (decimals > 0)
        snprintf(fraction, sizeof fraction, ".%0*d", MIN(decimals, 6), (int)(rounded % US_PER_S / unit_us));
    if (seconds >= 3600)
        snprintf(buf, QOE_FORMAT_LEN, "%s%" PRId64 ":%02d:%02d%s", negative ? "-" : "", seconds / 3600,
                 (int)(seconds / 60 % 60), (int)(seconds % 60), fraction);
    else
        snprintf(buf, QOE_FORMAT_LEN, "%s%d:%02d%s", negative ? "-" : "", (int)(seconds / 60), (int)(seconds % 60),
                 fraction);
    return buf;
}

const char *qoe_format_date(int64_t epoch_us, char buf[QOE_FORMAT_LEN])
{
    GDateTime *date = epoch_us != 0 ? g_date_time_new_from_unix_local(epoch_us / US_PER_S) : NULL;
    char *text = date ? g_date_time_format(date, "%F %T %Z") : NULL;

    g_strlcpy(buf, text ? text : "", QOE_FORMAT_LEN);
    g_free(text);
    if (date)
        g_date_time_unref(date);
    return buf;
}

double qoe_step_decimal(double least)
{
    static const double steps[] = {1, 2, 5, 10};

    if (!(least > 0) || !isfinite(least))
        return 1;
    const double power = pow(10, floor(log10(least)));
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i] * power >= least * (1 - 1e-9))
            return steps[i] * power;
    return 10 * power;
}

int64_t qoe_step_time(int64_t least_us)
{
    static const int64_t seconds[] = {1,   2,   5,    10,   15,   30,    60,    120,  300,
                                      600, 900, 1800, 3600, 7200, 10800, 21600, 43200};

    if (least_us <= US_PER_S)
        return MAX(1, (int64_t)llround(qoe_step_decimal((double)least_us)));
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++)
        if (seconds[i] * US_PER_S >= least_us)
            return seconds[i] * US_PER_S;
    const int64_t day = 86400LL * US_PER_S;
    return (int64_t)CLAMP(qoe_step_decimal((double)least_us / (double)day), 1, 1e5) * day;
}

int qoe_step_clock_decimals(int64_t step_us)
{
    int decimals = 0;
    for (int64_t unit = US_PER_S; unit > 1 && step_us % unit != 0; unit /= 10)
        decimals++;
    return decimals;
}
