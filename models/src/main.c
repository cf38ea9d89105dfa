/* qoe-train: from labelled captures to a model bundle, and what it is worth.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <libsvm/svm.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"dataset", command_dataset, "features and labels of captures, joined into one csv"},
    {"clean", command_clean, "drop rows and columns that must not be learned from, and say why"},
    {"fit", command_fit, "train a bundle"},
    {"evaluate", command_evaluate, "measure on groups that were held out, or measure a finished bundle"},
    {"inspect", command_inspect, "show what a bundle or the feature table holds"},
};

static void print_help(FILE *to)
{
    fputs("Usage: qoe-train COMMAND [OPTIONS] ...\n\n"
          "Trains and measures the models of the QoE plugin for Wireshark.\n\nCommands:\n",
          to);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n\"qoe-train COMMAND --help\" explains each. Exit status: 0 done, 1 failed, 2 wrong usage.\n", to);
}

bool command_parse(const command_help *help, const GOptionEntry *entries, int *argc, char ***argv, int least, int most)
{
    GOptionContext *context = g_option_context_new(help->arguments);
    GError *failure = NULL;
    char *name = g_strconcat("qoe-train ", (*argv)[0], NULL);
    char *examples = g_strconcat("Examples:\n", help->examples, NULL);
    g_set_prgname(name);
    g_option_context_set_summary(context, help->summary);
    g_option_context_set_description(context, examples);
    g_option_context_add_main_entries(context, entries, NULL);
    g_free(examples);
    g_free(name);
    bool good = g_option_context_parse(context, argc, argv, &failure);
    if (!good) {
        fprintf(stderr, "qoe-train: %s (%s --help tells what there is)\n", failure->message, g_get_prgname());
        g_error_free(failure);
    } else if (*argc - 1 < least || *argc - 1 > most) {
        if (*argc - 1 < least)
            fprintf(stderr, "qoe-train: an argument is missing: %s\n\n", help->arguments);
        else
            fprintf(stderr, "qoe-train: \"%s\" is one argument too many\n\n", (*argv)[most + 1]);
        char *text = g_option_context_get_help(context, TRUE, NULL);
        fputs(text, stderr);
        g_free(text);
        good = false;
    }
    g_option_context_free(context);
    return good;
}

int command_fail(char *message)
{
    fprintf(stderr, "qoe-train: %s\n", message);
    g_free(message);
    return EXIT_FAILED;
}

static void quiet(const char *text)
{
    (void)text;
}

int main(int argc, char **argv)
{
    svm_set_print_string_function(quiet);
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    fprintf(stderr, "qoe-train: there is no command \"%s\"\n\n", argv[1]);
    print_help(stderr);
    return EXIT_USAGE;
}
