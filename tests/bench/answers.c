/* SPDX-License-Identifier: MIT */
#include "answers.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "websocket.h"

enum { ANSWER_BYTES_MAX = 512 };

/* What a bridge asks on its own account, and what it may build upon. */
static const struct {
    const char *action; /* with its quotes */
    const char *data;
} DATA[] = {
    {"\"get_login_info\"", "{\"user_id\":3889001741,\"nickname\":\"bench\"}"},
    {"\"get_version_info\"",
     "{\"app_name\":\"onebus_bench_peer\",\"app_version\":\"1\","
     "\"protocol_version\":\"v11\"}"},
    {"\"upload_file_stream\"", "{\"file_path\":\"/tmp/bench.bin\"}"},
    {"\"get_status\"", "{\"online\":true,\"good\":true}"},
};

static const char DATA_SENT[] = "{\"message_id\":1938274651}";

static size_t string_size(const char *at, const char *end)
{
    const char *next = at + 1;
    while (next < end && *next != '"')
        next += *next == '\\' ? 2 : 1;
    return (size_t)(next + 1 - at);
}

static size_t number_size(const char *at, const char *end)
{
    const char *next = at;
    while (next < end && *next != ',' && *next != '}')
        next++;
    return (size_t)(next - at);
}

/* The string or number under `key`, quotes and colon included, as it stands in
 * `json`. A search of bytes is enough here: inside a string the quotes of a
 * key would be escaped. */
static struct slice member(struct slice json, const char *key)
{
    size_t size = strlen(key);
    const char *end = json.data + json.size;
    const char *at = memmem(json.data, json.size, key, size);
    if (at == NULL || at + size == end)
        errx(EXIT_FAILURE, "a request without %s", key);
    at += size;
    size = *at == '"' ? string_size(at, end) : number_size(at, end);
    if (at + size > end)
        errx(EXIT_FAILURE, "a request cut off after %s", key);
    return (struct slice){at, size};
}

static const char *data_for(struct slice action)
{
    for (size_t i = 0; i < sizeof(DATA) / sizeof(DATA[0]); i++)
        if (slice_equals(action, DATA[i].action))
            return DATA[i].data;
    return DATA_SENT;
}

void answers_take(struct answers *answers, uint64_t now_ns,
                  struct slice request)
{
    struct slice echo = member(request, "\"echo\":");
    if (answers->taken - answers->sent == ANSWERS_OPEN_MAX)
        errx(EXIT_FAILURE, "more than %d requests open", ANSWERS_OPEN_MAX);
    if (echo.size > ANSWERS_ECHO_MAX)
        errx(EXIT_FAILURE, "an echo of %zu bytes", echo.size);
    struct answer *answer = &answers->ring[answers->taken % ANSWERS_OPEN_MAX];
    answer->due_ns = now_ns + answers->delay_ns;
    answer->data = data_for(member(request, "\"action\":"));
    answer->echo_size = echo.size;
    memcpy(answer->echo, echo.data, echo.size);
    answers->taken++;
}

static void append_answer(const struct answer *answer, struct buffer *out)
{
    char text[ANSWER_BYTES_MAX];
    int size = snprintf(text, sizeof(text),
                        "{\"status\":\"ok\",\"retcode\":0,\"data\":%s,"
                        "\"message\":\"\",\"wording\":\"\",\"echo\":%.*s}",
                        answer->data, (int)answer->echo_size, answer->echo);
    websocket_pack(out, WEBSOCKET_TEXT, (struct slice){text, (size_t)size});
}

void answers_send(struct answers *answers, uint64_t now_ns, struct buffer *out)
{
    while (answers_due(answers) <= now_ns) {
        append_answer(&answers->ring[answers->sent % ANSWERS_OPEN_MAX], out);
        answers->sent++;
    }
}

uint64_t answers_due(const struct answers *answers)
{
    if (answers->sent == answers->taken)
        return UINT64_MAX;
    return answers->ring[answers->sent % ANSWERS_OPEN_MAX].due_ns;
}
