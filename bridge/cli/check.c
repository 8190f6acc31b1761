/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/flags.h"

static int parse_options(int argc, char **argv, struct flags *flags,
                         bool *print)
{
    static const struct option known[] = {
        {"help", no_argument, NULL, 'h'},
        {"print", no_argument, NULL, 'p'},
        FLAGS_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'p')
            *print = true;
        else if (!flags_take(flags, option, optarg))
            return option;
    }
    if (optind == argc)
        return 0;
    fprintf(stderr,
            "onebus check: takes no arguments, got %s (a file is named "
            "with --config)\n",
            argv[optind]);
    return '?';
}

static int show(const struct config *config, bool print)
{
    struct buffer text = {0};
    if (print) {
        config_print(config, &text);
        fwrite(text.data, 1, text.size, stdout);
    } else {
        printf("%s: fine, %zu account%s\n",
               config->file == NULL ? "no file, the defaults" : config->file,
               config->account_count, config->account_count == 1 ? "" : "s");
    }
    for (size_t i = 0; i < config->notes.count; i++)
        fprintf(stderr, "note: %s\n", config->notes.messages[i]);
    buffer_finish(&text);
    return EXIT_OK;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct flags flags = {0};
    struct config config;
    bool print = false;
    int option = parse_options(argc, argv, &flags, &print);
    if (option == 'h')
        return cli_help(command);
    if (option != 0)
        return cli_misuse(command);
    if (!flags_load(&flags, &config))
        return EXIT_SETTINGS;
    int exit = show(&config, print);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_CHECK = {
    .name = "check",
    .summary = "check the settings and print every fault",
    .usage = "Usage: onebus check [OPTION…]\n"
             "\n"
             "Check the settings: the file, the environment and --set. Prints\n"
             "every fault, not the first; exits with 0 or 78.\n"
             "\n"
             "  --print            print the settings in effect, secrets as\n"
             "                     \"***\"\n" FLAGS_USAGE,
    .run = run,
};
