/* Data sets of every form that training can read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_LOAD_H
#define QOE_TRAIN_LOAD_H

#include "course.h"
#include "table.h"

/* Adds the rows of a csv: one that `dataset` made, or one in the course's form, told apart by their columns;
 * notes->columns is only set for the latter. group as for course_read. False with *error naming file and line. */
bool load_table(table *data, const char *path, const char *group, table_notes *notes, char **error);

#endif
