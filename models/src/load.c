/* Data sets of every form that training can read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "load.h"

bool load_table(table *data, const char *path, const char *group, course_notes *notes, char **error)
{
    *notes = (course_notes){0};
    csv_file *csv = csv_open(path, error);
    if (!csv)
        return false;
    char *course = course_lacks(csv), *own = table_lacks(csv);
    if (!course)
        course_read(csv, group, data, notes, error);
    else if (own)
        *error = csv_message(
            csv, "no column %s (qoe-train dataset makes them), and no column %s (the course's csv has them)", own,
            course);
    else if (group)
        *error = csv_message(csv, "--group is for the course's csv: this one has its column \"group\"");
    else
        table_read(data, csv, error);
    g_free(course);
    g_free(own);
    csv_close(csv);
    return !*error;
}
