/* Data sets of every form that training can read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "load.h"

/* What a csv lacks to be in one of the two forms; of the one that it is meant for, where a column tells that. */
static char *what_lacks(csv_file *csv, const char *own, const char *course)
{
    if (csv_find(csv, "start_s") >= 0)
        return csv_message(csv, "no column %s (qoe-train dataset makes it)", own);
    if (csv_find(csv, "session_id") >= 0 || csv_find(csv, "relative_timestamp") >= 0)
        return csv_message(csv, "no column %s (the course's csv has it)", course);
    return csv_message(csv, "no column %s (qoe-train dataset makes them), and no column %s (the course's csv has them)",
                       own, course);
}

bool load_table(table *data, const char *path, const char *group, table_notes *notes, char **error)
{
    *notes = (table_notes){0};
    csv_file *csv = csv_open(path, error);
    if (!csv)
        return false;
    char *course = course_lacks(csv), *own = table_lacks(csv);
    if (!course)
        course_read(csv, group, data, notes, error);
    else if (own)
        *error = what_lacks(csv, own, course);
    else if (group)
        *error = csv_message(csv, "--group is for the course's csv: this one has its column \"group\"");
    else
        table_read(data, csv, notes, error);
    g_free(course);
    g_free(own);
    csv_close(csv);
    return !*error;
}
