/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/flags.h"

static int parse_options(int argc, char **argv, struct flags *flags)
{
    static const struct option known[] = {
        {"help", no_argument, NULL, 'h'},
        FLAGS_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1)
        if (!flags_take(flags, option, optarg))
            return option;
    if (optind == argc)
        return 0;
    fprintf(stderr, "onebus run: takes no arguments, got %s\n", argv[optind]);
    return '?';
}

static enum status load(void *ctx, struct config *config,
                        struct config_faults *faults)
{
    return flags_read(ctx, config, faults);
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct flags flags = {0};
    struct config config;
    int option = parse_options(argc, argv, &flags);
    if (option == 'h')
        return cli_help(command);
    if (option != 0)
        return cli_misuse(command);
    if (!flags_load(&flags, &config))
        return EXIT_SETTINGS;
    log_setup(config.log_level, config.log_format);
    return app_run(&config, load, &flags) == 0 ? EXIT_OK : EXIT_FAILED;
}

static const struct cli_command CLI_RUN = {
    .name = "run",
    .summary = "run the bridge (the default)",
    .usage = "Usage: onebus run [OPTION…]\n"
             "\n"
             "Run the bridge until SIGINT or SIGTERM. It logs to stderr and\n"
             "says `ready` with its addresses once it listens. SIGHUP has it\n"
             "read its settings again: all of them or, if there is a fault,\n"
             "none.\n"
             "\n" FLAGS_USAGE,
    .run = run,
};

static const struct cli_command *const COMMANDS[] = {
    &CLI_RUN, &CLI_LISTEN, &CLI_REPLAY, &CLI_CALL,    &CLI_PAIRING,
    &CLI_WHY, &CLI_CHECK,  &CLI_HEALTH, &CLI_VERSION,
};

enum { COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]) };

static void print_usage(FILE *stream)
{
    fputs("onebus puts QQ bots on a message bus: OneBot 11 in, NNG out.\n"
          "\n"
          "Usage: onebus [COMMAND] [OPTION…]\n"
          "\n",
          stream);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-9s %s\n", COMMANDS[i]->name, COMMANDS[i]->summary);
    fputs("\nEach command explains itself: onebus COMMAND --help\n", stream);
}

int main(int argc, char **argv)
{
    if (argc < 2 || (argv[1][0] == '-' && strcmp(argv[1], "--help") != 0 &&
                     strcmp(argv[1], "--version") != 0))
        return CLI_RUN.run(&CLI_RUN, argc, argv);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_OK;
    }
    const char *name =
        strcmp(argv[1], "--version") == 0 ? CLI_VERSION.name : argv[1];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, COMMANDS[i]->name) == 0)
            return COMMANDS[i]->run(COMMANDS[i], argc - 1, argv + 1);
    fprintf(stderr, "onebus: %s is no command\n\n", argv[1]);
    print_usage(stderr);
    return EXIT_USAGE;
}
