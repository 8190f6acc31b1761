/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <libwebsockets.h>
#include <nng/nng.h>
#include <sqlite3.h>
#include <stdio.h>

#ifdef ONEBUS_NATS
#include <nats/nats.h>
#endif

#include "cli/cli.h"

/* NULL: it is built without. */
static const char *libnats_version(void)
{
#ifdef ONEBUS_NATS
    return nats_GetVersion();
#else
    return NULL;
#endif
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, bool *json)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option != 'j')
            return option;
        *json = true;
    }
    if (optind == argc)
        return 0;
    fprintf(stderr, "onebus version: takes no arguments, got %s\n",
            argv[optind]);
    return '?';
}

static void print_json(const char *libnats)
{
    printf("{\"onebus\":\"%s\",\"libwebsockets\":\"%s\","
           "\"nng\":\"%s\",\"sqlite\":\"%s\",\"libnats\":",
           ONEBUS_VERSION, lws_get_library_version(), nng_version(),
           sqlite3_libversion());
    printf(libnats != NULL ? "\"%s\"}\n" : "null}\n", libnats);
}

static void print_text(const char *libnats)
{
    printf("onebus %s\nlibwebsockets %s, NNG %s, SQLite %s, ", ONEBUS_VERSION,
           lws_get_library_version(), nng_version(), sqlite3_libversion());
    printf(libnats != NULL ? "libnats %s\n" : "built without NATS\n", libnats);
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    bool json = false;
    int option = parse_options(command, argc, argv, &json);
    if (option != 0)
        return cli_end(command, option);
    if (json)
        print_json(libnats_version());
    else
        print_text(libnats_version());
    return EXIT_OK;
}

const struct cli_command CLI_VERSION = {
    .name = "version",
    .summary = "print the version of onebus and its libraries",
    .arguments = "[--json]",
    .about = "Print the version of onebus and of the libraries it runs on.\n",
    .options =
        (const struct cli_option[]){
            {"json", NULL, "print them as a line of JSON", 'j'},
            {0},
        },
    .run = run,
};
