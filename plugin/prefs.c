/* The preferences of protocol QoE: what the user may set, checked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "prefs.h"

#include <epan/prefs.h>
#include <epan/uat.h>
#include <wsutil/report_message.h>

enum { WINDOW_S_DEFAULT = 10, IDLE_S_DEFAULT = 120, CONFIDENCE_DEFAULT = 0 };

/* A preference that is a number. */
typedef struct {
    const char *name, *unit;
    guint least, most, fallback;
} range;

static const range window_range = {"qoe.window", "seconds", 1, 600, WINDOW_S_DEFAULT};
static const range idle_range = {"qoe.idle", "seconds", 10, 86400, IDLE_S_DEFAULT};
static const range confidence_range = {"qoe.confidence", "percent", 0, 100, CONFIDENCE_DEFAULT};

static guint window_s = WINDOW_S_DEFAULT;
static guint idle_s = IDLE_S_DEFAULT;
static guint confidence = CONFIDENCE_DEFAULT;
static qoe_ws_bool untagged = FALSE;
static const char *model_path = "";

/* A row of the table of services. */
typedef struct {
    char *service;
    char *match;
} service_row;

static service_row *rows;
static guint row_count;

UAT_CSTRING_CB_DEF(services, service, service_row)
UAT_CSTRING_CB_DEF(services, match, service_row)

static void *copy_row(void *to, const void *from, size_t len _U_)
{
    service_row *copy = to;
    const service_row *row = from;

    copy->service = g_strdup(row->service);
    copy->match = g_strdup(row->match);
    return copy;
}

static void free_row(void *record)
{
    service_row *row = record;

    g_free(row->service);
    g_free(row->match);
}

/* Wireshark shows *error beside the row in its dialog, or prints it where the row came from the command line. */
static qoe_ws_bool check_row(void *record, char **error)
{
    const service_row *row = record;
    char *why = NULL;

    if (qoe_rule_check(row->service ? row->service : "", row->match ? row->match : "", &why))
        return TRUE;
    *error = g_strdup_printf("QoE service table: %s", why ? why : "not a rule");
    g_free(why);
    return FALSE;
}

static guint fitting(const range *limits, guint value)
{
    return value >= limits->least && value <= limits->most ? value : limits->fallback;
}

static void check(const range *limits, guint *value)
{
    const guint used = fitting(limits, *value);
    if (used != *value)
        report_failure("QoE: preference %s: %u is not between %u and %u %s; %u is used.", limits->name, *value,
                       limits->least, limits->most, limits->unit, used);
    *value = used;
}

static void check_preferences(void)
{
    check(&window_range, &window_s);
    check(&idle_range, &idle_s);
    check(&confidence_range, &confidence);
}

static uat_t *new_service_table(void)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING(services, service, "Service", "Name of the service, as you want to read it"),
        UAT_FLD_CSTRING(services, match, "Domain or prefix",
                        "A domain suffix (video.example) or an address prefix (192.0.2.0/24, 2001:db8::/32)"),
        UAT_END_FIELDS};

    return uat_new("QoE services", sizeof(service_row), "qoe_services", TRUE, (void **)&rows, &row_count,
                   UAT_AFFECTS_DISSECTION, NULL, copy_row, check_row, free_row, NULL, NULL, fields);
}

void qoe_prefs_register(int proto)
{
    module_t *module = prefs_register_protocol(proto, check_preferences);

    prefs_register_uint_preference(module, "window", "Window (seconds)",
                                   "A resolution is told for every so many seconds (1 to 600). The models learned from "
                                   "windows of 10 s: what they say of others was not measured",
                                   10, &window_s);
    prefs_register_uint_preference(module, "idle", "Silence that ends a session (seconds)",
                                   "Traffic after a longer silence counts as a new session (10 to 86400)", 10, &idle_s);
    prefs_register_filename_preference(module, "model", "Model file",
                                       "A model bundle (*.qoemodel); empty: the one installed with the plugin",
                                       &model_path, FALSE);
    prefs_register_bool_preference(module, "untagged", "Analyse servers that no rule names",
                                   "Also analyse connections to ports 443 and 80 of hosts that no rule names, as "
                                   "service \"untagged\": for captures without DNS answers",
                                   &untagged);
    prefs_register_uint_preference(module, "confidence", "Least probability of an answer (percent)",
                                   "A window whose resolution is less probable gets none, with the reason \"unsure\": "
                                   "fewer answers, more of them right (0 to 100; 0: always an answer)",
                                   10, &confidence);
    prefs_register_uat_preference(module, "services", "Services",
                                  "Names and addresses of further streaming services, asked before the built-in rules",
                                  new_service_table());
}

/* Asked again here: sharkd sets preferences without a check. */
int64_t qoe_prefs_window_us(void)
{
    return fitting(&window_range, window_s) * (int64_t)1000000;
}

int64_t qoe_prefs_idle_us(void)
{
    return fitting(&idle_range, idle_s) * (int64_t)1000000;
}

double qoe_prefs_confidence(void)
{
    return fitting(&confidence_range, confidence) / 100.0;
}

bool qoe_prefs_untagged(void)
{
    return untagged;
}

const char *qoe_prefs_model(void)
{
    return model_path ? model_path : "";
}

qoe_rules *qoe_prefs_rules(void)
{
    qoe_rules *rules = qoe_rules_new();

    /* Rows were checked when they were set; one that is refused all the same is only left out. */
    for (guint i = 0; i < row_count; i++)
        qoe_rules_add(rules, rows[i].service ? rows[i].service : "", rows[i].match ? rows[i].match : "", NULL);
    return rules;
}
