/* Any bytes as a model bundle: what is refused is told with its line, what is taken gives sane answers, whatever the
 * features.
 *
 * Input: a bundle, or what follows its header: that one is added in this version's form, so that a new version of the
 * features does not stop every seed at line 5.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"
#include "predict.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_prediction(const qoe_prediction *answer)
{
    double sum = 0;
    for (size_t i = 0; i < answer->classes; i++) {
        require(answer->p[i] >= 0 && answer->p[i] <= 1 + 1e-9);
        sum += answer->p[i];
    }
    require(sum == 0 || fabs(sum - 1) < 1e-6);
    require((answer->resolution > 0) == (answer->reason == QOE_REASON_NONE));
    require(answer->probability >= 0 && answer->probability <= 1 + 1e-9);
}

/* Values of all magnitudes, as the bytes draw them. */
static void check_answers(const qoe_model *model, const uint8_t *data, size_t size)
{
    static const double values[8] = {0, 1, 1e-9, 0.5, 12345.6, 1e9, 1e15, -1e15};
    static const char *const services[] = {"Netflix", "YouTube", "Lab", NULL};
    double *features = g_new(double, qoe_features_count());
    qoe_filter filter = {0};

    for (size_t round = 0; round < 8; round++) {
        for (unsigned i = 0; i < qoe_features_count(); i++)
            features[i] = round == 0 ? 0 : values[data[(i * 7 + round * 13) % size] & 7];
        qoe_prediction answer;
        qoe_predict(model, services[round % 4], round & 4 ? QOE_UDP : QOE_TCP, features, round * 3, round, &filter,
                    &answer);
        check_prediction(&answer);
    }
    g_free(features);
}

static void check_bundle(const char *text, size_t len, const uint8_t *data, size_t size)
{
    char *error = NULL;
    qoe_model *model = qoe_model_parse(text, len, "fuzzed", &error);
    require((model == NULL) == (error != NULL));
    if (model != NULL)
        check_answers(model, data, size);
    else
        require(g_str_has_prefix(error, "fuzzed:") && g_ascii_isdigit(error[7]));
    g_free(error);
    qoe_model_free(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char head[100];
    if (size == 0)
        return 0;
    if (size >= 8 && memcmp(data, "qoemodel", 8) == 0) {
        check_bundle((const char *)data, size, data, size);
        return 0;
    }
    const int head_len =
        g_snprintf(head, sizeof head, "qoemodel 1\nname a\nversion 1\nfeatures %d\n", QOE_FEATURES_VERSION);
    char *text = g_malloc((size_t)head_len + size);
    memcpy(text, head, (size_t)head_len);
    memcpy(text + head_len, data, size);
    check_bundle(text, (size_t)head_len + size, data, size);
    g_free(text);
    return 0;
}
