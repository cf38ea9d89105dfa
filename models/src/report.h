/* Reports of a measurement: as text, json and a html page.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_REPORT_H
#define QOE_TRAIN_REPORT_H

#include "metrics.h"

typedef enum { REPORT_FOLDS, REPORT_HELD_OUT, REPORT_BUNDLE } report_how;

/* One measured expert: answers of all partitions, one behind the other. */
typedef struct {
    char *title, *expert; /* expert: its name; NULL: a bundle */
    report_how how;       /* what the model had seen of the rows: none of their groups, or nobody here knows */
    size_t rows, groups;
    unsigned partitions;
    answer *answers;      /* partitions * rows */
    scores all;           /* over all partitions together */
    scores *of_partition; /* partitions */
    size_t class_count;
    int classes[QOE_MODEL_CLASSES_MAX];
    double majority;   /* accuracy of the commonest class */
    scores throughput; /* of a model that sees only the throughput; rows 0: not measured */
} measurement;

void report_free(measurement *one);

/* A figure in three digits, "-" for NAN. */
const char *report_figure(double value, char text[16]);

/* What the figures mean, a line each: the words that they go by, and what is said of these. */
typedef struct {
    const char *figure, *meaning;
} report_word;
extern const report_word report_words[];
extern const size_t report_word_count;

/* Appends to out. */
void report_text(const measurement *one, GString *out);
void report_json(const measurement *const *all, size_t count, GString *out);
void report_html(const measurement *const *all, size_t count, GString *out);

/* A csv with a line a window and partition: what the table has of it, the answer and the classes' probabilities. */
void report_predictions(const measurement *const *all, size_t count, GString *out);

/* What a row is filed under: service, transport, source, group. */
enum { REPORT_CUT_GROUP = 3, REPORT_CUTS };
extern const char *const report_cut_names[REPORT_CUTS];
const char *report_cut(const table_row *row, unsigned cut);

/* Scores of the rows of each value of a cut: name -> scores *, in order of name. */
GPtrArray *report_cuts(const measurement *one, unsigned cut);
typedef struct {
    const char *name;
    scores scores;
} report_part;

#endif
