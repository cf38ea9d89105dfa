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
    const bool good = course_is(csv) ? course_read(csv, group, data, notes, error) : table_read(data, csv, error);
    csv_close(csv);
    return good;
}
