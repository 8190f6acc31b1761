/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/visible.h"
#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus pairing";
static const char CHANNEL[] = "napcatqq";
static const char VERBS[] = "list|approve|deny|revoke";

enum { MINUTE_MS = 60 * 1000 };

struct pairing_options {
    struct exchange_flags common;
    const char *account;
    const char *verb;
    const char *who; /* a QQ number or a code; NULL for `list` */
};

static int complain(const char *what, const char *got)
{
    fprintf(stderr, "%s: %s%s\n", COMMAND, what, got);
    return '?';
}

/* VERB [napcatqq] [WHO] */
static int parse_words(int count, char **words, struct pairing_options *options)
{
    if (count == 0 || !cli_has_word(VERBS, words[0]))
        return complain("wants list, approve, deny or revoke, got ",
                        count == 0 ? "nothing" : words[0]);
    bool is_list = strcmp(words[0], "list") == 0;
    options->verb = words[0];
    if (is_list && count == 1)
        return 0;
    if (count < 2 || strcmp(words[1], CHANNEL) != 0)
        return complain("the channel is napcatqq, got ",
                        count < 2 ? "nothing" : words[1]);
    if (is_list && count == 2)
        return 0;
    if (is_list || count != 3)
        return complain(is_list ? "list takes no user, got "
                                : "wants a QQ "
                                  "number or a "
                                  "code",
                        is_list ? words[2] : "");
    options->who = words[2];
    return 0;
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct pairing_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'a')
            options->account = optarg;
        else if (!exchange_take(&options->common, option, optarg))
            return option;
    }
    return parse_words(argc - optind, argv + optind, options);
}

/* ---- the request -------------------------------------------------------- */

static bool is_number(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static bool pack_request(const void *ctx, struct buffer *request)
{
    const struct pairing_options *options = ctx;
    struct msgpack_packer packer = pack_into(request);
    char action[64];
    size_t count =
        (size_t)(options->account != NULL) + (size_t)(options->who != NULL);
    snprintf(action, sizeof(action), "bridge.pairing.%s", options->verb);
    msgpack_pack_map(&packer, 2);
    pack_string(&packer, "action");
    pack_string(&packer, action);
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, count);
    if (options->account != NULL) {
        pack_string(&packer, "account");
        pack_string(&packer, options->account);
    }
    if (options->who != NULL) {
        pack_string(&packer, is_number(options->who) ? "user_id" : "code");
        pack_string(&packer, options->who);
    }
    return true;
}

/* ---- the reply ----------------------------------------------------------- */

/* Strangers choose their nicknames. */
static void print_nickname(struct slice nickname)
{
    struct buffer text = {0};
    visible_append(&text, nickname);
    if (text.size > 0)
        printf("%.*s", (int)text.size, text.data);
    buffer_finish(&text);
}

static void print_name(struct slice item)
{
    struct slice account = answer_text(item, "account");
    printf("%-12.*s %-12lld ", (int)account.size, account.data,
           (long long)answer_number(item, "user_id"));
    print_nickname(answer_text(item, "nickname"));
}

static void print_pending(void *ctx, struct slice item)
{
    size_t *count = ctx;
    struct slice code = answer_text(item, "code");
    int64_t left_ms =
        answer_number(item, "expires_at") - (int64_t)clock_now().wall_ms;
    if ((*count)++ == 0)
        puts("waiting:");
    printf("  %.*s  ", (int)code.size, code.data);
    print_name(item);
    printf(
        "  expires in %lld min\n",
        (long long)(left_ms > 0 ? (left_ms + MINUTE_MS - 1) / MINUTE_MS : 0));
}

static void print_approved(void *ctx, struct slice item)
{
    size_t *count = ctx;
    char time[ANSWER_TIME_SIZE];
    answer_time(answer_number(item, "approved_at"), time);
    if ((*count)++ == 0)
        puts("approved:");
    printf("  ");
    print_name(item);
    printf("  since %s\n", time);
}

static void print_list(struct slice data)
{
    size_t pending = 0;
    size_t approved = 0;
    answer_each(data, "pending", print_pending, &pending);
    answer_each(data, "approved", print_approved, &approved);
    if (pending + approved == 0)
        puts("nobody waits, and nobody has been approved");
}

static void print_person(struct slice data)
{
    struct slice state = answer_text(data, "state");
    struct slice account = answer_text(data, "account");
    struct slice nickname = answer_text(data, "nickname");
    printf("%.*s: %lld", (int)state.size, state.data,
           (long long)answer_number(data, "user_id"));
    if (nickname.size > 0) {
        printf(" (");
        print_nickname(nickname);
        printf(")");
    }
    printf(" at account %.*s\n", (int)account.size, account.data);
}

static int print_reply(void *ctx, struct slice reply)
{
    const struct pairing_options *options = ctx;
    struct slice data;
    if (!answer_data(COMMAND, reply, &data))
        return EXIT_FAILED;
    if (options->who == NULL)
        print_list(data);
    else
        print_person(data);
    return EXIT_OK;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct pairing_options options = {0};
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

const struct cli_command CLI_PAIRING = {
    .name = "pairing",
    .summary = "say who may write to the bot in private",
    .arguments = "list [napcatqq] [OPTION…]\n"
                 "approve|deny|revoke napcatqq WHO [OPTION…]\n",
    .about =
        "With dmPolicy `pairing` a stranger who writes to the bot is sent a\n"
        "code. WHO is that code, or a QQ number. `approve` lets them in for\n"
        "good, also before they have asked; `deny` ends their asking for the\n"
        "hour; `revoke` takes an approval back.\n",
    .words = VERBS,
    .options =
        (const struct cli_option[]){
            {"account", "NAME",
             "whose friends they are; required for a QQ number with several "
             "accounts",
             'a'},
            EXCHANGE_OPTIONS,
            {0},
        },
    .run = run,
};
