/* The model bundle as a whole: its header, its experts, and who of them speaks for a service.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "model.h"

#include <string.h>

#include "feature.h"
#include "model_internal.h"
#include "packet.h"

#define FORMAT_VERSION 1

static bool read_text(qoe_reader *reader, const char *key, char **out)
{
    const char *text = qoe_reader_value(reader, key);
    if (text)
        *out = g_strndup(text, 500);
    return text != NULL;
}

/* A version that is not ours is told apart from damage: the user needs another file, not a new copy. */
static bool read_version(qoe_reader *reader, const char *key, size_t ours)
{
    char *value = qoe_reader_value(reader, key);
    size_t version = 0;
    if (!value || !qoe_reader_count(reader, value, key, 0, 1000000, &version))
        return false;
    if (version != ours)
        return qoe_reader_fail(reader, "%s is version %zu, this program knows version %zu", key, version, ours);
    return true;
}

static bool read_header(qoe_reader *reader, qoe_model *model, size_t *experts)
{
    if (!qoe_reader_peek(reader, "qoemodel")) {
        reader->line = 1;
        return qoe_reader_fail(reader, "not a model bundle (\"qoemodel %d\" is expected)", FORMAT_VERSION);
    }
    if (!read_version(reader, "qoemodel", FORMAT_VERSION) || !read_text(reader, "name", &model->name) ||
        !read_text(reader, "version", &model->version))
        return false;
    while (qoe_reader_peek(reader, "origin"))
        qoe_reader_line(reader);
    if (!read_version(reader, "features", QOE_FEATURES_VERSION))
        return false;
    char *value = qoe_reader_value(reader, "experts");
    return value && qoe_reader_count(reader, value, "experts", 1, QOE_MODEL_EXPERTS_MAX, experts);
}

/* Puts a class at its place among the rising ones; false when there is no room. */
static bool add_class(qoe_model *model, int lines)
{
    size_t at = 0;
    while (at < model->class_count && model->classes[at] < lines)
        at++;
    if (at < model->class_count && model->classes[at] == lines)
        return true;
    if (model->class_count == QOE_MODEL_CLASSES_MAX)
        return false;
    memmove(model->classes + at + 1, model->classes + at, (model->class_count - at) * sizeof *model->classes);
    model->classes[at] = lines;
    model->class_count++;
    return true;
}

static bool join_classes(qoe_reader *reader, qoe_model *model)
{
    for (guint e = 0; e < model->experts->len; e++) {
        const qoe_expert *expert = g_ptr_array_index(model->experts, e);
        for (size_t i = 0; i < expert->class_count; i++)
            if (!add_class(model, expert->classes[i]))
                return qoe_reader_fail(reader, "the experts know more than %d classes", QOE_MODEL_CLASSES_MAX);
    }
    for (guint e = 0; e < model->experts->len; e++) {
        qoe_expert *expert = g_ptr_array_index(model->experts, e);
        for (size_t i = 0; i < expert->class_count; i++)
            while (model->classes[expert->in_model[i]] != expert->classes[i])
                expert->in_model[i]++;
    }
    return true;
}

static bool read_bundle(qoe_reader *reader, qoe_model *model)
{
    size_t experts = 0;
    if (!read_header(reader, model, &experts))
        return false;
    for (size_t i = 0; i < experts; i++) {
        qoe_expert *expert = qoe_model_read_expert(reader);
        if (!expert)
            return false;
        g_ptr_array_add(model->experts, expert);
    }
    const char *rest = qoe_reader_value(reader, "end");
    if (!rest)
        return false;
    if (strcmp(rest, "bundle") != 0)
        return qoe_reader_fail(reader, "\"end bundle\" is expected here");
    if (*reader->next != '\0')
        return qoe_reader_fail(reader, "text behind \"end bundle\"");
    return join_classes(reader, model);
}

static void free_expert(void *expert)
{
    qoe_model_free_expert(expert);
}

/* Our own copy, for it is cut into words. NULL with *error if it cannot be a bundle. */
static char *copy_text(const char *text, size_t len, const char *origin, char **error)
{
    if (len <= QOE_MODEL_BYTES_MAX && !memchr(text, '\0', len))
        return g_strndup(text, len);
    *error = g_strdup_printf("%s:1: %s", origin,
                             len > QOE_MODEL_BYTES_MAX ? "too large for a model bundle" : "not a text file");
    return NULL;
}

/* All but the support vectors. */
static qoe_model *parse(const char *text, size_t len, const char *origin, char **error)
{
    char *copy = copy_text(text, len, origin, error);
    if (!copy)
        return NULL;
    qoe_model *model = g_new0(qoe_model, 1);
    model->origin = g_strdup(origin);
    model->text = copy;
    model->experts = g_ptr_array_new_with_free_func(free_expert);
    qoe_reader reader = {.origin = model->origin, .next = copy};
    if (read_bundle(&reader, model))
        return model;
    *error = reader.error;
    qoe_model_free(model);
    return NULL;
}

/* Reads what was left for later; the model, or NULL with *error. */
static qoe_model *complete(qoe_model *model, char **error)
{
    for (guint i = 0; model && i < model->experts->len; i++)
        if (!qoe_model_read_vectors(g_ptr_array_index(model->experts, i))) {
            *error = g_strdup(qoe_model_damage(model));
            qoe_model_free(model);
            return NULL;
        }
    return model;
}

qoe_model *qoe_model_parse(const char *text, size_t len, const char *origin, char **error)
{
    return complete(parse(text, len, origin, error), error);
}

qoe_model *qoe_model_open(const char *path, char **error)
{
    char *text = NULL;
    gsize len = 0;
    GError *failure = NULL;
    if (!g_file_get_contents(path, &text, &len, &failure)) {
        *error = g_strdup_printf("%s: %s", path, failure->message);
        g_error_free(failure);
        return NULL;
    }
    qoe_model *model = parse(text, len, path, error);
    g_free(text);
    return model;
}

qoe_model *qoe_model_load(const char *path, char **error)
{
    return complete(qoe_model_open(path, error), error);
}

const char *qoe_model_damage(const qoe_model *model)
{
    for (guint i = 0; i < model->experts->len; i++) {
        const qoe_expert *expert = g_ptr_array_index(model->experts, i);
        if (expert->vectors.error)
            return expert->vectors.error;
    }
    return NULL;
}

void qoe_model_free(qoe_model *model)
{
    if (!model)
        return;
    g_ptr_array_free(model->experts, TRUE);
    g_free(model->origin);
    g_free(model->text);
    g_free(model->name);
    g_free(model->version);
    g_free(model);
}

const char *qoe_model_name(const qoe_model *model)
{
    return model->name;
}

const char *qoe_model_version(const qoe_model *model)
{
    return model->version;
}

size_t qoe_model_classes(const qoe_model *model, int classes[QOE_MODEL_CLASSES_MAX])
{
    memcpy(classes, model->classes, model->class_count * sizeof *classes);
    return model->class_count;
}

static bool speaks_for(const qoe_expert *expert, const char *service)
{
    for (guint i = 0; i < expert->services->len; i++)
        if (strcmp(g_ptr_array_index(expert->services, i), service) == 0)
            return true;
    return false;
}

static qoe_expert *choose(const qoe_model *model, const char *service, int transport, bool *general)
{
    qoe_expert *fallback = NULL;
    *general = false;
    for (guint i = 0; i < model->experts->len; i++) {
        qoe_expert *expert = g_ptr_array_index(model->experts, i);
        if (!(transport == QOE_UDP ? expert->udp : expert->tcp))
            continue;
        if (service && speaks_for(expert, service))
            return expert;
        if (expert->general && !fallback)
            fallback = expert;
    }
    *general = fallback != NULL;
    return fallback;
}

const qoe_expert *qoe_model_expert(const qoe_model *model, const char *service, int transport, bool *general)
{
    qoe_expert *expert = choose(model, service, transport, general);
    return expert && qoe_model_read_vectors(expert) ? expert : NULL;
}
