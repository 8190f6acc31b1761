/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>
#include <time.h>

#include "base/visible.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/remote.h"
#include "core/json_write.h"
#include "core/mp.h"
#include "core/topic.h"

enum {
    /* NNG's most: a burst must not be lost while a line is printed. */
    QUEUE_MESSAGES = 8192,
    PART_SIZE = 64,
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

/* ---- showing an event ------------------------------------------------- */

static bool read_str(struct slice map, const char *key, struct slice *text)
{
    struct slice value;
    return mp_find(map, key, &value) && mp_read_str(value, text) &&
           text->size > 0;
}

static void append_time(struct buffer *line, struct slice envelope)
{
    char text[PART_SIZE];
    struct slice value;
    int64_t time_ms = 0;
    struct tm local;
    if (mp_find(envelope, "time", &value))
        (void)mp_read_int(value, &time_ms);
    time_t seconds = (time_t)(time_ms / 1000);
    localtime_r(&seconds, &local);
    buffer_append(line, text, strftime(text, sizeof(text), "%T ", &local));
}

/* The sender's card, else nickname. */
static void append_sender(struct buffer *line, struct slice event)
{
    struct slice sender, name;
    if (mp_find(event, "sender", &sender) &&
        (read_str(sender, "card", &name) ||
         read_str(sender, "nickname", &name))) {
        visible_append(line, name);
        buffer_append_string(line, ": ");
    }
}

static void append_segment(struct buffer *line, struct slice segment)
{
    struct slice type, data, text;
    if (!read_str(segment, "type", &type))
        return;
    bool has_data = mp_find(segment, "data", &data);
    if (has_data && slice_equals(type, "text") &&
        read_str(data, "text", &text)) {
        visible_append(line, text);
    } else if (has_data && slice_equals(type, "at") &&
               read_str(data, "qq", &text)) {
        buffer_append_string(line, "@");
        visible_append(line, text);
    } else {
        buffer_append_string(line, "[");
        visible_append(line, type);
        buffer_append_string(line, "]");
    }
}

static void append_message(struct buffer *line, struct slice event)
{
    struct slice message, segment;
    struct mp_token token;
    if (!mp_find(event, "message", &message))
        return;
    struct mp_reader reader = mp_reader_of(message);
    if (!mp_next(&reader, &token) || token.kind != MP_ARRAY)
        return;
    for (uint32_t i = 0; i < token.count && mp_skip(&reader, &segment); i++)
        append_segment(line, segment);
}

/* The ids that tell who did what to whom. */
static void append_ids(struct buffer *line, struct slice event)
{
    static const char *const keys[] = {"user_id", "operator_id", "target_id",
                                       "message_id", "duration"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        char text[PART_SIZE];
        struct slice value;
        int64_t id;
        if (!mp_find(event, keys[i], &value) || !mp_read_int(value, &id))
            continue;
        snprintf(text, sizeof(text), "%s=%" PRId64 " ", keys[i], id);
        buffer_append_string(line, text);
    }
}

static void append_line(struct buffer *line, struct slice topic,
                        struct slice envelope)
{
    struct slice event, text;
    append_time(line, envelope);
    visible_append(line, topic);
    buffer_append_string(line, "  ");
    if (!mp_find(envelope, "event", &event))
        return;
    if (mp_find(envelope, "text", &text)) {
        append_sender(line, event);
        append_message(line, event);
    } else {
        append_ids(line, event);
    }
}

static void append_json(struct buffer *line, struct slice topic,
                        struct slice envelope)
{
    const struct json_writer_options options = {
        .depth_max = JSON_DEPTH_MAX,
        .bin_as_base64 = true,
    };
    struct json_error error;
    buffer_append_string(line, "{\"topic\":");
    json_append_string(line, topic);
    buffer_append_string(line, ",\"envelope\":");
    if (json_from_msgpack(envelope, &options, line, &error) != STATUS_OK)
        buffer_append_string(line, "null");
    buffer_append_string(line, "}");
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
    const char *nul = memchr(message.data, '\0', message.size);
    if (nul == NULL)
        return true;
    struct slice topic = {message.data, (size_t)(nul - message.data)};
    struct slice envelope = {nul + 1, message.size - topic.size - 1};
    if (!is_wanted(options, topic))
        return true;
    line->size = 0;
    if (options->json)
        append_json(line, topic, envelope);
    else
        append_line(line, topic, envelope);
    ++*shown;
    return options->json ? cli_print_json(buffer_slice(line))
                         : cli_print(buffer_slice(line));
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
    int exit = EXIT_FAILED;
    if (!remote_url(listen_url, url) || nng_sub0_open(&socket) != 0)
        return EXIT_FAILED;
    nng_socket_set_int(socket, NNG_OPT_RECVBUF, QUEUE_MESSAGES);
    for (size_t i = 0; i < options->pattern_count; i++) {
        if (!subscribe(socket, options->patterns[i])) {
            nng_close(socket);
            return EXIT_USAGE;
        }
    }
    if (remote_dial(socket, url))
        exit = receive_all(socket, options);
    nng_close(socket);
    return exit;
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
