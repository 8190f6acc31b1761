/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/caller.h"
#include "cli/cli.h"
#include "cli/flags.h"
#include "cli/follow.h"
#include "cli/page.h"
#include "cli/printer.h"
#include "cli/shown.h"
#include "cli/since.h"
#include "cli/token.h"

static const char COMMAND[] = "onebus replay";

struct replay_options {
    struct flags flags;
    const char *url;
    const char *token_file;
    struct since since;
    struct printer printer;
};

static int parse_words(int count, char **words, struct replay_options *options)
{
    if (options->printer.count < 0)
        return '?';
    if (count > PAGE_TOPICS_MAX) {
        fprintf(stderr, "%s: %d patterns at most\n", COMMAND, PAGE_TOPICS_MAX);
        return '?';
    }
    return printer_take_patterns(&options->printer, (size_t)count, words) ? 0
                                                                          : '?';
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct replay_options *options)
{
    bool is_good = true;
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'u')
            options->url = optarg;
        else if (option == 'k')
            options->token_file = optarg;
        else if (option == 'f')
            is_good = since_parse(optarg, &options->since) && is_good;
        else if (option == 'j')
            options->printer.json = true;
        else if (option == 'n')
            options->printer.count = cli_number("--count", optarg, 1);
        else if (!flags_take(&options->flags, option, optarg))
            return option;
    }
    return is_good ? parse_words(argc - optind, argv + optind, options) : '?';
}

/* ---- replaying -------------------------------------------------------- */

/* What was there when we began is replayed, and what comes meanwhile is not:
 * otherwise a busy bus would have no end. */
struct replay {
    struct printer *printer;
    struct caller caller;
    struct since since;
    char epoch[PAGE_EPOCH_SIZE]; /* empty before the first page */
    uint64_t until;
};

enum turn {
    TURN_ASK,
    TURN_DONE,
    TURN_FAILED,
};

static uint64_t limit_of(const struct printer *printer)
{
    long left = printer->count - printer->shown;
    return left > 0 && left < PAGE_EVENTS_MAX ? (uint64_t)left : 0;
}

static bool ask(struct replay *replay, struct buffer *reply)
{
    const struct page_query query = {
        .since = replay->since,
        .patterns = replay->printer->patterns,
        .pattern_count = replay->printer->pattern_count,
        .limit = limit_of(replay->printer),
    };
    struct buffer request = {0};
    page_pack_request(&query, &request);
    int error = caller_ask(&replay->caller, CALLER_WAIT_MS,
                           buffer_slice(&request), reply);
    buffer_finish(&request);
    if (error != 0)
        fprintf(stderr, "%s: no reply from the bridge: %s\n", COMMAND,
                nng_strerror(error));
    return error == 0;
}

static void begin(struct replay *replay, const struct page *page)
{
    memcpy(replay->epoch, page->epoch.data, page->epoch.size);
    replay->until = page->newest;
    if (replay->since.kind == SINCE_SEQ && replay->since.value > page->newest)
        fprintf(stderr,
                "%s: nothing follows event %" PRIu64
                ": the journal's newest is %" PRIu64 "\n",
                COMMAND, replay->since.value, page->newest);
}

static void on_lost(void *ctx, uint64_t first, uint64_t last)
{
    const struct replay *replay = ctx;
    printer_say_lost(replay->printer, first, last);
}

static bool on_event(void *ctx, struct slice message)
{
    const struct replay *replay = ctx;
    struct shown_event event;
    struct follow_mark mark;
    bool is_beyond = shown_event_read(message, &event) &&
                     follow_mark_read(event.envelope, &mark) &&
                     mark.seq > replay->until;
    return !is_beyond && printer_show(replay->printer, message);
}

static enum turn take_page(struct replay *replay, const struct page *page)
{
    if (replay->epoch[0] == '\0')
        begin(replay, page);
    if (!slice_equals(page->epoch, replay->epoch)) {
        fprintf(stderr,
                "%s: the bridge has another journal now; the rest of the one "
                "before is gone\n",
                COMMAND);
        return TURN_FAILED;
    }
    page_each_lost(page, on_lost, replay);
    if (!page_each_event(page, on_event, replay))
        return TURN_DONE;
    /* A page that leads nowhere must not be asked for for ever. */
    bool has_moved =
        replay->since.kind != SINCE_SEQ || page->next > replay->since.value;
    replay->since = (struct since){SINCE_SEQ, page->next};
    return page->truncated && has_moved && page->next < replay->until
               ? TURN_ASK
               : TURN_DONE;
}

static enum turn take_reply(struct replay *replay, struct slice reply)
{
    struct slice data;
    struct page page;
    if (!answer_data(COMMAND, reply, &data))
        return TURN_FAILED;
    if (page_read(data, &page))
        return take_page(replay, &page);
    fprintf(stderr, "%s: the bridge's reply is no page of its journal\n",
            COMMAND);
    return TURN_FAILED;
}

static int replay_all(struct replay *replay)
{
    struct buffer reply = {0};
    enum turn turn = TURN_ASK;
    while (turn == TURN_ASK)
        turn = ask(replay, &reply) ? take_reply(replay, buffer_slice(&reply))
                                   : TURN_FAILED;
    buffer_finish(&reply);
    return turn == TURN_DONE ? EXIT_OK : EXIT_FAILED;
}

static int replay_from_bridge(struct replay_options *options,
                              const struct config *config)
{
    struct replay replay = {
        .printer = &options->printer,
        .since = options->since,
    };
    const char *url =
        options->url != NULL ? options->url : config->action_urls.items[0];
    int exit = EXIT_FAILED;
    if (caller_open(&replay.caller, url, "--url", options->token_file))
        exit = replay_all(&replay);
    caller_finish(&replay.caller);
    return exit;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct replay_options options = {.printer.command = COMMAND};
    struct config config;
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    if (!flags_load(&options.flags, &config))
        return EXIT_SETTINGS;
    int exit = replay_from_bridge(&options, &config);
    printer_finish(&options.printer);
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_REPLAY = {
    .name = "replay",
    .summary = "print the events that the journal holds",
    .arguments = "[OPTION…] [PATTERN…]",
    .about =
        "Print the events of the bridge's journal whose topic matches a\n"
        "PATTERN (default: all of them), one a line, oldest first, up to the\n"
        "newest there is. What followed SEQ and is no longer in the journal\n"
        "is told on stderr.\n"
        "To go on with the live events: onebus listen --since\n",
    .examples = "onebus replay --since 10m 'qq.group.*'\n"
                "onebus replay --json | jq .envelope.text\n",
    .options =
        (const struct cli_option[]){
            {"since", "SEQ|TIME",
             "only what follows the event SEQ, or is not older than TIME: "
             "30s, 10m, 2h, 7d",
             'f'},
            {"json", NULL, "topic and whole envelope as a line of JSON", 'j'},
            {"count", "N", "stop after N events", 'n'},
            {"url", "URL",
             "the bridge's action socket (default: the first of "
             "bridge.actions)",
             'u'},
            TOKEN_OPTION,
            FLAGS_OPTIONS,
            {0},
        },
    .run = run,
};
