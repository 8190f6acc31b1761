/* SPDX-License-Identifier: MIT */
#include <libwebsockets.h>
#include <nng/nng.h>
#include <sqlite3.h>
#include <stdio.h>

#include "cli/cli.h"

static int run(const struct cli_command *command, int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return cli_help(command);
    if (argc > 1) {
        fprintf(stderr, "onebus version: takes no arguments\n");
        return cli_misuse(command);
    }
    printf("onebus %s\nlibwebsockets %s, NNG %s, SQLite %s\n", ONEBUS_VERSION,
           lws_get_library_version(), nng_version(), sqlite3_libversion());
    return EXIT_OK;
}

const struct cli_command CLI_VERSION = {
    .name = "version",
    .summary = "print the version of onebus and its libraries",
    .usage = "Usage: onebus version\n"
             "\n"
             "Print the version of onebus and of the libraries it runs on.\n",
    .run = run,
};
