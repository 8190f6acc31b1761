/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/follower.h"
#include "cli/page.h"
#include "cli/printer.h"
#include "cli/remote.h"
#include "cli/since.h"
#include "cli/token.h"
#include "core/topic.h"

static const char COMMAND[] = "onebus listen";

/* NNG's most: a burst must not be lost while a line is printed. */
enum { QUEUE_MESSAGES = 8192 };

struct listen_options {
    struct flags flags;
    const char *url;
    const char *actions_url;
    const char *token_file;
    struct since since; /* SINCE_OLDEST: live events alone */
    struct printer printer;
};

static int complain(const char *what)
{
    fprintf(stderr, "%s: %s\n", COMMAND, what);
    return '?';
}

static int parse_words(int count, char **words, struct listen_options *options)
{
    bool has_since = options->since.kind != SINCE_OLDEST;
    if (options->printer.count < 0)
        return '?';
    if (options->actions_url != NULL && !has_since)
        return complain("--actions-url goes with --since, which is missing");
    if (options->token_file != NULL && !has_since)
        return complain("--token-file goes with --since, which is missing");
    if (has_since && count > PAGE_TOPICS_MAX)
        return complain("with --since, 64 patterns at most");
    return printer_take_patterns(&options->printer, (size_t)count, words) ? 0
                                                                          : '?';
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct listen_options *options)
{
    bool is_good = true;
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'u')
            options->url = optarg;
        else if (option == 'a')
            options->actions_url = optarg;
        else if (option == 'k')
            options->token_file = optarg;
        else if (option == 'j')
            options->printer.json = true;
        else if (option == 'n')
            options->printer.count = cli_number("--count", optarg, 1);
        else if (option == 'f')
            is_good = since_parse(optarg, &options->since) && is_good;
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    return is_good ? parse_words(argc - optind, argv + optind, options) : '?';
}

/* ---- listening -------------------------------------------------------- */

static void subscribe(nng_socket socket, const char *pattern)
{
    char prefix[TOPIC_SIZE];
    size_t size = topic_pattern_prefix(pattern, prefix);
    nng_socket_set(socket, NNG_OPT_SUB_SUBSCRIBE, prefix, size);
}

/* A follower sees every event, for only then is a hole in seq a hole. */
static void subscribe_all(nng_socket socket,
                          const struct listen_options *options)
{
    const struct printer *printer = &options->printer;
    if (options->since.kind != SINCE_OLDEST || printer->pattern_count == 0)
        subscribe(socket, "qq.*");
    else
        for (size_t i = 0; i < printer->pattern_count; i++)
            subscribe(socket, printer->patterns[i]);
}

static int receive_all(nng_socket socket, struct printer *printer)
{
    bool goes_on = true;
    while (goes_on) {
        nng_msg *msg;
        int error = nng_recvmsg(socket, &msg, 0);
        if (error != 0) {
            fprintf(stderr, "%s: %s\n", COMMAND, nng_strerror(error));
            return EXIT_FAILED;
        }
        goes_on = printer_show(
            printer, (struct slice){nng_msg_body(msg), nng_msg_len(msg)});
        nng_msg_free(msg);
    }
    return EXIT_OK;
}

static int listen_on(nng_socket socket, struct listen_options *options,
                     const struct config *config)
{
    const char *actions_url = options->actions_url != NULL
                                  ? options->actions_url
                                  : config->action_urls.items[0];
    if (options->since.kind == SINCE_OLDEST)
        return receive_all(socket, &options->printer);
    const struct follower_way way = {actions_url, options->token_file};
    return follower_run(socket, &way, &options->since, &options->printer);
}

static int listen_to_bridge(struct listen_options *options,
                            const struct config *config)
{
    nng_socket socket = NNG_SOCKET_INITIALIZER;
    char url[REMOTE_URL_SIZE];
    const char *listen_url =
        options->url != NULL ? options->url : config->event_urls.items[0];
    if (!remote_url(listen_url, "--url", url) || nng_sub0_open(&socket) != 0)
        return EXIT_FAILED;
    nng_socket_set_int(socket, NNG_OPT_RECVBUF, QUEUE_MESSAGES);
    subscribe_all(socket, options);
    return remote_dial(socket, url) ? listen_on(socket, options, config)
                                    : EXIT_FAILED;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct listen_options options = {.printer.command = COMMAND};
    struct config config;
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    if (!flags_load(&options.flags, &config))
        return EXIT_SETTINGS;
    int exit = listen_to_bridge(&options, &config);
    printer_finish(&options.printer);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_LISTEN = {
    .name = "listen",
    .summary = "print events as they come",
    .arguments = "[OPTION…] [PATTERN…]",
    .about =
        "Print the events whose topic matches a PATTERN (default: qq.*), one\n"
        "a line, until interrupted. A * stands for one part of a topic, at\n"
        "the end for one or more: qq.group.*, qq.*.*.notice.*\n",
    .examples = "onebus listen 'qq.group.*'\n"
                "onebus listen --since 10m\n"
                "onebus listen --json 'qq.*.*.message.*' | jq .envelope.text\n",
    .options =
        (const struct cli_option[]){
            {"since", "SEQ|TIME",
             "first those of the journal: what follows the event SEQ, or of "
             "so far back (30s, 10m, 2h, 7d); from there to the live ones no "
             "event is missing and none comes twice",
             'f'},
            {"json", NULL, "topic and whole envelope as a line of JSON", 'j'},
            {"count", "N", "stop after N events", 'n'},
            {"url", "URL",
             "the bridge's event socket (default: the first of "
             "bridge.events)",
             'u'},
            {"actions-url", "URL",
             "with --since: the bridge's action socket (default: the first of "
             "bridge.actions)",
             'a'},
            TOKEN_OPTION,
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
