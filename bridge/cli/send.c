/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "base/visible.h"
#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/exchange.h"
#include "cli/stdin.h"
#include "config/quantity.h"
#include "core/mp.h"
#include "core/pack.h"

static const char COMMAND[] = "onebus send";
static const char KINDS[] = "group|private";

enum {
    IMAGES_MAX = 9,
    /* What a request to the bridge may have. */
    IMAGE_BYTES_MAX = 48 * 1024 * 1024,
    /* The bridge answers by the deadline; this is for the way back. */
    SPARE_MS = 5000,
};

struct send_options {
    struct exchange_flags common;
    const char *account;
    const char *id;
    const char *reply_to;
    const char *images[IMAGES_MAX];
    size_t image_count;
    long timeout_ms;
    bool is_group;
    int64_t chat;
    const char *text; /* NULL: images alone */
};

static int complain(const char *what, const char *got)
{
    fprintf(stderr, "%s: %s%.80s\n", COMMAND, what, got);
    return '?';
}

/* group|private ID [TEXT] */
static int parse_words(int count, char **words, struct send_options *options)
{
    if (options->timeout_ms < 0)
        return '?';
    if (count < 2 || !cli_has_word(KINDS, words[0]))
        return complain("wants group or private, the number and the text, got ",
                        count == 0 ? "nothing" : words[0]);
    if (!quantity_parse_number(words[1], &options->chat) || options->chat <= 0)
        return complain("wants a QQ number, of a group or a user, got ",
                        words[1]);
    if (count > 3)
        return complain("the text is one argument; put it in quotes, or give - "
                        "and have it on stdin; got ",
                        words[3]);
    options->is_group = strcmp(words[0], "group") == 0;
    options->text = count == 3 ? words[2] : NULL;
    if (count == 3 || options->image_count > 0)
        return 0;
    return complain("there is nothing to send: wants a text or --image", "");
}

static int parse_options(const struct cli_command *command, int argc,
                         char **argv, struct send_options *options)
{
    int option;
    while ((option = cli_next(command, argc, argv)) != -1) {
        if (option == 'a')
            options->account = optarg;
        else if (option == 'i')
            options->id = optarg;
        else if (option == 'r')
            options->reply_to = optarg;
        else if (option == 't')
            options->timeout_ms = cli_time("--timeout", optarg);
        else if (option == 'm' && options->image_count == IMAGES_MAX)
            return complain("--image can be repeated 9 times", "");
        else if (option == 'm')
            options->images[options->image_count++] = optarg;
        else if (!exchange_take(&options->common, option, optarg))
            return option;
    }
    return parse_words(argc - optind, argv + optind, options);
}

/* ---- the message -------------------------------------------------------- */

static bool is_utf8(struct slice text)
{
    while (text.size > 0) {
        size_t width = utf8_width(text.data, text.size);
        if (width == 0)
            return false;
        text = (struct slice){text.data + width, text.size - width};
    }
    return true;
}

/* The newline that echo puts behind it is none of the text. */
static void read_stdin(struct buffer *text)
{
    stdin_read(text);
    if (text->size > 0 && text->data[text->size - 1] == '\n')
        text->size--;
}

static bool read_text(const struct send_options *options, struct buffer *text)
{
    if (options->text == NULL)
        return true;
    if (strcmp(options->text, "-") == 0)
        read_stdin(text);
    else
        buffer_append_string(text, options->text);
    if (text->size == 0)
        complain("the text is empty", "");
    else if (!is_utf8(buffer_slice(text)))
        complain("the text is not UTF-8", "");
    else
        return true;
    return false;
}

static void open_segment(struct msgpack_packer *packer, const char *type,
                         const char *key)
{
    msgpack_pack_map(packer, 2);
    pack_word(packer, "type", type);
    pack_string(packer, "data");
    msgpack_pack_map(packer, 1);
    pack_string(packer, key);
}

/* What has a scheme is for the bridge to load; anything else is a file here,
 * which goes as bytes, for a path would be one of the peer's. */
static bool pack_image(struct msgpack_packer *packer, const char *image)
{
    struct buffer bytes = {0};
    open_segment(packer, "image", "file");
    if (strstr(image, "://") != NULL) {
        pack_string(packer, image);
        return true;
    }
    int error = file_read(image, IMAGE_BYTES_MAX, &bytes);
    if (error != 0)
        fprintf(stderr, "%s: %s: %s\n", COMMAND, image, strerror(error));
    msgpack_pack_bin(packer, bytes.size);
    msgpack_pack_bin_body(packer, bytes.data, bytes.size);
    buffer_finish(&bytes);
    return error == 0;
}

static bool pack_message(const struct send_options *options, struct slice text,
                         struct msgpack_packer *packer)
{
    bool is_good = true;
    msgpack_pack_array(packer, (size_t)(options->reply_to != NULL) +
                                   (size_t)(text.size > 0) +
                                   options->image_count);
    if (options->reply_to != NULL) {
        open_segment(packer, "reply", "id");
        pack_string(packer, options->reply_to);
    }
    if (text.size > 0) {
        open_segment(packer, "text", "text");
        pack_text(packer, text);
    }
    for (size_t i = 0; i < options->image_count && is_good; i++)
        is_good = pack_image(packer, options->images[i]);
    return is_good;
}

static bool pack_params(const struct send_options *options,
                        struct msgpack_packer *packer)
{
    struct buffer text = {0};
    bool is_good = read_text(options, &text);
    if (is_good) {
        msgpack_pack_map(packer, 2);
        pack_number(packer, options->is_group ? "group_id" : "user_id",
                    (uint64_t)options->chat);
        pack_string(packer, "message");
        is_good = pack_message(options, buffer_slice(&text), packer);
    }
    buffer_finish(&text);
    return is_good;
}

static bool pack_request(const void *ctx, struct buffer *request)
{
    const struct send_options *options = ctx;
    struct msgpack_packer packer = pack_into(request);
    msgpack_pack_map(&packer, 2 + (size_t)(options->account != NULL) +
                                  (size_t)(options->id != NULL) +
                                  (size_t)(options->timeout_ms > 0));
    pack_word(&packer, "action",
              options->is_group ? "send_group_msg" : "send_private_msg");
    if (options->account != NULL)
        pack_word(&packer, "account", options->account);
    if (options->id != NULL)
        pack_word(&packer, "id", options->id);
    if (options->timeout_ms > 0)
        pack_number(&packer, "timeout", (uint64_t)options->timeout_ms);
    pack_string(&packer, "params");
    return pack_params(options, &packer);
}

/* ---- the reply ----------------------------------------------------------- */

static void print_warning(void *ctx, struct slice item)
{
    struct slice warning;
    struct buffer text = {0};
    (void)ctx;
    if (mp_read_str(item, &warning))
        visible_append(&text, warning);
    fprintf(stderr, "%s: note: %.*s\n", COMMAND, (int)text.size, text.data);
    buffer_finish(&text);
}

static int print_unknown(const struct send_options *options)
{
    fprintf(stderr,
            "%s: unknown: it may have been sent, or not: there was no answer "
            "in time. Do not just send it again: look into the chat, or wait "
            "for what `onebus listen 'qq.bridge.*'` tells of it as "
            "action.settled. %s\n",
            COMMAND,
            options->id == NULL
                ? "With --id it could be asked for again safely."
                : "With the same --id it is not sent twice: ask again.");
    return EXIT_FAILED;
}

static int print_id(struct slice data)
{
    struct slice pack, text;
    int64_t number;
    if (mp_find(data, "message_id", &pack) && mp_read_int(pack, &number))
        printf("%" PRId64 "\n", number);
    else if (mp_find(data, "message_id", &pack) && mp_read_str(pack, &text))
        printf("%.*s\n", (int)text.size, text.data);
    else
        fprintf(stderr, "%s: sent, and the peer tells no message id\n",
                COMMAND);
    return EXIT_OK;
}

static int print_reply(void *ctx, struct slice reply)
{
    struct slice data;
    answer_each(reply, "warnings", print_warning, NULL);
    if (slice_equals(answer_text(reply, "status"), "unknown"))
        return print_unknown(ctx);
    if (!answer_data(COMMAND, reply, &data))
        return EXIT_FAILED;
    return print_id(data);
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct send_options options = {0};
    int option = parse_options(command, argc, argv, &options);
    if (option != 0)
        return cli_end(command, option);
    const struct exchange exchange = {
        .command = COMMAND,
        .flags = &options.common,
        .wait_ms = options.timeout_ms > 0 ? options.timeout_ms + SPARE_MS : 0,
        .show = print_reply,
        .pack = pack_request,
        .ctx = &options,
    };
    return exchange_run(&exchange);
}

const struct cli_command CLI_SEND = {
    .name = "send",
    .summary = "send a message and print its id",
    .arguments = "group|private ID TEXT [OPTION…]\n"
                 "group|private ID --image FILE|URL [TEXT] [OPTION…]\n",
    .about =
        "Send TEXT to the group or the user with the QQ number ID, and print\n"
        "the id of the message. With - the text is read from stdin. It is "
        "sent\n"
        "as it is: what looks like a CQ code stays text. Exits with 1 if it\n"
        "was not sent, or may not have been.\n",
    .words = KINDS,
    .examples =
        "onebus send group 20002 'hello'\n"
        "uptime | onebus send private 30001 -\n"
        "onebus send group 20002 --image plot.png --id plot-2026-11-28\n",
    .options =
        (const struct cli_option[]){
            {"account", "NAME", "who sends it; required with several accounts",
             'a'},
            {"reply-to", "MESSAGE", "the id of the message that it answers",
             'r'},
            {"image", "FILE|URL",
             "an image behind the text; may be repeated. A file is read here; "
             "what has a scheme is loaded by the peer or the bridge "
             "(bridge.media.fetch)",
             'm'},
            {"id", "ID",
             "a name for this message: with the same one it is not sent again, "
             "its id is printed once more",
             'i'},
            {"timeout", "TIME", "how long the answer may take, e.g. 5s", 't'},
            EXCHANGE_OPTIONS,
            {0},
        },
    .run = run,
};
