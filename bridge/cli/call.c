/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/exchange.h"
#include "cli/stdin.h"
#include "core/json_read.h"
#include "core/mp.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus call";

enum {
    /* The bridge answers by the deadline; this is for the way back. */
    SPARE_MS = 5000,
};

struct call_options {
    struct exchange_flags common;
    const char *account;
    const char *id;
    long timeout_ms;
    const char *action;
    const char *params;
};

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct call_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'a')
            options->account = optarg;
        else if (option == 'i')
            options->id = optarg;
        else if (option == 't')
            options->timeout_ms = cli_time("--timeout", optarg);
        else if (!exchange_take(&options->common, option, optarg))
            return option;
    }
    if (options->timeout_ms < 0)
        return '?';
    if (argc - optind < 1 || argc - optind > 2) {
        fprintf(stderr, "onebus call: wants an action and, perhaps, its "
                        "parameters as a JSON object\n");
        return '?';
    }
    options->action = argv[optind];
    options->params = argc - optind == 2 ? argv[optind + 1] : "{}";
    return 0;
}

static bool read_params(const struct call_options *options,
                        struct buffer *params)
{
    const struct json_reader_options reader = {0};
    struct buffer read = {0};
    struct json_error error;
    struct slice text = slice_of(options->params);
    if (strcmp(options->params, "-") == 0) {
        stdin_read(&read);
        text = buffer_slice(&read);
    }
    enum status status = json_to_msgpack(text, &reader, params, &error);
    buffer_finish(&read);
    if (status == STATUS_OK)
        return true;
    fprintf(stderr,
            "onebus call: the parameters are not JSON: %s at byte %zu\n",
            error.reason, error.offset);
    return false;
}

static bool pack_request(const void *ctx, struct buffer *request)
{
    const struct call_options *options = ctx;
    struct buffer params = {0};
    if (!read_params(options, &params)) {
        buffer_finish(&params);
        return false;
    }
    struct msgpack_packer packer = pack_into(request);
    msgpack_pack_map(&packer, 2 + (size_t)(options->account != NULL) +
                                  (size_t)(options->id != NULL) +
                                  (size_t)(options->timeout_ms > 0));
    pack_string(&packer, "action");
    pack_string(&packer, options->action);
    pack_string(&packer, "params");
    pack_raw(&packer, buffer_slice(&params));
    if (options->account != NULL) {
        pack_string(&packer, "account");
        pack_string(&packer, options->account);
    }
    if (options->id != NULL) {
        pack_string(&packer, "id");
        pack_string(&packer, options->id);
    }
    if (options->timeout_ms > 0) {
        pack_string(&packer, "timeout");
        msgpack_pack_int64(&packer, options->timeout_ms);
    }
    buffer_finish(&params);
    return true;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct call_options options = {0};
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    const struct exchange exchange = {
        .command = COMMAND,
        .flags = &options.common,
        .wait_ms = options.timeout_ms > 0 ? options.timeout_ms + SPARE_MS : 0,
        .pack = pack_request,
        .ctx = &options,
    };
    return exchange_run(&exchange);
}

const struct cli_command CLI_CALL = {
    .name = "call",
    .summary = "send any action and print the reply",
    .arguments = "[OPTION…] ACTION [JSON]",
    .about = "Send ACTION with the parameters JSON (an object) to the running\n"
             "bridge and print the reply as one line of JSON. With - they are\n"
             "read from stdin. Exits with 1 if the action failed.\n",
    .examples = "onebus call get_login_info\n"
                "onebus call send_group_msg "
                "'{\"group_id\":20001,\"message\":\"hi\"}'\n"
                "onebus call send_group_msg - <message.json\n",
    .options =
        (const struct cli_option[]){
            {"account", "NAME",
             "whose action it is; required with several accounts", 'a'},
            {"timeout", "TIME", "how long the answer may take, e.g. 5s", 't'},
            {"id", "ID",
             "a name for this call: with the same one it is not made again, "
             "its reply is printed once more",
             'i'},
            EXCHANGE_OPTIONS,
            {0},
        },
    .run = run,
};
