/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/remote.h"
#include "cli/shown.h"
#include "core/topic.h"

enum {
    /* NNG's most: a burst must not be lost while a line is printed. */
    QUEUE_MESSAGES = 8192,
    SHOWN_BYTES_MAX = 80,
};

static const char ALL_TOPICS[] = "qq.*";

struct listen_options {
    struct flags flags;
    const char *url;
    bool json;
    long count; /* stop after so many; 0: never */
    const char *const *patterns;
    size_t pattern_count;
};

static int parse_options(int argc, char **argv, struct listen_options *options)
{
    static const struct option known[] = {
        {"help", no_argument, NULL, 'h'},
        {"url", required_argument, NULL, 'u'},
        {"json", no_argument, NULL, 'j'},
        {"count", required_argument, NULL, 'n'},
        FLAGS_OPTIONS,
        {0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (option == 'u')
            options->url = optarg;
        else if (option == 'j')
            options->json = true;
        else if (option == 'n')
            options->count = cli_number("--count", optarg, 1);
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    if (options->count < 0)
        return '?';
    options->patterns = (const char *const *)argv + optind;
    options->pattern_count = (size_t)(argc - optind);
    return 0;
}

static bool subscribe(nng_socket socket, const char *pattern)
{
    char prefix[TOPIC_SIZE];
    if (!topic_pattern_valid(pattern)) {
        /* The beginning of an endless one is enough. */
        fprintf(stderr,
                "onebus listen: %.*s is no pattern; allowed: tokens of "
                "letters, digits, _ and - or *, separated by dots, at most %d "
                "bytes, e.g. qq.group.*\n",
                SHOWN_BYTES_MAX, pattern, TOPIC_SIZE - 1);
        return false;
    }
    size_t size = topic_pattern_prefix(pattern, prefix);
    return nng_socket_set(socket, NNG_OPT_SUB_SUBSCRIBE, prefix, size) == 0;
}

/* ---- listening -------------------------------------------------------- */

static bool is_wanted(const struct listen_options *options, struct slice topic)
{
    for (size_t i = 0; i < options->pattern_count; i++)
        if (topic_matches(options->patterns[i], topic))
            return true;
    return false;
}

/* False: nobody reads our output any more. */
static bool show(const struct listen_options *options, struct slice message,
                 struct buffer *line, long *shown)
{
    struct shown_event event;
    if (!shown_event_read(message, &event) || !is_wanted(options, event.topic))
        return true;
    line->size = 0;
    if (options->json)
        shown_append_json(&event, line);
    else
        shown_append_line(&event, line);
    ++*shown;
    return cli_print(buffer_slice(line));
}

static int receive_all(nng_socket socket, const struct listen_options *options)
{
    struct buffer line = {0};
    long shown = 0;
    bool is_read = true;
    int error = 0;
    while (is_read && (options->count == 0 || shown < options->count)) {
        nng_msg *msg;
        error = nng_recvmsg(socket, &msg, 0);
        if (error != 0)
            break;
        is_read =
            show(options, (struct slice){nng_msg_body(msg), nng_msg_len(msg)},
                 &line, &shown);
        nng_msg_free(msg);
    }
    buffer_finish(&line);
    if (error != 0)
        fprintf(stderr, "onebus listen: %s\n", nng_strerror(error));
    return error == 0 ? EXIT_OK : EXIT_FAILED;
}

static int listen_to_bridge(const struct listen_options *options,
                            const struct config *config)
{
    nng_socket socket = NNG_SOCKET_INITIALIZER;
    char url[REMOTE_URL_SIZE];
    const char *listen_url =
        options->url != NULL ? options->url : config->event_urls.items[0];
    if (!remote_url(listen_url, "--url", url) || nng_sub0_open(&socket) != 0)
        return EXIT_FAILED;
    nng_socket_set_int(socket, NNG_OPT_RECVBUF, QUEUE_MESSAGES);
    for (size_t i = 0; i < options->pattern_count; i++)
        if (!subscribe(socket, options->patterns[i]))
            return EXIT_USAGE;
    return remote_dial(socket, url) ? receive_all(socket, options)
                                    : EXIT_FAILED;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    static const char *const all[] = {ALL_TOPICS};
    struct listen_options options = {0};
    struct config config;
    int option = parse_options(argc, argv, &options);
    if (option == 'h')
        return cli_help(command);
    if (option != 0)
        return cli_misuse(command);
    if (options.pattern_count == 0) {
        options.patterns = all;
        options.pattern_count = 1;
    }
    if (!flags_load(&options.flags, &config))
        return EXIT_SETTINGS;
    int exit = listen_to_bridge(&options, &config);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_LISTEN = {
    .name = "listen",
    .summary = "print events as they come",
    .usage =
        "Usage: onebus listen [OPTION…] [PATTERN…]\n"
        "\n"
        "Print the events whose topic matches a PATTERN (default: qq.*), one\n"
        "a line, until interrupted. A * stands for one part of a topic, at\n"
        "the end for one or more: qq.group.*, qq.*.*.notice.*\n"
        "\n"
        "  --json             topic and whole envelope as a line of JSON\n"
        "  --count N          stop after N events\n"
        "  --url URL          the bridge's event socket (default: the first\n"
        "                     of bridge.events)\n" FLAGS_USAGE "\n"
        "Examples:\n"
        "  onebus listen 'qq.group.*'\n"
        "  onebus listen --json 'qq.*.*.message.*' | jq .envelope.text\n",
    .run = run,
};
