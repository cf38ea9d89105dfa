/* What an expert consists of: shared by the bundle's reader and the prediction, by nobody else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_MODEL_INTERNAL_H
#define QOE_MODEL_INTERNAL_H

#include <glib.h>
#include <stdint.h>
#include <libsvm/svm.h>

#include "model.h"

#define QOE_MODEL_KNOTS_MAX 32
#define QOE_MODEL_INPUTS_MAX 256
#define QOE_MODEL_SVS_MAX 3000
#define QOE_MODEL_BYTES_MAX (32u << 20)
#define QOE_MODEL_PAIRS_MAX (QOE_MODEL_CLASSES_MAX * (QOE_MODEL_CLASSES_MAX - 1) / 2)

typedef enum { QOE_TRANSFORM_NONE, QOE_TRANSFORM_LOG1P } qoe_transform;

/* One input of the SVM: z = (transform(feature) - mean) / sd, held to low..high, what the training rows had. */
typedef struct {
    unsigned feature; /* index into the feature table */
    qoe_transform transform;
    double mean, sd, low, high;
} qoe_input;

struct qoe_expert {
    char *name;
    GPtrArray *services; /* of char *, owned */
    bool general, tcp, udp;
    size_t class_count;
    int classes[QOE_MODEL_CLASSES_MAX];     /* lines, rising */
    size_t in_model[QOE_MODEL_CLASSES_MAX]; /* class -> index into qoe_model_classes */
    size_t from_svm[QOE_MODEL_CLASSES_MAX]; /* libsvm's class order -> index into classes */
    bool by_vote;                           /* the label is the one-against-one vote, else the likeliest class */
    uint64_t minimum_objects;
    double minimum_probability;
    double silence_limit_s; /* no answer when the last media object is older */
    double outside_share;   /* no answer when more than this share of the inputs lies outside the training range */
    size_t input_count;
    qoe_input *inputs;
    size_t knot_count; /* calibration: raw confidence -> share of right answers, linear between knots */
    double knot_x[QOE_MODEL_KNOTS_MAX], knot_y[QOE_MODEL_KNOTS_MAX];
    bool filter;
    double filter_weight;
    double transition[QOE_MODEL_CLASSES_MAX][QOE_MODEL_CLASSES_MAX]; /* from, to */
    struct svm_model svm; /* its arrays are owned here, never freed by libsvm */
    struct svm_node *nodes;
};

struct qoe_model {
    char *name, *version;
    size_t class_count;
    int classes[QOE_MODEL_CLASSES_MAX];
    GPtrArray *experts; /* of qoe_expert *, owned */
};

/* The reader of a bundle: lines, words and numbers, and the first error with its line. */
typedef struct {
    const char *origin;
    char *text, *next; /* our copy, cut into lines as it is read */
    size_t line;       /* of the line read last, from 1 */
    char *error;       /* the first one; g_free */
} qoe_reader;

/* Sets the error unless there is one. Always false. */
bool qoe_reader_fail(qoe_reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The next line without its end; NULL with an error at the end of the text. */
char *qoe_reader_line(qoe_reader *reader);

/* The rest of the next line if it starts with the word key, else NULL with an error. */
char *qoe_reader_value(qoe_reader *reader, const char *key);

/* True if the next line starts with the word key; reads nothing. */
bool qoe_reader_peek(const qoe_reader *reader, const char *key);

/* Cuts the next word off *rest; NULL at its end. */
char *qoe_reader_word(char **rest);

/* Reads a decimal of at most 15 digits and no exponent at *at, and moves *at behind it. False, with nothing read, if
 * there is none: nearly all numbers of a bundle are such, and this is ten times as fast as strtod. */
bool qoe_reader_decimal(const char **at, double *value);

/* A number of the whole word, within low..high; `what` names it in the error. */
bool qoe_reader_number(qoe_reader *reader, const char *word, const char *what, double low, double high, double *out);
bool qoe_reader_count(qoe_reader *reader, const char *word, const char *what, size_t low, size_t high, size_t *out);

/* Exactly n numbers in the rest of a line. */
bool qoe_reader_numbers(qoe_reader *reader, char *rest, const char *what, double low, double high, size_t n,
                        double *out);

/* Reads the section of libsvm's own text from "svm" to the last support vector. */
bool qoe_model_read_svm(qoe_reader *reader, qoe_expert *expert);

/* Reads one expert, from "expert" to "end expert"; NULL with the reader's error. */
qoe_expert *qoe_model_read_expert(qoe_reader *reader);
void qoe_model_free_expert(qoe_expert *expert);

#endif
