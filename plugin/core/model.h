/* The model bundle: checked by our own code line by line before libsvm sees any of it.
 *
 * A bundle (*.qoemodel) is one text file with one or more experts, each an SVM for the services it names:
 * see models/FORMAT.md.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_MODEL_H
#define QOE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define QOE_MODEL_CLASSES_MAX 8
#define QOE_MODEL_EXPERTS_MAX 16

typedef struct qoe_model qoe_model;
typedef struct qoe_expert qoe_expert;

/* Reads and checks a bundle. NULL with *error (g_free; "FILE:LINE: what is wrong") if it cannot be read, is
 * damaged, asks for features that this version does not have, or was made for another QOE_FEATURES_VERSION. */
qoe_model *qoe_model_load(const char *path, char **error);

/* The same from memory; origin stands for the file's name in messages. text needs no NUL at its end. */
qoe_model *qoe_model_parse(const char *text, size_t len, const char *origin, char **error);

/* Like qoe_model_load, but an expert's support vectors, nearly all of a bundle, are read and checked when the expert is
 * asked for: one capture wants one or two of them, and reading all takes a thirtieth of a short film's dissection. */
qoe_model *qoe_model_open(const char *path, char **error);

/* What was found to be wrong since qoe_model_open ("FILE:LINE: ..."); NULL: nothing. Lives as long as the model. */
const char *qoe_model_damage(const qoe_model *model);
void qoe_model_free(qoe_model *model);

const char *qoe_model_name(const qoe_model *model);
const char *qoe_model_version(const qoe_model *model);

/* All classes (lines of video) that any expert knows, rising; returns their number. */
size_t qoe_model_classes(const qoe_model *model, int classes[QOE_MODEL_CLASSES_MAX]);

/* The expert for a service and transport (QOE_TCP, QOE_UDP), else the general one (*general set), else NULL; NULL as
 * well if its support vectors are damaged: another expert's answers would pass for its own. */
const qoe_expert *qoe_model_expert(const qoe_model *model, const char *service, int transport, bool *general);

#endif
