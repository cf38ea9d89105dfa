/* How the columns of the course's data set become this program's features.
 *
 * The set is that of "Inferring Streaming Video Quality from Encrypted Traffic" (Bronzino, Schmitt, Ayoubi, Martins,
 * Teixeira, Feamster; SIGMETRICS 2020), as courses hand it out (netflix_dataset.pkl): 251 columns, a row for each 10 s
 * of a session. Only columns whose meaning is a feature's are used, or sums and differences of such along a session.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_COURSE_MAP_H
#define QOE_TRAIN_COURSE_MAP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define COURSE_WINDOW_S 10.0

/* Columns that rules read, by their names in the csv. */
#define COURSE_COLUMN_LIST(X)                                                                                          \
    X(ELAPSED, "relative_timestamp")                                                                                   \
    X(SIZE_MAX, "allprev_max_chunksize")                                                                               \
    X(SIZE_85, "allprev_chunksizes_85")                                                                                \
    X(SUM, "cumsum_chunksizes")                                                                                        \
    X(COUNT, "n_prev_down_chunk")                                                                                      \
    X(DOWN_BYTES, "serverByteCount")                                                                                   \
    X(DOWN_PACKETS, "serverPacketCount")                                                                               \
    X(UP_PACKETS, "userPacketCount")
#define COURSE_COLUMN_ID(id, name) COURSE_##id,
typedef enum { COURSE_COLUMN_LIST(COURSE_COLUMN_ID) COURSE_COLUMNS } course_column;
extern const char *const course_column_names[COURSE_COLUMNS];

typedef enum {
    COURSE_COPY,  /* column * scale */
    COURSE_RATIO, /* column / other; 0 where other is 0 */
    COURSE_GAIN,  /* column now less `span` windows ago, times scale */
    COURSE_SPEED, /* the same, a second of the span or of the session so far if that is shorter */
    COURSE_MEAN,  /* mean of column * scale over this window and those before it, `span` in all */
    COURSE_LAG,   /* column * scale, `span` windows ago; 0 before the session */
    COURSE_TOTAL  /* sum of column over the session so far, a second */
} course_how;

typedef struct {
    const char *feature;
    course_how how;
    course_column column, other;
    unsigned span; /* windows */
    double scale;
    const char *note; /* how near it is; "": the same */
} course_rule;

extern const course_rule course_rules[];
extern const size_t course_rule_count;

/* Every rule as a line for people: feature, how, exact or near, note. */
void course_map_describe(GString *out);

/* Whether some rule reads a column of this name, and if none does, why. */
bool course_map_uses(const char *column);
const char *course_map_why_not(const char *column);

#endif
