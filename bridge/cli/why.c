/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus why";

enum { PARAMS_MAX = 6 };

/* What is asked about: parameters of bridge.why, as text. */
struct why_options {
    struct exchange_flags common;
    const char *keys[PARAMS_MAX];
    const char *values[PARAMS_MAX];
    size_t count;
};

static void ask(struct why_options *options, const char *key, const char *value)
{
    if (options->count == PARAMS_MAX)
        return;
    options->keys[options->count] = key;
    options->values[options->count++] = value;
}

static int parse_words(int count, char **words, struct why_options *options)
{
    if (count == 0)
        return 0;
    if (count == 1 && words[0][0] != '\0' &&
        strspn(words[0], "0123456789") == strlen(words[0])) {
        ask(options, "id", words[0]);
        return 0;
    }
    fprintf(stderr, "%s: wants one number, a group's, a user's or a seq\n",
            COMMAND);
    return '?';
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct why_options *options)
{
    static const char *const keys[] = {NULL,      "account", "group_id",
                                       "user_id", "seq",     "limit"};
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option >= 1 && option <= 5)
            ask(options, keys[option], optarg);
        else if (!exchange_take(&options->common, option, optarg))
            return option;
    }
    return parse_words(argc - optind, argv + optind, options);
}

static bool pack_request(const void *ctx, struct buffer *request)
{
    const struct why_options *options = ctx;
    struct msgpack_packer packer = pack_into(request);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "action");
    pack_string(&packer, "bridge.why");
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, options->count);
    for (size_t i = 0; i < options->count; i++) {
        pack_string(&packer, options->keys[i]);
        pack_string(&packer, options->values[i]);
    }
    return true;
}

/* ---- the reply ----------------------------------------------------------- */

static const char *outcome_of(struct slice item)
{
    if (!answer_flag(item, "allowed"))
        return answer_number(item, "seq") == 0 ? "dropped" : "marked";
    return answer_flag(item, "respond") ? "heard" : "heard, no answer";
}

static void print_decision(void *ctx, struct slice item)
{
    char time[ANSWER_TIME_SIZE];
    size_t *count = ctx;
    int64_t group_id = answer_number(item, "group_id");
    int64_t seq = answer_number(item, "seq");
    struct slice account = answer_text(item, "account");
    struct slice kind = answer_text(item, "kind");
    struct slice reason = answer_text(item, "reason");
    struct slice advice = answer_text(item, "advice");
    answer_time(answer_number(item, "time"), time);
    (*count)++;
    printf("%s account %.*s: %.*s", time, (int)account.size, account.data,
           (int)kind.size, kind.data);
    if (group_id != 0)
        printf(" in group %lld", (long long)group_id);
    printf(" of user %lld: %s, %.*s", (long long)answer_number(item, "user_id"),
           outcome_of(item), (int)reason.size, reason.data);
    if (seq != 0)
        printf(" (seq %lld)", (long long)seq);
    printf("\n  %.*s\n", (int)advice.size, advice.data);
}

static int print_reply(void *ctx, struct slice reply)
{
    struct slice data;
    size_t count = 0;
    (void)ctx;
    if (!answer_data(COMMAND, reply, &data))
        return EXIT_FAILED;
    answer_each(data, "decisions", print_decision, &count);
    if (count == 0)
        puts("no decision about that among the last 1024: nothing came from "
             "there; is the peer connected (onebus status)?");
    return EXIT_OK;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct why_options options = {0};
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    const struct exchange exchange = {
        .command = COMMAND,
        .flags = &options.common,
        .show = print_reply,
        .pack = pack_request,
        .ctx = &options,
    };
    return exchange_run(&exchange);
}

const struct cli_command CLI_WHY = {
    .name = "why",
    .summary = "explain why something was heard or dropped",
    .arguments = "[OPTION…] [NUMBER]",
    .about =
        "Print the last decisions about who is heard, newest first, with the\n"
        "reason, the place in the settings and what to change. NUMBER is a\n"
        "group, a user or the seq of an event.\n",
    .options =
        (const struct cli_option[]){
            {"group", "ID", "only decisions about this group", 2},
            {"user", "ID", "only those about this user", 3},
            {"seq", "N", "only the one about this event", 4},
            {"account", "NAME", "only those of this account", 1},
            {"limit", "N", "so many at most (default 10)", 5},
            EXCHANGE_OPTIONS,
            {0},
        },
    .run = run,
};
