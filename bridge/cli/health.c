/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/probe.h"
#include "cli/remote.h"
#include "config/quantity.h"
#include "core/json_read.h"
#include "core/mp.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus health";

enum {
    TIMEOUT_MS = 3000,
    URL_SIZE = 1024,
    HTTP_OK = 200,
    HTTP_UNAVAILABLE = 503,
    SHOWN_BYTES_MAX = 300, /* of an answer that is not ours */
};

struct health_options {
    struct flags flags;
    const char *url;
    bool ready;
    bool require_online;
    bool json;
    long timeout_ms;
};

static int complain(const char *what, const char *got)
{
    fprintf(stderr, "%s: %s%s\n", COMMAND, what, got);
    return '?';
}

static bool is_http(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

static int check_options(int count, char **words,
                         const struct health_options *options)
{
    if (options->timeout_ms < 0)
        return '?';
    if (count > 0)
        return complain("takes no arguments, got ", words[0]);
    if (options->url != NULL && !is_http(options->url))
        return complain("--url wants an address as http://127.0.0.1:7712, got ",
                        options->url);
    return 0;
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct health_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'u')
            options->url = optarg;
        else if (option == 'r')
            options->ready = true;
        else if (option == 'o')
            options->require_online = true;
        else if (option == 't')
            options->timeout_ms = cli_time("--timeout", optarg);
        else if (option == 'j')
            options->json = true;
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    return check_options(argc - optind, argv + optind, options);
}

/* ---- where to ask -------------------------------------------------------- */

static void append_path(const char *base, const struct health_options *options,
                        char url[URL_SIZE])
{
    const char *path = options->require_online ? "/readyz?require=online"
                       : options->ready        ? "/readyz"
                                               : "/healthz";
    size_t size = strlen(base);
    while (size > 0 && base[size - 1] == '/')
        size--;
    snprintf(url, URL_SIZE, "%.*s%s", (int)size, base, path);
}

/* EXIT_OK, or what to end with. */
static int find_url(const struct health_options *options,
                    const struct config *config, char url[URL_SIZE])
{
    char listens[REMOTE_URL_SIZE];
    char base[REMOTE_URL_SIZE];
    if (config->http == NULL || config->http[0] == '\0') {
        fprintf(stderr,
                "%s: bridge.http is \"\", so the bridge answers no HTTP: set "
                "it to an address, or name one with --url\n",
                COMMAND);
        return EXIT_SETTINGS;
    }
    snprintf(listens, sizeof(listens), "http://%s", config->http);
    if (!remote_url(listens, "--url", base))
        return EXIT_FAILED;
    append_path(base, options, url);
    return EXIT_OK;
}

/* With --url nothing is read: faulty settings do not make a bridge sick that
 * runs with those it had. */
static int read_url(const struct health_options *options, char url[URL_SIZE])
{
    struct config config;
    if (options->url != NULL) {
        append_path(options->url, options, url);
        return EXIT_OK;
    }
    if (!flags_load(&options->flags, &config))
        return EXIT_SETTINGS;
    int exit = find_url(options, &config, url);
    config_finish(&config);
    return exit;
}

/* ---- what is said -------------------------------------------------------- */

struct finding {
    const struct health_options *options;
    const char *url;
    const struct probe *probe;
    struct buffer answer;  /* the body as MessagePack; empty: it is no JSON */
    struct buffer message; /* for people, one line */
};

static bool is_healthy(const struct finding *finding)
{
    return finding->probe->code == HTTP_OK;
}

static void say(struct finding *finding, const char *text)
{
    buffer_append_string(&finding->message, text);
}

static void say_late(struct finding *finding)
{
    char time[QUANTITY_TEXT_SIZE];
    quantity_format_time(finding->options->timeout_ms, time);
    say(finding, "no answer within ");
    say(finding, time);
    say(finding, "; the bridge hangs, or it is another program: look at the "
                 "bridge's log and restart it");
}

static void say_silent(struct finding *finding)
{
    visible_append(&finding->message, slice_of(finding->probe->fault));
    say(finding, "; is the bridge running (onebus run), and with the same "
                 "bridge.http?");
}

static void say_reason(void *ctx, struct slice item)
{
    struct finding *finding = ctx;
    struct slice reason;
    if (!mp_read_str(item, &reason))
        return;
    say(finding, finding->message.size == 0 ? "not ready: " : "; ");
    visible_append(&finding->message, reason);
}

static void say_body(struct finding *finding)
{
    struct slice body = buffer_slice(&finding->probe->body);
    while (body.size > 0 && body.data[body.size - 1] == '\n')
        body.size--;
    if (body.size > SHOWN_BYTES_MAX)
        body.size = SHOWN_BYTES_MAX;
    visible_append(&finding->message, body);
}

static void say_unavailable(struct finding *finding)
{
    answer_each(buffer_slice(&finding->answer), "reasons", say_reason, finding);
    if (finding->message.size > 0) {
        say(finding, " (more: onebus status)");
        return;
    }
    say(finding, "not healthy: ");
    say_body(finding);
    say(finding, "; look at the bridge's log and restart it");
}

static void say_code(struct finding *finding)
{
    char text[64];
    snprintf(text, sizeof(text), "the answer is HTTP %ld",
             finding->probe->code);
    say(finding, text);
    say(finding, "; is this the bridge's bridge.http, and of this version?");
}

static void read_answer(struct finding *finding)
{
    const struct json_reader_options reader = {0};
    struct json_error error;
    if (json_to_msgpack(buffer_slice(&finding->probe->body), &reader,
                        &finding->answer, &error) != STATUS_OK)
        finding->answer.size = 0;
}

static void judge(struct finding *finding)
{
    const struct probe *probe = finding->probe;
    read_answer(finding);
    if (probe->is_late)
        say_late(finding);
    else if (probe->code == 0)
        say_silent(finding);
    else if (probe->code == HTTP_OK)
        say(finding, finding->options->require_online ? "ready, all online"
                     : finding->options->ready        ? "ready"
                                                      : "healthy");
    else if (probe->code == HTTP_UNAVAILABLE)
        say_unavailable(finding);
    else
        say_code(finding);
}

static void pack_finding(const struct finding *finding, struct buffer *out)
{
    struct msgpack_packer packer = pack_into(out);
    msgpack_pack_map(&packer, 5);
    pack_flag(&packer, "ok", is_healthy(finding));
    pack_string(&packer, "url");
    pack_prose(&packer, finding->url);
    pack_string(&packer, "http_status");
    if (finding->probe->code > 0)
        msgpack_pack_int64(&packer, finding->probe->code);
    else
        msgpack_pack_nil(&packer);
    pack_string(&packer, "message");
    pack_text(&packer, buffer_slice(&finding->message));
    pack_string(&packer, "answer");
    if (finding->answer.size > 0)
        pack_raw(&packer, buffer_slice(&finding->answer));
    else
        msgpack_pack_nil(&packer);
}

static void print_json(const struct finding *finding)
{
    struct buffer pack = {0};
    pack_finding(finding, &pack);
    answer_print_json(buffer_slice(&pack));
    buffer_finish(&pack);
}

static void print_line(const struct finding *finding)
{
    FILE *stream = is_healthy(finding) ? stdout : stderr;
    fprintf(stream, "%s: %s: %.*s\n", COMMAND, finding->url,
            (int)finding->message.size, finding->message.data);
}

static int report(const struct health_options *options, const char *url,
                  const struct probe *probe)
{
    struct finding finding = {.options = options, .url = url, .probe = probe};
    judge(&finding);
    if (options->json)
        print_json(&finding);
    else
        print_line(&finding);
    buffer_finish(&finding.answer);
    buffer_finish(&finding.message);
    return is_healthy(&finding) ? EXIT_OK : EXIT_FAILED;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct health_options options = {.timeout_ms = TIMEOUT_MS};
    struct probe probe = {0};
    char url[URL_SIZE];
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    int exit = read_url(&options, url);
    if (exit != EXIT_OK)
        return exit;
    probe_get(&probe, url, options.timeout_ms);
    exit = report(&options, url, &probe);
    probe_finish(&probe);
    return exit;
}

const struct cli_command CLI_HEALTH = {
    .name = "health",
    .summary = "ask whether the bridge is well; for HEALTHCHECK",
    .arguments = "[OPTION…]",
    .about =
        "Ask the running bridge, at bridge.http, whether it is well: whether\n"
        "its loop answers, be QQ online or not, for no restart brings QQ\n"
        "back. Says so in a line, and exits with 0 or 1.\n",
    .options =
        (const struct cli_option[]){
            {"ready", NULL,
             "whether it does its work, too: it listens, its journal is "
             "written, it is not stopping",
             'r'},
            {"require-online", NULL,
             "the same, and QQ is online in each account", 'o'},
            {"timeout", "TIME",
             "how long the answer may take, e.g. 500ms or 5s (default: 3s)",
             't'},
            {"json", NULL, "print what was found as a line of JSON", 'j'},
            {"url", "URL",
             "ask there (default: http:// and bridge.http); no settings are "
             "read then",
             'u'},
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
