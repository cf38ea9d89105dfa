/* Recipes: what experts a bundle has and how each is trained. A key file (GLib), see models/qoe.recipe.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef QOE_TRAIN_RECIPE_H
#define QOE_TRAIN_RECIPE_H

#include <glib.h>
#include <stdbool.h>

#include "model.h"

enum { RECIPE_INPUTS_MAX = 256 };

typedef struct {
    char *name;
    char **sources;  /* data sets to learn from; NULL: all */
    char **support;  /* data sets to learn from as well, never tested on; NULL: none */
    char **groups;   /* of these groups only; NULL: all */
    char **services; /* it speaks for */
    bool general, tcp, udp, by_vote;
    size_t class_count;
    int classes[QOE_MODEL_CLASSES_MAX];
    unsigned minimum_objects;
    double minimum_probability, silence_limit_s, outside_share;
    size_t input_count;
    unsigned inputs[RECIPE_INPUTS_MAX]; /* feature indices */
    bool linear[RECIPE_INPUTS_MAX];     /* without log1p */
    double cost;
    double gamma;         /* times 1 / inputs */
    double weight_power;  /* class weight = share^-power */
    unsigned rows_max;    /* rows to learn from, drawn at random; 0: all */
    double own_share;     /* of rows_max, drawn from its sources before its support fills the rest; 0: from all alike */
    double filter_weight; /* 0: no filter over time */
} expert_recipe;

typedef struct {
    char *name, *version;
    char **origin;
    GPtrArray *experts; /* expert_recipe *, owned */
} recipe;

/* Reads a recipe; NULL with *error naming file, line, group and key. Keys that nobody knows are errors. */
recipe *recipe_read(const char *path, char **error);

/* One without experts, name, version and origin; and a further expert with the defaults, owned by the recipe. */
recipe *recipe_new(void);
expert_recipe *recipe_add_expert(recipe *all, const char *name);

/* A recipe of one general expert on all features of media objects. */
recipe *recipe_default(void);

/* Sets one key of an expert as the file would ("cost", "2"). Setting the features makes all of them logarithmic again.
 * False with *error. */
bool recipe_set(expert_recipe *expert, const char *key, const char *value, char **error);

/* Where a number of lines stands among an expert's classes; class_count if it is none of them. */
size_t recipe_class_of(const expert_recipe *expert, int lines);
void recipe_free(recipe *all);

#endif
