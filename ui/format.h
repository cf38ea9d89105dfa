/* Numbers as people and machines read them, in every locale with a decimal point.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_FORMAT_H
#define QOE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define QOE_FORMAT_LEN 32 /* every buffer of this header */

/* value with at most `decimals` decimals, trailing zeros dropped: "1.5", "20". */
const char *qoe_format_short(double value, int decimals, char buf[QOE_FORMAT_LEN]);

/* value with exactly `decimals` decimals. */
const char *qoe_format_fixed(double value, int decimals, char buf[QOE_FORMAT_LEN]);

/* Microseconds as seconds with 6 decimals, exact: "12.000345". */
const char *qoe_format_seconds(int64_t time_us, char buf[QOE_FORMAT_LEN]);

/* Three digits and a decimal unit: "812 B", "204 kB", "1.03 MB". */
const char *qoe_format_bytes(double bytes, char buf[QOE_FORMAT_LEN]);

/* Three digits and a unit: "620 kbit/s", "14.2 Mbit/s". */
const char *qoe_format_rate(double bits_per_s, char buf[QOE_FORMAT_LEN]);

/* A time of the capture as m:ss or h:mm:ss, with `decimals` digits of the second: "8:16", "1:02:03", "0:00.25". */
const char *qoe_format_clock(int64_t time_us, int decimals, char buf[QOE_FORMAT_LEN]);

/* A time since 1970 began as date and time here, with the zone: "2026-11-22 14:03:11 CET". "" for 0, which is
 * not known, and beyond all calendars. */
const char *qoe_format_date(int64_t epoch_us, char buf[QOE_FORMAT_LEN]);

/* Steps for axes: the smallest of 1, 2, 5 times a power of ten that is at least `least`. */
double qoe_step_decimal(double least);

/* The same for times: 1, 2, 5 ms .. 1, 2, 5, 10, 15, 30 s, .. min, 1, 2, 3, 6, 12 h, days. Microseconds. */
int64_t qoe_step_time(int64_t least_us);

/* Decimals that a clock needs so that ticks `step_us` apart differ. */
int qoe_step_clock_decimals(int64_t step_us);

#endif
