/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <nng/nng.h>
#include <nng/supplemental/util/platform.h>
#include <stdio.h>

#include "base/clock.h"
#include "cli/answer.h"
#include "cli/caller.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "cli/overview.h"
#include "cli/screen.h"
#include "core/mp.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus status";

enum {
    INTERVAL_MS = 2000,
    /* A bridge that is well answers in less than a millisecond. */
    WAIT_MS = 5000,
};

struct status_options {
    struct exchange_flags common;
    bool watch;
    long interval_ms;
};

/* --watch=5s, and --watch 5s as well. */
static void watch(struct status_options *options, const char *interval)
{
    options->watch = true;
    if (interval != NULL)
        options->interval_ms = cli_time("--watch", interval);
}

static int parse_words(int count, char **words, struct status_options *options)
{
    if (count > 0 && options->watch) {
        watch(options, words[0]);
        count--;
        words++;
    }
    if (count == 0)
        return options->interval_ms < 0 ? '?' : 0;
    fprintf(stderr, "%s: takes no arguments, got %s\n", COMMAND, words[0]);
    return '?';
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct status_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'w')
            watch(options, optarg);
        else if (!exchange_take(&options->common, option, optarg))
            return option;
    }
    return parse_words(argc - optind, argv + optind, options);
}

/* ---- asking -------------------------------------------------------------- */

/* What was heard, and when. The data lies in the reply. */
struct sight {
    struct buffer reply;
    struct slice data;
    uint64_t at_ms;
};

struct observer {
    const struct status_options *options;
    struct caller caller;
    struct screen screen;
    struct sight now, before;
};

static int ask(struct observer *observer, const char *action,
               struct buffer *reply)
{
    struct buffer request = {0};
    struct msgpack_packer packer = pack_into(&request);
    msgpack_pack_map(&packer, 1);
    pack_word(&packer, "action", action);
    int error =
        caller_ask(&observer->caller, WAIT_MS, buffer_slice(&request), reply);
    buffer_finish(&request);
    return error;
}

static void count(void *ctx, struct slice item)
{
    int64_t *sum = ctx;
    (void)item;
    ++*sum;
}

/* -1: a grant that covers the one need not cover the other. */
static int64_t count_pairing(struct observer *observer)
{
    struct buffer reply = {0};
    struct slice data;
    int64_t sum = -1;
    if (ask(observer, "bridge.pairing.list", &reply) == 0 &&
        mp_find(buffer_slice(&reply), "data", &data)) {
        sum = 0;
        answer_each(data, "pending", count, &sum);
    }
    buffer_finish(&reply);
    return sum;
}

/* ---- showing ------------------------------------------------------------- */

static bool show(struct observer *observer)
{
    struct buffer text = {0};
    const struct overview overview = {
        .data = observer->now.data,
        .before = observer->before.data,
        .between_ms = observer->now.at_ms - observer->before.at_ms,
        .pairing = count_pairing(observer),
        .surface = screen_surface(),
    };
    overview_append(&overview, &text);
    bool is_read = screen_draw(&observer->screen, buffer_slice(&text));
    buffer_finish(&text);
    return is_read;
}

/* When watching: one that does not answer may do so again. */
static bool show_silence(struct observer *observer, int error)
{
    struct buffer text = {0};
    buffer_append_string(&text, "no reply from the bridge: ");
    buffer_append_string(&text, nng_strerror(error));
    buffer_append_string(&text, "; trying again\n");
    bool is_read = screen_draw(&observer->screen, buffer_slice(&text));
    buffer_finish(&text);
    return is_read;
}

enum turn { TURN_SHOWN, TURN_DONE, TURN_FAILED };

static enum turn take_reply(struct observer *observer)
{
    struct slice reply = buffer_slice(&observer->now.reply);
    if (observer->options->common.json)
        return answer_print(COMMAND, reply) == EXIT_OK ? TURN_SHOWN
                                                       : TURN_FAILED;
    if (!answer_data(COMMAND, reply, &observer->now.data))
        return TURN_FAILED;
    return show(observer) ? TURN_SHOWN : TURN_DONE;
}

static enum turn take_silence(struct observer *observer, int error)
{
    bool is_tried_on =
        observer->options->watch && !observer->options->common.json;
    if (is_tried_on)
        return show_silence(observer, error) ? TURN_SHOWN : TURN_DONE;
    fprintf(stderr, "%s: no reply from the bridge: %s\n", COMMAND,
            nng_strerror(error));
    return TURN_FAILED;
}

static enum turn look(struct observer *observer)
{
    struct sight seen = observer->before;
    observer->before = observer->now;
    observer->now = (struct sight){.reply = seen.reply};
    int error = ask(observer, "bridge.status", &observer->now.reply);
    observer->now.at_ms = clock_now().mono_ms;
    if (error == 0)
        return take_reply(observer);
    return take_silence(observer, error);
}

static int look_on(struct observer *observer)
{
    enum turn turn = look(observer);
    while (turn == TURN_SHOWN && observer->options->watch) {
        nng_msleep((nng_duration)observer->options->interval_ms);
        turn = look(observer);
    }
    return turn == TURN_FAILED ? EXIT_FAILED : EXIT_OK;
}

static int look_at(const struct status_options *options, const char *url)
{
    struct observer observer = {
        .options = options,
        .screen = {.is_redrawn = options->watch},
    };
    int exit = EXIT_FAILED;
    if (caller_open(&observer.caller, url, "--url", options->common.token_file))
        exit = look_on(&observer);
    caller_finish(&observer.caller);
    buffer_finish(&observer.now.reply);
    buffer_finish(&observer.before.reply);
    return exit;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct status_options options = {.interval_ms = INTERVAL_MS};
    struct config config;
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    if (!flags_load(&options.common.flags, &config))
        return EXIT_SETTINGS;
    int exit = look_at(&options, exchange_url(&options.common, &config));
    config_finish(&config);
    return exit;
}

const struct cli_command CLI_STATUS = {
    .name = "status",
    .summary = "show how the bridge and its accounts are",
    .arguments = "[OPTION…]\n--watch [TIME] [OPTION…]\n",
    .about =
        "Show the accounts: is the link up, is QQ online behind it, are\n"
        "actions answered, and how old the last heartbeat is (BEAT); what has\n"
        "passed through them since the start, what WAITING sends the pacing\n"
        "holds and how many calls ended as UNKNOWN; and the calls in flight,\n"
        "the journal, NATS where it is used, and who waits to be let in. At "
        "the\n"
        "end stands what somebody should look at.\n"
        "\n"
        "With --watch it is looked again each TIME (default: 2s): on a\n"
        "terminal in place, elsewhere one below the other. /S is how many\n"
        "events and calls there were in a second.\n",
    .examples = "onebus status --watch 5s\n"
                "onebus status --json | jq '.data.accounts[].online'\n",
    .options =
        (const struct cli_option[]){
            {"watch", "[TIME]", "look again each TIME", 'w'},
            EXCHANGE_OPTIONS,
            {0},
        },
    .run = run,
};
