/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#include "base/visible.h"
#include "cli/cli.h"
#include "cli/shown.h"
#include "cli/token.h"
#include "core/mp.h"

bool answer_has(struct slice map, const char *key)
{
    struct slice value;
    struct mp_token token;
    if (!mp_find(map, key, &value))
        return false;
    struct mp_reader reader = mp_reader_of(value);
    return mp_next(&reader, &token) && token.kind != MP_NIL;
}

int64_t answer_number(struct slice map, const char *key)
{
    struct slice value;
    int64_t number = 0;
    if (mp_find(map, key, &value) && !mp_read_int(value, &number))
        number = 0;
    return number;
}

bool answer_flag(struct slice map, const char *key)
{
    struct slice value;
    struct mp_token token;
    if (!mp_find(map, key, &value))
        return false;
    struct mp_reader reader = mp_reader_of(value);
    return mp_next(&reader, &token) && token.kind == MP_BOOL && token.boolean;
}

struct slice answer_text(struct slice map, const char *key)
{
    struct slice value;
    struct slice text;
    if (!mp_find(map, key, &value) || !mp_read_str(value, &text))
        return (struct slice){"", 0};
    return text;
}

static void advise(const char *command, struct slice reply)
{
    if (slice_equals(answer_text(reply, "error"), "unauthorized"))
        fprintf(stderr, "%s: %s\n", command, TOKEN_HINT);
}

int answer_print(const char *command, struct slice reply)
{
    struct buffer text = {0};
    struct json_error error;
    struct slice value;
    int exit = EXIT_FAILED;
    if (shown_append_reply(reply, &text, &error) != STATUS_OK)
        fprintf(stderr, "%s: the reply is no MessagePack: %s\n", command,
                error.reason);
    else if (cli_print(buffer_slice(&text)) && !mp_find(reply, "error", &value))
        exit = EXIT_OK;
    advise(command, reply);
    buffer_finish(&text);
    return exit;
}

void answer_print_json(struct slice pack)
{
    struct buffer text = {0};
    struct json_error error;
    enum status status = shown_append_reply(pack, &text, &error);
    assert(status == STATUS_OK);
    (void)status;
    cli_print(buffer_slice(&text));
    buffer_finish(&text);
}

/* What the peer said may be in it. */
static void print_refusal(const char *command, struct slice reply)
{
    struct buffer text = {0};
    visible_append(&text, answer_text(reply, "error"));
    buffer_append(&text, ": ", 2);
    visible_append(&text, answer_text(reply, "message"));
    fprintf(stderr, "%s: %.*s\n", command, (int)text.size, text.data);
    buffer_finish(&text);
}

bool answer_data(const char *command, struct slice reply, struct slice *data)
{
    struct slice error;
    if (mp_find(reply, "error", &error)) {
        print_refusal(command, reply);
        advise(command, reply);
        return false;
    }
    if (mp_find(reply, "data", data))
        return true;
    fprintf(stderr, "%s: the bridge's reply has no data\n", command);
    return false;
}

void answer_each(struct slice map, const char *key,
                 void (*on_item)(void *ctx, struct slice item), void *ctx)
{
    struct slice list;
    struct mp_token head;
    if (!mp_find(map, key, &list))
        return;
    struct mp_reader reader = mp_reader_of(list);
    if (!mp_next(&reader, &head) || head.kind != MP_ARRAY)
        return;
    for (uint32_t i = 0; i < head.count; i++) {
        struct slice item;
        if (!mp_skip(&reader, &item))
            return;
        on_item(ctx, item);
    }
}

void answer_time(int64_t ms, char out[ANSWER_TIME_SIZE])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm local;
    if (localtime_r(&seconds, &local) == NULL ||
        strftime(out, ANSWER_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &local) == 0)
        snprintf(out, ANSWER_TIME_SIZE, "?");
}
