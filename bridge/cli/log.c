/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "core/mp.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus log";

struct log_flags {
    struct exchange_flags common;
    const char *level, *content, *component;
    long for_ms;
};

static int parse_words(int count, char **words, struct log_flags *flags)
{
    if (count == 1)
        flags->level = words[0];
    if (count <= 1)
        return 0;
    fprintf(stderr, "%s: wants one level: debug, info, warn or error\n",
            COMMAND);
    return '?';
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct log_flags *flags)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 1)
            flags->content = optarg;
        else if (option == 2)
            flags->component = optarg;
        else if (option == 3)
            flags->for_ms = cli_time("--for", optarg);
        else if (!exchange_take(&flags->common, option, optarg))
            return option;
    }
    if (flags->for_ms < 0)
        return '?';
    return parse_words(argc - optind, argv + optind, flags);
}

static bool pack_request(const void *ctx, struct buffer *request)
{
    const struct log_flags *flags = ctx;
    const char *const pairs[][2] = {{"level", flags->level},
                                    {"content", flags->content},
                                    {"component", flags->component}};
    struct msgpack_packer packer = pack_into(request);
    size_t count = flags->for_ms > 0;
    for (size_t i = 0; i < 3; i++)
        count += pairs[i][1] != NULL;
    msgpack_pack_map(&packer, 2);
    pack_word(&packer, "action", "bridge.log");
    pack_string(&packer, "params");
    msgpack_pack_map(&packer, count);
    for (size_t i = 0; i < 3; i++)
        if (pairs[i][1] != NULL)
            pack_word(&packer, pairs[i][0], pairs[i][1]);
    if (flags->for_ms > 0)
        pack_number(&packer, "for_ms", (uint64_t)flags->for_ms);
    return true;
}

static void print_levels(struct slice levels)
{
    struct mp_reader reader = mp_reader_of(levels);
    struct mp_token head, key, value;
    if (!mp_next(&reader, &head) || head.kind != MP_MAP)
        return;
    for (uint32_t i = 0;
         i < head.count && mp_next(&reader, &key) && mp_next(&reader, &value);
         i++)
        if (key.kind == MP_STR && value.kind == MP_STR)
            printf("%.*s: %.*s\n", (int)key.bytes.size, key.bytes.data,
                   (int)value.bytes.size, value.bytes.data);
}

static int print_reply(void *ctx, struct slice reply)
{
    struct slice data, levels;
    (void)ctx;
    if (!answer_data(COMMAND, reply, &data))
        return EXIT_FAILED;
    struct slice level = answer_text(data, "level");
    struct slice format = answer_text(data, "format");
    struct slice content = answer_text(data, "content");
    int64_t for_ms = answer_number(data, "for_ms");
    printf("level %.*s, format %.*s, content %.*s", (int)level.size, level.data,
           (int)format.size, format.data, (int)content.size, content.data);
    if (for_ms > 0)
        printf(", for %lld s", (long long)(for_ms + 999) / 1000);
    puts("");
    if (mp_find(data, "levels", &levels))
        print_levels(levels);
    return EXIT_OK;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct log_flags flags = {0};
    int option = parse_options(command, argc, argv, &flags);
    if (option != 0)
        return cli_end(command, option);
    const struct exchange exchange = {
        .command = COMMAND,
        .flags = &flags.common,
        .show = print_reply,
        .pack = pack_request,
        .ctx = &flags,
    };
    return exchange_run(&exchange);
}

const struct cli_command CLI_LOG = {
    .name = "log",
    .summary = "see or change how much a running bridge logs",
    .arguments = "[OPTION…] [LEVEL]",
    .about =
        "Print how much the running bridge logs and, with LEVEL or --content,\n"
        "change that: for a while, or until it reads its settings again.\n"
        "At level debug there is a line for each event and each call.\n",
    .words = "debug|info|warn|error",
    .examples = "onebus log\n"
                "onebus log debug --for 10m\n"
                "onebus log debug --component link\n",
    .options =
        (const struct cli_option[]){
            {"content", "none|preview|full",
             "how much of what people said is in it", 1},
            {"component", "NAME", "LEVEL is for this part only, e.g. link", 2},
            {"for", "TIME", "then as the settings have it, e.g. 10m", 3},
            EXCHANGE_OPTIONS,
            {0},
        },
    .run = run,
};
