/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <getopt.h>
#include <stdio.h>

#include "app.h"
#include "base/exit_guard.h"
#include "cli/cli.h"
#include "cli/flags.h"

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct flags *flags)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1)
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
    exit_guard_spare_threads();
    int option = parse_options(command, argc, argv, &flags);
    if (option != 0)
        return cli_end(command, option);
    if (!flags_load(&flags, &config))
        return EXIT_SETTINGS;
    return app_run(&config, load, &flags) == 0 ? EXIT_OK : EXIT_FAILED;
}

const struct cli_command CLI_RUN = {
    .name = CLI_DEFAULT,
    .summary = "run the bridge (the default)",
    .arguments = "[OPTION…]",
    .about = "Run the bridge until SIGINT or SIGTERM. It logs to stderr and\n"
             "says `ready` with its addresses once it listens. SIGHUP has it\n"
             "read its settings again: all of them or, if there is a fault,\n"
             "none.\n",
    .options =
        (const struct cli_option[]){
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
