/* SPDX-License-Identifier: MIT */
#include "narrator.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/visible.h"
#include "core/chunk.h"
#include "core/inside.h"
#include "core/ledger.h"
#include "core/mp.h"
#include "core/request.h"

enum {
    PREVIEW_CHARACTERS = 80,
    FULL_CHARACTERS = 2000,
    /* A line of log has 4 KiB; the rest is for what stands before it. */
    TEXT_SIZE = 2560,
    WORD_SIZE = 160,
    /* No more than that is looked at of a text. */
    SAID_BYTES_MAX = 16 * 1024,
};

/* ---- the line -------------------------------------------------------- */

static void add_word(struct buffer *line, const char *key, struct slice word)
{
    char shown[WORD_SIZE];
    if (word.size == 0)
        return;
    buffer_append_string(line, key);
    buffer_append_string(line, visible_quote(shown, sizeof(shown), word));
}

static void add_quoted(struct buffer *line, const char *key, struct slice word)
{
    add_word(line, key, word);
    if (word.size > 0)
        buffer_append_string(line, "\"");
}

static void add_number(struct buffer *line, const char *key, int64_t number)
{
    char text[24];
    if (number == 0)
        return;
    snprintf(text, sizeof(text), "%" PRId64, number);
    buffer_append_string(line, key);
    buffer_append_string(line, text);
}

static void add_text(const struct bridge *bridge, struct buffer *line,
                     struct slice text)
{
    char shown[TEXT_SIZE];
    if (bridge->content == LOG_CONTENT_NONE || text.size == 0)
        return;
    struct slice head = text;
    if (head.size > SAID_BYTES_MAX)
        head.size = SAID_BYTES_MAX;
    head.size = chunk_head(head, bridge->content == LOG_CONTENT_FULL
                                     ? FULL_CHARACTERS
                                     : PREVIEW_CHARACTERS);
    buffer_append_string(line, " text=\"");
    buffer_append_string(line, visible_quote(shown, sizeof(shown), head));
    buffer_append_string(line, "\"");
    if (head.size < text.size || head.size >= sizeof(shown))
        buffer_append_string(line, " cut=true");
}

static void say(const struct bridge *bridge, struct buffer *line)
{
    buffer_append(line, "", 1);
    bridge->ports.say(bridge->ports.ctx, LOG_DEBUG, line->data);
    buffer_finish(line);
}

/* ---- MessagePack ----------------------------------------------------- */

static struct slice text_of(struct slice value)
{
    struct slice text;
    return mp_read_str(value, &text) ? text : (struct slice){0};
}

static int64_t number_of(struct slice value)
{
    int64_t number;
    return mp_read_int(value, &number) ? number : 0;
}

static bool is_true(struct slice value)
{
    return value.size == 1 && (unsigned char)value.data[0] == 0xc3;
}

/* ---- events ---------------------------------------------------------- */

static void add_subject(struct buffer *line, struct slice event)
{
    static const char *const keys[] = {"group_id", "user_id", "reason"};
    struct slice values[3];
    (void)mp_find_all(event, keys, 3, values);
    add_number(line, " group=", number_of(values[0]));
    add_number(line, " user=", number_of(values[1]));
    add_quoted(line, " reason=\"", text_of(values[2]));
}

static void add_policy(struct buffer *line, struct slice policy)
{
    struct slice respond;
    if (policy.size > 0 && mp_find(policy, "respond", &respond))
        buffer_append_string(line, is_true(respond) ? " respond=true"
                                                    : " respond=false");
}

void narrator_on_event(struct bridge *bridge, struct slice message)
{
    static const char *const keys[] = {"type",  "account", "seq",
                                       "event", "policy",  "text"};
    struct buffer line = {0};
    struct slice values[6];
    size_t topic = strlen(message.data) + 1;
    struct slice envelope = {message.data + topic, message.size - topic};
    (void)mp_find_all(envelope, keys, 6, values);
    add_word(&line, "event: ", text_of(values[0]));
    add_quoted(&line, " account=\"", text_of(values[1]));
    add_number(&line, " seq=", number_of(values[2]));
    add_subject(&line, values[3]);
    add_policy(&line, values[4]);
    add_text(bridge, &line, text_of(values[5]));
    say(bridge, &line);
}

/* ---- calls ----------------------------------------------------------- */

static void add_call(struct buffer *line, const struct ledger_call *call)
{
    add_quoted(line, " action=\"", slice_of(call->action));
    add_quoted(line, " account=\"", slice_of(call->account));
    add_number(line, " group=", call->group_id);
    add_number(line, " user=", call->user_id);
    add_quoted(line, " grant=\"", slice_of(call->grant));
    add_quoted(line, " id=\"", slice_of(call->id));
}

static struct slice text_of_segment(struct slice segment)
{
    struct slice type, data, text;
    bool is_text = mp_find(segment, "type", &type) &&
                   slice_equals(text_of(type), "text") &&
                   mp_find(segment, "data", &data) &&
                   mp_find(data, "text", &text);
    return is_text ? text_of(text) : (struct slice){0};
}

/* A text, one segment or several. */
static void collect(struct buffer *said, struct slice message)
{
    struct mp_reader reader = mp_reader_of(message);
    struct mp_token head;
    struct slice text = text_of(message), segment;
    if (text.size == 0)
        text = text_of_segment(message);
    buffer_append(said, text.data, text.size);
    if (!mp_next(&reader, &head) || head.kind != MP_ARRAY)
        return;
    for (uint32_t i = 0; i < head.count && said->size < SAID_BYTES_MAX &&
                         mp_skip(&reader, &segment);
         i++) {
        text = text_of_segment(segment);
        buffer_append(said, text.data, text.size);
    }
}

void narrator_on_call(struct bridge *bridge, const struct ledger_call *call,
                      const struct request *request)
{
    struct buffer line = {0}, said = {0};
    struct slice message;
    buffer_append_string(&line, "call: made");
    add_call(&line, call);
    if (bridge->content != LOG_CONTENT_NONE &&
        mp_find(request->params, "message", &message))
        collect(&said, message);
    add_text(bridge, &line, buffer_slice(&said));
    buffer_finish(&said);
    say(bridge, &line);
}

void narrator_on_reply(struct bridge *bridge, const struct ledger_call *call,
                       const struct reply *reply)
{
    struct buffer line = {0};
    struct ledger_call named = *call;
    char end[128];
    if (reply->account != NULL)
        snprintf(named.account, sizeof(named.account), "%s", reply->account);
    buffer_append_string(&line, "call: ended");
    add_call(&line, &named);
    snprintf(
        end, sizeof(end), " status=%s error=%s retcode=%" PRId64 " ms=%" PRIu64,
        reply_status(reply),
        reply->error == REPLY_FINE ? "none" : reply_error_name(reply->error),
        reply_retcode(reply), reply->ms);
    buffer_append_string(&line, end);
    say(bridge, &line);
}
