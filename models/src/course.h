/* The course's data set: a csv of it, read as rows of this program's features.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_COURSE_H
#define QOE_TRAIN_COURSE_H

#include "table.h"

/* What columns a csv lacks to be in the course's form, as csv_lacks says it. */
char *course_lacks(const csv_file *csv);
bool course_is(const csv_file *csv);

/* Adds the rows of a csv in the course's form: the label is `resolution` (what was on screen; 0 where there is none),
 * the capture session_id, the group the column `group` (NULL: video_id), or the session where that is empty. Negative
 * numbers, and labels with a fraction, are taken as missing. Rows that lack a value of a used column, and those of a
 * time that their session has had, are left out. Sets notes. False with *error. */
bool course_read(csv_file *csv, const char *group, table *data, table_notes *notes, char **error);

#endif
