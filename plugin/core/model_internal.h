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

/* The reader of a bundle: lines, words and numbers, and the first error with its line. */
typedef struct {
    const char *origin;
    char *next;  /* in our copy of the text, cut into lines as it is read */
    size_t line; /* of the line read last, from 1 */
    char *error; /* the first one; g_free */
} qoe_reader;

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
    struct svm_model svm;    /* its arrays are owned here, never freed by libsvm */
    double *components;      /* [input][support vector]; NULL: the support vectors have not been read yet */
    struct svm_node *places; /* what libsvm takes for support vectors */
    qoe_reader vectors;      /* where they stand; its error tells what is wrong with them */
};

struct qoe_model {
    char *origin, *text; /* for experts that are still to be read */
    char *name, *version;
    size_t class_count;
    int classes[QOE_MODEL_CLASSES_MAX];
    GPtrArray *experts; /* of qoe_expert *, owned */
};

/* Sets the error unless there is one. Always false. */
bool qoe_reader_fail(qoe_reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The next line without its end; NULL with an error at the end of the text. */
char *qoe_reader_line(qoe_reader *reader);

/* Leaves n lines unread; false with an error when there are fewer. */
bool qoe_reader_skip(qoe_reader *reader, size_t n);

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

/* Reads the section of libsvm's own text from "svm" on, and leaves its support vectors for later. */
bool qoe_model_read_svm(qoe_reader *reader, qoe_expert *expert);

/* Reads the support vectors, the first time that it is called; false with the error of expert->vectors. */
bool qoe_model_read_vectors(qoe_expert *expert);

/* The vote of the one-against-one machines on standardised inputs z[input_count]: a class in lines. Their decision
 * values go to decisions[k (k - 1) / 2]. The support vectors have been read. */
int qoe_model_decide(const qoe_expert *expert, const double *z, double *decisions);

/* Reads one expert, from "expert" to "end expert"; NULL with the reader's error. */
qoe_expert *qoe_model_read_expert(qoe_reader *reader);
void qoe_model_free_expert(qoe_expert *expert);

#endif
